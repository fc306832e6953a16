/// One token of a text, for looking at how something is written rather than at what it means.
package struct SQLWord: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// A keyword or a name without quotes.
        case word
        /// A name in double quotes.
        case quoted
        /// A name in backticks or brackets.
        case foreignQuoted
        case string, number, parameter, sign
    }
    package var kind: Kind
    /// As written; the content of a quoted name.
    package var text: String
    /// In bytes of UTF-8.
    package var start: Int
    package var end: Int

    package static func words(of sql: String) throws(SyntaxError) -> [SQLWord] {
        let parser = try Parser(sql)
        return parser.tokens.dropLast().map { token in
            SQLWord(
                kind: kind(of: token, in: parser), text: text(of: token, in: parser), start: token.start,
                end: token.end)
        }
    }

    private static func kind(of token: Token, in parser: Parser) -> Kind {
        switch token.kind {
        case .word: .word
        case .quotedName: parser.bytes[token.start] == UInt8(ascii: "\"") ? .quoted : .foreignQuoted
        case .string, .blob: .string
        case .integer, .hexadecimal, .real: .number
        case .variable: .parameter
        default: .sign
        }
    }

    private static func text(of token: Token, in parser: Parser) -> String {
        token.kind == .quotedName ? parser.unquoted(token) : parser.text(token)
    }
}

extension Script.Piece {
    /// The statement with each parameter as `?n`, by SQLite's own count, and what each was written as.
    package func numbered() throws(SyntaxError) -> (sql: String, parameters: [String]) {
        var numbers: [String: Int] = [:]
        var parameters: [String] = []
        var bytes = Array(sql.utf8)
        var replacements: [(Range<Int>, String)] = []
        for word in try SQLWord.words(of: sql) where word.kind == .parameter {
            let number: Int
            if word.text == "?" {
                number = parameters.count + 1
            } else if word.text.hasPrefix("?"), let given = Int(word.text.dropFirst()) {
                number = given
            } else {
                number = numbers[word.text] ?? parameters.count + 1
                numbers[word.text] = number
            }
            guard (1...32_766).contains(number) else {
                throw SyntaxError("a parameter's number is not from 1 to 32766", line: line, column: column)
            }
            while parameters.count < number { parameters.append("?\(parameters.count + 1)") }
            parameters[number - 1] = word.text
            replacements.append((word.start..<word.end, "?\(number)"))
        }
        for (range, text) in replacements.reversed() { bytes.replaceSubrange(range, with: Array(text.utf8)) }
        return (String(decoding: bytes, as: UTF8.self), parameters)
    }
}
