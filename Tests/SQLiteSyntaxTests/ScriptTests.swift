import Foundation
import SQLiteSyntax
import Testing

@Suite struct ScriptTests {
    @Test func `a script is split at the semicolons between its statements`() {
        let script = Script(
            """
            -- first; not a statement
            SELECT ';', "a;b", [c;d], `e;f` /* ; */ ;;
              INSERT INTO t VALUES (1); CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN
              SELECT CASE WHEN 1 THEN 2 END; DELETE FROM t;
            END; PRAGMA x = 1;
            SELECT 2
            """)
        #expect(script.pieces.map(\.line) == [2, 3, 3, 5, 6])
        #expect(script.pieces.map(\.column) == [1, 3, 29, 6, 1])
        #expect(script.pieces.map { $0.sql.prefix(6) } == ["SELECT", "INSERT", "CREATE", "PRAGMA", "SELECT"])
        #expect(script.pieces[2].sql.hasSuffix("\nEND"))
    }

    static let kinds: [(sql: String, kind: String)] = [
        ("SELECT 1", "query"), ("VALUES (1)", "query"), ("WITH q AS (SELECT 1) DELETE FROM t", "delete"),
        ("REPLACE INTO t VALUES (1)", "insert"), ("UPDATE t SET a = 1", "update"),
        ("CREATE TABLE t(a)", "schema"), ("CREATE TABLE t AS SELECT 1", "CREATE"),
        ("CREATE TEMP TABLE IF NOT EXISTS main.t AS SELECT 1", "CREATE"),
        ("pragma foreign_keys = on", "PRAGMA"),
        ("BEGIN IMMEDIATE", "BEGIN"), ("END", "END"), ("DROP TABLE t", "DROP"),
        ("ALTER TABLE t ADD a", "ALTER"),
        ("EXPLAIN QUERY PLAN SELECT 1", "EXPLAIN"), ("ATTACH 'x' AS y", "ATTACH"),
    ]

    @Test(arguments: kinds) func `every statement has a kind`(sql: String, kind: String) throws {
        let pieces = Script(sql + ";").pieces
        try #require(pieces.count == 1)
        let statement = try pieces[0].statement()
        let found: String =
            switch statement {
            case .query: "query"
            case .insert: "insert"
            case .update: "update"
            case .delete: "delete"
            case .schema: "schema"
            case .other(let keyword, _): keyword
            }
        #expect(found == kind)
    }

    @Test func `one bad statement leaves the others alone, and says where it is bad`() throws {
        let script = Script("SELECT 1;\nSELECT # ;\n  SELECT\n 2 +;SELECT 3\u{0}4;\nSELECT 'x")
        let outcomes = script.pieces.map { piece in
            do {
                _ = try piece.statement()
                return "read"
            } catch {
                return "\(error)"
            }
        }
        #expect(
            outcomes == [
                "read", "a parameter has no name at line 2, column 8",
                "found the end where an expression was expected at line 4, column 5",
                "a NUL character at line 4, column 14",
                "a quoted string is not closed at line 5, column 8",
            ])
    }

    @Test func `the time to split and read a script grows with its length`() {
        func seconds(_ count: Int) -> Double {
            let sql = String(repeating: "SELECT a + 1, 'x;y' FROM t WHERE b; SELEC 1;\n", count: count)
            let start = clock()
            var failures = 0
            for piece in Script(sql).pieces {
                do { _ = try piece.statement() } catch { failures += 1 }
            }
            #expect(failures == count)
            return Double(clock() - start) / Double(CLOCKS_PER_SEC)
        }
        _ = seconds(100)
        let small = seconds(1_000)
        // Sixteen times the length: quadratic would be 256 times the time.
        #expect(seconds(16_000) < 64 * small)
    }

    @Test func `a statement of a megabyte is read or refused in time`() throws {
        let list = Array(repeating: "(1, 'abc', NULL)", count: 60_000).joined(separator: ", ")
        let sql = "INSERT INTO t VALUES " + list
        #expect(sql.utf8.count > 1_000_000)
        guard case .insert(let insert) = try Parser.parseAnyStatement(sql),
            case .values(let rows)? = insert.rows?.first
        else {
            Issue.record("no INSERT")
            return
        }
        #expect(rows.count == 60_000)
        for text in ["SELECT (", "SELECT * FROM (", "WITH q AS (SELECT ", "SELECT 1 UNION ", "'"] {
            _ = Script(String(repeating: text, count: 1_000_000 / text.utf8.count)).pieces.map { piece in
                do { return try "\(piece.statement())".count } catch { return 0 }
            }
        }
    }

    @Test func `bytes that are changed at random never bring the parser down`() {
        var random = SplitMix(seed: 7)
        print("seed 7")
        let sources = StatementTable.all.map { Array($0.utf8) }
        for _ in 0..<60_000 {
            var bytes = random.pick(sources)
            for _ in 0...random.next(below: 3) {
                let place = random.next(below: bytes.count)
                switch random.next(below: 3) {
                case 0: bytes[place] = UInt8(random.next(below: 256))
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.next(below: 4)))
                default:
                    bytes.insert(
                        contentsOf: random.pick(sources).prefix(1 + random.next(below: 12)), at: place)
                }
                if bytes.isEmpty { bytes = [0x28] }
            }
            for piece in Script(String(decoding: bytes, as: UTF8.self)).pieces {
                do { _ = SQLPrinter.print(try piece.statement()) } catch {
                    #expect(error.line >= 1 && error.column >= 1)
                }
            }
        }
    }
}
