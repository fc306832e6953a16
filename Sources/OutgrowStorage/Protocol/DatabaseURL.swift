/// What the argument of ``Database/open(_:_:)`` says, taken apart; nothing is opened yet.
///
/// No error of this type repeats what stands behind the scheme: a part of a password may be anywhere in it.
enum DatabaseURL: Equatable {
    case sqlite(SQLiteLocation, options: [Option])
    /// What is left for libpq, word for word, and our own options without their prefix.
    case postgres(conninfo: String, options: [Option])

    enum SQLiteLocation: Equatable {
        case memory
        /// Absolute or relative to the working directory.
        case file(String)
    }

    /// `name=value` of the query, percent-decoded.
    struct Option: Equatable {
        var name: String
        var value: String
    }

    init(_ text: String) throws {
        guard !text.utf8.contains(0) else { throw Self.malformed("it contains a NUL character") }
        if let rest = text.dropping(prefix: "sqlite:") {
            self = try Self.sqlite(rest)
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            self = try Self.postgres(text)
        } else if Self.isKeywordString(text) {
            self = .postgres(conninfo: text, options: [])
        } else {
            throw Self.malformed("it begins with none of sqlite:, postgres:// and postgresql://")
        }
    }

    private static func sqlite(_ rest: Substring) throws -> DatabaseURL {
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let options = try parts.count == 2 ? Self.options(in: parts[1]) : []
        guard parts[0] != ":memory:" else { return .sqlite(.memory, options: options) }
        var path = parts[0]
        if let absolute = path.dropping(prefix: "//") {
            guard absolute.hasPrefix("/") else {
                throw malformed("a SQLite file has no host: after sqlite:// comes an absolute path")
            }
            path = absolute
        }
        guard !path.contains("#") else { throw malformed("a # in the path must be written %23") }
        let file = try decoded(path)
        guard !file.isEmpty else { throw malformed("the path of the SQLite file is missing") }
        return .sqlite(.file(file), options: options)
    }

    /// Takes `outgrow_…` out of the query and leaves everything else as it is.
    private static func postgres(_ text: String) throws -> DatabaseURL {
        guard let mark = startOfQuery(in: text) else { return .postgres(conninfo: text, options: []) }
        let query = text[text.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false)
        let ours = try query.filter(isOurs).map { word in
            let option = try option(word)
            return Option(name: String(option.name.dropFirst(prefix.count)), value: option.value)
        }
        let theirs = query.filter { !isOurs($0) }.joined(separator: "&")
        return .postgres(conninfo: text[..<mark] + (theirs.isEmpty ? "" : "?\(theirs)"), options: ours)
    }

    private static let prefix = "outgrow_"

    private static func isOurs(_ word: Substring) -> Bool { word.hasPrefix(prefix) }

    /// libpq lets a `?` stand in the user and the password, which end with the first @ before any slash.
    private static func startOfQuery(in text: String) -> String.Index? {
        let authority = text.range(ofFirst: "://")?.upperBound ?? text.startIndex
        let stop = text[authority...].firstIndex { $0 == "@" || $0 == "/" }
        let start = stop.flatMap { text[$0] == "@" ? text.index(after: $0) : nil } ?? authority
        return text[start...].firstIndex(of: "?")
    }

    /// `host=… dbname=…`, as libpq has it: a word, perhaps spaces, and an equals sign.
    private static func isKeywordString(_ text: String) -> Bool {
        let trimmed = text.drop(while: \.isWhitespace)
        let word = trimmed.prefix { $0.isASCII && ($0.isLowercase || $0 == "_") }
        return !word.isEmpty && trimmed[word.endIndex...].drop(while: \.isWhitespace).first == "="
    }
}

// The query.
extension DatabaseURL {
    private static func options(in query: Substring) throws -> [Option] {
        try query.split(separator: "&").map(option)
    }

