internal import PostgresClient
internal import SQLiteClient

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// The row that a statement stands on, valid only inside the closure that receives it.
///
/// Nothing is copied until a column is read. Columns are counted from 0.
public struct Row: ~Copyable {
    enum Source {
        case sqlite(SQLiteStatement)
        case copied(SQLiteRowBatch, Int)
        case postgres(PostgresRows, Int)
    }

    /// The shortest way to what columns nearly always hold.
    private enum Shortcut {
        case statement(SQLiteColumns)
        case copy(CopiedRow)
        case fields(PostgresFields)
    }

    let source: Source
    /// `source` keeps it valid.
    private let shortcut: Shortcut

    init(_ statement: SQLiteStatement) {
        source = .sqlite(statement)
        shortcut = .statement(statement.columns)
    }

    init(_ rows: PostgresRows, at index: Int) {
        source = .postgres(rows, index)
        shortcut = .fields(rows.fields(at: index))
    }

    init(_ batch: SQLiteRowBatch, at index: Int) {
        source = .copied(batch, index)
        shortcut = .copy(batch.row(at: index))
    }

    // Made anew of its parts, and not inlined: Swift 6.3 crashes where it inlines the copying of a source.
    @inline(never) init(_ source: Source) {
        switch source {
        case .sqlite(let statement): self.init(statement)
        case .copied(let batch, let index): self.init(batch, at: index)
        case .postgres(let rows, let index): self.init(rows, at: index)
        }
    }

    /// How many columns there are.
    public var columnCount: Int {
        switch shortcut {
        case .statement(let columns): columns.count
        case .copy(let row): row.count
        case .fields(let fields): fields.count
        }
    }

    /// The name of a column as the statement gives it.
    public func columnName(at index: Int) -> String {
        switch source {
        case .sqlite(let statement): statement.columnName(at: index)
        case .copied(let batch, let row): CopiedCells(batch, row).columnName(at: index)
        case .postgres(let rows, _): rows.columnName(at: index)
        }
    }

    /// Whether the column is NULL.
    public func isNull(at index: Int) throws -> Bool {
        switch source {
        case .sqlite(let statement): try statement.requireColumn(index).isNull(at: index)
        case .copied(let batch, let row): try CopiedCells(batch, row).requireColumn(index).isNull(at: index)
        case .postgres(let rows, let row): try rows.isNull(row, index)
        }
    }

    /// The column as an integer.
    @inline(__always) public func int64(at index: Int) throws -> Int64 {
        switch shortcut {
        case .statement(let columns): if let value = columns.integer(at: index) { return value }
        case .copy(let row): if let value = row.integer(at: index) { return value }
        case .fields(let fields): if let value = fields.bigint(at: index) { return value }
        }
        return try otherInt64(at: index)
    }

    /// The column as a floating-point number; integers count.
    @inline(__always) public func double(at index: Int) throws -> Double {
        switch shortcut {
        case .statement(let columns): if let value = columns.real(at: index) { return value }
        case .copy(let row): if let value = row.real(at: index) { return value }
        case .fields(let fields): if let value = fields.double(at: index) { return value }
        }
        return try otherDouble(at: index)
    }

    /// The column as a truth value: a `boolean`, or an integer 0 or 1.
    public func bool(at index: Int) throws -> Bool {
        switch source {
        case .sqlite(let statement): try statement.bool(at: index)
        case .copied(let batch, let row): try CopiedCells(batch, row).bool(at: index)
        case .postgres(let rows, let row): try rows.bool(row, index)
        }
    }

    /// The column as text.
    @inline(__always) public func string(at index: Int) throws -> String {
        switch shortcut {
        case .statement(let columns): if let value = columns.text(at: index) { return value }
        case .copy(let row): if let value = row.text(at: index) { return value }
        case .fields(let fields): if let value = fields.text(at: index) { return value }
        }
        return try otherString(at: index)
    }

