#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A value on its way to the database, with the type that Swift gave it.
///
/// | case | SQLite | Postgres |
/// |---|---|---|
/// | `integer` | INTEGER | `bigint` |
/// | `real` | REAL | `double precision` |
/// | `boolean` | INTEGER 0 or 1 | `boolean` |
/// | `text` | TEXT | the type that the statement asks for, else `text` |
/// | `bytes` | BLOB | `bytea` |
/// | `date` | TEXT, `2026-11-23T15:20:00.123456Z` | `timestamptz` |
/// | `uuid` | TEXT, lower case | `uuid` |
/// | `decimal` | TEXT | `numeric` |
/// | `json` | TEXT | `jsonb` |
///
/// What one engine cannot hold both refuse, with ``StorageError/Kind/unsupportedValue``: NaN, the character U+0000,
/// dates outside of the years 1 to 9999. A negative zero becomes zero, which SQLite would make of it anyway; a date
/// is rounded to the microsecond.
public enum SQLValue: Sendable, Hashable {
    /// NULL, with the type that it would have if it were not.
    case null(SQLType)
    case integer(Int64)
    case real(Double)
    case boolean(Bool)
    case text(String)
    case bytes([UInt8])
    case date(Date)
    case uuid(UUID)
    case decimal(Decimal)
    case json(JSON)

    /// The type of the value.
    public var type: SQLType {
        switch self {
        case .null(let type): type
        case .integer: .integer
        case .real: .real
        case .boolean: .boolean
        case .text: .text
        case .bytes: .bytes
        case .date: .date
        case .uuid: .uuid
        case .decimal: .decimal
        case .json: .json
        }
    }
}

/// The types of value that both backends store and give back unchanged.
public enum SQLType: String, Sendable, Hashable, CaseIterable {
    case integer, real, boolean, text, bytes, date, uuid, decimal, json
}
