#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The list of an `IN` as JSON text, for SQLite's `json_each`.
///
/// An element compares as the single bound value would: integers and truth values as integers, reals as
/// reals, and everything that SQLite stores as text as that text. https://sqlite.org/json1.html#jeach
enum ListText {
    /// - Throws: ``StorageError/Kind/unsupportedValue`` for what cannot be stored,
    /// ``StorageError/Kind/misuse`` for
    ///   bytes, which JSON does not have.
    static func json(_ values: [SQLValue]) throws -> String {
        var bytes: [UInt8] = [0x5B]
        bytes.reserveCapacity(2 + 8 * values.count)
        for value in values {
            if bytes.count > 1 { bytes.append(0x2C) }
            try append(value, to: &bytes)
        }
        bytes.append(0x5D)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ value: SQLValue, to bytes: inout [UInt8]) throws {
        if let refusal = value.refusal { throw refusal }
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .real(let number): bytes.append(contentsOf: text(number).utf8)
        case .boolean(let truth): bytes.append(truth ? 0x31 : 0x30)
        case .text(let text): append(text, to: &bytes)
        case .date(let date): append(try InstantText.text(date), to: &bytes)
        case .uuid(let uuid): append(uuid.uuidString.lowercased(), to: &bytes)
        case .decimal(let decimal): append(try DecimalText.text(decimal), to: &bytes)
        case .json(let json): append(json.text, to: &bytes)
        case .bytes:
            throw StorageError(
                .misuse, "A list of bytes has no JSON form.",
                fix: "Bind each value by a placeholder of its own.")
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        for byte in text.utf8 { bytes.appendJSON(byte) }
        bytes.append(0x22)
    }

    /// JSON has no infinity; SQLite reads a number that is too large as one.
    private static func text(_ number: Double) -> String {
        number.isFinite ? (number == 0 ? "0.0" : "\(number)") : (number < 0 ? "-9e999" : "9e999")
    }
}
