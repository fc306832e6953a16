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
    /// A whole number of 64 bits.
    case integer(Int64)
    /// A floating-point number, infinity among them; NaN is refused, as SQLite would make NULL of it.
    case real(Double)
    /// A truth value.
    case boolean(Bool)
    /// Text without the character U+0000.
    case text(String)
    /// Any bytes.
    case bytes([UInt8])
    /// An instant, rounded to the microsecond.
    case date(Date)
    /// A UUID.
    case uuid(UUID)
    /// An exact decimal number of up to 38 digits.
    case decimal(Decimal)
    /// A JSON value; `.json(.null)` is JSON's `null` and not a NULL.
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
    /// `Int64` and the narrower integers.
    case integer
    /// `Double` and `Float`.
    case real
    /// `Bool`.
    case boolean
    /// `String`.
    case text
    /// `[UInt8]`.
    case bytes
    /// `Date`.
    case date
    /// `UUID`.
    case uuid
    /// `Decimal`.
    case decimal
    /// ``JSON``.
    case json
}
