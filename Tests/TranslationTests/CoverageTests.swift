import Foundation
import PostgresDDL
import SQLiteSyntax
import Schema
import Testing

@testable import Translation

/// `docs/reference/sql-coverage.md` is made from the rule tables; `GOLDEN=update swift test` writes it.
@Suite("The reference of what is carried")
struct CoverageTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/reference/sql-coverage.md")

    @Test func `is made from the rule tables`() throws {
        let text = try Page().text
        if ProcessInfo.processInfo.environment["GOLDEN"] == "update" {
            try text.write(to: Self.page, atomically: true, encoding: .utf8)
        }
        let written = try String(contentsOf: Self.page, encoding: .utf8)
        #expect(text == written, "GOLDEN=update writes it")
    }

    @Test func `has every function once for each number of arguments`() {
        for (name, rules) in Dictionary(grouping: FunctionRule.all, by: \.name) {
            for (position, rule) in rules.enumerated() {
                for other in rules.dropFirst(position + 1) {
                    #expect(!rule.arguments.overlaps(other.arguments), "\(name)")
                }
            }
        }
        #expect(FunctionRule.all.count > 90)
    }
}

/// The page, with every example translated now.
private struct Page {
    private let translation: ExpressionTranslation
    private let source: Source

    init() throws {
        source = try Source(
            """
            CREATE TABLE t (i INTEGER, k INTEGER, r REAL, n NUMERIC, t TEXT, u TEXT COLLATE NOCASE, b BLOB);
            INSERT INTO t VALUES (1, 2, 0.5, 1.5, 'x', 'y', x'00'), (3, 4, 1.0, 12, 'z', 'Y', x'');
            """)
        let options = PlanOptions.native
        var builder = PlanBuilder(source: try source.schema(), options: options)
        _ = builder.build()
        translation = ExpressionTranslation(
            scope: TableScope(table: builder.tables[0], options: options), options: options,
            settings: .query(allowsCompatibility: true))
    }

    var text: String {
        get throws {
            var parts = [Self.introduction]
            parts += ["## Operators", try table(OperatorRule.operators)]
            for (title, rules) in Self.functions { parts += ["## \(title)", try table(rules)] }
            parts += ["## Aggregates", try table(OperatorRule.aggregates)]
            parts += ["## Windows", try table(OperatorRule.windows)]
            return parts.joined(separator: "\n\n") + "\n"
        }
    }

    private static let functions: [(String, [FunctionRule])] = [
        ("Functions of text and blobs", FunctionRule.text), ("Functions that choose", FunctionRule.values),
        ("Functions of numbers", FunctionRule.numbers), ("Date and time", FunctionRule.dates),
        ("JSON", FunctionRule.json), ("Functions that are not carried", FunctionRule.refused),
    ]

    private static let introduction = """
        # SQL coverage

        What becomes of the expressions in views, checks, generated columns and indexes. This page is made from the
        tables that the translator itself reads, and each example was translated when it was made; the tests run
        expressions of every kind in SQLite and in Postgres and compare each value and its storage class.

        - ✅ gives what SQLite 3.40 gives.
        - ⚠ does so but for what is said beside it.
        - ❌ is not carried: the object that holds it is reported with the reason.

        A name with `sqlite.` is a compatibility function: it stands wherever Postgres has no operator or function
        that is equal. An expression that needs one is not carried into CHECK constraints, generated columns and
        indexes of a plan without them.

        In the examples `i` and `k` are INTEGER columns, `r` is REAL, `n` NUMERIC, `t` TEXT, `u` TEXT COLLATE NOCASE
        and `b` BLOB. The Postgres form depends on these types: another column may need another form.
        """

    private func table(_ rules: [OperatorRule]) throws -> String {
        try rows(
            rules.map { rule in
                let mark =
                    switch rule.equality {
                    case .exact: "✅"
                    case .differs(let words): "⚠ \(words)"
                    case .refused(let words): "❌ \(words)"
                    }
                return (rule.syntax, rule.example, mark)
            })
    }

    private func table(_ rules: [FunctionRule]) throws -> String {
        try rows(
            rules.map { rule in
                if case .refused(let words) = rule.form { return ("`\(rule.name)()`", nil, "❌ \(words)") }
                let mark = if case .differs(let words) = rule.equality { "⚠ \(words)" } else { "✅" }
                return ("`\(rule.name)()`", rule.example, mark)
            })
    }

    private func rows(_ rows: [(String, String?, String)]) throws -> String {
        var lines = ["| SQLite | example | in Postgres | |", "|---|---|---|---|"]
        for (syntax, example, mark) in rows {
            let form = try example.map { "`\(cell(try translated($0)))`" } ?? ""
            lines.append(
                "| \(syntax.replacing("|", with: "\\|")) | \(example.map { "`\(cell($0))`" } ?? "") | \(form) | \(mark) |"
            )
        }
        return lines.joined(separator: "\n")
    }

    private func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

    private func translated(_ example: String) throws -> String {
        let value = try translation.value(try Parser.parseExpression(example))
        return PostgresDDL(schema: "public").render(value.sql)
    }
}
