/// How one column's values travel: from SQLite's storage classes to one Postgres type and back.
///
/// A codec stands for a stated meaning. It is `exact` when the value comes back as
/// it was, or `by value` with the equivalence written in `equivalence`. A value
/// that a codec does not accept is never altered to fit: it vetoes the codec.
package enum ValueCodec: Sendable, Hashable, Codable {
    /// INTEGER → bigint. A REAL that is a whole number within ±2^53 is the same number (1 = 1.0).
    case integer
    /// INTEGER within ±2^53 or REAL → double precision, bit for bit (−0.0 and infinities too).
    case double
    /// INTEGER or REAL → numeric, a REAL by its shortest decimal that reads back as the same double.
    /// −0.0, infinities and NaN do not fit, nor does what `bounds` would round.
    case numeric(NumericBounds?)
    /// TEXT → text, byte for byte. U+0000 and invalid UTF-8 do not fit.
    case text
    /// TEXT as it is, INTEGER and REAL as SQLite writes them when their column's affinity takes them back → text.
    case textFromNumbers
    /// BLOB → bytea.
    case bytes
    /// BLOB as it is, TEXT as its UTF-8 bytes → bytea.
    case bytesFromText
    /// INTEGER 0 and 1 → boolean.
    case boolean
    /// TEXT in ISO 8601 without zone, or with Z read as the same wall clock → timestamp.
    case timestamp
    /// TEXT in ISO 8601 with zone → timestamptz. Values without zone fit only when
    /// `assumedOffset` (seconds east of UTC) says where their clock stood.
    case timestampWithTimeZone(assumedOffset: Int?)
    /// TEXT `YYYY-MM-DD` → date.
    case date
    /// TEXT `HH:MM[:SS[.ffffff]]` → time.
    case time
    /// TEXT of 32 hexadecimal digits, dashed or not → uuid.
    case uuid
    /// TEXT that is JSON without duplicate keys or U+0000, or a number that was such a text before the column's
    /// NUMERIC affinity took it → jsonb.
    case json

    /// The Postgres type that holds it.
    package var type: PostgresType {
        switch self {
        case .integer: .bigint
        case .double: .doublePrecision
        case .numeric(let bounds): .numeric(bounds)
        case .text, .textFromNumbers: .text
        case .bytes, .bytesFromText: .bytea
        case .boolean: .boolean
        case .timestamp: .timestamp
        case .timestampWithTimeZone: .timestamptz
        case .date: .date
        case .time: .time
        case .uuid: .uuid
        case .json: .jsonb
        }
    }

    /// What counts as the same value, for codecs that are not exact; nil for those that are.
    package var equivalence: String? {
        switch self {
        case .integer, .double, .numeric, .text, .bytes, .boolean, .date: nil
        case .textFromNumbers: "the same text, a number by what its column's affinity makes of it"
        case .bytesFromText: "the same bytes"
        case .timestamp: "the same wall-clock time"
        case .timestampWithTimeZone: "the same instant"
        case .time: "the same time of day"
        case .uuid: "the same UUID"
        case .json: "the same parsed JSON"
        }
    }
}

/// `numeric(precision, scale)`: at most `precision` digits, `scale` of them after the point.
package struct NumericBounds: Sendable, Hashable, Codable {
    package var precision: Int
    package var scale: Int
    package init(precision: Int, scale: Int) {
        self.precision = precision
        self.scale = scale
    }
}

/// The Postgres types a column can become.
package enum PostgresType: Sendable, Hashable, Codable {
    case bigint, doublePrecision, numeric(NumericBounds?), text, bytea, boolean
    case timestamp, timestamptz, date, time, uuid, jsonb

    /// As in the Postgres manual: `double precision`, `numeric(10,2)`.
    package var name: String {
        switch self {
        case .bigint: "bigint"
        case .doublePrecision: "double precision"
        case .numeric(nil): "numeric"
        case .numeric(let bounds?): "numeric(\(bounds.precision),\(bounds.scale))"
        case .text: "text"
        case .bytea: "bytea"
        case .boolean: "boolean"
        case .timestamp: "timestamp"
        case .timestamptz: "timestamptz"
        case .date: "date"
        case .time: "time"
        case .uuid: "uuid"
        case .jsonb: "jsonb"
        }
    }

    /// Whether values of the type have a collation.
    package var isCollatable: Bool { self == .text }
}
