import Foundation
import Outgrow
import PostgresClient
import Schema
import TestSupport
import Testing

@Suite(.serialized) struct StatementTranslationTests {
    static let setup = """
        CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT, joined DATETIME);
        CREATE TABLE tag(name TEXT PRIMARY KEY, uses INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE "Mixed"(a INT);
        INSERT INTO customer VALUES (1, 'ann', NULL, '2024-01-02 03:04:05'), (2, 'Bob', 'x', '2024-02-03 04:05:06'),
            (3, 'cy', 'y', NULL);
        INSERT INTO tag VALUES ('a', 3), ('b', 0);
        """

    /// Each with its class; queries are run on both engines, by their text or by their form.
    static let statements: [(sql: String, kind: ClassifiedStatement.Class)] = [
        ("SELECT id, name FROM customer WHERE id = 2", .portable),
        ("SELECT c.name FROM customer AS c WHERE c.id > 1 AND c.note IS NOT NULL", .portable),
        ("SELECT count(*) FROM customer", .portable),
        ("SELECT * FROM tag WHERE uses > 0", .portable),
        ("SELECT * FROM customer AS c JOIN tag AS t ON t.uses = c.id", .portable),
        ("SELECT * FROM tag JOIN (SELECT 'a' AS name, 1 AS n) AS s USING (name)", .changesMeaning),
        ("SELECT name FROM customer WHERE name LIKE 'b%'", .changesMeaning),
        ("SELECT note FROM customer ORDER BY note", .changesMeaning),
        ("SELECT ifnull(note, 'none') FROM customer WHERE id < 3", .fails),
        ("SELECT [name] FROM customer WHERE id == 1", .fails),
        ("SELECT id / 0 FROM customer WHERE id = 1", .changesMeaning),
        ("SELECT a FROM Mixed", .fails),
        ("SELECT name FROM customer WHERE rowid = 1", .fails),
        ("SELECT group_concat(name) FROM tag", .fails),
        ("SELECT id FROM customer WHERE id IN ()", .changesMeaning),
        ("SELECT name AS 'the name' FROM customer", .fails),
        ("SELECT main.tag.uses FROM main.tag", .fails),
    ]

    static let others: [(sql: String, kind: ClassifiedStatement.Class, holds: String)] = [
        ("SELECT name FROM customer WHERE id = ?", .portable, ""),
        ("SELECT name FROM customer WHERE id = :id AND name = :name", .portable, ""),
        ("INSERT OR IGNORE INTO tag(name) VALUES (:name)", .fails, "ON CONFLICT DO NOTHING"),
        ("REPLACE INTO tag VALUES ('a', 1)", .fails, "ON CONFLICT (name) DO UPDATE SET uses = excluded.uses"),
        ("DELETE FROM tag WHERE uses = 0", .portable, ""),
        ("UPDATE tag SET uses = uses + 1 WHERE name = ?", .portable, ""),
        ("SELECT no_such(1)", .fails, ""), ("SELECT 1 +", .fails, ""), ("PRAGMA user_version", .fails, ""),
        ("SELECT ? || 'x'", .fails, ""),
        ("SELECT coalesce(note, id) AS v FROM customer", .changesMeaning, "sqlite.to_text(coalesce("),
        ("SELECT note ->> 'a' AS v FROM customer", .changesMeaning, "sqlite.to_text("),
    ]

    @Test func `every statement has its class, and its form gives SQLite's rows`() async throws {
        let source = try SourceFile(Self.setup)
        let script =
            (Self.statements.map(\.sql) + Self.others.map(\.sql)).joined(separator: ";\n") + ";\n"
        let found = try await StatementTranslation(source: source.path, options: PlanOptions()).run(script)
        try #require(found.count == Self.statements.count + Self.others.count)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        _ = try await migrate(source.path, into: database)
        let connection = try await database.connect()
        defer { Task { await connection.close() } }
        for (example, statement) in zip(Self.statements, found) {
            #expect(statement.class == example.kind, "\(statement)")
            let text = statement.postgres ?? statement.sql
            let expected = try SQLiteShell.run(example.sql, on: source.path).split(
                separator: "\n", omittingEmptySubsequences: false
            ).dropLast().map(String.init)
            let rows = try await connection.run { connection in
                let result = try connection.query(text)
                return result.rows.map { row in
                    (0..<result.columnCount).map { row[$0] ?? "" }.joined(separator: "|")
                }
            }
            #expect(rows == expected, "\(text)")
        }
        for (example, statement) in zip(Self.others, found.dropFirst(Self.statements.count)) {
            #expect(statement.class == example.kind, "\(statement)")
            #expect(statement.postgres?.contains(example.holds) ?? example.holds.isEmpty, "\(statement)")
        }
        #expect(found.last?.line == found.count)
        #expect(found[Self.statements.count + 1].parameters == [":id", ":name"])
    }
}
