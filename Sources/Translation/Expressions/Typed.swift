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
    /// For kind `timestamp`: every value is the start of `YYYY-MM-DD HH:MM:SS.ffffff`, of this length.
    var momentLength: Int?
    /// An `integer` of Postgres, four bytes wide.
    var isNarrow = false
    /// How large an integer may be, by the literals and the columns' values; nil when it is not known.
    var magnitude: Double?
    /// For kinds `real` and `decimal`: how the storage class of each value is found.
    var numberClass = NumberClass.ofKind
    /// Text that Postgres sorts by bytes without being told to.
    var isBytewise = false
    /// Some values may be blobs; for kind `any`.
    var mayHoldBlobs = false
    /// No row has NULL here, by the literals and the columns' values.
    var isNeverNull = false
    /// Text that is never a number, so that a numeric affinity leaves it alone.
    var isNeverNumeric = false
    /// Its values carry SQLite's JSON subtype: functions that build JSON take them as JSON, not as text.
    var isJSON = false
    /// For a value that carries the mark only where it is an array or an object: what JSON takes of it.
    var embedded: TargetExpression?
    /// Some values may carry the mark, and nothing tells which.
    var hidesJSON = false

    enum Kind: String, Sendable, Hashable {
        /// A boolean in Postgres; 0 or 1 in SQLite.
        case truth
        case integer, real
        /// A number whose class is known only at run time: `numeric`.
        case decimal
        case text, bytes, date, time, timestamp, timestamptz, uuid, json, null
        /// Text that holds what were numbers.
        case mixed
        /// Bytes that hold what was text.
        case mixedBytes
        /// A value of unknown storage class, as `jsonb` in the encoding of the compatibility functions.
        case any

        var isNumber: Bool { self == .integer || self == .real || self == .decimal }

        /// A text in SQLite that became a type of its own.
        var isMapped: Bool {
            switch self {
            case .date, .time, .timestamp, .timestamptz, .uuid, .json: true
            default: false
            }
        }
    }

    enum NumberClass: Sendable, Hashable {
        /// A real is REAL; a decimal is INTEGER when its scale is 0.
        case ofKind
        /// This numeric with the same values is INTEGER when its scale is 0.
        case inScale(of: TargetExpression)
        /// Some are INTEGER, some REAL, and nothing tells which.
        case lost
    }

    init(_ sql: TargetExpression, _ kind: Kind) {
        self.sql = sql
        self.kind = kind
    }

    static func narrow(_ sql: TargetExpression) -> Typed {
        var result = Typed(sql, .integer)
        result.isNarrow = true
        result.magnitude = 0x1p31
        return result
    }

    /// The order and equality of its texts are those of its type.
    var hasOneForm: Bool { isCanonical || momentLength != nil }

    var isNullLiteral: Bool { literal == .null }

    /// A real in every row.
    var isDefinitelyReal: Bool { kind == .real && numberClass == .ofKind }

    /// Its values are of several classes and travel in an encoding; a column needs `asText` or the like.
    var isDynamic: Bool { kind == .any }

    /// What it is under an operator that hands on a value but neither affinity nor collation.
    var withoutColumnRules: Typed {
        var result = self
        result.affinity = nil
        result.loseEmbedded()
        if !hasExplicitCollation { result.collation = nil }
        return result
    }

    /// Its expression changes, and what JSON takes of it does not change along.
    mutating func loseEmbedded() {
        hidesJSON = hidesJSON || embedded != nil
        embedded = nil
    }

    /// The Postgres type of `sql`.
    var type: PostgresType {
        switch kind {
        case .truth: .boolean
        case .integer: .bigint
        case .real: .doublePrecision
        case .decimal: .numeric(nil)
        case .text, .null, .mixed: .text
        case .bytes, .mixedBytes: .bytea
        case .date: .date
        case .time: .time
        case .timestamp: .timestamp
        case .timestamptz: .timestamptz
        case .uuid: .uuid
        case .json, .any: .jsonb
        }
    }
}

extension Typed.Kind {
    var words: String {
        switch self {
        case .truth: "a truth value"
        case .integer: "an integer"
        case .real, .decimal: "a number"
        case .mixed, .mixedBytes, .any: "values of several storage classes"
        case .bytes: "a blob"
        case .null: "NULL"
        case .timestamp, .timestamptz: "a timestamp"
        default: "a \(rawValue)"
        }
    }
}

extension ValueCodec {
    var kind: Typed.Kind {
        switch self {
        case .integer, .narrowInteger: .integer
        case .double: .real
        case .numeric: .decimal
        case .text, .varchar: .text
        case .bytes: .bytes
        case .textFromNumbers: .mixed
        case .bytesFromText: .mixedBytes
        // No expression gets to see them: `ColumnDraft.typed` refuses.
        case .booleanFromWords, .timestampFromEpoch, .timeFromDateTime, .intervalFromMicroseconds,
            .intervalFromDateTime, .inet, .jsonAsWritten:
            .mixedBytes
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

extension ValueCodec {
    /// SQLite's expressions see another value than the type's own: a count instead of a moment.
    var hidesStoredForm: Bool {
        switch self {
        case .booleanFromWords, .timestampFromEpoch, .timeFromDateTime, .intervalFromMicroseconds,
            .intervalFromDateTime, .inet, .jsonAsWritten:
            true
        default: false
        }
    }
}

extension PostgresType {
    var kind: Typed.Kind {
        switch self {
        case .smallint, .integer, .bigint: .integer
        case .doublePrecision: .real
        case .numeric: .decimal
        case .text, .varchar: .text
        case .bytea: .bytes
        case .boolean: .truth
        case .timestamp: .timestamp
        case .timestamptz: .timestamptz
        case .date: .date
        case .time: .time
        case .uuid: .uuid
        case .jsonb: .json
        case .interval, .inet, .json, .tsvector, .regconfig: .mixedBytes
        }
    }
}
