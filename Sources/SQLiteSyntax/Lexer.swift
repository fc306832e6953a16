/// Splits SQL into tokens as SQLite's tokenizer does (https://sqlite.org/lang.html).
///
/// It works on UTF-8 bytes: every byte from 0x80 up belongs to an identifier, and
/// a NUL byte ends the text, as it ends a string in C.
struct Lexer {
    let bytes: [UInt8]
    private var position = 0
    /// Where the token that was read last begins, or would have begun.
    private(set) var tokenStart = 0

    init(_ sql: String) {
        bytes = Array(sql.utf8)
    }

    /// Returns all tokens; the last one is `.end`.
    mutating func tokens() throws(SyntaxError) -> [Token] {
        var result: [Token] = []
        result.reserveCapacity(bytes.count / 4 + 1)
        while true {
            let token = try next()
            result.append(token)
            if token.kind == .end { return result }
        }
    }

    /// The line and column of a byte, one-based; a column is a Unicode scalar.
    static func place(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == 0x0A {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return (line, column)
    }

    /// How far the text is read.
    var offset: Int { position }

    /// Goes on behind what is no token: to the next semicolon, or to the end.
    mutating func skipToSemicolon() {
        while position < bytes.count, byte(0) != UInt8(ascii: ";") { position += 1 }
    }

    mutating func next() throws(SyntaxError) -> Token {
        skipSpace()
        let start = position
        tokenStart = start
        let first = byte(0)
        switch first {
        case 0: return token(.end, from: start)
        case UInt8(ascii: "'"): return try quoted(.string, by: first)
        case UInt8(ascii: "\""), UInt8(ascii: "`"): return try quoted(.quotedName, by: first)
        case UInt8(ascii: "["): return try bracketed()
        case UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "$"), UInt8(ascii: "#"):
            return try variable()
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            return byte(1) == UInt8(ascii: "'") ? try blob() : word()
        case UInt8(ascii: "."):
            return Self.isDigit(byte(1)) ? try number() : symbol(.dot, 1)
        default:
            if Self.isDigit(first) { return try number() }
            if Self.isNameByte(first) { return word() }
            return try symbol()
        }
    }

    private func byte(_ ahead: Int) -> UInt8 {
        position + ahead < bytes.count ? bytes[position + ahead] : 0
    }

    private func token(_ kind: Token.Kind, from start: Int) -> Token {
        Token(kind: kind, start: start, end: position)
    }

    private mutating func symbol(_ kind: Token.Kind, _ length: Int) -> Token {
        let start = position
        position += length
        return token(kind, from: start)
    }

    private func failure(_ message: String, at offset: Int) -> SyntaxError {
        let place = Self.place(of: offset, in: bytes)
        return SyntaxError(message, line: place.line, column: place.column)
    }
}

// Spaces, comments and words.
extension Lexer {
    private mutating func skipSpace() {
        while true {
            switch byte(0) {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D: position += 1
            case UInt8(ascii: "-") where byte(1) == UInt8(ascii: "-"):
                while byte(0) != 0, byte(0) != 0x0A { position += 1 }
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*") && byte(2) != 0: skipBlockComment()
            case 0xEF where byte(1) == 0xBB && byte(2) == 0xBF: position += 3
            default: return
            }
        }
    }

    /// A comment that is not closed runs to the end of the text.
    private mutating func skipBlockComment() {
        position += 2
        while byte(0) != 0 {
            if byte(0) == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
                position += 2
                return
            }
            position += 1
        }
    }

    private mutating func word() -> Token {
        let start = position
        while Self.isNameByte(byte(0)) { position += 1 }
        var result = token(.word, from: start)
        result.keyword = Keyword(spelling: bytes[start..<position])
        return result
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }

    /// Whether the byte may stand in an identifier (the first one may be neither a digit nor `$`).
    static func isNameByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || isDigit(byte) || (0x61...0x7A).contains(byte | 0x20)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
    }
}

// Literals, quoted names and variables.
extension Lexer {
    private mutating func quoted(_ kind: Token.Kind, by quote: UInt8) throws(SyntaxError) -> Token {
        let start = position
        position += 1
        while byte(0) != 0 {
            position += 1
            guard bytes[position - 1] == quote else { continue }
            guard byte(0) == quote else { return token(kind, from: start) }
            position += 1
        }
        throw failure("a quoted \(kind == .string ? "string" : "name") is not closed", at: start)
    }

    private mutating func bracketed() throws(SyntaxError) -> Token {
        let start = position
        while byte(0) != 0 {
            position += 1
            if bytes[position - 1] == UInt8(ascii: "]") { return token(.quotedName, from: start) }
        }
        throw failure("a name in brackets is not closed", at: start)
    }

    private mutating func blob() throws(SyntaxError) -> Token {
        let start = position
        position += 2
        while Self.isHexDigit(byte(0)) { position += 1 }
        guard byte(0) == UInt8(ascii: "'"), (position - start) % 2 == 0 else {
            throw failure("a blob literal needs pairs of hexadecimal digits", at: start)
        }
        position += 1
        return token(.blob, from: start)
    }

