import TestSupport

/// Makes values that are likely to be trouble: limits, ties, near equals, other alphabets, half-numbers.
struct FuzzGenerator: Sendable {
    let type: FuzzType
    let make: @Sendable (inout SplitMix64) -> FuzzValue

    /// Now and then NULL instead.
    func next(_ random: inout SplitMix64) -> FuzzValue {
        Int.random(in: 0..<17, using: &random) == 0 ? .null : make(&random)
    }

    static let integer = FuzzGenerator(type: .integer) { .integer(Fuzz.integer(&$0)) }
    static let real = FuzzGenerator(type: .real) { .real(Fuzz.real(&$0)) }
    static let text = FuzzGenerator(type: .text) { .text(Fuzz.text(&$0)) }
    static let blob = FuzzGenerator(type: .blob) { .blob(Fuzz.blob(&$0)) }
    /// Valid UTF-8 without a zero byte.
    static let textBlob = FuzzGenerator(type: .blob) { .blob(Array(Fuzz.text(&$0).utf8)) }
    static let number = FuzzGenerator(type: .number) { Fuzz.number(&$0) }
    static let numberText = FuzzGenerator(type: .text) { .text(Fuzz.numberText(&$0)) }
    static let any = FuzzGenerator(type: .any) { Fuzz.any(&$0) }
    /// Without blobs that are no text.
    static let anyWithText = FuzzGenerator(type: .any) { random in
        Bool.random(using: &random)
            ? Fuzz.number(&random)
            : Bool.random(using: &random) ? .text(Fuzz.text(&random)) : .blob(Array(Fuzz.text(&random).utf8))
    }

    /// Texts over a few characters, so that parts are found.
    static func letters(_ alphabet: String, upTo count: Int) -> FuzzGenerator {
        FuzzGenerator(type: .text) { .text(Fuzz.letters(alphabet, upTo: count, &$0)) }
    }

    static func bytes(_ alphabet: String, upTo count: Int) -> FuzzGenerator {
        FuzzGenerator(type: .blob) { .blob(Array(Fuzz.letters(alphabet, upTo: count, &$0).utf8)) }
    }

    static func integers(_ range: ClosedRange<Int64>) -> FuzzGenerator {
        FuzzGenerator(type: .integer) { .integer(Int64.random(in: range, using: &$0)) }
    }

    static func choice(_ values: [String]) -> FuzzGenerator {
        FuzzGenerator(type: .text) { .text(values.randomElement(using: &$0) ?? "") }
    }
}

/// The values themselves.
enum Fuzz {
    static let integers: [Int64] = [
        0, 1, -1, 2, -2, 3, 5, 7, -7, 10, 63, 64, 65, -63, -64, -65, 100, 127, 255, 0x8000_0000, 0x7FFF_FFFF,
        -0x8000_0000, 0x1_0000_0000, 0x1_0000_0001, 0x20_0000_0000_0000, 0x20_0000_0000_0001,
        -0x20_0000_0000_0001, 0x7FFF_FFFF_FFFF_FFFF, -0x8000_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFFE,
        -0x7FFF_FFFF_FFFF_FFFF, 1_000_000_000_000_000, 1_000_000_000_000_000_000,
    ]

    static let reals: [Double] = [
        0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 0.2, 0.3, 1e15, 1e14, 123_456_789_012_345.6, 1e16, 1e-4,
        1e-5,
        1e100, 1e-100, 1e300, 1e-300, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude,
        9.223372036854775807e18, -9.223372036854775808e18, 1e19, -1e19, 1.005, 2.675, 4_503_599_627_370_496,
        4_503_599_627_370_497.5, 9_007_199_254_740_992, .infinity, -.infinity,
    ]

    static let characters = "abcABCxyzZ 0129'%_\\[]^-*?.+eE\t\néÜ€😀\u{FFFD}ßİ\u{FFFF}"

