internal import CopyEncoding
internal import Schema
internal import SQLiteClient
internal import SQLiteSyntax

/// Steps one part's statement on the shared snapshot.
///
/// SQLite's rowid order makes each part one sequential walk of the table's b-tree.
struct PartReader {
    let statement: SQLiteStatement
    private(set) var rowCount: Int64 = 0

    init(_ part: Part, of table: TablePlan, on connection: SQLiteConnection) throws(SQLiteFailure) {
        let columns = table.columns.map { SQLiteName.quoted($0.source) }
        // A table of no stored columns still has rows.
        let list = columns.isEmpty ? "NULL" : columns.joined(separator: ", ")
        var sql = "SELECT \(list) FROM \(SQLiteName.quoted(table.source)) NOT INDEXED"
        var conditions: [String] = []
        if let rowID = table.rowIDName {
            if part.lower != nil { conditions.append("\(rowID) >= ?1") }
            if part.upper != nil { conditions.append("\(rowID) <= ?2") }
        }
        if !conditions.isEmpty { sql += " WHERE " + conditions.joined(separator: " AND ") }
        statement = try connection.prepare(sql)
        if let lower = part.lower { try statement.bind(lower, at: 1) }
        if let upper = part.upper { try statement.bind(upper, at: part.lower == nil ? 2 : 2) }
    }
}
