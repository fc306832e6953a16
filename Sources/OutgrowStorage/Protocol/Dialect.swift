/// The SQL dialect a storage speaks.
public enum Dialect: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// SQLite 3.38 or later (https://sqlite.org/lang.html).
    case sqlite
    /// PostgreSQL 13 or later (https://www.postgresql.org/docs/current/sql.html).
    case postgres

    public var description: String {
        switch self {
        case .sqlite: "SQLite"
        case .postgres: "PostgreSQL"
        }
    }
}