    static func integer(_ random: inout SplitMix64) -> Int64 {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: return integers.randomElement(using: &random) ?? 0
        case 4..<7: return .random(in: -20...20, using: &random)
        case 7..<9:
            let limit = (1...Int.random(in: 1...18, using: &random)).reduce(Int64(1)) { value, _ in value * 10
            }
            return .random(in: -limit...limit, using: &random)
        default: return .random(in: .min ... .max, using: &random)
        }
    }

    static func real(_ random: inout SplitMix64) -> Double {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<2: return reals.randomElement(using: &random) ?? 0
        case 2..<4:
            // A decimal of a few places.
            let whole = Int64.random(in: -10_000_000...10_000_000, using: &random)
            return Double(whole) / power(Int.random(in: 0...5, using: &random))
        case 4:
            let limit: Int64 = 180_143_985_094_819_840
            return Double(Int64.random(in: -limit...limit, using: &random))
        case 5:
            // Half of the last place.
            let whole = Int64.random(in: -1_000_000...1_000_000, using: &random) * 2 + 1
            return Double(whole) / 2 / power(Int.random(in: 0...4, using: &random))
        case 6:
            let scale = power(Int.random(in: -20...20, using: &random))
            return Double.random(in: -1...1, using: &random) * scale
        case 7:
            // A tie in the sixteenth digit.
            let digits = letters("0123456789", upTo: 14, &random)
            let first = Int.random(in: 1...9, using: &random)
            return Double("\(first)\(digits)5e\(Int.random(in: -30...30, using: &random))") ?? 0
        default:
            let value = Double(bitPattern: random.next())
            return value.isNaN ? 0.1 : value
        }
    }

    static func power(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? 1 }

    static func number(_ random: inout SplitMix64) -> FuzzValue {
        Bool.random(using: &random) ? .integer(integer(&random)) : .real(real(&random))
    }

    static func any(_ random: inout SplitMix64) -> FuzzValue {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .integer(integer(&random))
        case 1: .real(real(&random))
        case 2: .text(text(&random))
        default: .blob(blob(&random))
        }
    }

    static func letters(_ alphabet: String, upTo count: Int, _ random: inout SplitMix64) -> String {
        let scalars = Array(alphabet.unicodeScalars)
        var result = ""
        for _ in 0..<Int.random(in: 0...count, using: &random) {
            result.unicodeScalars.append(scalars.randomElement(using: &random) ?? "x")
        }
        return result
    }

    static func text(_ random: inout SplitMix64) -> String {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: ""
        case 1..<6: letters(characters, upTo: 3, &random)
        case 6..<13: letters(characters, upTo: 12, &random)
        default: numberText(&random)
        }
    }

    static func blob(_ random: inout SplitMix64) -> [UInt8] {
        guard Bool.random(using: &random) else { return Array(text(&random).utf8) }
        return (0..<Int.random(in: 0...6, using: &random)).map { _ in .random(in: 0...255, using: &random) }
    }

    /// What starts like a number, or almost.
    static func numberText(_ random: inout SplitMix64) -> String {
        var result = ["", "", " ", "\t ", "  "].randomElement(using: &random) ?? ""
        let signs = ["", "", "-", "+", "--"]
        result += signs.randomElement(using: &random) ?? ""
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<3: result += "\(integer(&random).magnitude)"
        case 3..<5: result += "\(real(&random).magnitude)"
        default:
            let most = [3, 22]
            result += letters("0123456789", upTo: most.randomElement(using: &random) ?? 3, &random)
            if Int.random(in: 0..<5, using: &random) < 3 {
                result += "." + letters("0123456789", upTo: most.randomElement(using: &random) ?? 3, &random)
            }
            if Int.random(in: 0..<5, using: &random) < 2 {
                let limit = [5, 40, 400].randomElement(using: &random) ?? 5
                let sign = ["", "-", "+"].randomElement(using: &random) ?? ""
                result += "e\(sign)\(Int.random(in: 0...limit, using: &random))"
            }
        }
        let ends = ["", "", "", " ", "x", "e", ".", " \n"]
        return result + (ends.randomElement(using: &random) ?? "")
    }
}
