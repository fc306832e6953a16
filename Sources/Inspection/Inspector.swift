internal import Diagnostics
package import SQLiteClient
package import SQLiteSyntax
package import Schema

/// Reads a live SQLite file into a `SourceSchema`, with what its data really holds.
///
/// Views, generated columns and CHECKs of the source are never evaluated.
package struct Inspector: Sendable {
    package let reader: SourceReader
    /// What the declared types propose; the scan checks every value against it. In column order.
    package let proposals: @Sendable (CreateTable) -> [ColumnProposal?]
    /// Which tables are wanted: the others are read as schema only.
    package let includes: @Sendable (String) -> Bool
    /// Whether TEXT beside BLOBs in one column is compared with them, for `--unstorable-text bytea`.
    package let comparesTextWithBlobs: Bool

    package init(
        _ reader: SourceReader, proposals: @escaping @Sendable (CreateTable) -> [ColumnProposal?],
        includes: @escaping @Sendable (String) -> Bool = { _ in true }, comparesTextWithBlobs: Bool = false
    ) {
        self.reader = reader
        self.proposals = proposals
        self.includes = includes
        self.comparesTextWithBlobs = comparesTextWithBlobs
    }

    /// How far the scan is.
    package struct Progress: Sendable {
        package var table: String
        package var rows: Int64
        package var bytes: Int64
    }

    /// The schema alone, unscanned.
    package func readSchema() throws -> SourceSchema {
        try explainingFailures(nil) {
            try reader.snapshot.withConnection { connection in
                try SchemaReader(connection: connection, path: reader.files.path).read()
            }
        }
    }

    /// Scans every wanted table of `schema`.
    ///
    /// - Parameter onProgress: called often, from the scanning thread; throws to stop.
    /// - Complexity: one pass over each table, in constant memory.
    package func scan(
        _ schema: SourceSchema, onProgress: (Progress) throws -> Void = { _ in }
    ) throws -> SourceSchema {
        var schema = schema
        for index in schema.tables.indices where includes(schema.tables[index].name) {
            let table = schema.tables[index]
            schema.tables[index].observed = try explainingFailures(table.name) {
                try reader.snapshot.withConnection { connection in
                    let scanner = TableScanner(
                        connection: connection, table: table, proposals: proposals(table.definition))
                    var observed = try scanner.scan { rows, bytes in
                        try onProgress(Progress(table: table.name, rows: rows, bytes: bytes))
                    }
                    try KeyMeanings(connection: connection, table: table).note(in: &observed)
                    if comparesTextWithBlobs { try compareTextWithBlobs(in: table, &observed, connection) }
                    return observed
                }
            }
        }
        try lookAtFullText(in: &schema)
        return schema
    }

    /// Whether full-text tables that are to be carried have text beyond ASCII: there the tokenizers differ most.
    private func lookAtFullText(in schema: inout SourceSchema) throws {
        for index in schema.virtualTables.indices {
            guard let text = schema.virtualTables[index].text,
                let table = schema.table(storedAs: text.table), includes(table.name)
            else { continue }
            // What is computed when it is read is not evaluated.
            let columns = table.definition.columns.filter { column in
                !column.isVirtual && text.columns.contains { SQLiteName.equal($0, column.name) }
            }
            guard columns.count == text.columns.count, !columns.isEmpty else { continue }
            let tests = columns.map(\.name).map { column in
                let name = SQLiteName.quoted(column)
                return "(typeof(\(name)) = 'text' AND length(CAST(\(name) AS BLOB)) <> length(\(name)))"
            }
            let source = SQLiteName.quoted(text.table)
            schema.virtualTables[index].text?.isBeyondASCII = try reader.snapshot.withConnection {
                connection in
                try connection.integer(
                    "SELECT EXISTS (SELECT 1 FROM \(source) NOT INDEXED WHERE \(tests.joined(separator: " OR ")))"
                ) == 1
            }
        }
    }

    /// Checks the file and its foreign keys on a second connection; meant to run beside `scan`.
    ///
    /// - Parameter checksFile: false skips `quick_check`.
    package func checkIntegrity(of schema: SourceSchema, checksFile: Bool = true) throws -> IntegrityReport {
        try explainingFailures(nil) {
            let check = IntegrityCheck(connection: try reader.openAnother(), path: reader.files.path)
            var report = IntegrityReport()
            if checksFile { report.uncheckedTables = try check.quickCheck(schema.tables) }
            for table in schema.tables where includes(table.name) {
                let orphans = try check.orphans(of: table)
                if !orphans.isEmpty { report.orphans[table.name] = orphans }
            }
            return report
        }
    }

    private func compareTextWithBlobs(
        in table: SourceTable, _ observed: inout TableObservation, _ connection: SQLiteConnection
    ) throws {
        for index in observed.columns.indices {
            guard let column = observed.columns[index], column.texts > 0, column.blobs > 0 else { continue }
            let name = SQLiteName.quoted(table.definition.columns[index].name)
            let source = SQLiteName.quoted(table.name)
            let found = try connection.integer(
                """
                SELECT EXISTS (SELECT 1 FROM \(source) NOT INDEXED WHERE typeof(\(name)) = 'text'
                  AND CAST(\(name) AS BLOB) IN (SELECT \(name) FROM \(source) NOT INDEXED WHERE typeof(\(name)) = 'blob'))
                """)
            observed.columns[index]?.textEqualsBlob = found == 1
        }
    }

    private func explainingFailures<Result>(_ table: String?, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let failure as SQLiteFailure {
            let path = reader.files.path
            throw failure.asSourceError(at: table.map { "\(path), table \($0)" } ?? path)
        }
    }
}

/// What the checks beside the scan found. A damaged file is an error, not a line in here.
package struct IntegrityReport: Sendable, Hashable {
    /// By table, then by position of the foreign key as declared.
    package var orphans: [String: [Int: OrphanObservation]] = [:]
    /// Tables that `quick_check` could not look at without evaluating a generated column.
    package var uncheckedTables: [String] = []

    package init() {}
}
