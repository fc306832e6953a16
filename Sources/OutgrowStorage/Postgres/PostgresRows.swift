internal import PostgresClient

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The rows of a binary result, read by the types of their columns.
///
/// As strict as SQLite's side: a Swift type reads what it can hold exactly, and nothing is guessed.
struct PostgresRows: Sendable {
    private let result: PostgresResult
    let columns: PostgresColumns
    let rowCount: Int

    init(_ result: PostgresResult, _ columns: PostgresColumns) {
        self.result = result
        self.columns = columns
        rowCount = result.rowCount
    }

    /// Those of a row that need no look at their columns.
    func fields(at row: Int) -> PostgresFields { PostgresFields(result, row: row) }

    func columnName(at index: Int) -> String {
        columns.kinds.indices.contains(index) ? result.columnName(index) : ""
    }

    func isNull(_ row: Int, _ column: Int) throws -> Bool {
        _ = try kind(column)
        return result.isNull(row, column)
    }

    func int64(_ row: Int, _ column: Int) throws -> Int64 {
        switch try kind(column) {
        case .integer: if let number = result.integer(row, column) { return number }
        case .numeric: if let number = try numeric(row, column)?.int64 { return number }
        default: break
        }
        throw mismatch(row, column, "an integer of 64 bits")
    }

    func double(_ row: Int, _ column: Int) throws -> Double {
        switch try kind(column) {
        case .float: if let number = result.float(row, column) { return number }
        case .integer: if let number = result.integer(row, column) { return Double(number) }
        case .numeric:
            if let number = try numeric(row, column), let double = Double(number.text), !double.isNaN {
                return double
            }
        default: break
        }
        throw mismatch(row, column, "a floating-point number")
    }

    func bool(_ row: Int, _ column: Int) throws -> Bool {
        switch try kind(column) {
        case .boolean, .integer:
            let number = result.integer(row, column)
            if number == 0 || number == 1 { return number == 1 }
        default: break
        }
        throw mismatch(row, column, "a truth value")
    }

    func string(_ row: Int, _ column: Int) throws -> String {
        let text: String? =
            switch try kind(column) {
            case .text: result.text(row, column)
            // The first byte is the version of the format.
            case .jsonb: result.text(row, column, skipping: 1)
            case .uuid: try uuidOfBytes(row, column)?.uuidString.lowercased()
            case .numeric: try numeric(row, column)?.text
            case .timestamp, .date: microseconds(row, column).map(InstantText.text(microseconds:))
            case .integer, .float, .boolean, .bytea, .other: nil
            }
        guard let text else { throw mismatch(row, column, "text") }
        return text
    }

    func bytes(_ row: Int, _ column: Int) throws -> [UInt8] {
        guard try kind(column) == .bytea, let bytes = result.bytes(row, column) else {
            throw mismatch(row, column, "bytes")
        }
        return bytes
    }

    func date(_ row: Int, _ column: Int) throws -> Date {
        let microseconds: Int64? =
            switch try kind(column) {
            case .timestamp, .date: microseconds(row, column)
            case .text: result.text(row, column).flatMap(InstantText.microseconds)
            default: nil
            }
        guard let microseconds else { throw mismatch(row, column, "an instant within the years 1 to 9999") }
        return InstantText.date(microseconds: microseconds)
    }

    func uuid(_ row: Int, _ column: Int) throws -> UUID {
        let uuid: UUID? =
            switch try kind(column) {
            case .uuid: try uuidOfBytes(row, column)
            case .text: result.text(row, column).flatMap(UUID.init(uuidString:))
            default: nil
            }
        guard let uuid else { throw mismatch(row, column, "a UUID") }
        return uuid
    }

    func decimal(_ row: Int, _ column: Int) throws -> Decimal {
        let decimal: Decimal? =
            switch try kind(column) {
            case .numeric: try numeric(row, column).flatMap { DecimalText.decimal($0.text) }
            case .integer: result.integer(row, column).map { Decimal($0) }
            case .text: result.text(row, column).flatMap(DecimalText.decimal)
            default: nil
            }
        guard let decimal else { throw mismatch(row, column, "a decimal number of at most 38 digits") }
        return decimal
    }

    func json(_ row: Int, _ column: Int) throws -> JSON {
        switch try kind(column) {
        case .jsonb: if let text = result.text(row, column, skipping: 1) { return try JSON(text: text) }
        case .text: if let text = result.text(row, column) { return try JSON(text: text) }
        default: break
        }
        throw mismatch(row, column, "JSON")
    }
}

extension PostgresRows {
    private func kind(_ column: Int) throws -> PostgresColumn {
        let columns = columns.kinds
        guard columns.indices.contains(column) else {
            throw StorageError(
                .misuse,
                "Column \(column) was read, and "
                    + "the statement returns \(columns.count) column\(columns.count == 1 ? "" : "s").",
                fix: "Count the columns from 0, and name those wanted in the SELECT list.")
        }
        return columns[column]
    }

    private func numeric(_ row: Int, _ column: Int) throws -> PostgresNumeric? {
        result.bytes(row, column).flatMap { PostgresNumeric($0) }
    }

    private func uuidOfBytes(_ row: Int, _ column: Int) throws -> UUID? {
        result.bytes(row, column).flatMap { UUID(bytes: $0) }
    }

    /// Microseconds since 1970; nil for the infinities and outside of the years 1 to 9999.
    private func microseconds(_ row: Int, _ column: Int) -> Int64? {
        guard let number = result.integer(row, column) else { return nil }
        let unit: Int64 = columns.kinds[column] == .date ? 86_400_000_000 : 1
        let (since2000, isTooFar) = number.multipliedReportingOverflow(by: unit)
        let (sum, overflows) = since2000.addingReportingOverflow(PostgresType.epoch)
        guard !isTooFar, !overflows, InstantText.range.contains(sum) else { return nil }
        return sum
    }

    private func mismatch(_ row: Int, _ column: Int, _ wanted: String) -> StorageError {
        let name = result.columnName(column)
        if result.isNull(row, column) {
            return StorageError(
                .type, "Column \(name) is NULL, and \(wanted) was asked for.",
                fix: "Ask for an Optional, or keep NULL out by the query.")
        }
        if case .other(let oid) = columns.kinds[column] {
            return StorageError(
                .type, "Column \(name) has a Postgres type that is not read as it is (OID \(oid)).",
                fix: "Cast it in the query: CAST(… AS text).")
        }
        return StorageError(
            .type,
            "Column \(name) holds no value that is \(wanted): it is \(columns.kinds[column].description).",
            fix: "Ask for the type that it has, or cast it in the query.")
    }
}

extension PostgresColumn: CustomStringConvertible {
    var description: String {
        switch self {
        case .integer: "an integer"
        case .float: "a floating-point number"
        case .boolean: "a boolean"
        case .numeric: "numeric"
        case .text: "text"
        case .bytea: "bytea"
        case .timestamp: "a timestamp"
        case .date: "a date"
        case .uuid: "a uuid"
        case .jsonb: "jsonb"
        case .other(let oid): "the type of OID \(oid)"
        }
    }
}
