/// How the fields of one column are read, decided once per result.
enum PostgresColumn: Sendable, Hashable {
    case integer, float, boolean, numeric, text, bytea, timestamp, date, uuid, jsonb
    /// A type whose binary form this library does not read.
    case other(UInt32)

    /// The types every server has; nil for one that must be looked up.
    init?(_ oid: UInt32) {
        switch oid {
        case 20, 21, 23: self = .integer
        case 700, 701: self = .float
        case 16: self = .boolean
        case 1700: self = .numeric
        // text, varchar, bpchar, name, json, xml, unknown
        case 25, 1043, 1042, 19, 114, 142, 705: self = .text
        case 17: self = .bytea
        // timestamptz and timestamp: microseconds since 2000, the latter taken as UTC
        case 1184, 1114: self = .timestamp
        case 1082: self = .date
        case 2950: self = .uuid
        case 3802: self = .jsonb
        default: return nil
        }
    }

    /// The functions that send a type as its text: enumerations, `citext` and whatever copies them.
    /// https://www.postgresql.org/docs/current/catalog-pg-type.html
    static let textSenders: Set<String> = [
        "textsend", "varcharsend", "bpcharsend", "namesend", "enum_send", "citextsend", "unknownsend",
        "xml_send",
        "json_send", "cstring_send", "charsend",
    ]
}

/// How the columns of a result are read.
final class PostgresColumns: Sendable {
    let oids: [UInt32]
    let kinds: [PostgresColumn]

    init(_ oids: [UInt32], _ kinds: [PostgresColumn]) {
        self.oids = oids
        self.kinds = kinds
    }
}
