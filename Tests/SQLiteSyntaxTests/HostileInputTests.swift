import Foundation
import SQLiteSyntax
import Testing

@Suite struct HostileInputTests {
    static let failures: [(sql: String, message: String)] = [
        ("", "found the end where CREATE was expected at line 1, column 1"),
        (
            "CREATE TABLE t(\n  a INT,\n  )",
            "found \")\" where the name of a column was expected at line 3, column 3"
        ),
        ("CREATE TABLE t(a \u{E4}\u{1F600}, 'b)", "a quoted string is not closed at line 1, column 22"),
        ("CREATE TABLE t(a) x", "found \"x\" where a table option was expected at line 1, column 19"),
        ("CREATE TABLE t(a); DROP TABLE t", "found \"DROP\" where the end was expected at line 1, column 20"),
        ("CREATE TABLE t(a CHECK(1 +))", "found \")\" where an expression was expected at line 1, column 27"),
        (
            "CREATE TABLE t(a DEFAULT x'0')",
            "a blob literal needs pairs of hexadecimal digits at line 1, column 26"
        ),
        ("CREATE TABLE t(a DEFAULT 12ab)", "a number is followed directly by a letter at line 1, column 26"),
        ("CREATE TABLE t(a \u{1})", "an unrecognized character at line 1, column 18"),
        ("CREATE TABLE t(a\u{0})", "found the end where \")\" was expected at line 1, column 17"),
        (
            "CREATE TABLE t(a DEFAULT 0x11112222333344445)",
            "a hexadecimal literal has more than 64 bits at line 1, column 26"
        ),
        ("DROP TABLE t", "found \"DROP\" where CREATE was expected at line 1, column 1"),
    ]

    @Test(arguments: failures) func `a failure says what and where`(sql: String, message: String) {
        let error = #expect(throws: SyntaxError.self) { try Parser.parseStatement(sql) }
        #expect(error?.description == message)
    }

    /// Runs on a stack of a size that threads really have.
    private func onThread(_ body: @escaping @Sendable () -> String) async -> String {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    static let nests: [(String, String)] = [
        ("(", ")"), ("f(", ")"), ("NOT ", ""), ("- ", ""), ("1 + (", ")"), ("CASE WHEN 1 THEN ", " END"),
        ("a IN (", ")"), ("f(a) OVER (ORDER BY ", ")"),
        ("CAST(", " AS INT)"), ("a BETWEEN ", " AND 1"), ("(1, ", ")"), ("a LIKE (", ")"),
    ]

    @Test(arguments: nests) func `deep nesting is read or refused`(opening: String, closing: String) async {
        let result = await onThread {
            var outcome = ""
            for depth in [100, 200, 1_000, 100_000] {
                let sql =
                    String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
                do {
                    let expression = try Parser.parseExpression(sql)
                    let isSame = try Parser.parseExpression(SQLPrinter.print(expression)) == expression
                    outcome += isSame ? "same " : "different "
                } catch {
                    outcome += "\("\(error)".contains("deeper") ? "deep" : "\(error)") "
                }
            }
            return outcome
        }
        #expect(result == "same same deep deep ")
    }

    static let queries: [(String, String)] = [
        ("(SELECT ", ")"), ("EXISTS (SELECT 1 FROM a WHERE ", ")"), ("(WITH a AS (VALUES (", ")) SELECT 1)"),
        ("1 IN (SELECT a FROM (SELECT a FROM b ORDER BY ", "))"),
        ("(SELECT 1 FROM ((((a JOIN b ON ", ")))))"),
        ("(SELECT f() OVER w FROM a WINDOW w AS (PARTITION BY ", "))"),
    ]

    /// SQLite's own parser gives up at about 20 such levels.
    @Test(arguments: queries) func `deep nesting of queries is read or refused`(
        opening: String, closing: String
    ) async {
        let result = await onThread {
            var outcome = ""
            for depth in [10, 30, 1_000, 30_000] {
                let sql =
                    String(repeating: opening, count: depth) + "1" + String(repeating: closing, count: depth)
                do {
                    let expression = try Parser.parseExpression(sql)
                    let isSame = try Parser.parseExpression(SQLPrinter.print(expression)) == expression
                    outcome += isSame ? "same " : "different "
                } catch {
                    outcome += "\("\(error)".contains("deep") ? "deep" : "\(error)") "
                }
            }
            return outcome
        }
        #expect(result == "same same deep deep ")
    }

    @Test(arguments: ["AND", "OR", "||", "+"]) func `a chain of as many terms as SQLite allows is read`(
        operation: String
    ) async {
        let result = await onThread {
            var outcome = ""
            for count in [1_000, 2_000, 2_001, 100_000] {
                let sql = Array(repeating: "a", count: count).joined(separator: " \(operation) ")
                do {
                    let expression = try Parser.parseExpression(sql)
                    let again = try Parser.parseExpression(sql)
                    let isSame = SQLPrinter.print(expression) == sql && expression == again
                    outcome += isSame && expression.hashValue != 0 ? "same " : "different "
                } catch {
                    outcome += "deep "
                }
            }
            return outcome
        }
        #expect(result == "same same deep deep ")
    }
}
