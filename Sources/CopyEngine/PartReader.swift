internal import CopyEncoding
internal import SQLiteClient
internal import SQLiteSyntax
internal import Schema

/// Steps one part's statement on the shared snapshot.
///
/// SQLite's rowid order makes each part one sequential walk of the table's b-tree.
final class PartReader {
    private let part: Part
    private let table: TablePlan
    private let sql: String
    private(set) var statement: SQLiteStatement
    private let keepsRowID: Bool

    /// After a row of more bytes than this, the memory SQLite has taken for it is given back.
    private static let largeRowByteCount: Int64 = 4 << 20

    init(_ part: Part, of table: TablePlan, on connection: SQLiteConnection) throws(SQLiteFailure) {
        self.part = part
        self.table = table
        keepsRowID = table.rowIDName != nil && table.largestRowByteCount > Self.largeRowByteCount
        var columns = table.columns.map { SQLiteName.quoted($0.source) }
        if keepsRowID, let rowID = table.rowIDName { columns.append(rowID) }
        // A table of no stored columns still has rows.
        let list = columns.isEmpty ? "NULL" : columns.joined(separator: ", ")
        var conditions: [String] = []
        if let rowID = table.rowIDName {
            if part.lower != nil || keepsRowID { conditions.append("\(rowID) >= ?1") }
            if part.upper != nil { conditions.append("\(rowID) <= ?2") }
        }
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        sql = "SELECT \(list) FROM \(SQLiteName.quoted(table.source)) NOT INDEXED\(filter)"
        statement = try connection.prepare(sql)
        try bind(from: part.lower ?? .min)
    }

    private func bind(from lower: Int64) throws(SQLiteFailure) {
        if part.lower != nil || keepsRowID { try statement.bind(lower, at: 1) }
        if let upper = part.upper { try statement.bind(upper, at: 2) }
    }

    func step() throws(SQLiteFailure) -> Bool { try statement.step() }

    /// A statement keeps the memory of its largest row until it is finalized, and each worker has one.
    /// So after a large row the walk goes on from the next rowid with a new statement.
    ///
    /// - Returns: false when there is no next rowid.
    func releaseLargeRow(_ byteCount: Int, on connection: SQLiteConnection) throws(SQLiteFailure) -> Bool {
        guard keepsRowID, Int64(byteCount) > Self.largeRowByteCount else { return true }
        let rowID = statement.integer(at: table.columns.count)
        guard rowID < .max else { return false }
        statement = try connection.prepare(sql)
        try bind(from: rowID + 1)
        return true
    }
}
