/// Reads SQLite's SQL as it stands in `sqlite_schema`, with all that SQLite itself lets pass.
///
/// A recursive-descent parser over a token array. What it accepts follows SQLite's
/// own grammar, not the diagrams of its manual: that is why names may be strings,
/// commas between table constraints are optional, and so on. It is a little more
/// lenient than SQLite where leniency cannot change a meaning.
package struct Parser {
    /// How deep expressions may nest; each level is one recursion of the parser.
    ///
    /// In a release build 500 levels take at most 650 KiB of stack. SQLite before
    /// 3.50 gives up at about 100 open parentheses.
    static let nestingLimit = 500

    /// How high the tree of an expression may be, by nesting or by a chain of operators.
    ///
    /// A chain is read and printed by a loop, but comparing, hashing and releasing
    /// the tree recurse: 2,000 levels take at most 700 KiB of stack in a release
    /// build. SQLite stops at 1,000 (https://sqlite.org/limits.html).
    static let heightLimit = 2_000

    let bytes: [UInt8]
    let tokens: [Token]
    var index = 0
    /// How many expressions are open around the current token.
    var nesting = 0
    /// The height of the expression that was returned last.
    var height = 0
    /// The height of the tallest expression in the query or statement that is open.
    var tallest = 0
    /// Within a trigger's body some clauses are not allowed.
    var isInTrigger = false

    init(_ sql: String) throws(SyntaxError) {
        var lexer = Lexer(sql)
        tokens = try lexer.tokens()
        bytes = lexer.bytes
    }

    /// Returns the one statement in `sql`.
    package static func parseStatement(_ sql: String) throws(SyntaxError) -> SchemaStatement {
        var parser = try Parser(sql)
        return try parser.statement(sql)
    }

    /// Returns the one expression in `sql`.
    package static func parseExpression(_ sql: String) throws(SyntaxError) -> Expression {
        var parser = try Parser(sql)
        let result = try parser.expression()
        try parser.expectEnd()
        return result
    }

    private mutating func statement(_ sql: String) throws(SyntaxError) -> SchemaStatement {
        while accept(.semicolon) {}
        let result = try schemaStatement(sql)
        while accept(.semicolon) {}
        try expectEnd()
        return result
    }

    /// Reads from CREATE on; `sql` is what a view or a trigger keeps as its text.
    mutating func schemaStatement(_ sql: String) throws(SyntaxError) -> SchemaStatement {
        try expect(.create)
        let isTemporary = accept(.temp) || accept(.temporary)
        switch token.keyword {
        case .table: return .createTable(try table(isTemporary: isTemporary))
        case .index, .unique: return .createIndex(try createIndex())
        case .virtual: return .createVirtualTable(try virtualTable())
        case .view: return .createView(try view(isTemporary: isTemporary), sql: sql)
        case .trigger: return .createTrigger(try trigger(isTemporary: isTemporary), sql: sql)
        default: throw unexpected("TABLE, INDEX, VIEW or TRIGGER")
        }
    }
}

// The cursor.
extension Parser {
    var token: Token { tokens[index] }

    /// The token `distance` places ahead; the last one is always `.end`.
    func token(ahead distance: Int) -> Token { tokens[min(index + distance, tokens.count - 1)] }

    mutating func advance() {
        if index < tokens.count - 1 { index += 1 }
    }

    mutating func accept(_ kind: Token.Kind) -> Bool {
        guard token.kind == kind else { return false }
        advance()
        return true
    }

    mutating func accept(_ keyword: Keyword) -> Bool {
        guard token.keyword == keyword else { return false }
        advance()
        return true
    }

    /// Accepts all the words or none.
    mutating func accept(_ first: Keyword, _ second: Keyword) -> Bool {
        guard token.keyword == first, token(ahead: 1).keyword == second else { return false }
        index += 2
        return true
    }

    mutating func expect(_ kind: Token.Kind, _ spelling: String) throws(SyntaxError) {
        guard accept(kind) else { throw unexpected("\"\(spelling)\"") }
    }

