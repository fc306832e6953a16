internal import PostgresClient
internal import PostgresDDL

/// A few questions to the target's catalog.
enum TargetCatalog {
    static func name(_ table: String, in schema: String) -> String { PostgresDDL.qualified(schema, table) }

    /// Type names as `format_type` writes them, by table and column.
    static func columns(
        in schema: String, _ connection: isolated PostgresConnection
    ) throws -> [String: [String: String]] {
        let result = try connection.query(
            """
            SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')
            """, [schema])
        var tables: [String: [String: String]] = [:]
        for row in result.rows { tables[row[0] ?? "", default: [:]][row[1] ?? ""] = row[2] ?? "" }
        return tables
    }

    static func foreignKeys(
        of table: String, in schema: String, _ connection: isolated PostgresConnection
    ) throws -> Set<String> {
        let result = try connection.query(
            "SELECT conname FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'f'",
            [name(table, in: schema)])
        return Set(result.rows.compactMap { $0[0] })
    }
}
