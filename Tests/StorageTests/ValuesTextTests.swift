internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import OutgrowStorage

@Suite struct ValuesInstantTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00.000000Z", 0), ("2026-11-23T15:20:00.123456Z", 1_795_447_200_123_456),
            ("0001-01-01T00:00:00.000000Z", -62_135_596_800_000_000),
            ("2000-02-29T23:59:59.999999Z", 951_868_799_999_999),
            ("1969-12-31T23:59:59.999999Z", -1), ("1900-03-01T00:00:00.000000Z", -2_203_891_200_000_000),
            ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
        ] as [(String, Int64)])
    func `known instants`(_ text: String, _ microseconds: Int64) {
        #expect(InstantText.text(microseconds: microseconds) == text)
        #expect(InstantText.microseconds(text) == microseconds)
    }

    @Test(arguments: [
        ("2026-11-23", "2026-11-23T00:00:00.000000Z"), ("2026-11-23 15:20", "2026-11-23T15:20:00.000000Z"),
        ("2026-11-23T15:20:01", "2026-11-23T15:20:01.000000Z"),
        ("2026-11-23 15:20:01.5Z", "2026-11-23T15:20:01.500000Z"),
        ("2026-11-23 15:20:01.1234567+00", "2026-11-23T15:20:01.123457Z"),
        ("2026-11-23 15:20:59.9999999", "2026-11-23T15:21:00.000000Z"),
        ("2026-11-23 00:10+01:30", "2026-11-22T22:40:00.000000Z"),
        ("2026-11-23 00:10-0130", "2026-11-23T01:40:00.000000Z"),
        ("2026-12-31 23:00:00-05", "2027-01-01T04:00:00.000000Z"),
    ])
    func `other forms are read`(_ text: String, _ canonical: String) {
        #expect(InstantText.microseconds(text).map(InstantText.text(microseconds:)) == canonical)
    }

    @Test(arguments: [
        "", "now", "2026", "2026-11", "2026-13-01", "2026-02-29", "2100-02-29", "2026-11-31", "0000-01-01",
        "2026-11-23T",
        "2026-11-23T1", "2026-11-23T24:00", "2026-11-23T15:60", "2026-11-23T15:20:60", "2026-11-23T15:20:00.",
        "2026-11-23T15:20:00.1x", "2026-11-23Z", "2026-11-23T15:20+", "2026-11-23T15:20+1",
        "2026-11-23T15:20+24",
        "2026-11-23T15:20Zx", "0001-01-01T00:00+01", "9999-12-31T23:59:59.9999999", "9999-12-31T23:59-01",
        "10000-01-01", "1795447200",
        "２０２６-11-23", "2026-11-23 15:20:00 BC",
    ])
    func `anything else is not`(_ text: String) {
        #expect(InstantText.microseconds(text) == nil)
    }

    @Test(arguments: [
        Double.nan, .infinity, -.infinity, 1e12, -62_135_596_801, 253_402_300_800, 253_402_300_799.99999999,
        1e300,
    ])
    func `dates outside of the years 1 to 9999 are refused`(_ seconds: Double) {
        // Not an argument: Foundation's own description of such a date traps.
        let date = Date(timeIntervalSince1970: seconds)
        #expect(SQLValue.date(date).refusal?.kind == .unsupportedValue)
        let error = #expect(throws: StorageError.self) { try InstantText.text(date) }
        #expect(error?.kind == .unsupportedValue)
    }

    @Test func `between 1729 and 2272 every microsecond comes back`() throws {
        let seed: UInt64 = 11
        var random = SplitMix64(seed: seed)
        let range =
            InstantText.dayNumber(1729, 1, 1) * 86_400_000_000...InstantText.dayNumber(2273, 1, 1)
            * 86_400_000_000 - 1
        for _ in 0..<200_000 {
            let moment = Int64.random(in: range, using: &random)
            let back = try InstantText.microseconds(InstantText.date(microseconds: moment))
            if back != moment { Issue.record("seed \(seed): \(moment) came back as \(back)") }
        }
        for moment in [range.lowerBound, range.upperBound] {
            #expect(try InstantText.microseconds(InstantText.date(microseconds: moment)) == moment)
        }
    }

    @Test func `farther away every Date comes back`() throws {
        let seed: UInt64 = 12
        var random = SplitMix64(seed: seed)
        for _ in 0..<100_000 {
            let microsecond = Int64.random(in: InstantText.range, using: &random)
            let date = InstantText.date(microseconds: microsecond)
            let stored = try InstantText.microseconds(date)
            if InstantText.date(microseconds: stored) != date { Issue.record("seed \(seed): \(microsecond)") }
            let text = InstantText.text(microseconds: microsecond)
            if InstantText.microseconds(text) != microsecond || text.utf8.count != 27 {
                Issue.record("seed \(seed): \(text)")
            }
        }
    }

    @Test func `every day has its date, as Postgres has it`() async throws {
        let engines = try await BothEngines()
        let rows = try await engines.onPostgres(
            "SELECT to_char(DATE '0001-01-01' + n * 7, 'YYYY-MM-DD') FROM generate_series(0, 521722) AS s(n)")
        for (index, row) in rows.enumerated() {
            let (year, month, day) = InstantText.civil(Int64(index * 7) - 719_162)
            let text = InstantText.text(
                microseconds: InstantText.dayNumber(year, month, day) * 86_400_000_000)
            if !text.hasPrefix(row) { Issue.record("\(text) should be \(row)") }
        }
        #expect(rows.last == "9999-12-27")
    }
}

