import Foundation
import PostgresClient
import TestSupport
import Testing

/// When a run is killed: at a line of its own, or when so many parts are in the ledger.
enum KillMoment: Sendable, CustomTestStringConvertible {
    /// So many microseconds after standard error has a line that begins so.
    case line(String, later: UInt32)
    case parts(Int)

    /// On a loaded machine the run may have ended before the test gets its turn.
    var isLate: Bool {
        switch self {
        case .line("Verifying", _), .parts(KillTests.tableCount): true
        default: false
        }
    }

    var testDescription: String {
        switch self {
        case .line(let start, let later): "\(later) µs after “\(start)”"
        case .parts(let count): "with \(count) parts in the ledger"
        }
    }
}

@Suite(.serialized) struct KillTests {
    static let tableCount = 10
    static let rowsPerTable = 3000

    /// Tables with keys and indexes, so that a kill may fall into any step.
    static let schema = """
        CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        INSERT INTO parent SELECT i, 'parent ' || i FROM n;

        """
        + (1..<tableCount).map { table in
            """
            CREATE TABLE t\(table) (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id), note TEXT, UNIQUE (note));
            WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < \(rowsPerTable))
            INSERT INTO t\(table) SELECT i, 1 + i % 100, 'note ' || i FROM n;
            CREATE INDEX t\(table)_by_parent ON t\(table) (parent);

            """
        }.joined()

    static let moments: [KillMoment] =
        [0, 10_000, 40_000].map { .line("Inspecting", later: $0) }
        + [0, 3_000, 15_000].map { .line("Creating", later: $0) }
        + [0, 20_000].map { .line("Copying", later: $0) } + [1, 2, 4, 7, tableCount].map { .parts($0) }
        + [0, 15_000].map { .line("Verifying", later: $0) }

