internal import Diagnostics
internal import SQLiteClient
internal import SQLiteSyntax
internal import Schema

/// Looks at every value of one table, once.
struct TableScanner {
    let connection: SQLiteConnection
    let table: SourceTable
    /// In the order of the table's columns.
    let proposals: [ColumnProposal?]

    private static let maxColumnCount = 2000

    /// Reads the base table by its column list. Columns that are computed when read are left out, so nothing is evaluated;
    /// no index is used, so a damaged index cannot hide a row.
    ///
    /// - Parameter onRows: called now and then with the rows and bytes since the last call; throws to stop.
    func scan(onRows: (_ rows: Int64, _ bytes: Int64) throws -> Void) throws -> TableObservation {
        let columns = table.definition.columns
        let stored = columns.indices.filter { !columns[$0].isVirtual }
        // SQLite gives back at most 2,000 columns; such a table cannot be carried anyhow.
        let rowIDName = stored.count < Self.maxColumnCount ? table.definition.rowIDName : nil
        let list = ([rowIDName].compactMap(\.self) + stored.map { SQLiteName.quoted(columns[$0].name) })
        let statement = try connection.prepare(
            "SELECT \(list.joined(separator: ", ")) FROM \(SQLiteName.quoted(table.name)) NOT INDEXED")
        var scans = stored.map {
            ColumnScan(candidate: proposals.indices.contains($0) ? proposals[$0]?.codec : nil)
        }
        var observation = TableObservation()
        let first = rowIDName == nil ? 0 : 1
        var reported: (rows: Int64, bytes: Int64) = (0, 0)
        while try statement.step() {
            observation.rowCount += 1
            let rowID = rowIDName == nil ? observation.rowCount : statement.integer(at: 0)
            if rowIDName != nil { observation.extend(to: rowID) }
            var rowBytes: Int64 = 0
            for index in scans.indices {
                rowBytes += scans[index].observe(statement.value(at: index + first), rowID: rowID)
            }
            observation.byteCount += rowBytes
            if rowBytes > observation.largestRowByteCount { observation.largestRowByteCount = rowBytes }
            if observation.rowCount & 0xFFF == 0 || rowBytes > 1 << 20 {
                try onRows(observation.rowCount - reported.rows, observation.byteCount - reported.bytes)
                reported = (observation.rowCount, observation.byteCount)
            }
        }
        try onRows(observation.rowCount - reported.rows, observation.byteCount - reported.bytes)
        observation.columns = columns.map { _ in nil }
        for (scan, index) in zip(scans, stored) { observation.columns[index] = scan.result }
        return observation
    }
}

extension TableObservation {
    fileprivate mutating func extend(to rowID: Int64) {
        minRowID = min(minRowID ?? rowID, rowID)
        maxRowID = max(maxRowID ?? rowID, rowID)
    }
}
