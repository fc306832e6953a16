// Virtual tables, and what is kept as text: views and triggers.
extension Parser {
    mutating func virtualTable() throws(SyntaxError) -> CreateVirtualTable {
        try expect(.virtual)
        try expect(.table)
        _ = try ifNotExists()
        let name = try qualifiedName("the name of a table").name
        try expect(.using)
        let module = try self.name("the name of a module")
        var result = CreateVirtualTable(name: name, module: module, arguments: [])
        guard accept(.leftParenthesis) else { return result }
        var start = index
        while true {
            switch token.kind {
            case .leftParenthesis: try skipParentheses()
            case .comma, .rightParenthesis:
                // SQLite passes no empty argument on to the module.
                if index > start { result.arguments.append(text(ofTokens: start..<index)) }
                let isLast = token.kind == .rightParenthesis
                advance()
                if isLast { return result }
                start = index
            case .end, .semicolon: throw unexpected("\")\"")
            default: advance()
            }
        }
    }

    mutating func view(_ sql: String) throws(SyntaxError) -> SchemaStatement {
        try expect(.view)
        _ = try ifNotExists()
        let name = try qualifiedName("the name of a view").name
        if token.kind == .leftParenthesis { _ = try columnNames() }
        try expect(.as)
        guard isQuery(token) else { throw unexpected("a query") }
        return .createView(name: name, sql: sql)
    }

    mutating func trigger(_ sql: String) throws(SyntaxError) -> SchemaStatement {
        try expect(.trigger)
        _ = try ifNotExists()
        let name = try qualifiedName("the name of a trigger").name
        if !accept(.before), !accept(.after) { _ = accept(.instead, .of) }
        if accept(.update) {
            if accept(.of) {
                repeat { _ = try self.name("the name of a column") } while accept(.comma)
            }
        } else if !accept(.delete), !accept(.insert) {
            throw unexpected("DELETE, INSERT or UPDATE")
        }
        try expect(.on)
        let table = try qualifiedName("the name of a table").name
        return .createTrigger(name: name, table: table, sql: sql)
    }
}
