package import Schema

/// The type names that `--column TABLE.COLUMN=TYPE` takes.
package enum TypeNames {
    /// Those offered when a name is not understood.
    package static let accepted = [
        "bigint", "double precision", "numeric", "numeric(p,s)", "text", "bytea", "boolean", "timestamp",
        "timestamptz", "date", "time", "uuid", "jsonb",
    ]

    /// Returns the Postgres type called `text`, or nil when it is none that a column can become.
    package static func parse(_ text: String) -> PostgresType? {
        let declared = DeclaredType(text)
        if text.contains("("), declared.arguments.isEmpty { return nil }
        switch declared.name {
        case "NUMERIC", "DECIMAL":
            if declared.arguments.isEmpty { return .numeric(nil) }
            return declared.numericBounds.map { .numeric($0) }
        case let name:
            return declared.arguments.isEmpty ? plain[name] : nil
        }
    }

    private static let plain: [String: PostgresType] = [
        "BIGINT": .bigint, "INT8": .bigint, "DOUBLE PRECISION": .doublePrecision, "FLOAT8": .doublePrecision,
        "DOUBLE": .doublePrecision, "TEXT": .text, "VARCHAR": .text, "BYTEA": .bytea, "BOOLEAN": .boolean,
        "BOOL": .boolean, "TIMESTAMP": .timestamp, "TIMESTAMP WITHOUT TIME ZONE": .timestamp,
        "TIMESTAMPTZ": .timestamptz, "TIMESTAMP WITH TIME ZONE": .timestamptz, "DATE": .date, "TIME": .time,
        "TIME WITHOUT TIME ZONE": .time, "UUID": .uuid, "JSONB": .jsonb,
    ]
}
