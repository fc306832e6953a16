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
        case .null, .integer, .boolean, .uuid: nil
        case .bytes(let bytes): SQLValueSize.refusal(bytes.count)
        case .real(let number): number.isNaN ? DecimalText.notANumber : nil
        case .text(let text):
            SQLValueSize.refusal(text.utf8.count) ?? (text.containsNUL ? Self.nulCharacter : nil)
        case .date(let date): InstantText.canHold(date) ? nil : InstantText.outOfRange
        case .decimal(let number): number.isNaN ? DecimalText.notANumber : nil
        case .json(let json): json.flaw?.error ?? SQLValueSize.refusal(json.text.utf8.count)
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

/// How large one value may be.
///
/// SQLite's limit unless it was compiled otherwise; Postgres holds up to 1 GiB with the value's own header.
/// https://sqlite.org/limits.html, https://www.postgresql.org/docs/current/limits.html
enum SQLValueSize {
    static let limit = 1_000_000_000

    /// Why neither backend takes a text, bytes or JSON of so many bytes.
    static func refusal(_ byteCount: Int) -> StorageError? {
        guard byteCount > limit else { return nil }
        return StorageError(
            .unsupportedValue,
            "A value has \(byteCount) bytes, and \(limit) are the most that both backends hold.",
            fix: "Store it as a file and its path here, or cut it into several rows.")
    }
}
