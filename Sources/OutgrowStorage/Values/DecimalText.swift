#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Decimal numbers as plain text, without an exponent and without useless zeros: equal numbers have equal texts.
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

    /// The number that a text means, exactly; nil when it is none, has more than 38 digits or is too large or small
    /// for a `Decimal`.
    static func decimal(_ text: String) -> Decimal? {
        var bytes = Array(text.utf8)
        if bytes.first == 0x2B { bytes.removeFirst() }
        guard let number = JSONNumber(bytes, isStrict: false), let parts = number.significand(digits: 38) else { return nil }
        var (high, low, exponent) = parts
        // A large power of ten still fits while there are digits free to hold zeros.
        while exponent > 127, high < 100_000_000_000_000_000 {
            let product = low.multipliedFullWidth(by: 10)
            let (quotient, remainder) = split.dividingFullWidth(product)
            (high, low, exponent) = (high * 10 + quotient, remainder, exponent - 1)
        }
        guard (-128...127).contains(exponent) else { return nil }
        let significand = Decimal(high) * Decimal(split) + Decimal(low)
        let result = Decimal(sign: number.isNegative ? .minus : .plus, exponent: exponent, significand: significand)
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
    /// The digits as `high × 10^19 + low`, and the power of ten that they count; nil when there are more than `limit`.
    fileprivate func significand(digits limit: Int) -> (high: UInt64, low: UInt64, exponent: Int)? {
        guard digits.count <= limit else { return nil }
        func number(_ digits: ArraySlice<UInt8>) -> UInt64 { digits.reduce(0) { $0 * 10 + UInt64($1 - 0x30) } }
        return (number(digits.dropLast(19)), number(digits.suffix(19)), exponent)
    }
}