    mutating func expect(_ keyword: Keyword) throws(SyntaxError) {
        guard accept(keyword) else { throw unexpected(keyword.rawValue.uppercased()) }
    }

    mutating func expectEnd() throws(SyntaxError) {
        guard token.kind == .end else { throw unexpected("the end") }
    }

    func unexpected(_ expectation: String) -> SyntaxError {
        let found = token.kind == .end ? "the end" : "\"\(excerpt(token))\""
        return failure("found \(found) where \(expectation) was expected")
    }

    func failure(_ message: String) -> SyntaxError {
        let place = Lexer.place(of: token.start, in: bytes)
        return SyntaxError(message, line: place.line, column: place.column)
    }

    private func excerpt(_ token: Token) -> String {
        let text = text(token)
        return text.unicodeScalars.count > 40 ? String(text.prefix(40)) + "…" : text
    }
}

// The text of tokens.
extension Parser {
    func text(_ token: Token) -> String { text(from: token.start, to: token.end) }

    func text(from start: Int, to end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

    /// The text of tokens, without the comments before and after them.
    func text(ofTokens range: Range<Int>) -> String {
        range.isEmpty ? "" : text(from: tokens[range.lowerBound].start, to: tokens[range.upperBound - 1].end)
    }

    /// The text within quotes of any of the four styles; an unquoted word as it is.
    func unquoted(_ token: Token) -> String {
        guard token.kind == .quotedName || token.kind == .string else { return text(token) }
        let opening = bytes[token.start]
        let content = bytes[(token.start + 1)..<(token.end - 1)]
        guard opening != UInt8(ascii: "["), content.contains(opening) else {
            return String(decoding: content, as: UTF8.self)
        }
        var result: [UInt8] = []
        var skipsNext = false
        for byte in content {
            if skipsNext {
                skipsNext = false
                continue
            }
            skipsNext = byte == opening
            result.append(byte)
        }
        return String(decoding: result, as: UTF8.self)
    }
}

// Names.
extension Parser {
    /// Whether the token can name a table, a column, a constraint.
    func isName(_ token: Token) -> Bool {
        switch token.kind {
        case .quotedName, .string: true
        case .word: token.keyword.map { !$0.isReserved } ?? true
        default: false
        }
    }

    mutating func name(_ meaning: String) throws(SyntaxError) -> String {
        guard isName(token) else { throw unexpected(meaning) }
        let result = unquoted(token)
        advance()
        return result
    }

    /// `name` or `schema.name`.
    mutating func qualifiedName(_ meaning: String) throws(SyntaxError) -> (schema: String?, name: String) {
        let first = try name(meaning)
        guard accept(.dot) else { return (nil, first) }
        return (first, try name(meaning))
    }

    mutating func ifNotExists() throws(SyntaxError) -> Bool {
        guard token.keyword == .if, token(ahead: 1).keyword == .not else { return false }
        index += 2
        try expect(.exists)
        return true
    }

    /// Whether the token can be an alias without AS, a word of a type or the name of a collation.
    func isTypeWord(_ token: Token) -> Bool {
        isName(token) && !(token.keyword?.isJoinWord ?? false)
    }

    mutating func collation() throws(SyntaxError) -> String {
        guard isTypeWord(token) else { throw unexpected("the name of a collation") }
        return try name("the name of a collation")
    }

    /// `(a, b)`; SQLite ignores a collation or an order that old schemas may have here.
    mutating func columnNames() throws(SyntaxError) -> [String] {
        try expect(.leftParenthesis, "(")
        var result: [String] = []
        repeat {
            result.append(try name("the name of a column"))
            if accept(.collate) { _ = try collation() }
            _ = sortOrder()
        } while accept(.comma)
        try expect(.rightParenthesis, ")")
        return result
    }

    mutating func sortOrder() -> SortOrder? {
        if accept(.asc) { return .ascending }
        return accept(.desc) ? .descending : nil
    }
}
