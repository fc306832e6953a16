// CREATE INDEX, and the column lists of keys.
extension Parser {
    mutating func createIndex() throws(SyntaxError) -> CreateIndex {
        let isUnique = accept(.unique)
        try expect(.index)
        let ifNotExists = try ifNotExists()
        let (schema, name) = try qualifiedName("the name of an index")
        try expect(.on)
        let table = try self.name("the name of a table")
        try expect(.leftParenthesis, "(")
        var result = CreateIndex(schema: schema, name: name, table: table, columns: try indexedColumns())
        try expect(.rightParenthesis, ")")
        result.isUnique = isUnique
        result.ifNotExists = ifNotExists
        if accept(.where) { result.filter = try expression() }
        return result
    }

    mutating func indexedColumns() throws(SyntaxError) -> [IndexedColumn] {
        var result: [IndexedColumn] = []
        repeat {
            var column = IndexedColumn(try expression())
            // Of several collations the outermost counts.
            while case .collate(let operand, let collation) = column.expression {
                column.expression = operand
                column.collation = column.collation ?? collation
            }
            // A string is a column's name here.
            if case .literal(.string(let name)) = column.expression {
                column.expression = .column(ColumnReference(name: name))
            }
            column.order = sortOrder()
            result.append(column)
        } while accept(.comma)
        return result
    }
}
