import SQLiteClient
import TestSupport
import Testing

@testable import CopyEncoding

@Suite("Short decimals")
struct ShortDecimalTests {
    static let edges: [(Double, String)] = [
        (0, "0e0"), (1, "1e0"), (-1.5, "-15e-1"), (19.99, "1999e-2"), (0.1, "1e-1"), (1e22, "1e22"),
        (.leastNonzeroMagnitude, "5e-324"),
        (1.7976931348623157e308, "17976931348623157e292"), (123_456.789, "123456789e-3"), (1e15, "1e15"),
        (1e-7, "1e-7"),
        (9_007_199_254_740_992, "9007199254740992e0"), (0.30000000000000004, "30000000000000004e-17"),
        (100, "1e2"),
        (999_999_999_999_999, "999999999999999e0"), (1180591620717411303424, "11805916207174113e5"),
    ]

    @Test(arguments: edges)
    func `a double has its shortest decimal`(_ real: Double, _ expected: String) {
        #expect(ShortDecimal(real).map(text) == expected)
    }

    @Test func `zero with a sign, infinities and NaN have none`() {
        for real in [-0.0, .infinity, -.infinity, .nan] { #expect(ShortDecimal(real) == nil) }
    }

    @Test func `integers keep all their digits`() {
        #expect(text(ShortDecimal(Int64.max)) == "9223372036854775807e0")
        #expect(text(ShortDecimal(Int64.min)) == "-9223372036854775808e0")
        #expect(text(ShortDecimal(1000)) == "1e3")
        #expect(text(ShortDecimal(0)) == "0e0")
    }

    @Test func `reads back as the same double, with no more digits than the description`() throws {
        let seed: UInt64 = 21
        var generator = SplitMix64(seed: seed)
        for _ in 0..<50_000 {
            let real = randomDouble(&generator)
            guard real.isFinite, real != 0 else { continue }
            let decimal = try #require(ShortDecimal(real))
            #expect(Double(text(decimal)) == real, "seed \(seed): \(real)")
            let described = real.magnitude.description.prefix { $0 != "e" }.filter(\.isNumber)
            let significant = String(described.reversed().drop { $0 == "0" }.reversed().drop { $0 == "0" })
            #expect(String(decimal.digits) == significant, "seed \(seed): \(real)")
        }
    }

    @Test func `text of a number reads back as the same number`() throws {
        let seed: UInt64 = 22
        var generator = SplitMix64(seed: seed)
        for _ in 0..<20_000 {
            let real = randomDouble(&generator)
            guard real.isFinite, real != 0 else { continue }
            let written = numberText(try #require(NumberText(real)))
            #expect(Double(written) == real, "seed \(seed): \(written)")
            #expect(written.contains("."), "seed \(seed): \(written)")
        }
        let cases: [(Double, String)] = [
            (1, "1.0"), (0, "0.0"), (1e19, "1.0e+19"), (-1.5e-7, "-1.5e-07"), (1e14, "100000000000000.0"),
            (1e15, "1.0e+15"),
            (0.0001, "0.0001"), (0.00001, "1.0e-05"), (12.5, "12.5"), (.leastNonzeroMagnitude, "5.0e-324"),
            (0.1, "0.1"),
        ]
        for (real, expected) in cases { #expect(NumberText(real).map(numberText) == expected) }
        #expect(numberText(NumberText(Int64.min)) == "-9223372036854775808")
        #expect(numberText(NumberText(0)) == "0")
        #expect(NumberText(-0.0) == nil)
    }

    /// What SQLite prints for the same reals, wherever fifteen digits are enough.
    @Test func `text of a number is SQLite's own where that is exact`() throws {
        let seed: UInt64 = 23
        var generator = SplitMix64(seed: seed)
        let reals = (0..<5000).map { _ in
            Double(Int.random(in: -99_999_999...99_999_999, using: &generator))
                * [1, 1e-2, 1e-5, 1e3, 1e9, 1e-9][Int.random(in: 0..<6, using: &generator)]
        }
        let rows = try SourceRows(reals.map { [.real($0)] })
        let statement = try rows.connection.prepare("SELECT c0, CAST(c0 AS TEXT) FROM rows")
        var comparedCount = 0
        while try statement.step() {
            let real = statement.value(at: 0).real
            guard let printed = statement.text(at: 1), Double(printed) == real, real != 0 else { continue }
            comparedCount += 1
            #expect(NumberText(real).map(numberText) == printed, "seed \(seed)")
        }
        #expect(comparedCount > 3000)
    }

    @Test func `bounds hold what they do not round`() {
        let cases: [(Double, Int, Int, Bool)] = [
            (99.99, 4, 2, true), (100, 4, 2, false), (0.001, 4, 2, false), (0, 1, 1, true),
            (1200, 4, 0, true),
            (12_345, 4, 0, false), (0.5, 1, 1, true), (1.5, 1, 1, false),
        ]
        for (real, precision, scale, fits) in cases {
            #expect(ShortDecimal(real)?.fits(precision: precision, scale: scale) == fits, "\(real)")
        }
    }

    private func text(_ decimal: ShortDecimal) -> String {
        "\(decimal.isNegative ? "-" : "")\(decimal.digits)e\(decimal.exponent)"
    }

    private func numberText(_ text: NumberText) -> String {
        String(decoding: (0..<text.count).map { text.bytes[$0] }, as: UTF8.self)
    }
}

/// Of every kind: any bits, money, whole numbers, near powers of ten.
func randomDouble(_ generator: inout SplitMix64) -> Double {
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: Double(bitPattern: generator.next())
    case 1: Double(Int.random(in: -1_000_000_000...1_000_000_000, using: &generator)) / 100
    case 2: Double(Int64(bitPattern: generator.next()) >> Int64.random(in: 0..<63, using: &generator))
    case 3: Double.random(in: -1...1, using: &generator)
    default: Double(Int.random(in: 1...999_999, using: &generator)) / 1_000_000
    }
}