@Suite struct ValuesDecimalTests {
    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("1.10", "1.1"), ("1.0", "1"), ("100", "100"), ("-0.001", "-0.001"),
        (".5", "0.5"), ("5.", "5"),
        ("1e3", "1000"), ("1E-3", "0.001"), ("+7", "7"), ("007", "7"),
        ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
        ("-0.12345678901234567890123456789012345678", "-0.12345678901234567890123456789012345678"),
        ("99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
        ("1e130", "1" + String(repeating: "0", count: 130)),
        ("1000000000000000000.00000000000000000010", "1000000000000000000.0000000000000000001"),
    ])
    func `numbers are read and written exactly`(_ text: String, _ canonical: String) throws {
        let decimal = try #require(DecimalText.decimal(text))
        #expect(try DecimalText.text(decimal) == canonical)
        #expect(DecimalText.decimal(canonical) == decimal)
    }

    @Test(arguments: [
        "", "-", ".", "NaN", "Infinity", "1x", " 1", "1 ", "0x1", "1,5", "--1", "+-1",
        "123456789012345678901234567890123456789",
        "1e166", "1e-129", "1e99999999999",
    ])
    func `what a Decimal cannot hold exactly is nil`(_ text: String) {
        #expect(DecimalText.decimal(text) == nil)
    }

    @Test func `NaN is refused`() {
        #expect(SQLValue.decimal(.nan).refusal?.kind == .unsupportedValue)
        #expect(throws: StorageError.self) { try DecimalText.text(.nan) }
    }

    @Test func `every number comes back`() throws {
        let seed: UInt64 = 13
        var random = SplitMix64(seed: seed)
        for _ in 0..<20_000 {
            let digits = (0..<Int.random(in: 1...38, using: &random)).map { _ in
                "\(Int.random(in: 0...9, using: &random))"
            }
            let exponent = Int.random(in: -128...127, using: &random)
            let text = "\(Bool.random(using: &random) ? "-" : "")\(digits.joined())e\(exponent)"
            guard let decimal = DecimalText.decimal(text) else {
                Issue.record("seed \(seed): \(text)")
                continue
            }
            let written = try DecimalText.text(decimal)
            if DecimalText.decimal(written) != decimal
                || JSONNumber(Array(written.utf8)) != JSONNumber(Array(text.utf8), isStrict: false)
            {
                Issue.record("seed \(seed): \(text) became \(written)")
            }
        }
    }
}