    private static func option(_ word: Substring) throws -> Option {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw malformed("an option has no value: write ?name=value") }
        return Option(name: try decoded(parts[0]), value: try decoded(parts[1]))
    }

    /// https://www.rfc-editor.org/rfc/rfc3986#section-2.1
    private static func decoded(_ text: Substring) throws -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit,
                high + low > 0
            else { throw malformed("after a % come two hexadecimal digits, and not 00") }
            bytes.append(high << 4 | low)
        }
        guard let result = String(validating: bytes, as: UTF8.self) else {
            throw malformed("its percent-encoded bytes are not UTF-8")
        }
        return result
    }

    private static func malformed(_ cause: String) -> StorageError {
        StorageError(
            .misuse, "The database URL is malformed.",
            fix: "Write one of: sqlite:app.db, sqlite:///srv/app.db?mode=ro, sqlite::memory:, "
                + "postgres://user@host:5432/database, or libpq's host=… dbname=… user=…; "
                + "keep the password in ~/.pgpass or PGPASSWORD.",
            cause: cause)
    }
}

extension Database {
    /// What a URL, as ``open(_:_:)`` takes it, names: a path, or what libpq is given. Neither is a database in memory.
    package static func place(in url: String) throws -> (file: String?, conninfo: String?) {
        switch try DatabaseURL(url) {
        case .sqlite(.memory, _): (nil, nil)
        case .sqlite(.file(let path), _): (path, nil)
        case .postgres(let conninfo, _): (nil, conninfo)
        }
    }
}

// Other databases.
extension DatabaseURL {
    /// The URL of the file at an absolute path.
    static func sqlite(path: String) -> String {
        let escaped = path.replacing("%", with: "%25").replacing("?", with: "%3F").replacing("#", with: "%23")
        return "sqlite:\(escaped)"
    }

    /// The same server's database `name`, which is a plain word: libpq takes the last `dbname` of several.
    static func naming(database name: String, in url: String) -> String {
        guard url.contains("://") else { return "\(url) dbname=\(name)" }
        return url + (startOfQuery(in: url) == nil ? "?" : "&") + "dbname=\(name)"
    }
}

// Passwords.
extension DatabaseURL {
    /// `address` fit to be shown: passwords are taken out, and where one may hide, so is all that may hold it.
    static func withoutPassword(_ address: String) -> String {
        if let separator = address.range(ofFirst: "://") {
            let scheme = address[..<separator.upperBound]
            return scheme + withoutPassword(inURL: address[separator.upperBound...])
        }
        guard address.contains("=") else { return address }
        return withoutPassword(inKeywords: address)
    }

    /// What lies between the scheme and the last @ is the user and perhaps the password, even one with a slash.
    private static func withoutPassword(inURL rest: Substring) -> String {
        var result = rest[...]
        var user = ""
        if let at = rest.lastIndex(of: "@") {
            let name = rest[..<at].prefix { $0 != ":" }
            user = name.contains("/") || name.contains("?") ? "" : name + "@"
            result = rest[rest.index(after: at)...]
        }
        let parts = result.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return user + result }
        let kept = parts[1].split(separator: "&").filter { !isSecret($0.prefix { $0 != "=" }) }
        return user + parts[0] + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
    }

    /// Cuts from a secret keyword to the end: where its value ends depends on quotes that may be wrong.
    private static func withoutPassword(inKeywords address: String) -> String {
        var words: [Substring] = []
        for word in address.split(separator: " ") {
            if isSecret(word.prefix { $0 != "=" }) { break }
            words.append(word)
        }
        return words.joined(separator: " ")
    }

    private static func isSecret(_ keyword: Substring) -> Bool {
        ["password", "sslpassword", "passfile", "pwd", "secret", "token"].contains(keyword.lowercased())
    }
}

extension StringProtocol {
    fileprivate func dropping(prefix: String) -> SubSequence? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }

    fileprivate func range(ofFirst text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

extension UInt8 {
    fileprivate var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
