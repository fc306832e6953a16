import Foundation
import Testing

@testable import SQLiteSyntax

@Suite struct StatementTests {
    private func refusal(_ sql: String) -> SyntaxError? {
        do {
            _ = try Parser.parseAnyStatement(sql)
            return nil
        } catch {
            return error
        }
    }

    @Test func `what SQLite's grammar takes is read, and what it refuses is refused`() throws {
        #expect(StatementTable.all.count > 250)
        let errors = try SQLite3.syntaxErrors(in: StatementTable.all, after: StatementTable.setup)
        #expect(errors.count > 60)
        for (index, sql) in StatementTable.all.enumerated() {
            let ours = refusal(sql)
            // Underscores between digits came with SQLite 3.46.
            if sql == "SELECT 1_000" || errors[index] == SQLite3.unread { continue }
            #expect(
                (ours == nil) == (errors[index] == nil),
                "\(sql): SQLite says \(errors[index] ?? "nothing"), we say \(ours.map(\.description) ?? "nothing")"
            )
        }
    }

    @Test func `statements come back from what is printed`() throws {
        for sql in StatementTable.all where refusal(sql) == nil {
            let statement = try Parser.parseAnyStatement(sql)
            let printed = SQLPrinter.print(Self.bare(statement))
            #expect(try Self.bare(Parser.parseAnyStatement(printed)) == Self.bare(statement), "\(printed)")
        }
    }

    /// Without the text that a view or a trigger keeps.
    static func bare(_ statement: Statement) -> Statement {
        switch statement {
        case .schema(.createView(let view, _)): .schema(.createView(view, sql: SQLPrinter.print(view)))
        case .schema(.createTrigger(let trigger, _)):
            .schema(.createTrigger(trigger, sql: SQLPrinter.print(trigger)))
        default: statement
        }
    }

    @Test func `generated statements come back from what is printed`() throws {
        for seed: UInt64 in 1...3_000 {
            var generator = ExpressionGenerator(seed: seed)
            let statement = generator.statement(depth: 3)
            let printed = SQLPrinter.print(statement)
            do {
                try #require(try Parser.parseAnyStatement(printed) == statement, "seed \(seed): \(printed)")
            } catch let error as SyntaxError {
                Issue.record("seed \(seed): \(error): \(printed)")
                return
            }
        }
    }

    @Test func `generated statements are SQL to SQLite`() throws {
        let statements = (1...1_500 as ClosedRange<UInt64>).map { seed in
            var generator = ExpressionGenerator(seed: seed, ordersArguments: false)
            return SQLPrinter.print(generator.statement(depth: 2))
        }.filter { !$0.contains("\n") && !$0.contains("-- x") }
        #expect(statements.count > 500)
        let tables = Set(ExpressionGenerator.names.map { $0.lowercased() }).sorted().map {
            "CREATE TABLE \"\($0.replacing("\"", with: "\"\""))\"(a, b);"
        }
        let errors = try SQLite3.syntaxErrors(in: statements, after: tables.joined(separator: "\n"))
        #expect(errors.count < statements.count / 6)
        for (index, error) in errors where error != SQLite3.unread {
            Issue.record("\(error): \(statements[index])")
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `tampered statements are read when SQLite's grammar takes them`(
        seed: UInt64
    ) throws {
        var random = SplitMix(seed: seed)
        let sources = try StatementTable.all.map { try Self.words($0) }
        var texts: [String] = []
        while texts.count < 2_500 {
            var words = random.pick(sources)
            for _ in 0...random.next(below: 2) { Self.tamper(&words, with: random.pick(sources), &random) }
            let text = words.joined(separator: " ")
            // SQLite would see another statement than us where a semicolon or a comment ends this one.
            let isWhole = Script(text).pieces.map(\.sql) == [text] && !text.contains("--")
            if isWhole, text.first != ".", words.count > 1 { texts.append(text) }
        }
        let errors = try SQLite3.syntaxErrors(in: texts, after: StatementTable.setup)
        var accepted = 0
        // Underscores in numbers and functions with the names of joins are of later versions.
        let later = /1_0|\b(left|natural|indexed) \(/
        for (index, text) in texts.enumerated()
        where errors[index] != SQLite3.unread && !text.contains(later) {
            let ours = refusal(text)
            accepted += errors[index] == nil ? 1 : 0
            #expect(
                (ours == nil) == (errors[index] == nil),
                "seed \(seed): \(text): SQLite says \(errors[index] ?? "nothing"), we say \(ours.map(\.description) ?? "nothing")"
            )
        }
        #expect(accepted > 150)
    }

    private static func words(_ sql: String) throws -> [String] {
        var lexer = Lexer(sql)
        var result: [String] = []
        while true {
            let token: Token
            do { token = try lexer.next() } catch { return sql.split(separator: " ").map(String.init) }
            if token.kind == .end { return result }
            result.append(String(decoding: lexer.bytes[token.start..<token.end], as: UTF8.self))
        }
    }

    private static func tamper(_ words: inout [String], with others: [String], _ random: inout SplitMix) {
        guard words.count > 1 else { return }
        let place = 1 + random.next(below: words.count - 1)
        switch random.next(below: 4) {
        case 0: words.remove(at: place)
        case 1: words.insert(words[place], at: place)
        case 2: words.swapAt(place, 1 + random.next(below: words.count - 1))
        default: words.insert(random.pick(others), at: place)
        }
    }

    static let names: [(sql: String, names: [String])] = [
        ("SELECT a+1 , b FROM t", ["a+1", "b"]),
        ("SELECT  A /* x */ ,1 -- y\n FROM t", ["A /* x */", "1 -- y"]),
        ("SELECT \"a b\", max( x )\n", ["\"a b\"", "max( x )"]),
        ("INSERT INTO t VALUES (1) RETURNING a  ||  b", ["a  ||  b"]),
    ]

    @Test(arguments: names) func `a result column keeps how it was written`(sql: String, names: [String])
        throws
    {
        let columns: [ResultColumn] =
            switch try Parser.parseAnyStatement(sql) {
            case .query(let query): if case .select(let select) = query.first { select.columns } else { [] }
            case .insert(let insert): insert.returning
            default: []
            }
        let spellings = columns.map { column in
            if case .expression(_, nil, let spelling) = column { spelling.text } else { "" }
        }
        #expect(spellings == names)
    }
}
