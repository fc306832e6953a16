/// A statement of a script, of any kind.
package enum Statement: Sendable, Hashable {
    case query(Query)
    case insert(Insert)
    case update(Update)
    case delete(Delete)
    case schema(SchemaStatement)
    /// Everything else by its first word in upper case (`PRAGMA`, `BEGIN`, `ALTER`), with its text.
    case other(keyword: String, text: String)
}

extension Parser {
    /// Returns the one statement in `sql`, of whatever kind; a semicolon may follow it.
    package static func parseAnyStatement(_ sql: String) throws(SyntaxError) -> Statement {
        var parser = try Parser(sql)
        while parser.accept(.semicolon) {}
        let result = try parser.anyStatement(sql)
        while parser.accept(.semicolon) {}
        try parser.expectEnd()
        return result
    }

    private mutating func anyStatement(_ sql: String) throws(SyntaxError) -> Statement {
        let with = token.keyword == .with ? try withClause() : nil
        switch token.keyword {
        case .select, .values: return .query(try query(after: with))
        case .insert, .replace: return .insert(try insert(with: with))
        case .update: return .update(try update(with: with))
        case .delete: return .delete(try delete(with: with))
        default: break
        }
        guard with == nil else { throw unexpected("SELECT, VALUES, INSERT, UPDATE or DELETE") }
        if token.keyword == .create, !createsTableFromQuery { return .schema(try schemaStatement(sql)) }
        guard let keyword = token.keyword, Self.otherWords.contains(keyword) else {
            throw unexpected("a statement")
        }
        let start = index
        while token.kind != .end, token.kind != .semicolon { advance() }
        return .other(keyword: keyword.rawValue.uppercased(), text: text(ofTokens: start..<index))
    }

    private static let otherWords: Set<Keyword> = [
        .alter, .analyze, .attach, .begin, .commit, .create, .detach, .drop, .end, .explain, .pragma,
        .reindex, .release, .rollback, .savepoint, .vacuum,
    ]

    /// `CREATE [TEMP] TABLE [IF NOT EXISTS] [schema.]name AS`: no definition, a query's rows.
    private var createsTableFromQuery: Bool {
        var ahead = 1
        if [.temp, .temporary].contains(token(ahead: ahead).keyword) { ahead += 1 }
        guard token(ahead: ahead).keyword == .table else { return false }
        ahead += 1
        if token(ahead: ahead).keyword == .if, token(ahead: ahead + 1).keyword == .not { ahead += 3 }
        if token(ahead: ahead + 1).kind == .dot { ahead += 2 }
        return token(ahead: ahead + 1).keyword == .as
    }
}
