import Foundation
import TestSupport
import Testing

@Suite("A hostile file")
struct HostileFileTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("app.db") }

    init() throws { folder = try TemporaryFolder() }

    /// Names as nobody should choose them: quotes, line ends, escapes, other directions, reserved words.
    static let names = [
        "a\"b", "a'b", "line\nbreak", "tab\there", "esc\u{1B}[31mred", "back\\slash", "right\u{202E}left",
        "\u{200F}mark",
        "select", "ctid", "xmin", "tableoid", "user", "x; DROP TABLE canary; --", "$1", "%s", "{0}", "größe",
        "漢字", "🚀",
        " lead", "trail ", "", String(repeating: "ü", count: 35), "a.b", "/* c */", "\\unrestrict x",
        "\\! touch harmed",
        "nul", "a\u{7F}b", "c1\u{9B}31m",
    ]

    @Test func `has names that mean something elsewhere`() async throws {
        let columns = Self.names.map { "\"\($0.replacing("\"", with: "\"\""))\" TEXT" }.joined(
            separator: ", ")
        let tables = Self.names.map { name in
            "CREATE TABLE \"t\(name.replacing("\"", with: "\"\""))\"(id INTEGER PRIMARY KEY, note TEXT UNIQUE);"
        }
        try SQLiteShell.run("CREATE TABLE everything(\(columns));" + tables.joined(separator: "\n"), on: path)
        let outcome = try await migrate(path)
        #expect(outcome.status == 0, "\(outcome)")
        for text in [outcome.output, outcome.errors] {
            #expect(
                !text.unicodeScalars.contains {
                    $0 != "\n" && ($0.value < 32 || (0x7F..<0xA0).contains($0.value))
                })
            #expect(!text.unicodeScalars.contains { [0x202E, 0x200F].contains($0.value) })
        }
        #expect(outcome.output.contains("esc\\u{1b}[31mred"))
    }

    @Test func `has names that psql would obey in a script`() async throws {
        let columns = Self.names.map { "\"\($0.replacing("\"", with: "\"\""))\" TEXT" }.joined(
            separator: ", ")
        try SQLiteShell.run("CREATE TABLE everything(\(columns));", on: path)
        let script = try OutgrowProgram.run(["translate", path, "--quiet"])
        #expect(script.status == 0, "\(script)")
        #expect(!script.output.unicodeScalars.contains { $0 != "\n" && $0.value < 32 })
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        try folder.write(script.output, to: "script.sql")
        try Program.run(
            "bash",
            [
                "-c", "cd \(folder.path) && psql -X -v ON_ERROR_STOP=1 -d \"$0\" -f script.sql",
                database.argument,
            ])
        #expect(!FileManager.default.fileExists(atPath: folder.file("harmed")))
        let count = try await database.column(
            "SELECT count(*) FROM pg_attribute WHERE attrelid = 'everything'::regclass AND attnum > 0")
        #expect(count == ["\(Self.names.count)"])
    }

    @Test func `has tables that are equal in their first 63 bytes`() async throws {
        let long = String(repeating: "x", count: 66)
        try SQLiteShell.run(
            ["a", "b"].map {
                "CREATE TABLE \(long)\($0)(id INTEGER PRIMARY KEY, v TEXT UNIQUE); INSERT INTO \(long)\($0) VALUES(1,'\($0)');"
            }
            .joined(), on: path)
        let outcome = try await migrate(path)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("2 rows in 2 tables are equal"), "\(outcome)")
    }

    @Test func `has type names that are SQL`() async throws {
        try SQLiteShell.run(
            """
            CREATE TABLE canary(a);
            CREATE TABLE t(a "int); DROP TABLE canary; --", b "te\nxt", c "varchar(99999999999999999999)", d "numeric(9999,9999)",
              e "'", f "timestamp'; SELECT 1; --");
            INSERT INTO t VALUES(1,'b','c',1,1,'f');
            """, on: path)
        let outcome = try await migrate(path)
        #expect([0, 3].contains(outcome.status), "\(outcome)")
        #expect(outcome.output.contains("canary"))
    }

    @Test func `has defaults and checks that call what SQLite never resolves`() async throws {
        try SQLiteShell.run(
            """
            .dbconfig defensive off
            CREATE TABLE t(a INT DEFAULT (pg_sleep(100)), b TEXT DEFAULT (pg_read_file('/etc/passwd')), c INT);
            INSERT INTO t VALUES(1,'b',2);
            """, on: path)
        let outcome = try await migrate(path, seconds: 50)
        #expect(outcome.status == 3, "\(outcome)")
        let script = try OutgrowProgram.run(["translate", path, "--quiet"])
        for call in ["pg_sleep", "pg_read_file"] { #expect(!script.output.contains(call), "\(script)") }
    }

    @Test func `has a generated column as large as a memory`() throws {
        try SQLiteShell.run(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, big AS (hex(zeroblob(450000000))) VIRTUAL); INSERT INTO t VALUES(1);",
            on: path)
        let outcome = try OutgrowProgram.shell(
            "ulimit -v 2000000; exec timeout 20 \"$OUTGROW\" translate '\(path)'", in: folder.path)
        #expect(outcome.status == 3, "\(outcome)")
    }

    @Test func `has views that never end`() throws {
        try SQLiteShell.run(
            """
            CREATE TABLE t(a INT); CREATE VIEW one AS SELECT * FROM two; CREATE VIEW two AS SELECT * FROM one;
            CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT count(*) FROM n;
            CREATE TRIGGER tr AFTER INSERT ON t BEGIN DELETE FROM t; END;
            """, on: path)
        let outcome = try OutgrowProgram.run(["translate", path], seconds: 20)
        #expect(outcome.status == 3, "\(outcome)")
        for name in ["one", "two", "tr"] {
            #expect(outcome.errors.contains("  \(name)"), "\(outcome)")
        }
        // It means the same in Postgres, and nobody runs it here.
        #expect(outcome.output.contains("CREATE VIEW public.endless"), "\(outcome)")
    }

    @Test func `has expressions nested as deep as SQLite allows`() throws {
        let deep = String(repeating: "(", count: 35) + "a" + String(repeating: "+1)", count: 35)
        let long = Array(repeating: "a > 0", count: 900).joined(separator: " AND ")
        try SQLiteShell.run(
            "CREATE TABLE t(a INT CHECK (\(deep) > 0), b INT CHECK (\(long)), c INT DEFAULT (\(String(repeating: "-", count: 1)) 1));",
            on: path)
        let outcome = try OutgrowProgram.run(["translate", path], seconds: 30)
        #expect([0, 3].contains(outcome.status), "\(outcome.status) \(outcome.errors.prefix(500))")
    }

    @Test func `has more columns than a Postgres table takes`() throws {
        let columns = (1...2000).map { "c\($0)" }.joined(separator: ", ")
        try SQLiteShell.run("CREATE TABLE wide(\(columns)); CREATE TABLE t(a INT);", on: path)
        let outcome = try OutgrowProgram.run(["translate", path, "--quiet"])
        #expect(outcome.status == 12, "\(outcome.errors)")
        let shown = try OutgrowProgram.run(["translate", path])
        #expect(
            shown.errors.contains("1600") || shown.errors.contains("1,600"), "\(shown.errors.prefix(800))")
        #expect(try OutgrowProgram.run(["translate", path, "--exclude-table", "wide"]).status == 0)
    }

    @Test(arguments: [
        "PRAGMA encoding='UTF-16le'", "PRAGMA encoding='UTF-16be'", "PRAGMA page_size=512",
        "PRAGMA page_size=65536",
        "PRAGMA auto_vacuum=FULL", "PRAGMA auto_vacuum=INCREMENTAL", "PRAGMA journal_mode=WAL",
    ])
    func `is laid out unusually`(_ pragma: String) async throws {
        try SQLiteShell.run(
            """
            \(pragma);
            CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT, b BLOB);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<300)
              INSERT INTO t SELECT i, 'größe 漢字 🚀 ' || i || hex(zeroblob(i*3)), zeroblob(i*5) FROM n;
            DELETE FROM t WHERE id % 3 = 0;
            """, on: path)
        let outcome = try await migrate(path)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("200 rows in 1 table are equal"), "\(outcome)")
    }
}
