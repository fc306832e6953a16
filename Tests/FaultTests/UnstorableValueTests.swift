import Foundation
import TestSupport
import Testing

@Suite("Values that Postgres cannot hold as they are")
struct UnstorableValueTests {
    /// A column, what the plan says of it, and the flags with which it migrates.
    struct Story: Sendable, CustomStringConvertible {
        var description: String
        var sql: String
        var blocker: String
        /// What the blocker must name as a way out.
        var choice: String
        /// Flags that help, with the status then; nil: nothing but leaving it out helps.
        var way: (flags: [String], status: Int32)?
        /// Flags that must not help.
        var noWay: [String]?
    }

    static let stories = [
        Story(
            description: "U+0000 in text",
            sql: "INSERT INTO t VALUES(1, CAST(x'6100622D73336372657400' AS TEXT))",
            blocker: "unstorable-text", choice: "--unstorable-text bytea",
            way: (["--unstorable-text", "bytea"], 3)),
        Story(
            description: "invalid UTF-8", sql: "INSERT INTO t VALUES(1, CAST(x'FFFE' AS TEXT))",
            blocker: "unstorable-text",
            choice: "--unstorable-text bytea", way: (["--unstorable-text", "bytea"], 3)),
        Story(
            description: "a surrogate in UTF-8", sql: "INSERT INTO t VALUES(1, CAST(x'EDA080' AS TEXT))",
            blocker: "unstorable-text", choice: "--unstorable-text bytea",
            way: (["--unstorable-text", "bytea"], 3)),
        Story(
            description: "text beside blobs", sql: "INSERT INTO t VALUES(1, 's3cret'), (2, x'0102')",
            blocker: "text-mixed-with-blobs", choice: "--unstorable-text bytea",
            way: (["--unstorable-text", "bytea"], 3)),
        Story(
            description: "text equal to a blob",
            sql: "INSERT INTO t VALUES(1, 'same'), (2, CAST('same' AS BLOB))",
            blocker: "text-mixed-with-blobs", choice: "--exclude-table",
            noWay: ["--unstorable-text", "bytea"]),
    ]

    @Test(arguments: stories)
    func `stop the plan, with the choices named`(_ story: Story) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        try SQLiteShell.run(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, v TEXT); CREATE TABLE other(a INT); \(story.sql);",
            on: path)
        let blocked = try await migrate(path)
        #expect(blocked.status == 12, "\(blocked)")
        #expect(blocked.lastErrorLine.hasPrefix("state: nothing; next: "))
        #expect(blocked.output.contains(story.blocker) && blocked.output.contains("t.v"), "\(blocked)")
        #expect(blocked.output.contains("rowid 1"), "\(blocked)")
        #expect(!blocked.output.contains("s3cret"), "A value is shown: \(blocked)")
        if let way = story.way {
            #expect(blocked.output.contains(story.choice), "\(blocked)")
            let solved = try await migrate(path, way.flags)
            #expect(solved.status == way.status, "\(solved)")
            #expect(solved.output.contains("are equal on both sides"))
        }
        if let flags = story.noWay { #expect(try await migrate(path, flags).status == 12) }
        #expect(try await migrate(path, ["--exclude-table", "t"]).status == 0)
    }

    @Test func `5 and '5' in a column without type cannot be told apart later`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        try SQLiteShell.run("CREATE TABLE t(v); INSERT INTO t VALUES(5), ('5');", on: path)
        let blocked = try await migrate(path)
        #expect(blocked.status == 12, "\(blocked)")
        #expect(blocked.output.contains("--column t.v=text"), "\(blocked)")
        let overridden = try await migrate(path, ["--column", "t.v=text"])
        #expect(overridden.status == 3, "\(overridden)")
    }

    @Test func `all blockers are shown at once`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        try SQLiteShell.run(
            "CREATE TABLE a(v); INSERT INTO a VALUES(5), ('5'); CREATE TABLE b(v TEXT); INSERT INTO b VALUES(CAST(x'FF' AS TEXT)), (x'01');"
                + "CREATE TABLE c(v TEXT); INSERT INTO c VALUES(CAST(x'00' AS TEXT));", on: path)
        let blocked = try OutgrowProgram.run(["translate", path])
        #expect(blocked.status == 12)
        for place in ["a.v", "b.v", "c.v"] { #expect(blocked.errors.contains("  \(place)"), "\(blocked)") }
    }

    @Test func `values are shown on demand only`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        // Every kind of finding that rows give rise to, each beside a value that must stay where it is.
        try SQLiteShell.run(
            """
            CREATE TABLE parent(id INTEGER PRIMARY KEY);
            CREATE TABLE t(id INTEGER PRIMARY KEY, flag BOOLEAN, day DATE, doc JSON, u UUID, n INTEGER, d DECIMAL(5,2),
              p INT REFERENCES parent(id), k TEXT COLLATE NOCASE UNIQUE);
            INSERT INTO t VALUES(1, 'val-s3cret', 'val-s3cret', 'val-s3cret', 'val-s3cret', 'val-s3cret', 'val-s3cret', 987654321, 'val-s3cret');
            INSERT INTO t VALUES(2, 1, '2024-02-30', '{"val-s3cret":', 'x', 1.5, 123456.789, 987654321, 'x');
            """, on: path)
        let outcome = try await migrate(path)
        #expect(outcome.status == 3, "\(outcome)")
        for value in ["val-s3cret", "987654321", "2024-02-30", "123456.789"] {
            #expect(!outcome.output.contains(value), "\(outcome)")
            #expect(!outcome.errors.contains(value), "\(outcome)")
        }
    }
}
