/// How one column's values travel: from SQLite's storage classes to one Postgres type and back.
///
/// A codec stands for a stated meaning. It is `exact` when the value comes back as
/// it was, or `by value` with the equivalence written in `equivalence`. A value
/// that a codec does not accept is never altered to fit: it vetoes the codec.
package enum ValueCodec: Sendable, Hashable, Codable {
    /// INTEGER → bigint. A REAL that is a whole number within ±2^53 is the same number (1 = 1.0).
    case integer
    /// As `integer`, when every number fits the width → smallint or integer.
    case narrowInteger(IntegerWidth)
    /// INTEGER within ±2^53 or REAL → double precision, bit for bit (−0.0 and infinities too).
    case double
    /// INTEGER or REAL → numeric, a REAL by its shortest decimal that reads back as the same double.
    /// −0.0, infinities and NaN do not fit, nor does what `bounds` would round.
    case numeric(NumericBounds?)
    /// TEXT → text, byte for byte. U+0000 and invalid UTF-8 do not fit.
    case text
    /// As `text`, at most so many characters → varchar(n), or varchar without a limit.
    case varchar(Int?)
    /// TEXT as it is, INTEGER and REAL as SQLite writes them when their column's affinity takes them back → text.
    case textFromNumbers
    /// BLOB → bytea.
    case bytes
    /// BLOB as it is, TEXT as its UTF-8 bytes → bytea.
    case bytesFromText
    /// INTEGER 0 and 1 → boolean.
    case boolean
    /// INTEGER 0 and 1, TEXT `t`, `f`, `true` and `false` → boolean.
    case booleanFromWords
    /// TEXT in ISO 8601 without zone, or with Z read as the same wall clock → timestamp.
    case timestamp
    /// TEXT in ISO 8601 with zone → timestamptz. Values without zone fit only when
    /// `assumedOffset` (seconds east of UTC) says where their clock stood.
    case timestampWithTimeZone(assumedOffset: Int?)
    /// INTEGER or REAL, a count from 1970-01-01 00:00 UTC that is a whole number of microseconds in the years
    /// 1 to 9999 → timestamptz.
    case timestampFromEpoch(EpochUnit)
    /// TEXT `YYYY-MM-DD` → date.
    case date
    /// TEXT `HH:MM[:SS[.ffffff]]` → time.
    case time
    /// As `time`, or behind the date 2000-01-01 → time.
    case timeFromDateTime
    /// INTEGER, a count of microseconds → interval of days and microseconds.
    case intervalFromMicroseconds
    /// TEXT, a date-time without zone that is so far from 1970-01-01 00:00 → interval of days and microseconds.
    case intervalFromDateTime
    /// TEXT, an IPv4 or IPv6 address without prefix length or zone → inet.
    case inet
    /// TEXT of 32 hexadecimal digits, dashed or not → uuid.
    case uuid
    /// TEXT that is JSON without duplicate keys or U+0000, or a number that was such a text before the column's
    /// NUMERIC affinity took it → jsonb.
    case json
    /// As `json`, kept as it is written → json.
    case jsonAsWritten

    /// The Postgres type that holds it.
    package var type: PostgresType {
        switch self {
        case .integer: .bigint
        case .narrowInteger(.two): .smallint
        case .narrowInteger(.four): .integer
        case .double: .doublePrecision
        case .numeric(let bounds): .numeric(bounds)
        case .text, .textFromNumbers: .text
        case .varchar(let limit): .varchar(limit)
        case .bytes, .bytesFromText: .bytea
        case .boolean, .booleanFromWords: .boolean
        case .timestamp: .timestamp
        case .timestampWithTimeZone, .timestampFromEpoch: .timestamptz
        case .date: .date
        case .time, .timeFromDateTime: .time
        case .intervalFromMicroseconds, .intervalFromDateTime: .interval
        case .inet: .inet
        case .uuid: .uuid
        case .json: .jsonb
        case .jsonAsWritten: .json
        }
    }

    /// What counts as the same value, for codecs that are not exact; nil for those that are.
    package var equivalence: String? {
        switch self {
        case .integer, .narrowInteger, .double, .numeric, .text, .varchar, .bytes, .boolean, .date: nil
        case .intervalFromMicroseconds, .jsonAsWritten: nil
        case .booleanFromWords: "the same truth value"
        case .textFromNumbers: "the same text, a number by what its column's affinity makes of it"
        case .bytesFromText: "the same bytes"
        case .timestamp: "the same wall-clock time"
        case .timestampWithTimeZone, .timestampFromEpoch: "the same instant"
        case .time, .timeFromDateTime: "the same time of day"
        case .intervalFromDateTime: "the same length of time"
        case .inet: "the same address"
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

/// How many bytes an integer narrower than bigint takes.
package enum IntegerWidth: String, Sendable, Hashable, Codable, CaseIterable {
    case two, four

    package var range: ClosedRange<Int64> {
        switch self {
        case .two: Int64(Int16.min)...Int64(Int16.max)
        case .four: Int64(Int32.min)...Int64(Int32.max)
        }
    }
}

/// What a count of time since 1970 counts.
package enum EpochUnit: String, Sendable, Hashable, Codable, CaseIterable {
    case seconds, milliseconds, microseconds

    package var microseconds: Int64 {
        switch self {
        case .seconds: 1_000_000
        case .milliseconds: 1000
        case .microseconds: 1
        }
    }
}

/// The Postgres types a column can become.
package enum PostgresType: Sendable, Hashable, Codable {
    case smallint, integer, bigint, doublePrecision, numeric(NumericBounds?)
    case text, varchar(Int?), bytea, boolean
    case timestamp, timestamptz, date, time, interval, uuid, inet, jsonb, json
    /// What a search looks in, and how text is cut into words; no value of SQLite has them.
    case tsvector, regconfig

    /// As in the Postgres manual: `double precision`, `numeric(10,2)`.
    package var name: String {
        switch self {
        case .smallint: "smallint"
        case .integer: "integer"
        case .bigint: "bigint"
        case .doublePrecision: "double precision"
        case .numeric(nil): "numeric"
        case .numeric(let bounds?): "numeric(\(bounds.precision),\(bounds.scale))"
        case .text: "text"
        case .varchar(nil): "varchar"
        case .varchar(let limit?): "varchar(\(limit))"
        case .bytea: "bytea"
        case .boolean: "boolean"
        case .timestamp: "timestamp"
        case .timestamptz: "timestamptz"
        case .date: "date"
        case .time: "time"
        case .interval: "interval"
        case .uuid: "uuid"
        case .inet: "inet"
        case .jsonb: "jsonb"
        case .json: "json"
        case .tsvector: "tsvector"
        case .regconfig: "regconfig"
        }
    }

    /// Whether values of the type have a collation.
    package var isCollatable: Bool {
        switch self {
        case .text, .varchar: true
        default: false
        }
    }

    /// An integer of any width.
    package var isInteger: Bool {
        switch self {
        case .smallint, .integer, .bigint: true
        default: false
        }
    }
}
