// The constraints of a column, and the clauses that table constraints share with them.
extension Parser {
    /// Reads the constraints of the table's last column, in any order and number.
    mutating func columnConstraints(_ table: inout CreateTable) throws(SyntaxError) {
        let column = table.columns.count - 1
        var constraintName: String?
        while true {
            if accept(.constraint) {
                constraintName = try name("the name of a constraint")
            } else if let isDeferred = try deferral() {
                applyDeferral(isDeferred, in: &table)
            } else if let kind = try columnConstraint() {
                table.columns[column].constraints.append(ColumnConstraint(kind, name: constraintName))
                constraintName = nil
            } else {
                return
            }
        }
    }

    /// SQLite applies the clause to the foreign key that was declared last, be it another column's.
    private func applyDeferral(_ isDeferred: Bool, in table: inout CreateTable) {
        for column in table.columns.indices.reversed() {
            for index in table.columns[column].constraints.indices.reversed() {
                guard case .foreignKey(var clause) = table.columns[column].constraints[index].kind else {
                    continue
                }
                clause.isDeferred = isDeferred
                table.columns[column].constraints[index].kind = .foreignKey(clause)
                return
            }
        }
    }

    private mutating func columnConstraint() throws(SyntaxError) -> ColumnConstraint.Kind? {
        switch token.keyword {
        case .primary: return try primaryKey()
        case .not:
            guard accept(.not, .null) else { throw unexpected("NOT NULL") }
            return .notNull(try conflictResolution())
        case .null:
            advance()
            return .null(try conflictResolution())
        case .unique:
            advance()
            return .unique(try conflictResolution())
        case .check:
            advance()
            let condition = try parenthesizedExpression()
            return .check(condition, try conflictResolution())
        case .default:
            advance()
            return .default(try defaultValue())
        case .collate:
            advance()
            return .collate(try collation())
        case .references: return .foreignKey(try foreignKeyClause())
        case .generated, .as: return try generated()
        default: return nil
        }
    }

    private mutating func primaryKey() throws(SyntaxError) -> ColumnConstraint.Kind {
        advance()
        try expect(.key)
        let order = sortOrder()
        let resolution = try conflictResolution()
        return .primaryKey(order, resolution, isAutoincrement: accept(.autoincrement))
    }

    private mutating func generated() throws(SyntaxError) -> ColumnConstraint.Kind {
        if accept(.generated) { try expect(.always) }
        try expect(.as)
        let expression = try parenthesizedExpression()
        if isWord("stored") {
            advance()
            return .generated(expression, .stored)
        }
        _ = accept(.virtual)
        return .generated(expression, .virtual)
    }

    /// A literal, signed or not, an expression in parentheses, or a name, which stands for a string.
    private mutating func defaultValue() throws(SyntaxError) -> Expression {
        switch token.kind {
        case .leftParenthesis: return try parenthesizedExpression()
        case .minus, .plus:
            let next = token(ahead: 1)
            guard isTerm(next) else { throw unexpected("a literal") }
            return try prefixed()
        default: break
        }
        if isTerm(token) { return try prefixed() }
        guard isName(token), token.keyword.map({ !$0.isJoinWord || $0 == .indexed }) ?? true else {
            throw unexpected("a default value")
        }
        defer { advance() }
        if token.kind == .word, let value = truth(text(token)) { return .literal(.boolean(value)) }
        return .literal(.string(unquoted(token)))
    }

    /// Whether the token is a literal all by itself.
    private func isTerm(_ token: Token) -> Bool {
        switch token.kind {
        case .integer, .hexadecimal, .real, .blob, .string: true
        default:
            switch token.keyword {
            case .null, .currentDate, .currentTime, .currentTimestamp: true
            default: false
            }
        }
    }

    mutating func parenthesizedExpression() throws(SyntaxError) -> Expression {
        try expect(.leftParenthesis, "(")
        let result = try expression()
        try expect(.rightParenthesis, ")")
        return result
    }

    /// `ON CONFLICT …`, if it is there.
    mutating func conflictResolution() throws(SyntaxError) -> ConflictResolution? {
        guard accept(.on, .conflict) else { return nil }
        guard let word = token.keyword, let result = ConflictResolution(rawValue: word.rawValue.uppercased())
        else {
            throw unexpected("a conflict resolution")
        }
        advance()
        return result
    }
}

// Foreign keys.
extension Parser {
    /// `REFERENCES table (columns)` and its clauses, in any order; the last of a kind counts.
    mutating func foreignKeyClause() throws(SyntaxError) -> ForeignKeyClause {
        try expect(.references)
        var result = ForeignKeyClause(table: try name("the name of a table"))
        if token.kind == .leftParenthesis { result.columns = try columnNames() }
        while true {
            if accept(.match) {
                result.match = try name("a kind of match")
            } else if accept(.on) {
                try foreignKeyAction(&result)
            } else if let isDeferred = try deferral() {
                result.isDeferred = isDeferred
            } else {
                return result
            }
        }
    }

    private mutating func foreignKeyAction(_ clause: inout ForeignKeyClause) throws(SyntaxError) {
        if accept(.delete) {
            clause.onDelete = try action()
        } else if accept(.update) {
            clause.onUpdate = try action()
        } else {
            // SQLite reads ON INSERT and ignores it.
            try expect(.insert)
            _ = try action()
        }
    }

    private mutating func action() throws(SyntaxError) -> ForeignKeyClause.Action {
        if accept(.set, .null) { return .setNull }
        if accept(.set, .default) { return .setDefault }
        if accept(.cascade) { return .cascade }
        if accept(.restrict) { return .restrict }
        if accept(.no, .action) { return .noAction }
        throw unexpected("a foreign key action")
    }

    /// `[NOT] DEFERRABLE [INITIALLY …]`: whether it defers; nil when it is not there.
    mutating func deferral() throws(SyntaxError) -> Bool? {
        let isNegated = accept(.not, .deferrable)
        guard isNegated || accept(.deferrable) else { return nil }
        guard accept(.initially) else { return false }
        if accept(.deferred) { return !isNegated }
        try expect(.immediate)
        return false
    }
}
