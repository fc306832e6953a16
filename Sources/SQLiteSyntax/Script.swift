/// A text of many statements, each with its place.
package struct Script: Sendable {
    /// One statement's text, from its first token to before its semicolon.
    package struct Piece: Sendable, Hashable {
        package var sql: String
        /// Of the first token; one-based.
        package var line: Int
        package var column: Int

        /// Reads the statement; an error's place is that in the whole script.
        package func statement() throws(SyntaxError) -> Statement {
            do throws(SyntaxError) {
                // SQLite would stop here without a word.
                if let null = Array(sql.utf8).firstIndex(of: 0) {
                    let place = Lexer.place(of: null, in: Array(sql.utf8))
                    throw SyntaxError("a NUL character", line: place.line, column: place.column)
                }
                return try Parser.parseAnyStatement(sql)
            } catch {
                var moved = error
                if moved.line == 1 { moved.column += column - 1 }
                moved.line += line - 1
                throw moved
            }
        }
    }

    package var pieces: [Piece]

    /// Splits at the semicolons that stand neither in a string, a name or a comment nor in a trigger's body.
    ///
    /// What is no SQL at all does not end the split: the piece that holds it reaches
    /// to the next semicolon, and reading that piece says what is wrong. The cost
    /// grows with the length of the text.
    package init(_ sql: String) {
        var splitter = Splitter(sql)
        pieces = splitter.pieces()
    }
}

/// Follows a script token by token, as SQLite's own `sqlite3_complete` does.
private struct Splitter {
    private var lexer: Lexer
    private var result: [Script.Piece] = []
    /// Where the current piece's first token begins; nil before it.
    private var start: Int?
    /// The end of its last token.
    private var end = 0
    /// The keywords of its first tokens: enough to know `CREATE TEMPORARY TRIGGER`.
    private var opening: [Keyword?] = []
    /// The kind of token before the current one, within a trigger's body.
    private var followsSemicolon = false
    private var hasEnded = false
    /// The place that lines were counted to.
    private var counted = (offset: 0, line: 1, column: 1)

    init(_ sql: String) { lexer = Lexer(sql) }

    mutating func pieces() -> [Script.Piece] {
        while true {
            do {
                let token = try lexer.next()
                if token.kind == .end {
                    guard lexer.offset < lexer.bytes.count else { break }
                    skipWhatIsNoToken()
                } else {
                    take(token)
                }
            } catch {
                skipWhatIsNoToken()
            }
        }
        close()
        return result
    }

    private mutating func skipWhatIsNoToken() {
        if start == nil { start = lexer.tokenStart }
        lexer.skipToSemicolon()
        end = lexer.offset
    }

    private var isTrigger: Bool {
        opening.first == .create
            && (opening.dropFirst().first == .trigger
                || [.temp, .temporary].contains(opening.dropFirst().first ?? nil)
                    && opening.dropFirst(2).first == .trigger)
    }

    private mutating func take(_ token: Token) {
        if token.kind == .semicolon, !isTrigger || hasEnded {
            close()
            return
        }
        if start == nil {
            // Semicolons between statements belong to none.
            start = token.start
        }
        if opening.count < 3 { opening.append(token.keyword) }
        hasEnded = isTrigger && followsSemicolon && token.keyword == .end
        followsSemicolon = token.kind == .semicolon
        end = token.end
    }

    private mutating func close() {
        if let start {
            let place = place(of: start)
            let sql = String(decoding: lexer.bytes[start..<end], as: UTF8.self)
            result.append(Script.Piece(sql: sql, line: place.line, column: place.column))
        }
        start = nil
        opening = []
        followsSemicolon = false
        hasEnded = false
    }

    /// Counts on from where it last stopped, so that a script is walked once.
    private mutating func place(of offset: Int) -> (line: Int, column: Int) {
        for byte in lexer.bytes[counted.offset..<offset] {
            if byte == 0x0A {
                counted.line += 1
                counted.column = 1
            } else if byte & 0xC0 != 0x80 {
                counted.column += 1
            }
        }
        counted.offset = offset
        return (counted.line, counted.column)
    }
}
