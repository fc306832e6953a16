// FROM: tables, subqueries, table-valued functions and every form of a join.
extension Parser {
    /// How many joins may stand in one FROM clause; SQLite allows 64 tables.
    private static let joinLimit = 500

    /// Reads what stands after FROM. A chain of joins is a loop; only parentheses recurse.
    mutating func fromClause() throws(SyntaxError) -> FromItem {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.nestingLimit else { throw failure("parentheses are nested too deeply") }
        var result = try fromElement()
        if token.keyword == .on || token.keyword == .using {
            throw failure("found \(token.keyword == .on ? "ON" : "USING") where no JOIN stands before it")
        }
        var count = 0
        while let operation = try joinOperator() {
            let right = try fromElement()
            result = .join(result, operation, right, try joinConstraint(of: operation))
            count += 1
            guard count <= Self.joinLimit else { throw failure("more than \(Self.joinLimit) joins") }
            tallest = max(tallest, count)
        }
        return result
    }

    private mutating func fromElement() throws(SyntaxError) -> FromItem {
        guard token.kind == .leftParenthesis else { return .table(try tableSource()) }
        if isQuery(token(ahead: 1)) {
            let query = try queryInParentheses()
            tallest = max(tallest, height)
            return .query(query, alias: try alias())
        }
        advance()
        let inner = try fromClause()
        try expect(.rightParenthesis, ")")
        return .parenthesized(inner, alias: try alias())
    }

    private mutating func tableSource() throws(SyntaxError) -> TableSource {
        let (schema, name) = try qualifiedName("the name of a table")
        var result = TableSource(schema: schema, name)
        if token.kind == .leftParenthesis {
            result.arguments = try argumentsInParentheses()
            tallest = max(tallest, height)
            result.alias = try alias()
            return result
        }
        result.alias = try alias()
        result.indexHint = try indexHint()
        return result
    }

    /// `INDEXED BY name` or `NOT INDEXED`.
    mutating func indexHint() throws(SyntaxError) -> IndexHint? {
        if accept(.not, .indexed) { return .notIndexed }
        guard accept(.indexed) else { return nil }
        try expect(.by)
        return .indexedBy(try name("the name of an index"))
    }

    private mutating func joinConstraint(of operation: JoinOperator) throws(SyntaxError) -> JoinConstraint? {
        guard token.keyword == .on || token.keyword == .using else { return nil }
        guard !operation.isNatural else { throw failure("a NATURAL join has neither ON nor USING") }
        if accept(.on) { return .on(try part()) }
        advance()
        return .using(try plainColumnNames())
    }

    /// `(a, b)`, without what old schemas may have behind a name.
    mutating func plainColumnNames() throws(SyntaxError) -> [String] {
        try expect(.leftParenthesis, "(")
        var result: [String] = []
        repeat { result.append(try name("the name of a column")) } while accept(.comma)
        try expect(.rightParenthesis, ")")
        return result
    }

    /// A comma, JOIN, or up to three words before JOIN in any order, as SQLite takes them.
    private mutating func joinOperator() throws(SyntaxError) -> JoinOperator? {
        if accept(.comma) { return JoinOperator(.comma) }
        if accept(.join) { return JoinOperator(.inner) }
        guard let first = token.keyword, first.isJoinWord, first != .indexed else { return nil }
        let start = token
        var words: Set<Keyword> = []
        for _ in 0..<3 {
            guard let word = token.keyword, word.isJoinWord, word != .indexed else { break }
            words.insert(word)
            advance()
        }
        try expect(.join)
        guard let operation = JoinOperator(words: words) else {
            let place = Lexer.place(of: start.start, in: bytes)
            throw SyntaxError("these words make no join", line: place.line, column: place.column)
        }
        return operation
    }
}

extension JoinOperator {
    /// nil when the words contradict each other.
    init?(words: Set<Keyword>) {
        let isLeft = words.contains(.left) || words.contains(.full)
        let isRight = words.contains(.right) || words.contains(.full)
        let isInner = words.contains(.inner) || words.contains(.cross)
        let isOuter = isLeft || isRight || words.contains(.outer)
        guard !(isInner && isOuter), !isOuter || isLeft || isRight else { return nil }
        let kind: Kind =
            switch (isLeft, isRight) {
            case (true, true): .full
            case (true, false): .left
            case (false, true): .right
            case (false, false): words.contains(.cross) ? .cross : .inner
            }
        self.init(kind, isNatural: words.contains(.natural))
    }
}
