internal import SQLiteClient

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// One row of SQLite's, either where its statement stands or copied to be read later.
protocol SQLiteCells {
    associatedtype Value: SQLiteCell
    var columnCount: Int { get }
    func columnName(at index: Int) -> String
    func value(at index: Int) -> Value
}

/// One value, to be read as what `storageClass` says.
protocol SQLiteCell {
    var storageClass: StorageClass { get }
    var integer: Int64 { get }
    var real: Double { get }
    /// A TEXT; nil when it is not UTF-8.
    var validatedString: String? { get }
    var byteArray: [UInt8] { get }
}

extension SQLiteStatement: SQLiteCells {}
extension BorrowedValue: SQLiteCell {}
extension CopiedValue: SQLiteCell {}

/// A row of a batch with the names of its columns.
struct CopiedCells: SQLiteCells {
    private let batch: SQLiteRowBatch
    private let row: CopiedRow

    init(_ batch: SQLiteRowBatch, _ index: Int) {
        self.batch = batch
        row = batch.row(at: index)
    }

    var columnCount: Int { batch.columnNames.count }
    func columnName(at index: Int) -> String {
        batch.columnNames.indices.contains(index) ? batch.columnNames[index] : ""
    }
    func value(at index: Int) -> CopiedValue { row.value(at: index) }
}

// Strict reading: a value is returned as what it is stored as, or not at all. The storage class is of the value and
// not of the column (https://sqlite.org/datatype3.html), so it is looked at each time.
extension SQLiteCells {
    /// The row itself, once the column is known to exist.
    func requireColumn(_ index: Int) throws -> Self {
        guard exists(index) else { throw missing(index) }
        return self
    }

    func isNull(at index: Int) -> Bool { value(at: index).storageClass == .null }

    func int64(at index: Int) throws -> Int64 {
        let value = value(at: index)
        guard value.storageClass == .integer else { throw refused(value, index, "an INTEGER") }
        return value.integer
    }

    func double(at index: Int) throws -> Double {
        let value = value(at: index)
        switch value.storageClass {
        case .real, .integer: return value.real
        default: throw refused(value, index, "a REAL or an INTEGER")
        }
    }

    func bool(at index: Int) throws -> Bool {
        let value = value(at: index)
        guard value.storageClass == .integer else { throw refused(value, index, "an INTEGER 0 or 1") }
        switch value.integer {
        case 0: return false
        case 1: return true
        default:
            throw unreadable(index, "an INTEGER other than 0 and 1", "a truth value", "Read it as Int64.")
        }
    }

    func string(at index: Int) throws -> String {
        let value = value(at: index)
        guard value.storageClass == .text else { throw refused(value, index, "a TEXT") }
        guard let text = value.validatedString else {
            throw unreadable(
                index, "a TEXT that is not valid UTF-8", "text",
                "Read `CAST(… AS BLOB)` as bytes, and correct the rows.")
        }
        return text
    }

    func bytes(at index: Int) throws -> [UInt8] {
        let value = value(at: index)
        guard value.storageClass == .blob else { throw refused(value, index, "a BLOB") }
        return value.byteArray
    }

    func date(at index: Int) throws -> Date {
        let text = try text(at: index, wanted: "a TEXT such as 2026-11-23T15:20:00Z")
        guard let date = InstantText.date(text) else {
            throw unreadable(
                index, "a TEXT that is no date", "an instant",
                "Store YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SS with a fraction and a zone where wanted.")
        }
        return date
    }

    func uuid(at index: Int) throws -> UUID {
        let value = value(at: index)
        switch value.storageClass {
        case .text:
            if let text = value.validatedString, let uuid = UUID(uuidString: text) { return uuid }
        case .blob:
            if let uuid = UUID(sixteen: value.byteArray) { return uuid }
        default: throw refused(value, index, "a TEXT or a BLOB of 16 bytes")
        }
        throw unreadable(
            index, "something that is no UUID", "a UUID", "Store 36 characters of text, or 16 bytes.")
    }

    func decimal(at index: Int) throws -> Decimal {
        let value = value(at: index)
        switch value.storageClass {
        case .integer: return Decimal(value.integer)
        case .text:
            if let text = value.validatedString, let decimal = DecimalText.decimal(text) { return decimal }
            throw unreadable(
                index, "a TEXT that is no decimal number", "a decimal", "Store digits such as 19.90.")
        case .real:
            throw unreadable(
                index, "a REAL, whose decimal digits are not exact", "a decimal",
                "Declare the column TEXT: NUMERIC and DECIMAL columns turn 1.10 into a REAL. "
                    + "Or read it as Double.")
        default: throw refused(value, index, "a TEXT or an INTEGER")
        }
    }

    func json(at index: Int) throws -> JSON {
        let text = try text(at: index, wanted: "a TEXT of JSON")
        do {
            return try JSON(text: text)
        } catch {
            throw unreadable(
                index, "a TEXT that is no JSON", "JSON", "Let a CHECK (json_valid(…)) keep it out.")
        }
    }
}

extension SQLiteCells {
    private func text(at index: Int, wanted: String) throws -> String {
        let value = value(at: index)
        guard value.storageClass == .text else { throw refused(value, index, wanted) }
        return try string(at: index)
    }

    private func exists(_ index: Int) -> Bool { index >= 0 && index < columnCount }

    @inline(never) private func missing(_ index: Int) -> StorageError {
        StorageError(
            .misuse, "There is no column \(index); the row has \(columnCount), counted from 0.",
            fix: "Name the column in the SELECT list, or count from 0.")
    }

    @inline(never) private func refused(
        _ value: Value, _ index: Int, _ wanted: String
    ) -> StorageError {
        let found = value.storageClass
        guard found != .null else {
            // Asked for here and not before, as SQLite reads a NULL where there is no column.
            guard exists(index) else { return missing(index) }
            return unreadable(
                index, "NULL", wanted, "Ask for an Optional, as in `String?.self`, or use coalesce().")
        }
        return unreadable(
            index, "a value of the class \(found.name)", wanted,
            "Ask for the type that the column holds, or convert it by CAST in the query.")
    }

    private func unreadable(
        _ index: Int, _ found: String, _ wanted: String, _ remedy: String
    ) -> StorageError {
        var error = StorageError(
            .type, "Column \(index) (\(columnName(at: index))) holds \(found), and \(wanted) was asked for.",
            fix: remedy)
        error.columns = [columnName(at: index)]
        return error
    }
}

extension StorageClass {
    fileprivate var name: String {
        switch self {
        case .null: "NULL"
        case .integer: "INTEGER"
        case .real: "REAL"
        case .text: "TEXT"
        case .blob: "BLOB"
        }
    }
}

extension UUID {
    fileprivate init?(sixteen b: [UInt8]) {
        guard b.count == 16 else { return nil }
        self.init(
            uuid: (
                b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
                b[15]
            ))
    }
}
