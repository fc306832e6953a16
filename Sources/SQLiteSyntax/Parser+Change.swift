// INSERT, UPDATE and DELETE, as statements of their own and in a trigger's body.
extension Parser {
    /// `INSERT …` or `REPLACE …`, after its WITH clause.
    mutating func insert(with: WithClause?) throws(SyntaxError) -> Insert {
        var resolution: ConflictResolution?
        if accept(.replace) {
            resolution = .replace
        } else {
            try expect(.insert)
            resolution = try orResolution()
        }
        try expect(.into)
        var result = Insert(with: with, or: resolution, into: try changedTable(), rows: nil)
        if token.kind == .leftParenthesis { result.columns = try plainColumnNames() }
        if !isInTrigger, accept(.default) {
            try expect(.values)
        } else {
            result.rows = try query()
            result.upserts = try upserts()
        }
        result.returning = try returning()
        return result
    }

    /// `OR IGNORE`, …
    private mutating func orResolution() throws(SyntaxError) -> ConflictResolution? {
        guard accept(.or) else { return nil }
        guard let word = token.keyword, let result = ConflictResolution(rawValue: word.rawValue.uppercased())
        else { throw unexpected("a conflict resolution") }
        advance()
        return result
    }

    /// In a trigger a table has neither a schema nor an alias.
    private mutating func changedTable() throws(SyntaxError) -> TableSource {
        guard !isInTrigger else { return TableSource(try name("the name of a table")) }
        let (schema, name) = try qualifiedName("the name of a table")
        var result = TableSource(schema: schema, name)
        if accept(.as) { result.alias = try self.name("an alias") }
        return result
    }

    /// `ON CONFLICT …`, any number; one without a target must be the last.
    private mutating func upserts() throws(SyntaxError) -> [Upsert] {
        var result: [Upsert] = []
        while accept(.on) {
            try expect(.conflict)
            var upsert = Upsert(.nothing)
            if accept(.leftParenthesis) {
                upsert.target = try indexedColumns()
                try expect(.rightParenthesis, ")")
                if accept(.where) { upsert.targetFilter = try expression() }
            }
            try expect(.do)
            if !accept(.nothing) {
                guard accept(.update) else { throw unexpected("NOTHING or UPDATE") }
                let assignments = try assignments()
                upsert.action = .update(assignments, filter: accept(.where) ? try expression() : nil)
            }
            result.append(upsert)
            if upsert.target.isEmpty { break }
        }
        return result
    }

    /// `SET a = 1, (b, c) = (…)`.
    private mutating func assignments() throws(SyntaxError) -> [Assignment] {
        try expect(.set)
        var result: [Assignment] = []
        repeat {
            let isRow = token.kind == .leftParenthesis
            let columns = isRow ? try plainColumnNames() : [try name("the name of a column")]
            try expect(.equal, "=")
            result.append(Assignment(columns, isRow: isRow, value: try expression()))
        } while accept(.comma)
        return result
    }

    private mutating func returning() throws(SyntaxError) -> [ResultColumn] {
        guard !isInTrigger, accept(.returning) else { return [] }
        return try resultColumns()
    }

    /// `UPDATE …`, after its WITH clause.
    mutating func update(with: WithClause?) throws(SyntaxError) -> Update {
        try expect(.update)
        let resolution = try orResolution()
        var table = try changedTable()
        if !isInTrigger { table.indexHint = try indexHint() }
        var result = Update(with: with, or: resolution, table, assignments: try assignments())
        if accept(.from) { result.from = try fromClause() }
        if accept(.where) { result.filter = try expression() }
        guard !isInTrigger else { return result }
        result.returning = try returning()
        result.orderBy = try orderBy()
        (result.limit, result.offset) = try limit()
        return result
    }

    /// `DELETE …`, after its WITH clause.
    mutating func delete(with: WithClause?) throws(SyntaxError) -> Delete {
        try expect(.delete)
        try expect(.from)
        var table = try changedTable()
        if !isInTrigger { table.indexHint = try indexHint() }
        var result = Delete(with: with, from: table)
        if accept(.where) { result.filter = try expression() }
        guard !isInTrigger else { return result }
        result.returning = try returning()
        result.orderBy = try orderBy()
        (result.limit, result.offset) = try limit()
        return result
    }
}
