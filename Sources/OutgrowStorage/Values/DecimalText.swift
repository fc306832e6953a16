#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Decimal numbers as plain text, without an exponent and without useless zeros: equal numbers have equal
/// texts.
enum DecimalText {
    /// - Throws: ``StorageError/Kind/unsupportedValue`` for NaN.
    static func text(_ value: Decimal) throws -> String {
        guard !value.isNaN else { throw notANumber }
        let text = value.description
        guard text.utf8.contains(0x2E) else { return text == "-0" ? "0" : text }
        var digits = text[...]
        while digits.utf8.last == 0x30 { digits.removeLast() }
        if digits.utf8.last == 0x2E { digits.removeLast() }
        return String(digits)
    }

    /// The number that a text means, exactly; nil when it is none, has more than 38 digits or is too large or
    /// small for a `Decimal`.
    static func decimal(_ text: String) -> Decimal? {
        guard let number = JSONNumber(Array(text.utf8), isStrict: false),
            let parts = number.significand(digits: 38)
        else { return nil }
        let exponent = min(parts.exponent, 127)
        guard exponent >= -128, parts.exponent - exponent + number.digits.count <= 38 else { return nil }
        let significand = Decimal(parts.high) * Decimal(split) + Decimal(parts.low)
        var result = Decimal(
            sign: number.isNegative ? .minus : .plus, exponent: exponent, significand: significand)
        // A larger power of ten still fits while there are digits free to hold zeros. Not a product with ten,
        // which Foundation keeps as 1 × 10^1 and would add to the exponent.
        for _ in exponent..<parts.exponent { result = result * 5 + result * 5 }
        return result.isNaN ? nil : result
    }

    private static let split: UInt64 = 10_000_000_000_000_000_000

    /// What both backends answer for it.
    static var notANumber: StorageError {
        StorageError(
            .unsupportedValue, "A number is NaN, which SQLite cannot store.",
            fix: "Store NULL for a missing number.")
    }
}

extension JSONNumber {
    /// The digits as `high × 10^19 + low`, and the power of ten that they count; nil when there are more than
    /// `limit`.
    fileprivate func significand(digits limit: Int) -> (high: UInt64, low: UInt64, exponent: Int)? {
        guard digits.count <= limit else { return nil }
        func number(_ digits: ArraySlice<UInt8>) -> UInt64 {
            digits.reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
        }
        return (number(digits.dropLast(19)), number(digits.suffix(19)), exponent)
    }
}
