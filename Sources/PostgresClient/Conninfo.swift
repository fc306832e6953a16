internal import COutgrowLibPQ
internal import Diagnostics

/// Where to connect and as whom: what the user typed, and what libpq fills in.
///
/// Takes what `psql` takes: a URI, a `keyword=value` string, a bare database name,
/// or nothing, when the `PG*` environment, the service file and the password file decide. The
/// password never leaves this type as text; it goes to libpq only.
package struct Conninfo: Sendable, Equatable {
    /// The options the user gave, in libpq's spelling.
    let given: [String: String]
    /// What the environment, the service it names, and libpq itself would fill in.
    private let defaults: [String: String]

    /// Reads the TARGET argument; nil leaves everything to the environment, as with `psql`.
    ///
    /// - Throws: a usage error that never repeats any of the text, as a part of a password may be
    ///   anywhere in a malformed string.
    package init(_ target: String?) throws {
        guard let target, !target.isEmpty else {
            self.init(options: [:])
            return
        }
        guard target.isConnectionString else {
            self.init(options: ["dbname": target])
            return
        }
        let options = try Self.parse(target)
        try Self.rejectSplitPassword(in: options, isURI: target.isConnectionURI)
        self.init(options: options)
    }

    /// Makes a conninfo of libpq's keywords.
    package init(options: [String: String]) {
        given = options
        defaults = Self.environmentDefaults()
    }

    /// Returns a copy with one option replaced.
    package func setting(_ keyword: String, to value: String) -> Conninfo {
        var options = given
        options[keyword] = value
        return Conninfo(options: options)
    }

    /// The value in force: the user's, else the environment's or libpq's own.
    package subscript(keyword: String) -> String? {
        if let value = given[keyword], !value.isEmpty { return value }
        return defaults[keyword]
    }

    package var user: String { self["user"] ?? "" }
    /// The database; like libpq, named after the user when nothing says otherwise.
    package var database: String { self["dbname"] ?? user }
    package var port: String { self["port"] ?? "5432" }
    /// A host name, an address or a socket folder; nil means libpq's own socket folder.
    package var host: String? { self["host"] ?? self["hostaddr"] }

    /// The password stands in the argument, where `ps` shows it to every user of the machine.
    package var hasPasswordInArgument: Bool {
        Self.secretKeywords.contains { given[$0]?.isEmpty == false }
    }

    /// The options the user gave as a `keyword=value` string that `psql` takes, without any secret.
    package var redacted: String {
        given.filter { !$0.value.isEmpty && !Self.secretKeywords.contains($0.key) }
            .sorted { ($0.key.displayRank, $0.key) < ($1.key.displayRank, $1.key) }
            .map { "\($0.key)=\($0.value.quotedForConninfo)" }
            .joined(separator: " ")
    }

    /// For messages: `app on localhost:5432 as ada`.
    package var connectableDescription: String {
        if let service = given["service"], given["dbname"] == nil { return "service \(service)" }
        return Self.describe(database: database, host: host, port: port, user: user)
    }

    static func describe(database: String, host: String?, port: String, user: String) -> String {
        let isSocket = host.map { $0.hasPrefix("/") || $0.hasPrefix("@") } ?? true
        let place =
            isSocket
            ? (host.map { "the socket in \($0), port \(port)" } ?? "the local socket, port \(port)")
            : "\(host ?? ""):\(port)"
        return "\(database) on \(place) as \(user)"
    }

    static let secretKeywords: Set<String> = ["password", "sslpassword"]
}

// What the connection adds to the user's options.
extension Conninfo {
    /// All options for libpq, with defaults of ours where nobody said anything.
    ///
    /// A dead network must end a migration in half a minute, not in the quarter of
    /// an hour that TCP takes by itself. The client encoding is ours alone: every
    /// text that crosses this target is UTF-8.
    var connectionOptions: [String: String] {
        var options = given.filter { !$0.value.isEmpty }
        options["client_encoding"] = "UTF8"
        options["fallback_application_name"] = options["fallback_application_name"] ?? "outgrow"
        // A service named in the argument may set these itself, and libpq gives arguments precedence.
        guard options["service"] == nil else { return options }
        for (keyword, value) in [("keepalives_idle", "10"), ("tcp_user_timeout", "30000")]
        where self[keyword] == nil {
            options[keyword] = value
        }
        return options
    }
}

