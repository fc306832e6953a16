/// A failure the user can act on.
///
/// Every error answers three questions, in this order: what went wrong, where it
/// happened, and what to do about it. An error that cannot answer the third
/// question is a defect in this tool, and says so.
package struct OutgrowError: Error, Sendable {
    /// The stable identifier scripts may match on; see `docs/reference/errors.md`.
    package var code: Code
    /// Whose doing it is; decides the exit status.
    package var kind: Kind
    /// What went wrong: one sentence, present tense, without advice and without values.
    package var summary: String
    /// Where it happened: a file, a server, a table.
    package var location: String
    /// How to fix it: an imperative sentence, or a command the user can paste.
    package var remedy: String
    /// What SQLite, libpq or the operating system said, already redacted.
    package var cause: String?
    /// SQLite's extended result code or Postgres' SQLSTATE.
    package var causeCode: String?

    package init(
        _ code: Code, _ kind: Kind, _ summary: String, at location: String = "",
        fix remedy: String, cause: String? = nil, causeCode: String? = nil
    ) {
        self.code = code
        self.kind = kind
        self.summary = summary
        self.location = location
        self.remedy = remedy
        self.cause = cause
        self.causeCode = causeCode
    }

    /// A closed set: each kind has one exit status (`docs/reference/exit-status.md`).
    package enum Kind: String, Sendable, Codable {
        case usage
        case source
        case target
        case blocked
        /// Parts were committed before it stopped.
        case stopped
        case interrupted
        /// A defect of this tool.
        case `internal`
    }

    /// An open set: codes may be added in a minor release, none is ever reused.
    package struct Code: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
        package init(stringLiteral value: String) { rawValue = value }
    }
}

extension OutgrowError: CustomStringConvertible {
    package var description: String {
        var lines = ["error: \(summary) [\(code.rawValue)]"]
        if !location.isEmpty { lines.append("  at:  \(location)") }
        if let cause {
            lines.append("  why: \(cause)" + (causeCode.map { " (\($0))" } ?? ""))
        }
        lines.append("  fix: \(remedy)")
        return lines.joined(separator: "\n")
    }
}

extension OutgrowError {
    /// An invariant of ours broke: a defect to report, never the user's mistake.
    package static func defect(_ summary: String, at location: String = "") -> OutgrowError {
        OutgrowError(
            "internal", .internal, summary, at: location,
            fix: "This is a defect in outgrow. Please report it with this message.")
    }
}
