import SQLiteSyntax
import Testing

@Suite struct FullTextDefinitionTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var arguments: String
        var indexed: [String]
        var content = FullTextDefinition.Content.own
        var tokenizer: [String] = []
        var testDescription: String { arguments }
    }

    static let examples: [Example] = [
        Example(arguments: "fts5(a, b)", indexed: ["a", "b"]),
        Example(arguments: "fts5(a UNINDEXED, \"b c\" unindexed, 'd''e', [g])", indexed: ["d'e", "g"]),
        Example(arguments: "FTS5(\"a = b\", \"x\"\"y\")", indexed: ["a = b", "x\"y"]),
        Example(
            arguments: "fts5(a, content='', tokenize = 'porter unicode61 remove_diacritics 0')",
            indexed: ["a"],
            content: .none, tokenizer: ["porter", "unicode61", "remove_diacritics", "0"]),
        Example(
            arguments: "fts5(a, content=\"the table\", content_rowid=id)", indexed: ["a"],
            content: .external("the table")),
        Example(
            arguments: "fts5(a, cont=t, tok=ascii, prefix='2 3')", indexed: ["a"], content: .external("t"),
            tokenizer: ["ascii"]),
        Example(
            arguments: "fts5(a, tokenize=\"unicode61 tokenchars '-_'\")", indexed: ["a"],
            tokenizer: ["unicode61", "tokenchars", "-_"]),
        Example(arguments: "fts4", indexed: ["content"]), Example(arguments: "fts4()", indexed: ["content"]),
        Example(
            arguments: "fts4(a TEXT, \"b c\" VARCHAR(10), tokenize=porter)", indexed: ["a", "b c"],
            tokenizer: ["porter"]),
        Example(
            arguments: "fts4(a, b, notindexed=a, tokenize=unicode61 \"remove_diacritics=0\")", indexed: ["b"],
            tokenizer: ["unicode61", "remove_diacritics=0"]),
        Example(
            arguments: "fts4(a, content=\"t\", order=desc, matchinfo=fts3)", indexed: ["a"],
            content: .external("t")),
        Example(arguments: "fts3(a, tokenize porter)", indexed: ["a"], tokenizer: ["porter"]),
    ]

    /// SQLite says which columns there are; the hidden ones are the module's own.
    @Test(arguments: examples) func `a full-text table has the columns that SQLite sees`(_ example: Example)
        throws
    {
        let sql = "CREATE VIRTUAL TABLE f USING \(example.arguments)"
        guard case .createVirtualTable(let table) = try Parser.parseStatement(sql) else {
            Issue.record("\(sql)")
            return
        }
        let definition = try #require(FullTextDefinition(table))
        let rows = try SQLite3.rows(
            "CREATE TABLE t(a, id); CREATE TABLE \"the table\"(a, id); \(sql); SELECT name FROM pragma_table_info('f');"
        )
        #expect(definition.columns.map(\.name) == rows.map { $0[0] })
        #expect(definition.columns.filter(\.isIndexed).map(\.name) == example.indexed)
        #expect(definition.content == example.content)
        #expect(definition.tokenizer == example.tokenizer)
    }

    @Test(arguments: ["rtree(id, a, b)", "fts5vocab(f, row)", "fts5(a, unknown=1)", "fts4(a, unknown=1)"])
    func `another module's table and an option that is not known are none`(_ arguments: String) throws {
        guard
            case .createVirtualTable(let table) = try Parser.parseStatement(
                "CREATE VIRTUAL TABLE f USING \(arguments)")
        else {
            Issue.record("\(arguments)")
            return
        }
        #expect(FullTextDefinition(table) == nil)
    }

    static let tokenizers:
        [(arguments: String, cutter: String, porter: Bool, diacritics: Bool, letters: Bool)] = [
            ("fts5(a)", "unicode61", false, true, false), ("fts4(a)", "simple", false, false, false),
            ("fts5(a, tokenize='unicode61 remove_diacritics 0')", "unicode61", false, false, false),
            (
                "fts4(a, tokenize=unicode61 \"remove_diacritics=0\" \"tokenchars=-\")", "unicode61", false,
                false, true
            ),
            ("fts5(a, tokenize='porter ascii')", "ascii", true, false, false),
            ("fts5(a, tokenize=porter)", "unicode61", true, true, false),
            ("fts4(a, tokenize=porter)", "simple", true, false, false),
            ("fts5(a, tokenize='trigram case_sensitive 1')", "trigram", false, false, false),
        ]

    @Test(arguments: tokenizers.indices) func `what a tokenizer does is known by its words`(_ index: Int)
        throws
    {
        let example = Self.tokenizers[index]
        let sql = "CREATE VIRTUAL TABLE f USING \(example.arguments)"
        guard case .createVirtualTable(let table) = try Parser.parseStatement(sql) else {
            Issue.record("\(sql)")
            return
        }
        let definition = try #require(FullTextDefinition(table))
        #expect(definition.cutter == example.cutter)
        #expect(definition.usesPorter == example.porter)
        #expect(definition.removesDiacritics == example.diacritics)
        #expect(definition.choosesLetters == example.letters)
    }
}