extension Conninfo {
    private static func parse(_ target: String) throws -> [String: String] {
        guard !target.utf8.contains(0) else { throw malformed("it contains a NUL character") }
        var message: UnsafeMutablePointer<CChar>?
        let options = unsafe PQconninfoParse(target, &message)
        defer { unsafe PQconninfoFree(options) }
        if let message = unsafe message {
            defer { unsafe PQfreemem(message) }
            let text = unsafe String(cString: message)
            throw malformed(text.withoutQuotedParts)
        }
        return unsafe dictionary(of: options)
    }

    /// A password with an unescaped `@`, `/` or `:` in a URI is split by libpq, and its rest becomes a host
    /// name, a port or a database that error messages would then quote.
    private static func rejectSplitPassword(in options: [String: String], isURI: Bool) throws {
        let ports = options["port"] ?? ""
        guard ports.utf8.allSatisfy({ (48...57).contains($0) || $0 == 44 }) else {
            throw malformed("the port is not a number")
        }
        guard isURI else { return }
        let suspects = ["host", "dbname", "user"].compactMap { options[$0] }
        guard !suspects.contains(where: { $0.dropFirst().contains("@") }) else {
            throw malformed("there is an @ in the host, the user or the database")
        }
    }

    private static func malformed(_ cause: String) -> OutgrowError {
        OutgrowError(
            "malformed-conninfo", .usage, "The Postgres connection string is malformed.",
            fix: "Write postgres://user@host:5432/database, with special characters percent-encoded "
                + "(@ is %40, / is %2F), or host=… dbname=… user=…; "
                + "keep the password in ~/.pgpass or PGPASSWORD.",
            cause: cause)
    }

    private static func environmentDefaults() -> [String: String] {
        let options = unsafe PQconndefaults()
        defer { unsafe PQconninfoFree(options) }
        return unsafe dictionary(of: options)
    }

    /// Copies libpq's list of options, which ends with a row without keyword.
    static func dictionary(of options: UnsafeMutablePointer<PQconninfoOption>?) -> [String: String] {
        var result: [String: String] = [:]
        guard var option = unsafe options else { return result }
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                let text = unsafe String(cString: value)
                if !text.isEmpty { result[unsafe String(cString: keyword)] = text }
            }
            unsafe option += 1
        }
        return result
    }
}

extension String {
    /// What libpq itself takes for a connection string; all else is a database name.
    fileprivate var isConnectionString: Bool { isConnectionURI || contains("=") }

    fileprivate var isConnectionURI: Bool { hasPrefix("postgres://") || hasPrefix("postgresql://") }

    /// libpq's messages quote the argument: everything between the first and the last quote is cut.
    fileprivate var withoutQuotedParts: String {
        var text = self
        while text.last?.isNewline == true { text.removeLast() }
        guard let first = text.firstIndex(of: "\""), let last = text.lastIndex(of: "\"") else { return text }
        return text[..<first] + "…" + text[text.index(after: last)...]
    }

    fileprivate var quotedForConninfo: String {
        let isPlain = utf8.allSatisfy { $0 > 32 && $0 != 39 && $0 != 92 && $0 != 61 }
        if isPlain, !isEmpty { return self }
        let escaped = reduce(into: "") { text, character in
            if character == "'" || character == "\\" { text.append("\\") }
            text.append(character)
        }
        return "'\(escaped)'"
    }

    fileprivate var displayRank: Int {
        ["host", "hostaddr", "port", "dbname", "user"].firstIndex(of: self) ?? 9
    }
}
