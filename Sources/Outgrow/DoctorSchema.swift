internal import Monitoring
internal import SQLiteClient

extension SchemaFacts {
    /// Reads what the doctor looks at, from `sqlite_schema` and the table functions of PRAGMAs.
    init(reading connection: SQLiteConnection) throws(SQLiteFailure) {
        self.init()
        let list = try connection.prepare(
            """
            SELECT name, strict, wr, ncol FROM pragma_table_list
            WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
            """)
        while try list.step() {
            var table = Table(
                name: list.text(at: 0) ?? "", isStrict: list.integer(at: 1) != 0,
                isWithoutRowID: list.integer(at: 2) != 0)
            table.columnCount = Int(list.integer(at: 3))
            tables.append(table)
        }
        for index in tables.indices {
            tables[index].keyColumns = try Self.keyColumns(of: tables[index].name, connection)
            tables[index].foreignKeys = try Self.foreignKeys(of: tables[index].name, connection)
            indexes += try Self.indexes(of: tables[index].name, connection)
        }
        hasStatistics =
            try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'") ?? 0 > 0
    }

    private static func keyColumns(
        of table: String, _ connection: SQLiteConnection
    ) throws(SQLiteFailure) -> [Column] {
        let statement = try connection.prepare(
            "SELECT name, type FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk")
        try statement.bind(table, at: 1)
        var columns: [Column] = []
        while try statement.step() {
            columns.append(Column(name: statement.text(at: 0) ?? "", type: statement.text(at: 1) ?? ""))
        }
        return columns
    }

    private static func foreignKeys(
        of table: String, _ connection: SQLiteConnection
    ) throws(SQLiteFailure) -> [ForeignKey] {
        let statement = try connection.prepare(
            "SELECT id, \"from\", \"table\" FROM pragma_foreign_key_list(?1) ORDER BY id, seq")
        try statement.bind(table, at: 1)
        var keys: [(id: Int64, key: ForeignKey)] = []
        while try statement.step() {
            let id = statement.integer(at: 0)
            if keys.last?.id != id {
                keys.append((id, ForeignKey(columns: [], parent: statement.text(at: 2) ?? "")))
            }
            keys[keys.count - 1].key.columns.append(statement.text(at: 1) ?? "")
        }
        return keys.map(\.key)
    }

    private static func indexes(
        of table: String, _ connection: SQLiteConnection
    ) throws(SQLiteFailure) -> [Index] {
        let statement = try connection.prepare(
            """
            SELECT l.name, l."unique", l.origin, l.partial, i.name
            FROM pragma_index_list(?1) AS l, pragma_index_info(l.name) AS i ORDER BY l.name, i.seqno
            """)
        try statement.bind(table, at: 1)
        var indexes: [Index] = []
        while try statement.step() {
            let name = statement.text(at: 0) ?? ""
            if indexes.last?.name != name {
                indexes.append(
                    Index(
                        name: name, table: table, columns: [], isUnique: statement.integer(at: 1) != 0,
                        isPartial: statement.integer(at: 3) != 0, isOwn: statement.text(at: 2) == "c"))
            }
            indexes[indexes.count - 1].columns.append(statement.text(at: 4))
        }
        return indexes
    }
}
