// Operators, by precedence climbing: a chain of operators is a loop, only nesting recurses.
extension Parser {
    /// Reads an expression whose operators all bind at least as tightly as `minimum`.
    mutating func expression(_ minimum: Precedence = .or) throws(SyntaxError) -> Expression {
        nesting += 1
        defer { nesting -= 1 }
        guard nesting <= Self.nestingLimit else { throw tooDeep(Self.nestingLimit) }
        var left = try prefixed()
        while let level = operatorLevel(), level >= minimum {
            let leftHeight = height
            height = 0
            left = try continued(left)
            try grow(over: leftHeight)
        }
        return left
    }

    /// Makes the last height that of a node with the last expression and one of `other` height below it.
    mutating func grow(over other: Int = 0) throws(SyntaxError) {
        height = max(height, other) + 1
        guard height <= Self.heightLimit else { throw tooDeep(Self.heightLimit) }
    }

    private func tooDeep(_ limit: Int) -> SyntaxError {
        failure("an expression is deeper than \(limit) levels")
    }

    /// The level of the operator at the current token, nil when the expression ends here.
    private func operatorLevel() -> Precedence? {
        if let operation = BinaryOperator(token.kind) { return operation.precedence }
        switch token.keyword {
        case .or: return .or
        case .and: return .and
        case .is, .isnull, .notnull, .between, .in, .like, .glob, .regexp, .match: return .equality
        case .collate: return .collation
        case .not:
            switch token(ahead: 1).keyword {
            case .null, .between, .in, .like, .glob, .regexp, .match: return .equality
            default: return nil
            }
        default: return nil
        }
    }

    /// Reads the operator at the current token and what follows it.
    private mutating func continued(_ left: Expression) throws(SyntaxError) -> Expression {
        if let operation = BinaryOperator(token.kind) { return try binary(left, operation) }
        switch token.keyword {
        case .or: return try binary(left, .or)
        case .and: return try binary(left, .and)
        case .is: return try identity(left)
        case .collate:
            advance()
            return .collate(left, collation: try collation())
        default: return try predicate(left)
        }
    }

    private mutating func binary(_ left: Expression, _ operation: BinaryOperator) throws(SyntaxError)
        -> Expression
    {
        advance()
        return .binary(left, operation, try expression(operation.precedence.next))
    }

    /// `IS`, `IS NOT`, `IS [NOT] DISTINCT FROM`; with NULL on the right a null test, as SQLite has it.
    private mutating func identity(_ left: Expression) throws(SyntaxError) -> Expression {
        advance()
        let isNegated = accept(.not)
        let isDistinct = accept(.distinct)
        if isDistinct { try expect(.from) }
        let right = try expression(Precedence.equality.next)
        if case .literal(.null) = right { return .nullTest(left, negated: isNegated != isDistinct) }
        let operation: BinaryOperator =
            switch (isNegated, isDistinct) {
            case (false, false): .is
            case (true, false): .isNot
            case (false, true): .isDistinctFrom
            case (true, true): .isNotDistinctFrom
            }
        return .binary(left, operation, right)
    }

    /// The operators that are words and may follow `NOT`.
    private mutating func predicate(_ left: Expression) throws(SyntaxError) -> Expression {
        if accept(.isnull) { return .nullTest(left, negated: false) }
        if accept(.notnull) || accept(.not, .null) { return .nullTest(left, negated: true) }
        let negated = accept(.not)
        if accept(.between) { return try between(left, negated: negated) }
        if accept(.in) { return try membership(left, negated: negated) }
        let operation: MatchOperator =
            switch token.keyword {
            case .like: .like
            case .glob: .glob
            case .regexp: .regexp
            default: .match
            }
        advance()
        let pattern = try expression(Precedence.equality.next)
        guard accept(.escape) else {
            return .match(left, operation, pattern: pattern, escape: nil, negated: negated)
        }
        let patternHeight = height
        let escape = try expression(Precedence.equality.next)
        height = max(height, patternHeight)
        return .match(left, operation, pattern: pattern, escape: escape, negated: negated)
    }

    private mutating func between(_ left: Expression, negated: Bool) throws(SyntaxError) -> Expression {
        // The lower bound may hold operators as loose as NOT; AND is BETWEEN's own.
        let low = try expression(.not)
        let lowHeight = height
        try expect(.and)
        let high = try expression(Precedence.equality.next)
        height = max(height, lowHeight)
        return .between(left, low: low, high: high, negated: negated)
    }

    private mutating func membership(_ left: Expression, negated: Bool) throws(SyntaxError) -> Expression {
        guard token.kind == .leftParenthesis else {
            let (schema, name) = try qualifiedName("a list, a query or a table")
            var table = TableSource(schema: schema, name)
            if token.kind == .leftParenthesis { table.arguments = try argumentsInParentheses() }
            return .inTable(left, table, negated: negated)
        }
        if isQuery(token(ahead: 1)) {
            return .inQuery(left, try queryInParentheses(), negated: negated)
        }
        advance()
        let list = try expressionList()
        try expect(.rightParenthesis, ")")
        return .inList(left, list, negated: negated)
    }

    /// Reads expressions up to a closing parenthesis, which stays; there may be none.
    mutating func expressionList() throws(SyntaxError) -> [Expression] {
        height = 0
        guard token.kind != .rightParenthesis else { return [] }
        var result: [Expression] = []
        var tallest = 0
        repeat {
            result.append(try expression())
            tallest = max(tallest, height)
        } while accept(.comma)
        height = tallest
        return result
    }

    mutating func argumentsInParentheses() throws(SyntaxError) -> [Expression] {
        try expect(.leftParenthesis, "(")
        let result = try expressionList()
        try expect(.rightParenthesis, ")")
        return result
    }

    /// Whether a query begins here.
    func isQuery(_ token: Token) -> Bool {
        token.keyword == .select || token.keyword == .values || token.keyword == .with
    }

    /// Skips from an opening parenthesis to behind the one that closes it.
    mutating func skipParentheses() throws(SyntaxError) {
        var depth = 0
        repeat {
            switch token.kind {
            case .leftParenthesis: depth += 1
            case .rightParenthesis: depth -= 1
            case .end, .semicolon: throw unexpected("\")\"")
            default: break
            }
            advance()
        } while depth > 0
    }
}
