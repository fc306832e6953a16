// Virtual tables: their arguments are the module's own language.
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
}
