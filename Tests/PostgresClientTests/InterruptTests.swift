import Diagnostics
import PostgresClient
import TestSupport
import Testing

@Suite("Interruption", .timeLimit(.minutes(10)))
struct InterruptTests {
    enum Way: CaseIterable { case interrupt, taskCancellation }

    @Test(arguments: Way.allCases)
    func `a sleeping statement ends at once, here and on the server`(_ way: Way) async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let connection = try await database.connect()
        let watcher = try await database.connect()
        let pid = try #require(try await connection.run { try $0.scalar("SELECT pg_backend_pid()") })
        let work = Task {
            try await connection.run { _ = try $0.execute("SELECT pg_sleep(30)") }
        }
        try await waitUntil(watcher, "SELECT state = 'active' FROM pg_stat_activity WHERE pid = \(pid)")
        let start = ContinuousClock.now
        switch way {
        case .interrupt: connection.interrupt()
        case .taskCancellation: work.cancel()
        }
        let error = try await #require(throws: OutgrowError.self) { try await work.value }
        #expect(ContinuousClock.now - start < limit(20))
        #expect(error.kind == .interrupted)
        try await waitUntil(watcher, "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = \(pid)")
        let next = try await #require(throws: OutgrowError.self) {
            try await connection.run { try $0.scalar("SELECT 1") }
        }
        #expect(next.kind == .interrupted)
    }

    /// The first statement swallows the request to cancel, as one that comes before its statement goes nowhere, and the
    /// next has so much to say that answers come before the batch has ended.
    @Test func `what is queued behind the statement that was canceled does not go on without us`()
        async throws
    {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let connection = try await database.connect()
        let watcher = try await database.connect()
        let pid = try #require(try await connection.run { try $0.scalar("SELECT pg_backend_pid()") })
        let work = Task {
            try await connection.run { connection in
                try connection.startPipeline()
                try connection.queue(
                    "DO $$BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END$$")
                try connection.queue("SELECT repeat('x', 100000)")
                try connection.queue("SELECT pg_sleep(60)")
                try connection.syncPipeline()
                try connection.readBatch { _ in }
            }
        }
        try await waitUntil(watcher, "SELECT wait_event = 'PgSleep' FROM pg_stat_activity WHERE pid = \(pid)")
        let start = ContinuousClock.now
        work.cancel()
        let error = try await #require(throws: OutgrowError.self) { try await work.value }
        #expect(error.kind == .interrupted)
        #expect(ContinuousClock.now - start < limit(20))
        try await waitUntil(watcher, "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = \(pid)")
    }

    @Test func `an interruption between two statements of a pipeline ends it at once`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let connection = try await database.connect()
        let watcher = try await database.connect()
        let pid = try #require(try await connection.run { try $0.scalar("SELECT pg_backend_pid()") })
        let start = ContinuousClock.now
        let error = try await #require(throws: OutgrowError.self) {
            try await connection.run { connection in
                try connection.startPipeline()
                try connection.queue("SELECT pg_sleep(60)")
                connection.interrupt()
                try connection.queue("SELECT 1")
            }
        }
        #expect(error.kind == .interrupted)
        #expect(ContinuousClock.now - start < limit(4))
        try await waitUntil(watcher, "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = \(pid)")
    }

    @Test func `an interrupted COPY leaves no row and no session`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        try await database.execute("CREATE TABLE t(a int)")
        let connection = try await database.connect()
        let watcher = try await database.connect()
        let error = try await #require(throws: OutgrowError.self) {
            try await connection.run { connection in
                try connection.copyIn("COPY t FROM STDIN")
                let block = Array(String(repeating: "7\n", count: 30_000).utf8)
                for count in 0..<20_000 {
                    try connection.putCopyData(unsafe block.span.bytes)
                    if count == 10 { connection.interrupt() }
                }
            }
        }
        #expect(error.kind == .interrupted)
        try await waitUntil(
            watcher,
            """
            SELECT count(*) = 0 FROM pg_stat_activity
             WHERE query LIKE 'COPY%' AND datname = current_database()
            """)
        #expect(try await watcher.scalar("SELECT count(*) FROM t") == "0")
    }

    @Test func `a connecting connection can be canceled`() async throws {
        let silent = try SilentListener()
        let conninfo = Conninfo(options: [
            "host": "127.0.0.1", "port": "\(silent.port)", "connect_timeout": "600", "sslmode": "disable",
        ])
        let start = ContinuousClock.now
        let work = Task { try await PostgresConnection.open(conninfo) }
        work.cancel()
        let error = try await #require(throws: OutgrowError.self) { _ = try await work.value }
        #expect(error.kind == .interrupted)
        #expect(ContinuousClock.now - start < limit(5))
    }

    /// Asks the server until it answers yes: it is the clock of these tests.
    private func waitUntil(_ connection: PostgresConnection, _ question: String) async throws {
        try await connection.run { connection in
            let deadline = ContinuousClock.now + .seconds(10)
            while try connection.scalar(question) != "t" {
                try #require(ContinuousClock.now < deadline, "The server never said yes to: \(question)")
                _ = try connection.scalar("SELECT pg_sleep(0.01)")
            }
        }
    }
}