    @Test(arguments: moments)
    func `a killed run harms no source, is explained by the next, and replaced on demand`(
        _ moment: KillMoment
    ) async throws {
        let source = try SourceFile(Self.schema)
        let before = try source.contents()
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let arguments = ["migrate", source.path, database.argument, "--jobs", "2"]

        let tool = try RunningTool(arguments)
        try await send(SIGKILL, at: moment, tool, database)
        let killed = try await tool.finish()
        if killed.status == 0, moment.isLate { return }
        try #require(killed.status == 128 + SIGKILL, "it ended before it could be killed: \(killed.errors)")
        #expect(try source.contents() == before)
        try await waitUntilTheServerHasNoticed(database)

        let parts = try await Ledger.count("part", in: database)
        let tables = try await Ledger.count("object", in: database)
        let next = try await Tool.run(arguments)
        if tables > 0 {
            #expect(next.status == 12, "\(next.errors)")
            #expect(next.output.contains("target-has-earlier-run"))
            let rows = try await Ledger.rowCount(in: database)
            #expect(next.output.contains("\(parts) parts with \(rows) rows are committed."))
            #expect(next.lastLine.hasPrefix("state: nothing; next: outgrow migrate "))
            #expect(next.lastLine.hasSuffix(" --replace"))
            #expect(try await Ledger.count("part", in: database) == parts)
            let replaced = try await Tool.run(arguments + ["--replace"])
            #expect(replaced.status == 0, "\(replaced.errors)")
        } else {
            // Nothing had been made: the next run is like a first one.
            #expect(next.status == 0, "\(next.errors)")
        }
        #expect(
            try await Ledger.rowCount(in: database) == Int64(100 + (Self.tableCount - 1) * Self.rowsPerTable))
        #expect(try source.contents() == before)
        #expect(try source.fileNames == ["app.db"])
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func `a signal ends a run in good order`(_ signal: Int32, _ status: Int32) async throws {
        let source = try SourceFile(Self.schema)
        let before = try source.contents()
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let arguments = ["migrate", source.path, database.argument]
        let tool = try RunningTool(arguments)
        try await send(signal, at: .parts(1), tool, database)
        let result = try await tool.finish()
        #expect(result.status == status, "\(result.errors)")
        let target = database.argument.replacing("'", with: "'\\''")
        #expect(result.errors.contains(" of rows known to the ledger"))
        #expect(!result.errors.contains("and 0 parts"))
        #expect(
            result.lastLine == "state: partial; next: outgrow migrate \(source.path) '\(target)' --replace")
        #expect(try source.contents() == before)
        #expect(try source.fileNames == ["app.db"])
        #expect(try await database.scalar("SELECT state FROM outgrow.outgrow_run") == "stopped")
        #expect(try await Tool.run(arguments + ["--replace"]).status == 0)
    }

    @Test func `a signal before anything is made leaves nothing`() async throws {
        let source = try SourceFile(Self.schema)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let tool = try RunningTool(["migrate", source.path, database.argument])
        try await send(SIGINT, at: .line("Inspecting", later: 0), tool, database)
        let result = try await tool.finish()
        #expect(result.status == 130, "\(result.errors)")
        #expect(result.lastLine.hasPrefix("state: nothing; next: outgrow migrate "))
        #expect(try await database.relations() == [])
        #expect(try source.fileNames == ["app.db"])
    }

    @Test func `a second migration waits for nobody and says who is at work`() async throws {
        let source = try SourceFile(Self.schema)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let first = try RunningTool(["migrate", source.path, database.argument])
        try await send(SIGSTOP, at: .parts(1), first, database)
        let second = try await Tool.run(["migrate", source.path, database.argument, "--schema", "other"])
        #expect(second.status == 12, "\(second.errors)")
        #expect(second.errors.contains("migration-running"))
        #expect(try await database.scalar("SELECT count(*) FROM pg_namespace WHERE nspname = 'other'") == "0")
        first.send(SIGCONT)
        #expect(try await first.finish().status == 0)
    }

    /// A source whose application has crashed: its -wal holds what the file does not.
    @Test func `a -wal left by a crash keeps its bytes when the run is killed`() async throws {
        let source = try SourceFile(Self.schema)
        let crashed = try SourceFile("SELECT 1;")
        try SQLiteShell.run(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA wal_autocheckpoint = 0;
            INSERT INTO parent VALUES (1000, 'only in the -wal');
            .shell cp '\(source.path)' '\(crashed.path)' && cp '\(source.path)-wal' '\(crashed.path)-wal'
            """, on: source.path)
        let before = try crashed.contents()
        try #require(before["-wal"].map { !$0.isEmpty } == true)
        let names = try crashed.fileNames
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let tool = try RunningTool(["migrate", crashed.path, database.argument])
        try await send(SIGKILL, at: .parts(2), tool, database)
        #expect(try await tool.finish().status == 128 + SIGKILL)
        #expect(try crashed.contents() == before)
        let replaced = try await Tool.run(["migrate", crashed.path, database.argument, "--replace"])
        #expect(replaced.status == 0, "\(replaced.errors)")
        #expect(try await database.scalar("SELECT name FROM parent WHERE id = 1000") == "only in the -wal")
        #expect(try crashed.contents() == before)
        #expect(try crashed.fileNames == names)
    }

    /// A killed process cannot take back an empty -wal; the application does when it next closes the file.
    @Test func `a WAL database at rest keeps its bytes when the run is killed`() async throws {
        let source = try SourceFile("PRAGMA journal_mode = WAL;" + Self.schema)
        let before = try source.contents()
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let tool = try RunningTool(["migrate", source.path, database.argument])
        try await send(SIGKILL, at: .parts(1), tool, database)
        #expect(try await tool.finish().status == 128 + SIGKILL)
        #expect(try source.contents().filter { !$0.value.isEmpty } == before)
        try SQLiteShell.run("INSERT INTO parent VALUES (1000, 'the application goes on');", on: source.path)
        #expect(try source.fileNames == ["app.db"])
    }

    private func send(
        _ signal: Int32, at moment: KillMoment, _ tool: RunningTool, _ database: TestDatabase
    ) async throws {
        switch moment {
        case .line(let start, let later): try await tool.send(signal, after: start, microseconds: later)
        case .parts(let wanted):
            let connection = try await database.connect()
            // In one turn on the connection's own thread.
            try await connection.run { connection in
                while kill(tool.processID, 0) == 0, try Ledger.count("part", connection) < wanted {
                    try connection.execute("SELECT pg_sleep(0.001)")
                }
                tool.send(signal)
            }
            await connection.close()
        }
    }

    /// A server process ends when it next reads from its client.
    private func waitUntilTheServerHasNoticed(_ database: TestDatabase) async throws {
        let connection = try await database.connect()
        let others =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while try await connection.run({ try $0.scalar(others) }) != "0" {
            _ = try await connection.run { try $0.scalar("SELECT pg_sleep(0.002)") }
        }
        await connection.close()
    }
}

/// Questions to the ledger, by its documented names.
enum Ledger {
    static func count(_ table: String, in database: TestDatabase) async throws -> Int {
        let connection = try await database.connect()
        let count: Int = try await connection.run { connection in try Ledger.count(table, connection) }
        await connection.close()
        return count
    }

    static func count(_ table: String, _ connection: isolated PostgresConnection) throws -> Int {
        guard try connection.scalar("SELECT to_regclass('outgrow.outgrow_\(table)')") != nil else { return 0 }
        return try connection.scalar("SELECT count(*) FROM outgrow.outgrow_\(table)").flatMap { Int($0) } ?? 0
    }

    static func rowCount(in database: TestDatabase) async throws -> Int64 {
        try await database.scalar("SELECT coalesce(sum(row_count), 0) FROM outgrow.outgrow_part").flatMap {
            Int64($0)
        } ?? 0
    }
}
