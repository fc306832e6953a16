/// Cuts SQL text into tokens: just enough to know where statements end and where directives stand.
///
/// Both engines' quoting is understood: strings, quoted names, comments (nested on Postgres), dollar quotes, and the
/// bodies of triggers and of SQL functions, in which a semicolon does not end the statement.
/// https://www.postgresql.org/docs/current/sql-syntax-lexical.html, https://sqlite.org/lang.html
struct SQLScanner {
    struct Token {
        enum Kind: Equatable {
            case word, quotedName, string, semicolon, opening, closing, other
            /// A `--` comment alone on its line that begins with `+` and a letter; the text after the plus.
            case directive(String)
        }
        var kind: Kind
        /// Where in the bytes.
        var range: Range<Int>
        /// From 1.
        var line: Int
    }

    struct Unterminated: Error {
        var what: String
        var line: Int
    }

    private let bytes: [UInt8]
    private let dialect: Dialect
    private var position = 0
    private var line = 1
    private var isAtLineStart = true

    /// - Parameter dialect: For text that both shall understand, Postgres.
    init(_ bytes: [UInt8], _ dialect: Dialect) {
        self.bytes = bytes
        self.dialect = dialect
    }

    static func tokens(of bytes: [UInt8], _ dialect: Dialect) throws(Unterminated) -> [Token] {
        var scanner = SQLScanner(bytes, dialect)
        var tokens: [Token] = []
        while let token = try scanner.next() { tokens.append(token) }
        return tokens
    }

    private mutating func next() throws(Unterminated) -> Token? {
        while let byte = peek() {
            let (start, startLine) = (position, line)
            if byte.isSpace {
                advance()
                continue
            }
            if byte == .minus, peek(1) == .minus {
                if let directive = skipLineComment() {
                    return Token(kind: .directive(directive), range: start..<position, line: startLine)
                }
                continue
            }
            if byte == .slash, peek(1) == .star {
                try skipBlockComment()
                continue
            }
            let kind = try skipToken(byte)
            isAtLineStart = false
            return Token(kind: kind, range: start..<position, line: startLine)
        }
        return nil
    }

    private mutating func skipToken(_ byte: UInt8) throws(Unterminated) -> Token.Kind {
        switch byte {
        case .apostrophe:
            try skipQuoted(.apostrophe, "string")
            return .string
        case .quote:
            try skipQuoted(.quote, "quoted name")
            return .quotedName
        case .backtick where dialect == .sqlite:
            try skipQuoted(.backtick, "quoted name")
            return .quotedName
        case .openBracket where dialect == .sqlite:
            try skipQuoted(.closeBracket, "quoted name")
            return .quotedName
        case .dollar where dialect == .postgres:
            return try skipDollar() ? .string : .other
        case .semicolon:
            advance()
            return .semicolon
        case .openParenthesis:
            advance()
            return .opening
        case .closeParenthesis:
            advance()
            return .closing
        case _ where byte.isWordStart:
            return try skipWord()
        default:
            advance()
            return .other
        }
    }

    /// A word, or `E'…'` with its backslashes.
    private mutating func skipWord() throws(Unterminated) -> Token.Kind {
        let start = position
        while let byte = peek(), byte.isWord || byte == .dollar { advance() }
        let isEscapeString =
            dialect == .postgres && position - start == 1 && bytes[start] | 0x20 == UInt8(ascii: "e")
        guard isEscapeString, peek() == .apostrophe else { return .word }
        try skipQuoted(.apostrophe, "string", escape: .backslash)
        return .string
    }

    private mutating func skipQuoted(
        _ end: UInt8, _ what: String, escape: UInt8? = nil
    ) throws(Unterminated) {
        let startLine = line
        advance()
        while let byte = peek() {
            advance()
            if byte == escape, peek() != nil {
                advance()
            } else if byte == end {
                // Doubled, it stands for itself; a bracket cannot be doubled.
                guard peek() == end, end != .closeBracket else { return }
                advance()
            }
        }
        throw Unterminated(what: what, line: startLine)
    }

    /// `$tag$ … $tag$`; false when it is only a dollar sign, as in `$1`.
    private mutating func skipDollar() throws(Unterminated) -> Bool {
        var end = position + 1
        while end < bytes.count, bytes[end].isWord, end > position + 1 || !bytes[end].isDigit { end += 1 }
        guard end < bytes.count, bytes[end] == .dollar else {
            advance()
            return false
        }
        let tag = bytes[position...end]
        let startLine = line
        advance(tag.count)
        while position < bytes.count {
            if bytes[position] == .dollar, bytes[position...].starts(with: tag) {
                advance(tag.count)
                return true
            }
            advance()
        }
        throw Unterminated(what: "dollar-quoted string", line: startLine)
    }

    /// Returns the directive when the comment is one.
    private mutating func skipLineComment() -> String? {
        let isAlone = isAtLineStart
        let start = position + 2
        while let byte = peek(), byte != .newline { advance() }
        guard isAlone else { return nil }
        let text = bytes[start..<position].drop { $0.isSpace }
        guard text.first == .plus, let letter = text.dropFirst().first, letter.isWordStart else { return nil }
        var words = text.dropFirst()
        while words.last?.isSpace == true { words.removeLast() }
        return String(decoding: words, as: UTF8.self)
    }

    private mutating func skipBlockComment() throws(Unterminated) {
        let startLine = line
        var depth = 0
        while position < bytes.count {
            if peek() == .slash, peek(1) == .star, depth == 0 || dialect == .postgres {
                depth += 1
                advance(2)
            } else if peek() == .star, peek(1) == .slash {
                depth -= 1
                advance(2)
                if depth == 0 { return }
            } else {
                advance()
            }
        }
        throw Unterminated(what: "comment", line: startLine)
    }

    private func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] == .newline {
                line += 1
                isAtLineStart = true
            } else if !bytes[position].isSpace {
                isAtLineStart = false
            }
            position += 1
        }
    }
}

extension UInt8 {
    fileprivate static let apostrophe = UInt8(ascii: "'")
    fileprivate static let quote = UInt8(ascii: "\"")
    fileprivate static let backtick = UInt8(ascii: "`")
    fileprivate static let openBracket = UInt8(ascii: "[")
    fileprivate static let closeBracket = UInt8(ascii: "]")
    fileprivate static let openParenthesis = UInt8(ascii: "(")
    fileprivate static let closeParenthesis = UInt8(ascii: ")")
    fileprivate static let semicolon = UInt8(ascii: ";")
    fileprivate static let dollar = UInt8(ascii: "$")
    fileprivate static let backslash = UInt8(ascii: "\\")
    fileprivate static let minus = UInt8(ascii: "-")
    fileprivate static let plus = UInt8(ascii: "+")
    fileprivate static let slash = UInt8(ascii: "/")
    fileprivate static let star = UInt8(ascii: "*")
    fileprivate static let newline = UInt8(ascii: "\n")

    fileprivate var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
    fileprivate var isWordStart: Bool {
        (0x61...0x7A).contains(self | 0x20) && self >= 0x41 || self == UInt8(ascii: "_") || self >= 0x80
    }
    fileprivate var isWord: Bool { isWordStart || isDigit }
}