    /// The column as bytes: a BLOB, a `bytea`.
    public func bytes(at index: Int) throws -> [UInt8] {
        switch source {
        case .sqlite(let statement): try statement.bytes(at: index)
        case .copied(let batch, let row): try CopiedCells(batch, row).bytes(at: index)
        case .postgres(let rows, let row): try rows.bytes(row, index)
        }
    }

    /// The column as an instant.
    public func date(at index: Int) throws -> Date {
        switch source {
        case .sqlite(let statement): try statement.date(at: index)
        case .copied(let batch, let row): try CopiedCells(batch, row).date(at: index)
        case .postgres(let rows, let row): try rows.date(row, index)
        }
    }

    /// The column as a UUID.
    public func uuid(at index: Int) throws -> UUID {
        switch source {
        case .sqlite(let statement): try statement.uuid(at: index)
        case .copied(let batch, let row): try CopiedCells(batch, row).uuid(at: index)
        case .postgres(let rows, let row): try rows.uuid(row, index)
        }
    }

    /// The column as an exact decimal number; a floating-point number is refused, as its digits are not exact.
    public func decimal(at index: Int) throws -> Decimal {
        switch source {
        case .sqlite(let statement): try statement.decimal(at: index)
        case .copied(let batch, let row): try CopiedCells(batch, row).decimal(at: index)
        case .postgres(let rows, let row): try rows.decimal(row, index)
        }
    }

    /// The column as a JSON value.
    public func json(at index: Int) throws -> JSON {
        switch source {
        case .sqlite(let statement): try statement.json(at: index)
        case .copied(let batch, let row): try CopiedCells(batch, row).json(at: index)
        case .postgres(let rows, let row): try rows.json(row, index)
        }
    }
}

// What lies off the shortest way: other types, and errors.
extension Row {
    @inline(never) private func otherInt64(at index: Int) throws -> Int64 {
        switch source {
        case .sqlite(let statement): try statement.int64(at: index)
        case .copied(let batch, let row): try CopiedCells(batch, row).int64(at: index)
        case .postgres(let rows, let row): try rows.int64(row, index)
        }
    }

    @inline(never) private func otherDouble(at index: Int) throws -> Double {
        switch source {
        case .sqlite(let statement): try statement.double(at: index)
        case .copied(let batch, let row): try CopiedCells(batch, row).double(at: index)
        case .postgres(let rows, let row): try rows.double(row, index)
        }
    }

    @inline(never) private func otherString(at index: Int) throws -> String {
        switch source {
        case .sqlite(let statement): try statement.string(at: index)
        case .copied(let batch, let row): try CopiedCells(batch, row).string(at: index)
        case .postgres(let rows, let row): try rows.string(row, index)
        }
    }
}

extension Row {
    /// Reads the columns from left to right, as many as there are types.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/type`` when the statement returns another number of
    ///   columns, or a column holds something else.
    @inlinable public borrowing func decode<each Column: SQLDecodable>(
        as types: repeat (each Column).Type
    ) throws -> (repeat each Column) {
        try requireCount(of: repeat (each Column).self)
        var index = 0
        return (repeat try Row.take((each Column).self, from: self, at: &index))
    }

    // First, so that too few columns are told as what they are, and not as a column beyond the last.
    @inlinable @inline(__always) borrowing func requireCount<each Column>(
        of types: repeat (each Column).Type
    ) throws {
        var expected = 0
        for _ in repeat (each Column).self { expected += 1 }
        guard expected == columnCount else { throw Row.columnCountError(columnCount, expected: expected) }
    }

    // Not a local function: those are not made concrete, and each column would cost a look-up of its type.
    @inlinable @inline(__always) static func take<T: SQLDecodable>(
        _ type: T.Type, from row: borrowing Row, at index: inout Int
    ) throws -> T {
        defer { index += 1 }
        return try T.decode(row, at: index)
    }

    @usableFromInline static func columnCountError(_ count: Int, expected: Int) -> StorageError {
        StorageError(
            .type,
            "The statement returns \(count) column\(count == 1 ? "" : "s"), and \(expected) were asked for.",
            fix: "Name the wanted columns in the SELECT list, in the order of the types.")
    }
}
