package import Schema

/// Keys in two steps: the index under a key is built like any other, beside others and by several
/// server processes, and attaching it takes no time.
/// https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX
extension PostgresDDL {
    package func createKeyIndex(_ key: TargetKey, of table: TargetTable) -> String {
        let columns = key.columns.map(Self.identifier).joined(separator: ", ")
        return "CREATE UNIQUE INDEX \(Self.identifier(key.name)) ON \(name(table.name)) (\(columns));"
    }

    package func attachPrimaryKey(_ key: TargetKey, of table: TargetTable) -> String {
        attach("PRIMARY KEY", key, of: table)
    }

    package func attachUnique(_ key: TargetKey, of table: TargetTable) -> String {
        attach("UNIQUE", key, of: table)
    }

    private func attach(_ words: String, _ key: TargetKey, of table: TargetTable) -> String {
        let index = Self.identifier(key.name)
        return "ALTER TABLE \(name(table.name)) ADD CONSTRAINT \(index) \(words) USING INDEX \(index);"
    }
}
