internal import PostgresClient

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension SQLValue {
    /// Why neither backend takes the value, though one of the engines could; nil for nearly all values.
    ///
    /// - Complexity: O(*n*) for texts, which are searched for U+0000; else O(1).
    var refusal: StorageError? {
        switch self {
        case .null, .integer, .boolean, .bytes, .uuid: nil
        case .real(let number): number.isNaN ? DecimalText.notANumber : nil
        case .text(let text): text.containsNUL ? Self.nulCharacter : nil
        case .date(let date): InstantText.canHold(date) ? nil : InstantText.outOfRange
        case .decimal(let number): number.isNaN ? DecimalText.notANumber : nil
        case .json(let json): json.flaw?.error
        }
    }

    /// The value as both backends give it back: a negative zero is zero.
    var normalized: SQLValue {
        if case .real(let number) = self, number == 0 { return .real(0) }
        return self
    }

    private static var nulCharacter: StorageError {
        StorageError(
            .unsupportedValue, "A text holds the character U+0000, which Postgres cannot store.",
            fix: "Leave the character out, or store the text as bytes.")
    }
}
