package import Schema

/// The type names that `--column TABLE.COLUMN=TYPE` takes.
package enum TypeNames {
    /// Those offered when a name is not understood.
    package static let accepted = [
        "bigint", "integer", "smallint", "double precision", "numeric", "numeric(p,s)", "text", "varchar",
        "varchar(n)", "bytea", "boolean", "timestamp", "timestamptz", "date", "time", "uuid", "inet", "jsonb",
        "json",
    ]

    /// Returns the Postgres type called `text`, or nil when it is none that a column can become.
    package static func parse(_ text: String) -> PostgresType? {
        let declared = DeclaredType(text)
        if text.contains("("), declared.arguments.isEmpty { return nil }
        switch declared.name {
        case "NUMERIC", "DECIMAL":
            if declared.arguments.isEmpty { return .numeric(nil) }
            return declared.numericBounds.map { .numeric($0) }
        case "VARCHAR", "CHARACTER VARYING":
            if declared.arguments.isEmpty { return .varchar(nil) }
            return declared.characterLimit.map { .varchar($0) }
        case let name:
            return declared.arguments.isEmpty ? plain[name] : nil
        }
    }

    private static let plain: [String: PostgresType] = [
        "BIGINT": .bigint, "INT8": .bigint, "DOUBLE PRECISION": .doublePrecision, "FLOAT8": .doublePrecision,
        "DOUBLE": .doublePrecision, "TEXT": .text, "BYTEA": .bytea, "BOOLEAN": .boolean,
        "BOOL": .boolean, "TIMESTAMP": .timestamp, "TIMESTAMP WITHOUT TIME ZONE": .timestamp,
        "TIMESTAMPTZ": .timestamptz, "TIMESTAMP WITH TIME ZONE": .timestamptz, "DATE": .date, "TIME": .time,
        "TIME WITHOUT TIME ZONE": .time, "UUID": .uuid, "JSONB": .jsonb,
        "SMALLINT": .smallint, "INT2": .smallint, "INTEGER": .integer, "INT": .integer, "INT4": .integer,
        "INTERVAL": .interval, "INET": .inet, "JSON": .json,
    ]
}
