/// The types of Postgres that values are sent and read as, by their OIDs, which never change.
///
/// `SELECT oid, typname FROM pg_type`; https://www.postgresql.org/docs/current/datatype.html
enum PostgresType {
    static let boolean: UInt32 = 16
    static let bytea: UInt32 = 17
    static let int8: UInt32 = 20
    static let text: UInt32 = 25
    static let float8: UInt32 = 701
    static let timestamptz: UInt32 = 1184
    static let numeric: UInt32 = 1700
    static let uuid: UInt32 = 2950
    static let jsonb: UInt32 = 3802
    /// Lets the server infer the type, as for a quoted literal.
    static let inferred: UInt32 = 0

    /// 2000-01-01 in microseconds since 1970: where Postgres counts from.
    static let epoch: Int64 = 946_684_800_000_000
}

extension SQLType {
    /// The type of a parameter. Text has none of its own, so that it fits every column that a quoted literal fits: an
    /// enum, `citext`, `varchar`, `inet`.
    var postgresType: UInt32 {
        switch self {
        case .integer: PostgresType.int8
        case .real: PostgresType.float8
        case .boolean: PostgresType.boolean
        case .text: PostgresType.inferred
        case .bytes: PostgresType.bytea
        case .date: PostgresType.timestamptz
        case .uuid: PostgresType.uuid
        case .decimal: PostgresType.numeric
        case .json: PostgresType.jsonb
        }
    }

    /// The type of a list of such values. A list of texts is inferred from what it is compared with.
    var postgresArrayType: UInt32 {
        switch self {
        case .integer: 1016
        case .real: 1022
        case .boolean: 1000
        case .text: PostgresType.inferred
        case .bytes: 1001
        case .date: 1185
        case .uuid: 2951
        case .decimal: 1231
        case .json: 3807
        }
    }
}
