internal import COutgrowLibPQ
package import Diagnostics

/// What the server, or libpq, said about a statement that failed, field by field.
///
/// Operations throw it as an `OutgrowError`, whose `causeCode` is the SQLSTATE; the fields stay in
/// `PostgresConnection.lastFailure` for callers that must know which constraint it was.
/// DETAIL and CONTEXT quote values, so they get into no message unless values may be shown.
package struct PostgresFailure: Error, Sendable, Equatable {
    /// Nil when libpq itself failed, for instance because the connection broke.
    package var sqlState: String?
    package var primary: String
    package var hint: String?
    package var detail: String?
    package var context: String?
    package var schema: String?
    package var table: String?
    package var column: String?
    package var constraint: String?
    /// The statement, on one line and cut.
    package var statement: String?

    package init(sqlState: String?, primary: String, hint: String? = nil, statement: String? = nil) {
        self.sqlState = sqlState
        self.primary = primary
        self.hint = hint
        self.statement = statement?.onOneLine
    }

    init(_ result: PostgresResult, statement: String?) {
        let field = { (code: Character) in result.errorField(Int32(code.asciiValue ?? 0)) }
        self.init(
            sqlState: field("C"), primary: field("M") ?? result.errorMessage.firstLine, hint: field("H"),
            statement: statement)
        detail = field("D")
        context = field("W")
        schema = field("s")
        table = field("t")
        column = field("c")
        constraint = field("n")
    }

    /// Reads libpq's text of a failed attempt to connect, which has no fields.
    ///
    /// With verbose errors the server's line is `… FATAL:  28P01: password authentication failed …`.
    init(connecting message: String) {
        let lines = message.split(whereSeparator: \.isNewline).map(String.init)
        let found = lines.lazy.compactMap { line in line.firstSQLState.map { (line, $0) } }.first
        guard let (_, (state, text)) = found else {
            self.init(sqlState: nil, primary: (lines.first ?? "The connection failed.").strippedOfPreamble)
            return
        }
        self.init(sqlState: state, primary: text)
    }
}

extension PostgresFailure {
    /// The error for the user, with the remedy of the first row of the table that fits.
    package func outgrowError(at endpoint: PostgresEndpoint, showingValues: Bool = false) -> OutgrowError {
        let rule = FailureRule.first(for: self)
        let place = statement.map { "\(endpoint), in: \($0)" } ?? "\(endpoint)"
        return OutgrowError(
            rule.code, .target, rule.summary, at: place,
            fix: remedy(rule, endpoint), cause: cause(showingValues: showingValues), causeCode: sqlState)
    }

    private func cause(showingValues: Bool) -> String {
        guard showingValues else {
            return [safePrimary, hint.map { "HINT: \($0)" }].compactMap(\.self).joined(separator: " ")
        }
        let parts = [primary, hint.map { "HINT: \($0)" }, detail.map { "DETAIL: \($0)" }, context]
        return parts.compactMap(\.self).joined(separator: " ")
    }

    /// The message without values: those of class 22, data exceptions, quote the value, for instance
    /// `invalid input syntax for type integer: "x"`.
    package var safePrimary: String {
        guard let sqlState, sqlState.hasPrefix("22") || sqlState.hasPrefix("P0") else { return primary }
        let quotes: Set<Character> = ["\"", "«", "»", "„", "“", "”"]
        guard let first = primary.firstIndex(where: quotes.contains),
            let last = primary.lastIndex(where: quotes.contains), first < last
        else { return primary }
        return primary[..<first] + "…" + primary[primary.index(after: last)...]
    }

    private func remedy(_ rule: FailureRule, _ endpoint: PostgresEndpoint) -> String {
        if sqlState == "42501", let grant = missingRight?.grant(to: endpoint.user) { return grant }
        return [
            ("{database}", endpoint.database), ("{user}", endpoint.user),
            ("{host}", endpoint.host ?? "the local socket"),
            ("{hostOption}", endpoint.host.map { "-h \($0) " } ?? ""), ("{port}", endpoint.port),
        ].reduce(rule.remedy) { text, place in
            text.split(separator: place.0, omittingEmptySubsequences: false)
                .joined(separator: place.1)
        }
    }
}

/// What `permission denied for table x` and `must be owner of table x` are about.
private struct MissingRight {
    var objectKind: String
    var name: String
    var needsOwner: Bool

    func grant(to user: String) -> String? {
        let role = user.asIdentifier
        // The message names the object without its schema, so the name may need one in front.
        let object = name.asIdentifier
        if needsOwner {
            return "Connect as the owner of \(objectKind) \(object), or pass --role with a role that owns it."
        }
        return switch objectKind {
        case "schema": "Run as its owner: GRANT USAGE, CREATE ON SCHEMA \(object) TO \(role);"
        case "database": "Run as its owner: GRANT CREATE ON DATABASE \(object) TO \(role);"
        case "table", "view", "relation":
            "Run as its owner: GRANT SELECT, INSERT, UPDATE, DELETE, REFERENCES "
                + "ON TABLE \(object) TO \(role);"
        case "sequence": "Run as its owner: GRANT USAGE, SELECT, UPDATE ON SEQUENCE \(object) TO \(role);"
        case "function": "Run as its owner: GRANT EXECUTE ON FUNCTION \(object) TO \(role);"
        default: nil
        }
    }
}

extension PostgresFailure {
    fileprivate var missingRight: MissingRight? {
        for (prefix, needsOwner) in [("permission denied for ", false), ("must be owner of ", true)]
        where primary.hasPrefix(prefix) {
            let words = primary.dropFirst(prefix.count).split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { return nil }
            return MissingRight(objectKind: String(words[0]), name: String(words[1]), needsOwner: needsOwner)
        }
        return nil
    }
}

extension String {
    var firstLine: String { split(whereSeparator: \.isNewline).first.map(String.init) ?? "" }

    fileprivate var onOneLine: String {
        let text = split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.count <= 160 ? text : text.prefix(159) + "…"
    }

    fileprivate var asIdentifier: String {
        let isPlain = utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 95 }
        if isPlain, let first = utf8.first, !(48...57).contains(first) { return self }
        return "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }

    /// `SEVERITY:  SQLSTATE: text` anywhere in the line.
    fileprivate var firstSQLState: (String, String)? {
        let parts = split(separator: ": ", omittingEmptySubsequences: false).map {
            $0.drop(while: { $0 == " " })
        }
        for (index, part) in parts.enumerated().dropFirst() where index + 1 < parts.count {
            let isState =
                part.utf8.count == 5
                && part.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
                && part.utf8.contains { (48...57).contains($0) }
            if isState { return (String(part), parts[(index + 1)...].joined(separator: ": ")) }
        }
        return nil
    }

    /// Cuts `connection to server at "localhost" (::1), port 5432 failed: `: the place is told apart.
    fileprivate var strippedOfPreamble: String {
        guard hasPrefix("connection to server"), let end = firstRange(of: " failed: ") else { return self }
        return String(self[end.upperBound...])
    }

    private func firstRange(of text: String) -> Range<String.Index>? {
        indices.lazy.compactMap { start in
            self[start...].hasPrefix(text) ? start..<self.index(start, offsetBy: text.count) : nil
        }.first
    }
}
