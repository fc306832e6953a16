import Foundation
import TestSupport
import Testing

@testable import OutgrowStorage

/// `outgrow schema` as processes of their own.
@Suite("The schema command", .serialized)
struct ProcessTests {
    /// Four migrations, one of them without a transaction.
    static let files = [
        "common/00001_log.sql":
            "-- +up\nCREATE TABLE log (step integer NOT NULL);\n-- +down\nDROP TABLE log;\n",
        "common/00002_two.sql":
            "-- +up\nINSERT INTO log VALUES (2);\n-- +down\nDELETE FROM log WHERE step = 2;\n",
        "sqlite/00003_alone.sql": "-- +notransaction\n-- +up\nVACUUM;\n-- +down\n",
        "postgres/00003_alone.sql":
            "-- +notransaction\n-- +up\nCREATE INDEX CONCURRENTLY log_step ON log (step);\n-- +down\nDROP INDEX CONCURRENTLY log_step;\n",
        "common/00004_four.sql":
            "-- +up\nINSERT INTO log VALUES (4);\n-- +down\nDELETE FROM log WHERE step = 4;\n",
    ]

    @Test func `a URL means the same as to the application`() async throws {
        let database = try await EmptyDatabase(.sqlite)
        let folder = try database.migrations([
            "common/00001_log.sql": "-- +up\nCREATE TABLE log (step integer);\n"
        ])
        let made = try OutgrowProgram.shell(
            #""$OUTGROW" schema up "\#(folder)" "sqlite:a%20b.db?durability=durable" && ls"#,
            in: database.folder.path)
        #expect(made.status == 0 && made.output.split(separator: "\n").contains("a b.db"), "\(made)")
        let unknown = try OutgrowProgram.shell(
            #""$OUTGROW" schema up "\#(folder)" mysql://app:geheim@localhost/app"#, in: database.folder.path)
        #expect(unknown.errors.contains("[option-invalid]"), "\(unknown)")
        #expect(!unknown.errors.contains("geheim"), "\(unknown)")
    }

    /// `OUTGROW_PAIRS` asks for more rounds than a test run has time for.
    private static let pairs = ProcessInfo.processInfo.environment["OUTGROW_PAIRS"].flatMap { Int($0) } ?? 25

    @Test(arguments: Dialect.allCases)
    func `two at once run each migration once, every time`(_ dialect: Dialect) async throws {
        let database = try await EmptyDatabase(dialect)
        let migrations = try database.migrations(Self.files)
        var url = "round$i.db"
        if dialect == .postgres {
            url = "\(database.url) options=-csearch_path=round$i"
            let schemas = (1...Self.pairs).map { "CREATE SCHEMA round\($0)" }.joined(separator: "; ")
            try await database.execute(SQL(unsafe: schemas))
        }
        // The first ends in the background; both statuses are printed.
        let outcome = try OutgrowProgram.shell(
            """
            for i in $(seq \(Self.pairs)); do
              "$OUTGROW" schema up "\(migrations)" "\(url)" & "$OUTGROW" schema up "\(migrations)" "\(url)"
              b=$?; wait $!; echo "pair $? $b"
            done
            """, in: database.folder.path)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count { $0 == "pair 0 0" } == Self.pairs, "\(outcome)")
        for version in 1...4 {
            #expect(lines.count { $0.hasPrefix("up  \(version)  ") } == Self.pairs, "\(outcome)")
        }
        for round in 1...Self.pairs where dialect == .sqlite {
            let log = try SQLiteShell.run(
                "SELECT step FROM log ORDER BY step;", on: database.folder.file("round\(round).db"))
            #expect(log == "2\n4\n")
        }
        if dialect == .postgres {
            for round in 1...Self.pairs {
                #expect(
                    try await database.integers(
                        "SELECT step FROM \(identifier: "round\(round)").log ORDER BY step") == [2, 4])
            }
        }
    }

    /// Microseconds after which the process is killed.
    static let moments = [1000, 15_000, 30_000, 60_000, 120_000, 250_000]

    @Test(arguments: Dialect.allCases, moments)
    func `a kill in the middle leaves all of a migration or nothing`(_ dialect: Dialect, _ moment: Int)
        async throws
    {
        let database = try await EmptyDatabase(dialect)
        var files = Self.files.filter { !$0.key.contains("alone") }
        for version in 5...8 {
            files["common/0000\(version)_many.sql"] = """
                -- +up
                CREATE TABLE t\(version) (i integer);
                INSERT INTO t\(version) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) SELECT i FROM n;
                CREATE INDEX t\(version)_i ON t\(version) (i);
                INSERT INTO log VALUES (\(version));
                """
        }
        let migrations = try database.migrations(files)
        let seconds = String(format: "%.6f", Double(moment) / 1_000_000)
        _ = try OutgrowProgram.shell(
            "timeout -s KILL \(seconds) \"$OUTGROW\" schema up \"\(migrations)\" \"\(database.url)\"",
            in: database.folder.path)
        try await database.with { (storage) async throws in
            let done = try await SchemaMigrations(directory: migrations).status(on: storage).entries
                .filter { $0.state == .applied }.map(\.version)
            #expect(done == Array([1, 2, 4, 5, 6, 7, 8].prefix(done.count)))
            let tables = try await storage.read { tx in
                try tx.rows(
                    "SELECT \(sqlite: "name FROM sqlite_schema WHERE type = 'table'", postgres: "tablename::text FROM pg_tables WHERE schemaname = 'public'")",
                    as: String.self)
            }
            for version in 5...8 {
                #expect(tables.contains("t\(version)") == done.contains(Int64(version)))
            }
        }
        let again = try OutgrowProgram.run(["schema", "up", migrations, database.url])
        #expect(again.status == 0, "\(again)")
        #expect(try await database.integers("SELECT step FROM log ORDER BY step") == [2, 4, 5, 6, 7, 8])
        #expect(try await database.integers("SELECT count(*) FROM t8") == [60000])
    }

    @Test(arguments: Dialect.allCases)
    func `ends with the statuses of the reference`(_ dialect: Dialect) async throws {
        let database = try await EmptyDatabase(dialect)
        let folder = try database.migrations(Self.files)
        func run(_ words: String...) throws -> OutgrowProgram.Outcome {
            try OutgrowProgram.run(["schema", words[0], folder, database.url] + words.dropFirst())
        }
        let status = try run("status")
        #expect(status.status == 0 && status.output.contains("4 migrations, 4 to run."), "\(status)")
        #expect(status.lastErrorLine.contains("state: nothing; next: outgrow schema up"))
        if dialect == .sqlite { #expect(!FileManager.default.fileExists(atPath: database.url)) }
        let dry = try run("up", "--dry-run", "--to", "2")
        #expect(dry.status == 0 && dry.output.contains("INSERT INTO log VALUES (2);"), "\(dry)")
        #expect(!dry.output.contains("VALUES (4)"))
        #expect(try run("up", "--to", "99").status == 64)
        let up = try run("up", "--to", "3", "--json")
        #expect(up.status == 0 && up.output.contains("\"schema\" : \"outgrow.schema-up/1\""), "\(up)")
        #expect(try run("down", "--steps", "2").output.contains("Undid 2 migrations."))
        #expect(try run("down", "--steps", "1", "--to", "1").status == 64)

        _ = try database.migrations(["common/00005_bad.sql": "-- +up\nSELECT nonsense FROM nowhere;\n"])
        let stopped = try run("up")
        #expect(stopped.status == 13 && stopped.code == "schema-failed", "\(stopped)")
        #expect(stopped.errors.contains("  left: 3 migrations, each of them whole"))
        #expect(stopped.lastErrorLine.hasPrefix("state: partial; next: outgrow schema up"))
        let blocked = try run("up")
        #expect(blocked.status == 12 && blocked.code == "schema-failed", "\(blocked)")
        #expect(blocked.lastErrorLine.hasPrefix("state: nothing; "))

        _ = try database.migrations([
            "common/00005_bad.sql": "-- +up\nSELECT 1;\n",
            "common/00002_two.sql": "-- +up\nINSERT INTO log VALUES (3);\n",
        ])
        let changed = try run("status")
        #expect(changed.status == 12 && changed.output.contains("[schema-changed]"), "\(changed)")
        #expect(try run("up").lastErrorLine.contains("next: outgrow schema status "))
        _ = try database.migrations(["common/00006_bad.sql": "", "sqlite/00007_a.sql": "-- +up\n"])
        let wrong = try run("up")
        #expect(wrong.status == 12 && wrong.code == "schema-problems", "\(wrong)")
        #expect(wrong.lastErrorLine.contains("next: outgrow schema status "), "\(wrong)")
        #expect(
            wrong.errors.contains("00006_bad.sql:1")
                && wrong.errors.contains("There is no postgres/00007_a.sql"))
        #expect(try OutgrowProgram.run(["schema", "up", "/nowhere", database.url]).status == 10)
    }

    @Test(arguments: Dialect.allCases)
    func `a run that fails on its way prints what it did, and where to look`(_ dialect: Dialect) async throws
    {
        let database = try await EmptyDatabase(dialect)
        let folder = try database.migrations([
            "common/00001_log.sql": "-- +up\nCREATE TABLE log (step integer NOT NULL);\n",
            "common/00002_half.sql": "-- +notransaction\n-- +up\nINSERT INTO nowhere VALUES (1);\n",
        ])
        let stopped = try OutgrowProgram.run(["schema", "up", folder, database.url, "--json"])
        #expect(stopped.status == 13 && stopped.code == "schema-half-done", "\(stopped)")
        #expect(
            stopped.errors.contains("  left: 1 migration that is whole, and 1 that is half done"),
            "\(stopped)")
        #expect(stopped.lastErrorLine.hasPrefix("state: partial; next: outgrow schema status "), "\(stopped)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let document = try decoder.decode(RunDocument.self, from: Data(stopped.output.utf8))
        #expect(document.schema == "outgrow.schema-up/1" && document.exitStatus == 13)
        #expect(document.migrations.map(\.version) == [1])
        let dirty = try OutgrowProgram.run(["schema", "up", folder, database.url])
        #expect(dirty.status == 12 && dirty.code == "schema-dirty", "\(dirty)")
        #expect(dirty.lastErrorLine.hasPrefix("state: nothing; next: outgrow schema status "), "\(dirty)")
    }

    private struct RunDocument: Decodable {
        struct Migration: Decodable { var version: Int64 }
        var schema: String
        var exitStatus: Int
        var migrations: [Migration]
    }

    @Test(arguments: Dialect.allCases)
    func `a database that was moved away is left alone`(_ dialect: Dialect) async throws {
        let database = try await EmptyDatabase(dialect)
        let folder = try database.migrations(Self.files)
        try await database.with { try await Tombstone.place(on: $0, movedTo: "postgres://db.example/app") }
        let outcome = try OutgrowProgram.run(["schema", "up", folder, database.url])
        #expect(outcome.status == 11 && outcome.code == "storage-moved", "\(outcome)")
        #expect(outcome.errors.contains("postgres://db.example/app"))
    }

    @Test func `a database that cannot be reached ends with 11`() throws {
        let folder = try TemporaryFolder()
        let root = folder.file("m")
        let new = try OutgrowProgram.run(["schema", "new", root, "first"])
        #expect(new.status == 0 && new.output == "\(root)/common/00001_first.sql\n", "\(new)")
        let empty = try OutgrowProgram.run(["schema", "up", root, folder.file("new.db")])
        #expect(empty.status == 12 && empty.code == "schema-empty", "\(empty)")
        try folder.write("-- +up\nSELECT 1;\n", to: "m/common/00001_first.sql")
        for url in try [
            "host=\(folder.path) dbname=x", "sqlite:\(folder.path)/no/folder.db",
            folder.write("not a database, whatever its name says", to: "a.db"),
        ] {
            let outcome = try OutgrowProgram.run(["schema", "up", root, url])
            #expect(outcome.status == 11, "\(outcome)")
            #expect(outcome.code?.hasPrefix("storage-") == true)
        }
        #expect(try OutgrowProgram.run(["schema", "up", root, "sqlite::memory:"]).status == 64)
        #expect(try OutgrowProgram.run(["schema", "new", root, "a/b"]).status == 12)
    }
}
