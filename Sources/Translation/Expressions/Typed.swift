import SQLiteSyntax
import Schema

/// Why an expression has no form in Postgres that means the same.
struct Untranslatable: Error, Sendable, Hashable {
    /// Without capital and full stop, to stand after "because".
    var reason: String
    init(_ reason: String) { self.reason = reason }
}

/// A translated expression with what is known of its value in SQLite.
struct Typed: Sendable {
    var sql: TargetExpression
    var kind: Kind
    /// The rule by which SQLite compares it, when a column or COLLATE says so.
    var collation: SourceCollation?
    /// It was written with COLLATE, which counts before any column's rule.
    var hasExplicitCollation = false
    /// The affinity that a comparison applies; nil for results of operators and functions.
    var affinity: Affinity?
    /// The literal it is.
    var literal: Literal?
    /// Every value is written as Postgres would write it, so that order and equality of text are those of
    /// the type.
    var isCanonical = true
    /// An `integer` of Postgres, four bytes wide.
    var isNarrow = false
    /// How large an integer may be, by the literals and the columns' values; nil when it is not known.
    var magnitude: Double?

    enum Kind: String, Sendable, Hashable {
        /// A boolean in Postgres; 0 or 1 in SQLite.
        case truth
        case integer, real, decimal, text, bytes, date, time, timestamp, timestamptz, uuid, json, null
        /// Text that holds what were numbers, or bytes that hold what was text.
        case mixed

        var isNumber: Bool { self == .integer || self == .real || self == .decimal }
    }

    init(_ sql: TargetExpression, _ kind: Kind) {
        self.sql = sql
        self.kind = kind
    }

    static func narrow(_ sql: TargetExpression) -> Typed {
        var result = Typed(sql, .integer)
        result.isNarrow = true
        return result
    }

    var isNullLiteral: Bool { literal == .null }
}

extension ValueCodec {
    var kind: Typed.Kind {
        switch self {
        case .integer: .integer
        case .double: .real
        case .numeric: .decimal
        case .text: .text
        case .bytes: .bytes
        case .textFromNumbers, .bytesFromText: .mixed
        case .boolean: .truth
        case .timestamp: .timestamp
        case .timestampWithTimeZone: .timestamptz
        case .date: .date
        case .time: .time
        case .uuid: .uuid
        case .json: .json
        }
    }
}

extension PostgresType {
    var kind: Typed.Kind {
        switch self {
        case .bigint: .integer
        case .doublePrecision: .real
        case .numeric: .decimal
        case .text: .text
        case .bytea: .bytes
        case .boolean: .truth
        case .timestamp: .timestamp
        case .timestamptz: .timestamptz
        case .date: .date
        case .time: .time
        case .uuid: .uuid
        case .jsonb: .json
        }
    }
}
