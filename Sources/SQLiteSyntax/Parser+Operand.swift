// What stands between operators: literals, names, calls, parentheses.
extension Parser {
    /// Reads the prefix operators and the operand behind them.
    mutating func prefixed() throws(SyntaxError) -> Expression {
        switch token.kind {
        case .minus: return try unary(.minus, .prefix)
        case .plus: return try unary(.plus, .prefix)
        case .tilde: return try unary(.bitwiseNot, .prefix)
        case .leftParenthesis: return try parenthesized()
        case .word:
            if token.keyword == .not { return try unary(.not, .not) }
            return try wordOperand()
        default: return try simpleOperand()
        }
    }

    private mutating func unary(_ operation: UnaryOperator, _ level: Precedence) throws(SyntaxError)
        -> Expression
    {
        advance()
        let operand = try expression(level)
        // The one integer that has no positive counterpart is no real.
        if operation == .minus, case .literal(.real(let text)) = operand,
            String(text.drop { $0 == "0" }) == "9223372036854775808"
        {
            return .literal(.integer(.min))
        }
        try grow()
        return .unary(operation, operand)
    }

    /// `(x)`, `(x, y)` or `(SELECT …)`.
    private mutating func parenthesized() throws(SyntaxError) -> Expression {
        if isQuery(token(ahead: 1)) { return .subquery(try queryInParentheses()) }
        advance()
        let first = try expression()
        if accept(.rightParenthesis) { return first }
        try expect(.comma, ",")
        let firstHeight = height
        guard token.kind != .rightParenthesis else { throw unexpected("an expression") }
        let others = try expressionList()
        try expect(.rightParenthesis, ")")
        try grow(over: firstHeight)
        return .row([first] + others)
    }

    private mutating func wordOperand() throws(SyntaxError) -> Expression {
        switch token.keyword {
        case .null: return constant(.null)
        case .currentDate: return constant(.currentDate)
        case .currentTime: return constant(.currentTime)
        case .currentTimestamp: return constant(.currentTimestamp)
        case .case: return try conditional()
        case .cast: return try cast()
        case .exists:
            advance()
            guard token.kind == .leftParenthesis, isQuery(token(ahead: 1)) else {
                throw unexpected("a query")
            }
            return .exists(try queryInParentheses())
        case .raise: return .raise(try raise())
        default: return try simpleOperand()
        }
    }

    private mutating func simpleOperand() throws(SyntaxError) -> Expression {
        height = 1
        switch token.kind {
        case .integer, .hexadecimal, .real, .blob: return .literal(try literal())
        case .string where token(ahead: 1).kind != .dot: return .literal(try literal())
        case .variable:
            defer { advance() }
            return .bindParameter(text(token))
        default:
            guard isName(token) else { throw unexpected("an expression") }
            return token(ahead: 1).kind == .leftParenthesis && token.kind != .string
                ? try call() : try column()
        }
    }

    private mutating func constant(_ literal: Literal) -> Expression {
        height = 1
        advance()
        return .literal(literal)
    }

    /// Reads a number, a string or a blob.
    mutating func literal() throws(SyntaxError) -> Literal {
        defer { advance() }
        switch token.kind {
        case .string: return .string(unquoted(token))
        case .blob: return .blob(blobBytes(token))
        case .real: return .real(digits(token))
        case .integer:
            let text = digits(token)
            return Int64(text).map { .integer($0) } ?? .real(text)
        case .hexadecimal:
            let text = digits(token)
            guard let value = UInt64(String(text.dropFirst(2).drop { $0 == "0" }), radix: 16) ?? zero(text)
            else {
                throw failure("a hexadecimal literal has more than 64 bits")
            }
            return .hexadecimal(text: text, value: Int64(bitPattern: value))
        default: throw unexpected("a literal")
        }
    }

    /// Zero when a hexadecimal literal has no digit but zeros.
    private func zero(_ text: String) -> UInt64? { text.dropFirst(2).allSatisfy { $0 == "0" } ? 0 : nil }

    private func digits(_ token: Token) -> String { text(token).filter { $0 != "_" } }

