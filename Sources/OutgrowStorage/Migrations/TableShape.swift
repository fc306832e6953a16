/// The columns of a SQLite table, as far as copying its rows asks.
struct TableShape {
    struct Column {
        var name: String
        var isGenerated: Bool
    }

    var columns: [Column]
    /// A name for the rowid where no column is it and the table has one.
    var hiddenRowID: String?

    func column(_ name: String) -> Column? { columns.first { $0.name.lowercased() == name.lowercased() } }

    /// https://sqlite.org/pragma.html#pragma_table_xinfo
    static func read(_ table: String, in tx: Transaction) throws -> TableShape {
        let rows = try tx.rows(
            "SELECT name, hidden, pk FROM pragma_table_xinfo(\(table))", as: String.self, Int64.self,
            Int64.self)
        let columns = rows.map { Column(name: $0.0, isGenerated: $0.1 == 2 || $0.1 == 3) }
        let withoutRowID: Int64? = try tx.first(
            "SELECT wr FROM pragma_table_list(\(table)) WHERE schema = 'main'", as: Int64.self)
        let hasRowID = withoutRowID == 0
        // A primary key that is the rowid has no index of its own.
        let keyIndexCount = try tx.one(
            "SELECT count(*) FROM pragma_index_list(\(table)) WHERE origin = 'pk'", as: Int64.self)
        let isAliased = rows.contains { $0.2 > 0 } && keyIndexCount == 0
        let taken = Set(columns.map { $0.name.lowercased() })
        let name = ["rowid", "_rowid_", "oid"].first { !taken.contains($0) }
        return TableShape(columns: columns, hiddenRowID: hasRowID && !isAliased ? name : nil)
    }
}

/// Indexes of a table, and all views and triggers of the database: a rename looks at each of them, and refuses when
/// one names a table that is not there at the moment.
struct AttachedObjects {
    private struct Object {
        var type: String
        var name: String
        var sql: String
    }

    /// As its creator wrote it.
    let tableName: String
    private let indexes: [Object]
    private let views: [Object]
    private let triggers: [Object]

    static func read(of table: String, in tx: Transaction) throws -> AttachedObjects {
        let found = try tx.first(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name = \(table) COLLATE NOCASE",
            as: String.self, String.self)
        guard let found, !found.1.uppercased().hasPrefix("CREATE VIRTUAL") else {
            throw StorageError([
                SchemaProblem(
                    .rebuild, at: "table \(table)",
                    found == nil
                        ? "There is no such table." : "It is a virtual table, which has no rows of its own.",
                    fix: "Name an ordinary table.")
            ])
        }
        func objects(_ condition: SQL) throws -> [Object] {
            try tx.rows(
                "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND \(condition) ORDER BY rowid",
                as: String.self, String.self, String.self
            ).map { Object(type: $0.0, name: $0.1, sql: $0.2) }
        }
        return AttachedObjects(
            tableName: found.0,
            indexes: try objects("type = 'index' AND tbl_name = \(table) COLLATE NOCASE"),
            views: try objects("type = 'view'"), triggers: try objects("type = 'trigger'"))
    }

    func dropViewsAndTriggers(in tx: Transaction) throws {
        for trigger in triggers { try tx.execute("DROP TRIGGER \(identifier: trigger.name)") }
        for view in views { try tx.execute("DROP VIEW \(identifier: view.name)") }
    }

    func recreate(in tx: Transaction) throws {
        for object in indexes + views + triggers { try tx.execute(SQL(unsafe: object.sql)) }
    }
}

/// Where AUTOINCREMENT stands: dropping the table would forget it (https://sqlite.org/autoinc.html).
struct AutoincrementPosition {
    private let table: String
    private let position: Int64

    /// Nil when the table has none.
    static func read(of table: String, in tx: Transaction) throws -> AutoincrementPosition? {
        guard
            try tx.first("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'", as: Int64.self) != nil,
            let row = try tx.first(
                "SELECT name, seq FROM sqlite_sequence WHERE name = \(table) COLLATE NOCASE",
                as: String.self, Int64.self)
        else { return nil }
        return AutoincrementPosition(table: row.0, position: row.1)
    }

