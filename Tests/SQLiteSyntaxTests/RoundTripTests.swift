import Foundation
import SQLiteSyntax
import Testing

@Suite struct RoundTripTests {
    @Test func `what is printed is read back as the same expression`() throws {
        for seed: UInt64 in 1...20_000 {
            var generator = ExpressionGenerator(seed: seed)
            let expression = generator.expression(depth: 4)
            let printed = SQLPrinter.print(expression)
            do {
                try #require(try Parser.parseExpression(printed) == expression, "seed \(seed): \(printed)")
            } catch let error as SyntaxError {
                Issue.record("seed \(seed): \(error): \(printed)")
                return
            }
        }
    }

    @Test func `what is printed is SQL to SQLite`() throws {
        for seed: UInt64 in 1...150 {
            var generator = ExpressionGenerator(seed: seed, ordersArguments: false)
            let printed = SQLPrinter.print(generator.expression(depth: 4))
            do {
                _ = try SQLite3.rows("SELECT \(printed);")
            } catch let failure as SQLite3.Failure {
                // It may name no column and no function that exists, but it must be grammatical.
                let grammar = ["syntax error", "unrecognized token", "incomplete input"]
                #expect(
                    !grammar.contains { failure.description.contains($0) },
                    "seed \(seed): \(failure): \(printed)")
            }
        }
    }

    @Test func `constant expressions keep their value when printed`() throws {
        let operators = [
            "+", "-", "*", "/", "%", "||", "&", "|", "<<", ">>", "<", "<=", ">", ">=", "=", "<>", "IS",
            "IS NOT", "AND",
            "OR", "LIKE", "GLOB", "NOT LIKE", "IS DISTINCT FROM", "BETWEEN 0 AND", "NOT BETWEEN -1 AND",
            "COLLATE nocase =", "IN (1, 2) =", "NOTNULL <",
        ]
        let prefixes = ["", "", "", "-", "+", "~", "NOT ", "- -", "-~"]
        let operands = ["0", "1", "2", "3", "7", "'a'", "'1'", "NULL", "1.5", "(1 = 0)", "(2 - 3)"]
        var generator = SplitMix(seed: 1)
        let texts = (0..<3_000).map { _ in
            (0...4).map { index in
                (index > 0 ? generator.pick(operators) + " " : "") + generator.pick(prefixes)
                    + generator.pick(operands)
            }.joined(separator: " ")
        }
        let pairs = try texts.map { ($0, SQLPrinter.print(try Parser.parseExpression($0))) }
        let rows = try SQLite3.rows(
            pairs.map { "SELECT quote(\($0)), quote(\($1));" }.joined(separator: "\n"))
        try #require(rows.count == pairs.count)
        for (pair, row) in zip(pairs, rows) {
            #expect(row[0] == row[1], "\(pair.0) became \(pair.1)")
        }
    }

    @Test(arguments: [
        "CREATE INDEX i ON t(a)",
        "CREATE UNIQUE INDEX IF NOT EXISTS main.\"i x\" ON \"t y\"(a DESC, \"b c\" COLLATE nocase ASC)",
        "CREATE INDEX i ON t(lower(a), a || b COLLATE nocase, (a || b) COLLATE nocase, -a) WHERE a IS NOT NULL AND b > 1",
        "CREATE INDEX i ON t('a' COLLATE x COLLATE y)",
        "CREATE VIRTUAL TABLE v USING fts5(a, b, content='', tokenize = \"x (y), z\")",
        "CREATE VIRTUAL TABLE v USING rtree(id, min, max,, +aux INT)",
        "CREATE VIRTUAL TABLE IF NOT EXISTS main.v USING m",
        "CREATE VIEW v AS SELECT 1 -- end",
        "CREATE VIEW \"v w\"(a, b) AS WITH x AS (SELECT 1) SELECT * FROM x",
        "CREATE TRIGGER g AFTER UPDATE OF a, b ON t FOR EACH ROW WHEN new.a BEGIN SELECT 1; END",
        "CREATE TEMP TRIGGER IF NOT EXISTS main.g INSTEAD OF DELETE ON v BEGIN DELETE FROM t; END",
    ]) func `statements come back equal`(sql: String) throws {
        let statement = try Parser.parseStatement(sql)
        #expect(try Parser.parseStatement(SQLPrinter.print(statement)) == statement)
        #expect(
            try JSONDecoder().decode(SchemaStatement.self, from: JSONEncoder().encode(statement)) == statement
        )
    }

    @Test func `a deep expression survives JSON`() throws {
        let sql = String(repeating: "f(", count: 300) + "a" + String(repeating: ")", count: 300)
        let column = IndexedColumn(try Parser.parseExpression(sql))
        #expect(try JSONDecoder().decode(IndexedColumn.self, from: JSONEncoder().encode(column)) == column)
    }

    /// Real schemas beside the repository; elsewhere there is nothing to read.
    @Test func `every statement of the real databases is read`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../shared/data")
        guard FileManager.default.fileExists(atPath: root.path) else { return }
        for file in try FileManager.default.contentsOfDirectory(atPath: root.path) where file.hasSuffix(".db")
        {
            let uri = "file:\(root.appending(path: file).path)?mode=ro&immutable=1"
            for row in try SQLite3.rows("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL;", on: uri) {
                let statement = try Parser.parseStatement(row[0])
                #expect(try Parser.parseStatement(SQLPrinter.print(statement)) == statement)
            }
        }
    }
}
