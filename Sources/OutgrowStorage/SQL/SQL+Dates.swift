/// A part of a date, in the UTC calendar.
public enum DatePart: String, Sendable, Hashable, CaseIterable {
    /// The year, 1 to 9999.
    case year
    /// The month, 1 to 12.
    case month
    /// The day of the month, from 1.
    case day
    /// The hour, 0 to 23.
    case hour
    /// The minute, 0 to 59.
    case minute
    /// The second, 0 to 59, without its fraction.
    case second

    /// Where it ends in a text like `2026-11-23T15:20:00.123456Z`, and what the rest is when it is cut off.
    fileprivate var textForm: (end: Int, length: Int, rest: String) {
        switch self {
        case .year: (4, 4, "-01-01T00:00:00.000000Z")
        case .month: (7, 2, "-01T00:00:00.000000Z")
        case .day: (10, 2, "T00:00:00.000000Z")
        case .hour: (13, 2, ":00:00.000000Z")
        case .minute: (16, 2, ":00.000000Z")
        case .second: (19, 2, ".000000Z")
        }
    }
}

// Dates are TEXT of a fixed form on SQLite and timestamptz on Postgres: these expressions give the same
// instant on both, comparable with columns and bound dates. A day has 86400 seconds and the zone is UTC,
// whatever the session's may be. https://sqlite.org/lang_datefunc.html,
// https://www.postgresql.org/docs/current/functions-datetime.html
extension SQL {
    /// The time at which the statement runs, in whole milliseconds, by the engine's clock.
    ///
    /// The same for all rows of a statement, and newer in the next statement of the same transaction, unlike
    /// Postgres' own `now()`. Also a column's default: `created … DEFAULT \(SQL.now)`.
    public static let now = fragment(
        sqlite: "(strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z')",
        postgres: "(date_trunc('milliseconds', statement_timestamp()))")

    /// A date some whole seconds later, or earlier when they are negative; the fraction stays as it is.
    ///
    /// The result must lie within the years 1 to 9999.
    ///
    /// ```swift
    /// "DELETE FROM session WHERE seen < \(SQL.adding(seconds: "\(-timeout)", to: SQL.now))"
    /// ```
    public static func adding(seconds: SQL, to date: SQL) -> SQL {
        fragment(
            sqlite: """
                (strftime('%Y-%m-%dT%H:%M:%S', substr(\(date), 1, 19), (\(seconds)) || ' seconds') \
                || substr(\(date), 20))
                """,
            postgres: """
                ((\(date))::timestamptz + make_interval(secs => (\(seconds))::double precision))
                """)
    }

    /// A date some whole days of 86400 seconds later, or earlier when they are negative.
    public static func adding(days: SQL, to date: SQL) -> SQL {
        adding(seconds: "(\(days)) * 86400", to: date)
    }

    /// The seconds from one date to another, as a real number; exact to the microsecond within 285 years.
    public static func seconds(from start: SQL, to end: SQL) -> SQL {
        fragment(
            sqlite: "((\(microseconds(end)) - \(microseconds(start))) / 1000000.0)",
            postgres: """
                (extract(epoch FROM ((\(end))::timestamptz - (\(start))::timestamptz))::double precision)
                """)
    }

    /// The beginning of the year, month, … that a date lies in.
    public static func start(of part: DatePart, in date: SQL) -> SQL {
        let (end, _, rest) = part.textForm
        return fragment(
            sqlite: "(substr(\(date), 1, \(unsafe: "\(end)")) || '\(unsafe: rest)')",
            postgres: "(date_trunc('\(unsafe: part.rawValue)', (\(date))::timestamptz, 'UTC'))")
    }

    /// A part of a date, as an integer.
    public static func part(_ part: DatePart, of date: SQL) -> SQL {
        let (end, length, _) = part.textForm
        let place: SQL = "\(unsafe: "\(end - length + 1), \(length)")"
        return fragment(
            sqlite: "(CAST(substr(\(date), \(place)) AS INTEGER))",
            postgres: """
                (floor(extract(\(unsafe: part.rawValue) FROM (\(date))::timestamptz AT TIME ZONE 'UTC'))::bigint)
                """)
    }

    /// Microseconds since 1970, on SQLite.
    private static func microseconds(_ date: SQL) -> SQL {
        "(unixepoch(substr(\(date), 1, 19)) * 1000000 + CAST(substr(\(date), 21, 6) AS INTEGER))"
    }

    static func fragment(sqlite: SQL, postgres: SQL) -> SQL { "\(sqlite: sqlite, postgres: postgres)" }
}