    /// Only when the new table has AUTOINCREMENT too.
    func restore(in tx: Transaction) throws {
        let sql = try tx.first(
            "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = \(table)", as: String.self)
        guard sql?.uppercased().contains("AUTOINCREMENT") == true else { return }
        try tx.execute("DELETE FROM sqlite_sequence WHERE name = \(table) AND seq < \(position)")
        try tx.execute(
            """
            INSERT INTO sqlite_sequence (name, seq) SELECT \(table), \(position)
            WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = \(table))
            """)
    }
}

/// Whether the views and triggers of a database can be compiled: those that could before must after.
struct SchemaProbes {
    private struct Probe {
        var object: String
        var sql: SQL
        /// The table and column that an UPDATE names: when it is gone, the probe has nothing to say.
        var column: (table: String, name: String)?
    }

    private let working: [Probe]

    static func take(in tx: Transaction) throws -> SchemaProbes {
        var probes = try tx.rows("SELECT name FROM sqlite_schema WHERE type = 'view'", as: String.self).map {
            name in
            Probe(object: "The view \(name)", sql: "SELECT 1 FROM \(identifier: name) LIMIT 0")
        }
        let tables = try tx.rows(
            "SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'trigger'", as: String.self)
        for table in tables {
            let object = "A trigger of \(table)"
            probes.append(
                Probe(object: object, sql: "EXPLAIN INSERT INTO \(identifier: table) DEFAULT VALUES"))
            probes.append(Probe(object: object, sql: "EXPLAIN DELETE FROM \(identifier: table)"))
            let columns = try tx.rows(
                "SELECT name FROM pragma_table_xinfo(\(table)) WHERE hidden = 0", as: String.self)
            for column in columns {
                probes.append(
                    Probe(
                        object: object,
                        sql: "EXPLAIN UPDATE \(identifier: table) SET \(identifier: column) = NULL",
                        column: (table, column)))
            }
        }
        return SchemaProbes(working: try probes.filter { try failure(of: $0, in: tx) == nil })
    }

    /// What worked and does not any more.
    func firstBroken(in tx: Transaction) throws -> (object: String, failure: String)? {
        for probe in working {
            if let (table, name) = probe.column, try TableShape.read(table, in: tx).column(name) == nil {
                continue
            }
            if let failure = try Self.failure(of: probe, in: tx) { return (probe.object, failure) }
        }
        return nil
    }

    private static func failure(of probe: Probe, in tx: Transaction) throws -> String? {
        do {
            // Not from the cache: an EXPLAIN that was compiled before would not notice that the schema has changed.
            try tx.savepoint { try tx.executeScript(probe.sql) }
            return nil
        } catch let error as StorageError where error.kind == .statement || error.kind == .other {
            return error.cause ?? error.summary
        }
    }
}

/// Foreign keys, while they are not enforced: at the end none may be broken that was whole before.
enum ForeignKeyWatch {
    private struct Key: Hashable {
        var table: String
        var parent: String
    }

    static func run(in tx: Transaction, _ body: () throws -> Void) throws {
        let before = try violations(in: tx)
        try body()
        guard let before else { return }
        guard let after = try violations(in: tx) else {
            throw StorageError([
                SchemaProblem(
                    .foreignKeys, at: "the database",
                    "A foreign key refers to columns that are not unique any more.",
                    fix: "Keep a PRIMARY KEY or UNIQUE constraint on the columns that foreign keys name.")
            ])
        }
        let broken = after.filter { $0.value > before[$0.key, default: 0] }
            .sorted { ($0.key.table, $0.key.parent) < ($1.key.table, $1.key.parent) }
        guard broken.isEmpty else {
            throw StorageError(
                broken.map { key, count in
                    SchemaProblem(
                        .foreignKeys, at: "table \(key.table)",
                        "\(count - before[key, default: 0]) rows refer to rows of \(key.parent) that are not there.",
                        fix: "Keep or delete them together; nothing was changed.")
                })
        }
    }

    /// How many rows break which foreign key; nil when SQLite cannot tell, as a parent lacks its unique key.
    private static func violations(in tx: Transaction) throws -> [Key: Int64]? {
        do {
            let rows = try tx.savepoint {
                try tx.rows(
                    "SELECT lower(\"table\"), lower(parent), count(*) FROM pragma_foreign_key_check GROUP BY 1, 2",
                    as: String.self, String.self, Int64.self)
            }
            return Dictionary(uniqueKeysWithValues: rows.map { (Key(table: $0.0, parent: $0.1), $0.2) })
        } catch let error as StorageError where error.kind == .statement || error.kind == .other {
            return nil
        }
    }
}