    private func blobBytes(_ token: Token) -> [UInt8] {
        let hexadecimal = bytes[(token.start + 2)..<(token.end - 1)]
        func value(_ digit: UInt8) -> UInt8 { Lexer.isDigit(digit) ? digit - 0x30 : (digit | 0x20) - 0x57 }
        return stride(from: hexadecimal.startIndex, to: hexadecimal.endIndex, by: 2).map {
            value(hexadecimal[$0]) << 4 | value(hexadecimal[$0 + 1])
        }
    }

    private mutating func column() throws(SyntaxError) -> Expression {
        let first = token
        let name = try name("an expression")
        guard accept(.dot) else {
            if first.kind == .word, let value = truth(name) { return .literal(.boolean(value)) }
            let isDoubleQuoted = bytes[first.start] == UInt8(ascii: "\"")
            return .column(ColumnReference(name: name, isDoubleQuoted: isDoubleQuoted))
        }
        let second = try self.name("the name of a column")
        guard accept(.dot) else { return .column(ColumnReference(table: name, name: second)) }
        return .column(
            ColumnReference(schema: name, table: second, name: try self.name("the name of a column")))
    }

    /// The value of the words `TRUE` and `FALSE`.
    func truth(_ word: String) -> Bool? {
        switch SQLiteName.folded(word) {
        case "true": true
        case "false": false
        default: nil
        }
    }
}

// CASE, CAST and calls.
extension Parser {
    private mutating func conditional() throws(SyntaxError) -> Expression {
        advance()
        var tallest = 0
        var operand: Expression?
        if token.keyword != .when {
            operand = try expression()
            tallest = height
        }
        var branches: [Expression.WhenBranch] = []
        try expect(.when)
        repeat {
            let condition = try expression()
            tallest = max(tallest, height)
            try expect(.then)
            branches.append(.init(when: condition, then: try expression()))
            tallest = max(tallest, height)
        } while accept(.when)
        let otherwise: Expression? = accept(.else) ? try expression() : nil
        try expect(.end)
        try grow(over: tallest)
        return .conditional(operand: operand, branches: branches, otherwise: otherwise)
    }

    private mutating func cast() throws(SyntaxError) -> Expression {
        advance()
        try expect(.leftParenthesis, "(")
        let operand = try expression()
        try expect(.as)
        let type = try typeName()
        try expect(.rightParenthesis, ")")
        try grow()
        return .cast(operand, typeName: type ?? "")
    }

    private mutating func call() throws(SyntaxError) -> Expression {
        var result = FunctionCall(try name("a function"))
        advance()
        height = 0
        if token.kind == .star, token(ahead: 1).kind == .rightParenthesis {
            advance()
            result.isStar = true
        } else {
            result.isDistinct = accept(.distinct)
            if !result.isDistinct { _ = accept(.all) }
            if token.keyword == .order { height = 0 } else { result.arguments = try expressionList() }
            let argumentHeight = height
            result.orderBy = try orderBy()
            height = max(height, argumentHeight)
        }
        try expect(.rightParenthesis, ")")
        let innerHeight = height
        try filterAndOver(&result)
        try grow(over: innerHeight)
        return .call(result)
    }

    /// `RAISE(IGNORE)`, `RAISE(ABORT, message)`; before SQLite 3.47 a message was a name or a string.
    private mutating func raise() throws(SyntaxError) -> Raise {
        advance()
        height = 1
        try expect(.leftParenthesis, "(")
        if accept(.ignore) {
            try expect(.rightParenthesis, ")")
            return .ignore
        }
        let resolution: ConflictResolution
        switch token.keyword {
        case .rollback: resolution = .rollback
        case .abort: resolution = .abort
        case .fail: resolution = .fail
        default: throw unexpected("IGNORE, ROLLBACK, ABORT or FAIL")
        }
        advance()
        try expect(.comma, ",")
        let message: Expression
        if isName(token), token(ahead: 1).kind == .rightParenthesis {
            message = .literal(.string(try name("a message")))
        } else {
            message = try expression()
            try grow()
        }
        try expect(.rightParenthesis, ")")
        return .failure(resolution, message: message)
    }
}
