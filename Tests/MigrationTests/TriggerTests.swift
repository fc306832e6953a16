import Diagnostics
import Foundation
import Outgrow
import PostgresClient
import TestSupport
import Testing

@Suite(.serialized) struct TriggerTests {
    @Test(arguments: TriggerCase.all) func `a trigger does on Postgres what it does on SQLite`(
        example: TriggerCase
    ) async throws {
        let source = try SourceFile(example.setup)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let report = try await migrate(source.path, into: database)
        let codes = Set(report.findings.map(\.code.rawValue).filter { $0.hasPrefix("trigger") })
        #expect(
            codes == example.findings, "\(report.findings.filter { $0.code.rawValue.hasPrefix("trigger") })")
        let connection = try await database.connect()
        defer { Task { await connection.close() } }
        for change in example.changes {
            let sqlite = Self.outcome {
                try SQLiteShell.run("PRAGMA foreign_keys = ON; " + change, on: source.path)
            }
            let postgres = try await connection.run { connection in
                Self.outcome { try connection.execute(change) }
            }
            #expect((sqlite == nil) == (postgres == nil), "\(change): \(sqlite ?? "") / \(postgres ?? "")")
        }
        for probe in example.probes {
            let expected = try SQLiteShell.run(probe, on: source.path).split(separator: "\n").map(String.init)
            let found = try await connection.run { connection in
                let result = try connection.query(probe)
                return result.rows.map { row in
                    (0..<result.columnCount).map { row[$0] ?? "" }.joined(separator: "|")
                }
            }
            #expect(Self.plain(found) == Self.plain(expected), "\(probe)")
        }
    }

    private static func outcome(_ body: () throws -> some Any) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// 6.0 of SQLite is 6 in Postgres' text.
    private static func plain(_ rows: [String]) -> [String] {
        rows.map { row in
            row.split(separator: "|", omittingEmptySubsequences: false).map { cell in
                cell.hasSuffix(".0") ? String(cell.dropLast(2)) : String(cell)
            }.joined(separator: "|")
        }
    }

    @Test(arguments: TriggerCase.refused.indices) func `what cannot be vouched for is a loss with its reason`(
        index: Int
    ) async throws {
        let example = TriggerCase.refused[index]
        let source = try SourceFile(
            """
            CREATE TABLE t(id INTEGER PRIMARY KEY, a INT);
            CREATE TABLE u(a INT);
            CREATE TABLE w(a INT PRIMARY KEY, b INT);
            CREATE TRIGGER wd AFTER DELETE ON w BEGIN INSERT INTO u VALUES (OLD.a); END;
            CREATE TRIGGER tr \(example.trigger);
            CREATE TRIGGER fine AFTER DELETE ON t BEGIN INSERT INTO u VALUES (OLD.a); END;
            """)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let report = try await migrate(source.path, into: database)
        let found = try #require(report.findings.first { $0.location == Location("tr") })
        #expect(found.code == "trigger-not-carried" && found.severity == .loss)
        #expect(found.message.contains(example.reason), "\(found.message)")
        #expect(found.sql?.hasPrefix("CREATE TRIGGER tr") == true)
        #expect(
            try await database.column("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1") == [
                "fine", "wd",
            ])
    }

    @Test func `rows that are copied into a schema with triggers set none of them off`() async throws {
        let source = try SourceFile(
            """
            CREATE TABLE t(id INTEGER PRIMARY KEY, a INT); CREATE TABLE log(a INT);
            CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.a); END;
            INSERT INTO t(a) VALUES (1), (2);
            """)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        _ = try await migrate(source.path, into: database) { $0.scope = .schemaOnly }
        let report = try await migrate(source.path, into: database) { $0.scope = .dataOnly }
        #expect(report.outcome == .complete)
        try await database.execute("INSERT INTO t(a) VALUES (3)")
        #expect(try await database.column("SELECT a FROM log ORDER BY a") == ["1", "2", "3"])
    }

    @Test func `a function of somebody else is not replaced`() async throws {
        let source = try SourceFile(
            "CREATE TABLE t(a INT); CREATE TRIGGER f AFTER INSERT ON t BEGIN DELETE FROM t WHERE a > 5; END;")
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        try await database.execute("CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 42'")
        let report = try await migrate(source.path, into: database)
        #expect(report.finding("trigger-refused")?.severity == .loss)
        #expect(try await database.scalar("SELECT public.f()") == "42")
    }

    @Test(.enabled(if: Place.hasRealDatabases)) func `all triggers of sakila stand and behave`() async throws
    {
        let source = try SourceFile(copying: Place.realDatabase("sakila"))
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let report = try await migrate(source.path, into: database)
        #expect(report.findings.filter { $0.code.rawValue.hasPrefix("trigger") }.isEmpty)
        #expect(try await database.scalar("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal") == "30")
        let before = "SELECT count(*) FROM actor WHERE CAST(last_update AS TEXT) < '2025'"
        for change in [
            "UPDATE actor SET first_name = 'X' WHERE actor_id = 1",
            "INSERT INTO actor VALUES (999, 'A', 'B', '2000-01-01 00:00:00')",
            "UPDATE city SET city = 'Y' WHERE city_id < 5", "DELETE FROM actor WHERE actor_id = 999",
            "UPDATE film SET title = title WHERE film_id = 3",
        ] {
            try SQLiteShell.run(change, on: source.path)
            try await database.execute(change)
            for probe in [
                before, "SELECT count(*) FROM city WHERE CAST(last_update AS TEXT) < '2025'",
                "SELECT count(*) FROM film WHERE CAST(last_update AS TEXT) < '2025'",
                "SELECT count(*) FROM actor",
            ] {
                let expected = try SQLiteShell.run(probe, on: source.path).trimmingCharacters(
                    in: .whitespacesAndNewlines)
                #expect(try await database.scalar(probe) == expected, "\(change): \(probe)")
            }
        }
    }
}
