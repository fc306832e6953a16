/// Something the reader of a report must know about one object of the source.
///
/// A finding is not an error. Its severity decides what becomes of the run; its
/// code is stable and scripts may match on it (`docs/reference/findings.md`).
/// The message names keys and rowids, never values.
package struct Finding: Sendable, Codable, Hashable {
    package var code: Code
    package var severity: Severity
    package var location: Location
    /// One sentence, present tense, with a full stop.
    package var message: String
    /// What the user can do about it, as an imperative sentence; nil when nothing needs doing.
    package var remedy: String?
    /// The source SQL of what is not carried.
    package var sql: String?
    /// How many rows are concerned, when that is known.
    package var rowCount: Int64?
    /// Rows as examples, by rowid or key, at most a handful.
    package var examples: [String]

    package init(
        _ code: Code, _ severity: Severity, at location: Location, _ message: String,
        fix remedy: String? = nil, sql: String? = nil, rowCount: Int64? = nil, examples: [String] = []
    ) {
        self.code = code
        self.severity = severity
        self.location = location
        self.message = message
        self.remedy = remedy
        self.sql = sql
        self.rowCount = rowCount
        self.examples = examples
    }

    /// An open set: codes may be added in a minor release, none is ever reused.
    package struct Code: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible,
        ExpressibleByStringLiteral
    {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
        package init(stringLiteral value: String) { rawValue = value }
        package init(from decoder: any Decoder) throws {
            rawValue = try decoder.singleValueContainer().decode(String.self)
        }
        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(rawValue)
        }
        package var description: String { rawValue }
    }
}

extension [Finding] {
    /// The order of every report: the worst first, then by place, then by code.
    package var inReportOrder: [Finding] {
        sorted { one, other in
            if one.severity != other.severity { return one.severity > other.severity }
            let places = (one.location.description, other.location.description)
            return places.0 != places.1 ? places.0 < places.1 : one.code.rawValue < other.code.rawValue
        }
    }

    package var worstSeverity: Severity? { map(\.severity).max() }
}
