// CREATE TABLE: the frame, the columns' names and types, the table's constraints.
extension Parser {
    mutating func table(isTemporary: Bool) throws(SyntaxError) -> CreateTable {
        try expect(.table)
        let ifNotExists = try ifNotExists()
        let (schema, name) = try qualifiedName("the name of a table")
        var result = CreateTable(schema: schema, name: name)
        result.isTemporary = isTemporary
        result.ifNotExists = ifNotExists
        try expect(.leftParenthesis, "(")
        repeat {
            if startsTableConstraint, !result.columns.isEmpty {
                try tableConstraints(&result)
                break
            }
            try column(&result)
        } while accept(.comma)
        try expect(.rightParenthesis, ")")
        try tableOptions(&result)
        return result
    }

    private var startsTableConstraint: Bool {
        switch token.keyword {
        case .constraint, .primary, .unique, .check, .foreign: true
        default: false
        }
    }

    private mutating func column(_ table: inout CreateTable) throws(SyntaxError) {
        var column = ColumnDefinition(try name("the name of a column"))
        column.declaredType = try typeName()
        table.columns.append(column)
        try columnConstraints(&table)
    }

    /// Commas between table constraints are optional, and a `CONSTRAINT name` may stand alone.
    private mutating func tableConstraints(_ table: inout CreateTable) throws(SyntaxError) {
        var constraintName: String?
        while startsTableConstraint {
            if accept(.constraint) {
                constraintName = try name("the name of a constraint")
            } else {
                table.constraints.append(TableConstraint(try tableConstraint(), name: constraintName))
                constraintName = nil
            }
            if accept(.comma) {
                constraintName = nil
                guard startsTableConstraint else { throw unexpected("a table constraint") }
            }
        }
    }

    private mutating func tableConstraint() throws(SyntaxError) -> TableConstraint.Kind {
        if accept(.primary) {
            try expect(.key)
            try expect(.leftParenthesis, "(")
            let columns = try indexedColumns()
            let isAutoincrement = accept(.autoincrement)
            try expect(.rightParenthesis, ")")
            return .primaryKey(columns, try conflictResolution(), isAutoincrement: isAutoincrement)
        }
        if accept(.unique) {
            try expect(.leftParenthesis, "(")
            let columns = try indexedColumns()
            try expect(.rightParenthesis, ")")
            return .unique(columns, try conflictResolution())
        }
        if accept(.check) {
            let condition = try parenthesizedExpression()
            return .check(condition, try conflictResolution())
        }
        try expect(.foreign)
        try expect(.key)
        return .foreignKey(try columnNames(), try foreignKeyClause())
    }

    private mutating func tableOptions(_ table: inout CreateTable) throws(SyntaxError) {
        // SQLite lets a comma stand before the first option.
        guard accept(.comma) || token.kind == .word else { return }
        repeat {
            if accept(.without) {
                guard isWord("rowid") else { throw unexpected("ROWID") }
                table.isWithoutRowID = true
            } else {
                guard isWord("strict") else { throw unexpected("a table option") }
                table.isStrict = true
            }
            advance()
        } while accept(.comma)
    }

    /// Whether the current token is this word, unquoted.
    func isWord(_ word: String) -> Bool {
        token.kind == .word && SQLiteName.equal(text(token), word)
    }

    /// Reads a type name of any shape: words, quoted or not, then at most two numbers in parentheses.
    ///
    /// White space is folded and comments are left out. A type that begins with a
    /// quote is what stands within it, as `PRAGMA table_info` shows it. The words
    /// `GENERATED ALWAYS` at the end belong to the constraint that follows.
    mutating func typeName() throws(SyntaxError) -> String? {
        let start = index
        while isTypeWord(token) { advance() }
        guard index > start else { return nil }
        let words = tokens[start..<index]
        var parts = words.map { text($0) }
        let quotedType: String? = words.first.flatMap { $0.kind == .word ? nil : unquoted($0) }
        if accept(.leftParenthesis) {
            let first = try signedNumber()
            let second: String? = accept(.comma) ? try signedNumber() : nil
            try expect(.rightParenthesis, ")")
            parts[parts.count - 1] += second.map { "(\(first),\($0))" } ?? "(\(first))"
        } else if words[index - 1].keyword == .always, words[index - 1].end - words[start].start >= 16 {
            // SQLite itself takes them for a part of the type, and cuts them off again just so.
            parts.removeLast(words.count >= 2 && words[index - 2].keyword == .generated ? 2 : 1)
        }
        if let quotedType = quotedType.map({ strippedType(ofTokens: start..<index) ?? $0 }) {
            return quotedType.isEmpty ? nil : quotedType
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// A type that begins with a quote loses its first and last byte when no other quote stands
    /// between: that is how `[a] b` becomes `a] ` in SQLite.
    private func strippedType(ofTokens range: Range<Int>) -> String? {
        let start = tokens[range.lowerBound].start + 1
        let end = tokens[range.upperBound - 1].end - 1
        return bytes[start..<end].contains { "\"'`[".utf8.contains($0) } ? nil : text(from: start, to: end)
    }

    /// Whether a type name comes back as it is when it is read.
    static func readsAsType(_ type: String) -> Bool {
        do {
            var parser = try Parser(type)
            let result = try parser.typeName()
            return result == type && parser.token.kind == .end
        } catch {
            return false
        }
    }

    private mutating func signedNumber() throws(SyntaxError) -> String {
        let sign = accept(.minus) ? "-" : accept(.plus) ? "+" : ""
        switch token.kind {
        case .integer, .real, .hexadecimal:
            defer { advance() }
            return sign + text(token)
        default: throw unexpected("a number")
        }
    }
}
