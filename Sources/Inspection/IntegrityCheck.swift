internal import Diagnostics
internal import SQLiteClient
internal import SQLiteSyntax
internal import Schema

/// `quick_check` and `foreign_key_check`, run beside the scan on a connection of their own.
///
/// A scan alone does not see all damage: a looped overflow page reads without an error.
struct IntegrityCheck {
    let connection: SQLiteConnection
    let path: String

    /// Throws when the file is damaged.
    ///
    /// `quick_check` would evaluate NOT NULL generated columns, so tables that have one are
    /// checked by the scan only, and named in the result.
    func quickCheck(_ tables: [SourceTable]) throws -> [String] {
        let unchecked = tables.filter { $0.definition.columns.contains { $0.isGenerated && $0.isNotNull } }
            .map(\.name)
        if unchecked.isEmpty {
            try runQuickCheck(nil)
        } else {
            for table in tables where !unchecked.contains(table.name) { try runQuickCheck(table.name) }
        }
        return unchecked
    }

    private func runQuickCheck(_ table: String?) throws {
        let statement = try connection.prepare(
            "PRAGMA quick_check" + (table.map { "(\(SQLiteName.quoted($0)))" } ?? ""))
        var problems: [String] = []
        while try statement.step() {
            let line = statement.text(at: 0) ?? ""
            // What the values are is the scan's business: NOT NULL and STRICT broken by schema edits become findings.
            if line != "ok", !line.contains(" value in "), !line.contains("value missing") {
                problems.append(line)
            }
        }
        guard let first = problems.first else { return }
        throw OutgrowError(
            "source-corrupt", .source,
            "The database file is damaged: quick_check reports \(problems.count) problem(s).",
            at: path,
            fix:
                "Restore a backup, or recover what can be read with: sqlite3 damaged.db .recover | sqlite3 recovered.db",
            cause: first)
    }

    /// Rows of `table` whose foreign keys point at nothing, by position of the key as declared.
    func orphans(of table: SourceTable) throws -> [Int: OrphanObservation] {
        let keys = try foreignKeyCount(of: table)
        guard keys > 0 else { return [:] }
        var found: [Int: OrphanObservation] = [:]
        do throws(SQLiteFailure) {
            let statement = try connection.prepare(
                "PRAGMA foreign_key_check(\(SQLiteName.quoted(table.name)))")
            var ordinal: Int64 = 0
            while try statement.step() {
                ordinal += 1
                // SQLite numbers the keys of a table from the last one declared.
                let position = keys - 1 - Int(statement.integer(at: 3))
                let row = statement.isNull(at: 1) ? ordinal : statement.integer(at: 1)
                var orphan = found[position] ?? OrphanObservation(rowCount: 0, examples: [])
                orphan.rowCount += 1
                if orphan.examples.count < 20 { orphan.examples.append(row) }
                found[position] = orphan
            }
        } catch {
            // The parent is not unique: the key cannot be carried, and the translation says so.
            guard error.message.contains("foreign key mismatch") else { throw error }
            return [:]
        }
        return found
    }

    private func foreignKeyCount(of table: SourceTable) throws -> Int {
        let statement = try connection.prepare("SELECT max(id) + 1 FROM pragma_foreign_key_list(?1)")
        try statement.bind(table.name, at: 1)
        guard try statement.step() else { return 0 }
        return Int(statement.integer(at: 0))
    }
}