@Suite struct ValuesListTests {
    @Test(
        arguments: [
            ([], "[]"), ([.integer(1), .integer(.min)], "[1,-9223372036854775808]"),
            ([.boolean(true), .boolean(false)], "[1,0]"),
            (
                [.real(1), .real(-0.0), .real(1e-7), .real(.infinity), .real(-.infinity)],
                "[1.0,0.0,1e-07,9e999,-9e999]"
            ),
            ([.text("a\"\\\n\u{1}é")], #"["a\"\\\n\u0001é"]"#),
            ([.date(Date(timeIntervalSince1970: 0))], #"["1970-01-01T00:00:00.000000Z"]"#),
            ([.decimal(1.5), .null(.decimal)], #"["1.5",null]"#),
            ([.json(["a": "b"])], #"["{\"a\":\"b\"}"]"#),
        ] as [([SQLValue], String)])
    func `a list as JSON`(_ values: [SQLValue], _ text: String) throws {
        #expect(try ListText.json(values) == text)
    }

    @Test(arguments: [SQLValue.real(.nan), .text("a\0"), .bytes([1]), .decimal(.nan)])
    func `what cannot be in a list is refused`(_ value: SQLValue) {
        #expect(throws: StorageError.self) { try ListText.json([value]) }
    }

    @Test func `SQLite reads back every number and text that was written`() async throws {
        let seed: UInt64 = 14
        var random = SplitMix64(seed: seed)
        let engines = try await BothEngines()
        let alphabet = ["a", "é", "😀", "\"", "\\", "\n", "\u{1}", "'", "e\u{301}", "\u{7F}"]
        for _ in 0..<20 {
            let reals = (0..<500).map { _ in Double(bitPattern: random.next()) }
                // SQLite's own reading of a number in SQL, our oracle, is not exact at the ends.
                .filter { (1e-200...1e200).contains(abs($0)) }
            let texts = (0..<100).map { _ in
                (0..<3).map { _ in alphabet.randomElement(using: &random) ?? "" }.joined()
            }
            try check(reals, engines, "seed \(seed)")
            try check(texts, engines, "seed \(seed)")
            try check((0..<100).map { _ in Int64(bitPattern: random.next()) }, engines, "seed \(seed)")
        }
    }

    /// Each value must be found by `=` in the list of all, and in its own place.
    private func check<Value: SQLEncodable>(_ values: [Value], _ engines: BothEngines, _ note: String) throws
    {
        let list = SQL(unsafe: "'\(try ListText.json(values.map(\.sqlValue)).replacing("'", with: "''"))'")
        let singles = SQL(
            unsafe: try values.enumerated().map {
                "(\($0), \(try BothEngines.literal($1.sqlValue, .sqlite)))"
            }.joined(separator: ","))
        let differing = try engines.onSQLite(
            """
            WITH single(n, v) AS (VALUES \(singles))
            SELECT v, value FROM single JOIN json_each(\(list)) ON key = n WHERE v IS NOT value OR typeof(v) <> typeof(value)
            """)
        #expect(differing == [], "\(note)")
    }
}

@Suite struct ValuesRefusalTests {
    @Test(arguments: [
        SQLValue.null(.text), .integer(1), .real(1), .real(.infinity), .boolean(true), .text(""), .text("aé"),
        .bytes([0]),
        .date(Date(timeIntervalSince1970: 0)), .uuid(UUID()), .decimal(1), .json(["a": 1]),
    ])
    func `nearly everything passes`(_ value: SQLValue) {
        #expect(value.refusal == nil)
    }

    @Test(arguments: [SQLValue.real(.nan), .text("a\0b"), .text("\0"), .json("\0"), .decimal(.nan)])
    func `what one engine cannot hold is refused`(_ value: SQLValue) {
        #expect(value.refusal?.kind == .unsupportedValue)
    }

    @Test func `U+0000 is found wherever it stands`() {
        for length in 0..<40 {
            for letter in ["a", "é", "\u{1}", "\u{7F}", "\u{80}", "\u{100}"] {
                let text = String(repeating: letter, count: length)
                #expect(SQLValue.text(text).refusal == nil)
                for place in 0...length {
                    var broken = text
                    broken.insert("\0", at: broken.index(broken.startIndex, offsetBy: place))
                    #expect(SQLValue.text(broken).refusal != nil)
                }
            }
        }
    }

    @Test func `a negative zero becomes zero`() {
        guard case .real(let zero) = SQLValue.real(-0.0).normalized else { return #expect(Bool(false)) }
        #expect(zero.sign == .plus)
    }
}
