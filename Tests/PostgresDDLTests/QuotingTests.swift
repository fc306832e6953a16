import PostgresClient
import PostgresDDL
import Schema
import TestSupport
import Testing

@Suite("Quoting for Postgres")
struct QuotingTests {
    @Test(arguments: [
        ("plain", "plain"), ("_a1", "_a1"), ("Mixed", "\"Mixed\""), ("two words", "\"two words\""),
        ("select", "\"select\""), ("time", "\"time\""), ("left", "\"left\""), ("1st", "\"1st\""),
        ("say \"hi\"", "\"say \"\"hi\"\"\""), ("ä", "\"ä\""), ("", "\"\""),
        ("system_user", "\"system_user\""),
        ("a\nb", "U&\"a\\000Ab\""), ("a\\b", "U&\"a\\005Cb\""), ("a\"\\", "U&\"a\"\"\\005C\""),
        ("\u{202E}x", "U&\"\\202Ex\""),
    ])
    func `an identifier is quoted unless it needs no quotes`(_ name: String, _ quoted: String) {
        #expect(PostgresDDL.identifier(name) == quoted)
    }

    @Test(arguments: [
        ("a", "'a'"), ("it's", "'it''s'"), ("a\\b", "E'a\\\\b'"), ("a\nb'", "E'a\\nb'''"),
        ("\u{1B}[0m", "E'\\u001B[0m'"),
    ])
    func `a text becomes a literal without raw controls`(_ text: String, _ literal: String) {
        #expect(PostgresDDL.literal(text) == literal)
    }

    @Test func `a comment stays on its line`() {
        #expect(PostgresDDL.comment("a\nDROP TABLE t;\r\u{2028}b") == "-- a DROP TABLE t;  b")
    }

    /// The server reads back exactly the names and values that went in.
    @Test(arguments: [
        "plain", "Mixed", "a\"b", "a\\b", "a\nb\tc", "é ü", "select", "\u{202E}", "'", "$1", "a;b--c",
    ])
    func `the server reads back what was quoted`(_ text: String) async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let connection = try await database.connect()
        let sql = "SELECT \(PostgresDDL.literal(text)) AS \(PostgresDDL.identifier(text))"
        let (name, value) = try await connection.run { connection in
            let result = try connection.query(sql)
            return (result.columnNames[0], result[0, 0])
        }
        await connection.close()
        #expect(name == text)
        #expect(value == text)
    }
}