    private mutating func number() throws(SyntaxError) -> Token {
        let start = position
        var kind = Token.Kind.integer
        if byte(0) == UInt8(ascii: "0"), byte(1) | 0x20 == UInt8(ascii: "x"), Self.isHexDigit(byte(2)) {
            kind = .hexadecimal
            position += 2
            skipDigits(where: Self.isHexDigit)
        } else {
            skipDigits(where: Self.isDigit)
            if byte(0) == UInt8(ascii: ".") {
                kind = .real
                position += 1
                skipDigits(where: Self.isDigit)
            }
            let hasSign = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-")
            if byte(0) | 0x20 == UInt8(ascii: "e"), Self.isDigit(byte(hasSign ? 2 : 1)) {
                kind = .real
                position += hasSign ? 2 : 1
                skipDigits(where: Self.isDigit)
            }
        }
        guard !Self.isNameByte(byte(0)) else {
            throw failure("a number is followed directly by a letter", at: start)
        }
        return token(kind, from: start)
    }

    /// Digits, with single underscores between two of them (SQLite 3.46 and later).
    private mutating func skipDigits(where isDigit: (UInt8) -> Bool) {
        while true {
            if isDigit(byte(0)) {
                position += 1
            } else if byte(0) == UInt8(ascii: "_"), isDigit(byte(1)), position > 0,
                isDigit(bytes[position - 1])
            {
                position += 2
            } else {
                return
            }
        }
    }

    /// `?`, `?1`, `:a`, `@a`, `#a`, `$a`, and Tcl's `$a::b(c)`.
    private mutating func variable() throws(SyntaxError) -> Token {
        let start = position
        let isNumbered = byte(0) == UInt8(ascii: "?")
        position += 1
        if isNumbered {
            while Self.isDigit(byte(0)) { position += 1 }
            return token(.variable, from: start)
        }
        var nameLength = 0
        while true {
            if Self.isNameByte(byte(0)) {
                position += 1
                nameLength += 1
            } else if byte(0) == UInt8(ascii: ":"), byte(1) == UInt8(ascii: ":") {
                position += 2
            } else {
                break
            }
        }
        guard nameLength > 0 else { throw failure("a parameter has no name", at: start) }
        if byte(0) == UInt8(ascii: "(") { try skipVariableSuffix(from: start) }
        return token(.variable, from: start)
    }

    private mutating func skipVariableSuffix(from start: Int) throws(SyntaxError) {
        while byte(0) > 0x20, byte(0) != UInt8(ascii: ")") { position += 1 }
        guard byte(0) == UInt8(ascii: ")") else {
            throw failure("a parameter's suffix is not closed", at: start)
        }
        position += 1
    }
}

// Operators and punctuation.
extension Lexer {
    private mutating func symbol() throws(SyntaxError) -> Token {
        let second = byte(1)
        switch byte(0) {
        case UInt8(ascii: "("): return symbol(.leftParenthesis, 1)
        case UInt8(ascii: ")"): return symbol(.rightParenthesis, 1)
        case UInt8(ascii: ","): return symbol(.comma, 1)
        case UInt8(ascii: ";"): return symbol(.semicolon, 1)
        case UInt8(ascii: "+"): return symbol(.plus, 1)
        case UInt8(ascii: "*"): return symbol(.star, 1)
        case UInt8(ascii: "/"): return symbol(.slash, 1)
        case UInt8(ascii: "%"): return symbol(.percent, 1)
        case UInt8(ascii: "~"): return symbol(.tilde, 1)
        case UInt8(ascii: "&"): return symbol(.ampersand, 1)
        case UInt8(ascii: "="): return symbol(.equal, second == UInt8(ascii: "=") ? 2 : 1)
        case UInt8(ascii: "|"): return second == UInt8(ascii: "|") ? symbol(.concatenate, 2) : symbol(.bar, 1)
        case UInt8(ascii: "!") where second == UInt8(ascii: "="): return symbol(.notEqual, 2)
        case UInt8(ascii: "-"): return minusOrArrow()
        case UInt8(ascii: "<"): return lessThan()
        case UInt8(ascii: ">"): return greaterThan()
        default: throw failure("an unrecognized character", at: position)
        }
    }

    private mutating func minusOrArrow() -> Token {
        guard byte(1) == UInt8(ascii: ">") else { return symbol(.minus, 1) }
        return byte(2) == UInt8(ascii: ">") ? symbol(.extractText, 3) : symbol(.extract, 2)
    }

    private mutating func lessThan() -> Token {
        switch byte(1) {
        case UInt8(ascii: "="): symbol(.lessOrEqual, 2)
        case UInt8(ascii: ">"): symbol(.notEqual, 2)
        case UInt8(ascii: "<"): symbol(.shiftLeft, 2)
        default: symbol(.less, 1)
        }
    }

    private mutating func greaterThan() -> Token {
        switch byte(1) {
        case UInt8(ascii: "="): symbol(.greaterOrEqual, 2)
        case UInt8(ascii: ">"): symbol(.shiftRight, 2)
        default: symbol(.greater, 1)
        }
    }
}
