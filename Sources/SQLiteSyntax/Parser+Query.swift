// SELECT and VALUES: what stands around them, and their own clauses. FROM is in a file of its own.
extension Parser {
    /// How many levels of nesting a query counts for: the calls between it and its expressions.
    private static let levelsOfQuery = 5

    /// Reads a query from WITH, SELECT or VALUES on.
    mutating func query() throws(SyntaxError) -> Query {
        guard isQuery(token) else { throw unexpected("a query") }
        let tallestAround = try openQuery()
        defer { tallest = tallestAround }
        let with = token.keyword == .with ? try withClause() : nil
        return try openedQuery(after: with)
    }

    /// Reads the query that a WITH clause, if any, stands before.
    mutating func query(after with: WithClause?) throws(SyntaxError) -> Query {
        let tallestAround = try openQuery()
        defer { tallest = tallestAround }
        return try openedQuery(after: with)
    }

    private mutating func openedQuery(after with: WithClause?) throws(SyntaxError) -> Query {
        var result = Query(with: with, try queryCore())
        while let operation = compoundOperator() {
            result.compounds.append(CompoundPart(operation, try queryCore()))
        }
        // SQLite's grammar has neither after VALUES.
        if case .select = result.compounds.last?.core ?? result.first {
            result.orderBy = try orderBy()
            tallest = max(tallest, height)
            (result.limit, result.offset) = try limit()
        }
        try closeQuery()
        return result
    }

    /// `(query)`.
    mutating func queryInParentheses() throws(SyntaxError) -> Query {
        try expect(.leftParenthesis, "(")
        let result = try query()
        try expect(.rightParenthesis, ")")
        return result
    }

    /// Begins to measure a query; returns what was measured around it.
    private mutating func openQuery() throws(SyntaxError) -> Int {
        nesting += Self.levelsOfQuery
        guard nesting <= Self.nestingLimit else {
            throw failure("queries are nested too deeply")
        }
        defer {
            tallest = 0
            height = 0
        }
        return tallest
    }

    private mutating func closeQuery() throws(SyntaxError) {
        nesting -= Self.levelsOfQuery
        height = tallest + Self.levelsOfQuery
        try grow()
    }

    /// An expression that is a part of the open query or statement.
    mutating func part() throws(SyntaxError) -> Expression {
        let result = try expression()
        tallest = max(tallest, height)
        return result
    }

    mutating func parts() throws(SyntaxError) -> [Expression] {
        var result: [Expression] = []
        repeat { result.append(try part()) } while accept(.comma)
        return result
    }

    private mutating func compoundOperator() -> CompoundOperator? {
        if accept(.union) { return accept(.all) ? .unionAll : .union }
        if accept(.intersect) { return .intersect }
        return accept(.except) ? .except : nil
    }

    private mutating func queryCore() throws(SyntaxError) -> QueryCore {
        if accept(.select) { return .select(try select()) }
        guard accept(.values) else { throw unexpected("SELECT or VALUES") }
        var rows: [[Expression]] = []
        repeat {
            try expect(.leftParenthesis, "(")
            rows.append(try parts())
            try expect(.rightParenthesis, ")")
        } while accept(.comma)
        return .values(rows)
    }

    private mutating func select() throws(SyntaxError) -> Select {
        let isDistinct = accept(.distinct)
        if !isDistinct { _ = accept(.all) }
        var result = Select(isDistinct: isDistinct, columns: try resultColumns())
        if accept(.from) { result.from = try fromClause() }
        if accept(.where) { result.filter = try part() }
        if accept(.group) {
            try expect(.by)
            result.groupBy = try parts()
        }
        if accept(.having) { result.having = try part() }
        if startsWindowClause { result.windows = try windowClause() }
        return result
    }
}

// WITH, result columns, ORDER BY and LIMIT.
extension Parser {
    mutating func withClause() throws(SyntaxError) -> WithClause {
        try expect(.with)
        var result = WithClause(isRecursive: accept(.recursive), tables: [])
        repeat {
            result.tables.append(try commonTable())
            tallest = max(tallest, height)
        } while accept(.comma)
        return result
    }

    private mutating func commonTable() throws(SyntaxError) -> CommonTable {
        let name = try name("the name of a common table expression")
        let columns = token.kind == .leftParenthesis ? try columnNames() : []
        try expect(.as)
        let isMaterialized: Bool? =
            if accept(.materialized) { true } else if accept(.not, .materialized) { false } else { nil }
        return CommonTable(
            name, columns: columns, isMaterialized: isMaterialized, query: try queryInParentheses())
    }

    mutating func resultColumns() throws(SyntaxError) -> [ResultColumn] {
        var result: [ResultColumn] = []
        repeat { result.append(try resultColumn()) } while accept(.comma)
        return result
    }

    private mutating func resultColumn() throws(SyntaxError) -> ResultColumn {
        if accept(.star) { return .all }
        if isName(token), token(ahead: 1).kind == .dot, token(ahead: 2).kind == .star {
            let table = try name("the name of a table")
            index += 2
            return .allOf(table: table)
        }
        let start = token.start
        let expression = try part()
        // SQLite's name of a column reaches to the next token, comments included.
        let spelling = Spelling(Self.trimmed(text(from: start, to: token.start)))
        return .expression(expression, alias: try alias(), spelling: spelling)
    }

    private static func trimmed(_ text: String) -> String {
        let space: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D]
        var bytes = ArraySlice(text.utf8)
        while let last = bytes.last, space.contains(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `AS name`, or a name alone, which can be no word of a join.
    mutating func alias() throws(SyntaxError) -> String? {
        if accept(.as) { return try name("an alias") }
        return isTypeWord(token) && !startsWindowClause ? try name("an alias") : nil
    }

    /// `ORDER BY …`, if it is there; the height is that of its tallest term.
    mutating func orderBy() throws(SyntaxError) -> [OrderingTerm] {
        height = 0
        guard accept(.order) else { return [] }
        try expect(.by)
        var result: [OrderingTerm] = []
        var tallestTerm = 0
        repeat {
            var term = OrderingTerm(try expression())
            tallestTerm = max(tallestTerm, height)
            term.order = sortOrder()
            if accept(.nulls) {
                if accept(.first) {
                    term.nulls = .first
                } else {
                    try expect(.last)
                    term.nulls = .last
                }
            }
            result.append(term)
        } while accept(.comma)
        height = tallestTerm
        return result
    }

    /// `LIMIT n`, `LIMIT n OFFSET m` or `LIMIT m, n`.
    mutating func limit() throws(SyntaxError) -> (limit: Expression?, offset: Expression?) {
        guard accept(.limit) else { return (nil, nil) }
        let first = try part()
        if accept(.offset) { return (first, try part()) }
        return accept(.comma) ? (try part(), first) : (first, nil)
    }
}
