import Testing

@testable import SQLiteSyntax

/// We read whatever SQLite reads: all its keywords in all places, and schemas that were tampered with.
@Suite struct LeniencyTests {
    static let places = [
        "CREATE TABLE t(a, § INT)", "CREATE TABLE §(a)", "CREATE TABLE t(a §)", "CREATE TABLE t(a INT §)",
        "CREATE TABLE t(a, CONSTRAINT § CHECK(a))", "CREATE TABLE t(a REFERENCES §(§))",
        "CREATE TABLE t(a DEFAULT §)",
        "CREATE TABLE t(a, §, CHECK(§ + 1))", "CREATE TABLE t(a, §, CHECK(1 + § > 2))",
        "CREATE TABLE t(§, CHECK(t.§ = 1))",
        "CREATE TABLE t(a, §, CHECK(CASE § WHEN § THEN § ELSE § END))",
        "CREATE TABLE t(a, §, UNIQUE(§ DESC))",
        "CREATE TABLE t(a, §, PRIMARY KEY(§))", "CREATE TABLE t(a, §, FOREIGN KEY(§) REFERENCES x)",
    ]

    /// What we read and SQLite does not, without harm: it cannot stand in a schema.
    static let lenient: Set<String> = Set(
        ["date", "time", "timestamp"].flatMap {
            [
                "CREATE TABLE t(a, current_\($0), UNIQUE(current_\($0) DESC))",
                "CREATE TABLE t(a, current_\($0), PRIMARY KEY(current_\($0)))",
            ]
        } + ["CREATE TABLE if(a)"])

    @Test(arguments: places) func `every keyword may be a name where SQLite lets it`(place: String) throws {
        let texts = Keyword.allCases.map { place.replacing("§", with: $0.rawValue) }
        let accepted = try Set(accepting(texts).map(\.text))
        for text in texts where !Self.lenient.contains(text) {
            #expect(accepted.contains(text) == parses(text), "\(text)")
        }
    }

    @Test func `a tampered table that SQLite accepts is read`() throws {
        var random = SplitMix(seed: 31)
        let sources = TableAgreementTests.tables.filter { sql in
            !["--", "/*", ";"].contains { sql.contains($0) }
        }
        var texts: [String] = []
        for _ in 0..<10_000 {
            let text = try tampered(random.pick(sources), with: random.pick(sources), &random)
            if isLexed(text) { texts.append(text) }
        }
        let accepted = try accepting(texts)
        #expect(accepted.count > 500)
        for (text, columns) in accepted {
            do {
                let statement = try Parser.parseStatement(text)
                #expect(try Parser.parseStatement(SQLPrinter.print(statement)) == statement, "\(text)")
                guard case .createTable(let table) = statement else { continue }
                let ours = TableAgreementTests.shape(of: table).map { Self.comparable($0) }
                #expect(ours == columns.map { Self.comparable($0) }, "\(text)")
            } catch {
                Issue.record("\(error): \(text)")
            }
        }
    }

    @Test func `no prefix of a statement brings the parser down`() {
        for sql in TableAgreementTests.tables {
            for length in stride(from: 0, to: sql.count, by: 3) {
                let text = String(sql.prefix(length))
                _ = parses(text)
                _ = parses(text + "\u{0}" + sql)
                _ = parses(text + "(")
            }
        }
    }

    private func parses(_ sql: String) -> Bool {
        do {
            _ = try Parser.parseStatement(sql)
            return true
        } catch {
            return false
        }
    }

    /// Whether the text is whole in itself, so that it cannot swallow the script behind it.
    private func isLexed(_ sql: String) -> Bool {
        do {
            _ = try Parser(sql)
            return true
        } catch {
            return false
        }
    }

    /// The text of a type is compared without its spaces and the case of its letters.
    private static func comparable(_ column: [String]) -> [String] {
        [column[0], TableAgreementTests.folded(column[1])] + column[2...]
    }

    /// The texts that SQLite takes, in the order given, each with the columns of its table.
    private func accepting(_ texts: [String]) throws -> [(text: String, columns: [[String]])] {
        let script = texts.enumerated().map { index, text in
            """
            BEGIN;
            \(text);
            SELECT \(index), c.name, c.type, c."notnull", c.dflt_value IS NOT NULL, c.pk, c.hidden
            FROM sqlite_schema s, pragma_table_xinfo(s.name) c
            WHERE s.type = 'table' AND s.name <> 'sqlite_sequence' ORDER BY c.cid;
            ROLLBACK;
            """
        }
        let rows = try SQLite3.rows(script.joined(separator: "\n"), ignoringErrors: true)
        let columns = Dictionary(grouping: rows) { $0[0] }
        return texts.enumerated().compactMap { index, text in
            columns[String(index)].map { (text, $0.map { Array($0.dropFirst()) }) }
        }
    }

    /// The text with one token left out, doubled, moved or replaced.
    private func tampered(_ sql: String, with other: String, _ random: inout SplitMix) throws -> String {
        var tokens = try words(sql)
        let others = try words(other)
        let place = 3 + random.next(below: tokens.count - 3)
        switch random.next(below: 4) {
        case 0: tokens.remove(at: place)
        case 1: tokens.insert(tokens[place], at: place)
        case 2: tokens.swapAt(place, 3 + random.next(below: tokens.count - 3))
        default: tokens.insert(random.pick(others), at: place)
        }
        return tokens.joined(separator: " ")
    }

    private func words(_ sql: String) throws -> [String] {
        let parser = try Parser(sql)
        return parser.tokens.dropLast().map(parser.text)
    }
}
