import Foundation
import LocalPostgres
import PostgresClient
import TestSupport
import Testing

@testable import OutgrowStorage

@Suite("The pool of Postgres connections", .timeLimit(.minutes(10)))
struct PostgresPoolTests {
    @Test func `never more connections than the bound, in the order of asking`() async throws {
        var configuration = PostgresStorage.Configuration()
        configuration.maximumConnections = 3
        configuration.applicationName = "bounded"
        let (db, _) = try await postgresStorage(configuration, schema: "CREATE TABLE t (n int)")
        let counts = try await withThrowingTaskGroup { group in
            for _ in 0..<60 {
                group.addTask {
                    try await db.read { tx in
                        try tx.one(
                            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bounded'",
                            as: Int.self)
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts.count == 60)
        #expect(counts.allSatisfy { (1...3).contains($0) })
        #expect(await db.statistics.open <= 3)
        #expect(await db.statistics.leased == 0)
        await db.shutdown()
        await #expect(throws: StorageError.self) { try await db.read { _ in } }
    }

    @Test func `waiting for a connection ends with its own kinds`() async throws {
        var configuration = PostgresStorage.Configuration()
        configuration.maximumConnections = 1
        configuration.acquireTimeout = .milliseconds(20)
        let (db, _) = try await postgresStorage(configuration)
        let kinds = try await db.read { _ in
            // The only connection is in use here.
            try waitFor {
                var kinds: [StorageError.Kind] = []
                for options in [
                    TransactionOptions.read, TransactionOptions(.read, timeout: .milliseconds(5)),
                ] {
                    do { try await db.read(options) { _ in } } catch let error as StorageError {
                        kinds.append(error.kind)
                    }
                }
                let task = Task {
                    try await db.read(TransactionOptions(.read, timeout: .seconds(60))) { _ in }
                }
                task.cancel()
                do { try await task.value } catch let error as StorageError { kinds.append(error.kind) }
                return kinds
            }
        }
        #expect(kinds == [.poolTimeout, .timeout, .interrupted])
        await db.shutdown()
    }

    @Test func `a wrong password and an absent server are told by open`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        try await database.execute(
            "CREATE ROLE guarded LOGIN PASSWORD 'right' IN ROLE \(EphemeralPostgres.passwordRole)")
        let conninfo = database.conninfo.setting("user", to: "guarded").setting("password", to: "wr0ng")
        let refused = try await #require(throws: StorageError.self) {
            _ = try await PostgresStorage.open(conninfo, .init())
        }
        #expect(refused.kind == .permission)
        #expect(!"\(refused)".contains("wr0ng"))
        let absent = try await #require(throws: StorageError.self) {
            _ = try await PostgresStorage.open("host=/nowhere dbname=x")
        }
        #expect(absent.kind == .unavailable)
        let malformed = try await #require(throws: StorageError.self) {
            _ = try await PostgresStorage.open("host='x")
        }
        #expect(malformed.kind == .misuse)
        try await database.execute("DROP ROLE guarded")
    }

    enum Stop: String, CaseIterable { case cancellation, timeout }

    /// Stops work that sleeps on the server, and waits until no such session is left there.
    private func requireEnd(
        of work: Task<Void, any Error>, by stop: Stop, _ database: TestDatabase, _ sleepers: String
    ) async throws {
        if stop == .cancellation {
            try await waitUntil(database, "SELECT count(*) = 1 \(sleepers)")
            work.cancel()
        }
        let error = try await #require(throws: StorageError.self) { try await work.value }
        #expect(error.kind == (stop == .timeout ? .timeout : .interrupted))
        try await waitUntil(database, "SELECT count(*) = 0 \(sleepers)")
    }

    @Test(arguments: Stop.allCases)
    func `a stopped statement ends on the server, and the next one is not hit`(_ stop: Stop) async throws {
        var configuration = PostgresStorage.Configuration()
        configuration.maximumConnections = 1
        let (db, database) = try await postgresStorage(configuration)
        let options = TransactionOptions(.write, timeout: stop == .timeout ? .milliseconds(300) : nil)
        let work = Task { try await db.write(options) { tx in _ = try tx.execute("SELECT pg_sleep(60)") } }
        let sleepers = """
            FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
                AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep(60)%'
            """
        try await requireEnd(of: work, by: stop, database, sleepers)
        for _ in 0..<20 { #expect(try await db.read { try $0.one("SELECT 1", as: Int.self) } == 1) }
        #expect(await db.statistics.leased == 0)
        await db.shutdown()
    }

    /// The server does not read on while it waits for a lock, so the large value is half sent. Four times, as each would
    /// be waited for in vain for five seconds, and a machine may be slow for one.
    @Test(arguments: Stop.allCases)
    func `a statement that is on its way is stopped at once`(_ stop: Stop) async throws {
        let (db, database) = try await postgresStorage(
            schema: "CREATE TABLE t (n int, text text); INSERT INTO t VALUES (0)")
        let locker = try await database.connect()
        try await locker.run { _ = try $0.execute("BEGIN; UPDATE t SET n = 1") }
        let options = TransactionOptions(.write, timeout: stop == .timeout ? .milliseconds(500) : nil)
        let large = String(repeating: "x", count: 16 << 20)
        let waiters = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        var sum = Duration.zero
        for _ in 0..<4 {
            var start = ContinuousClock.now
            let work = Task {
                try await db.write(options) { tx in
                    _ = try tx.executeAll(["UPDATE t SET n = 2", "INSERT INTO t VALUES (3, \(large))"])
                }
            }
            if stop == .cancellation {
                try await waitUntil(database, "SELECT count(*) = 1 \(waiters)")
                start = .now
                work.cancel()
            }
            let error = try await #require(throws: StorageError.self) { try await work.value }
            #expect(error.kind == (stop == .timeout ? .timeout : .interrupted))
            sum += start.duration(to: .now)
        }
        // A sanitizer makes everything slower.
        let isSlowed = ProcessInfo.processInfo.environment["OUTGROW_DEADLINE_SECONDS"] != nil
        #expect(sum < (isSlowed ? .seconds(150) : .seconds(15)))
        try await waitUntil(database, "SELECT count(*) = 0 \(waiters)")
        await locker.close()
        await db.shutdown()
    }

    /// The trigger swallows the first request to cancel, as one that overtakes COMMIT goes nowhere.
    @Test(arguments: Stop.allCases)
    func `a COMMIT that is stopped ends on the server, too`(_ stop: Stop) async throws {
        let (db, database) = try await postgresStorage(
            schema: """
                CREATE TABLE t (n int);
                CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END;
                    PERFORM pg_sleep(60);
                    RETURN NULL;
                END $$;
                CREATE CONSTRAINT TRIGGER dawdling AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION dawdle()
                """)
        let options = TransactionOptions(.write, timeout: stop == .timeout ? .milliseconds(300) : nil)
        let work = Task {
            try await db.write(options) { tx in _ = try tx.execute("INSERT INTO t VALUES (1)") }
        }
        let sleepers = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        try await requireEnd(of: work, by: stop, database, sleepers)
        #expect(try await db.read { try $0.one("SELECT count(*) FROM t", as: Int.self) } == 0)
        await db.shutdown()
    }

    @Test func `opening a connection counts, too`() async throws {
        let silent = try SilentListener()
        let conninfo = Conninfo(options: [
            "host": "127.0.0.1", "port": "\(silent.port)", "sslmode": "disable",
        ])
        var configuration = PostgresStorage.Configuration()
        configuration.connectTimeout = .seconds(60)
        let db = PostgresStorage(conninfo, configuration)
        let start = ContinuousClock.now
        let error = try await #require(throws: StorageError.self) {
            try await db.write(TransactionOptions(.write, timeout: .milliseconds(100))) { _ in }
        }
        #expect(error.kind == .timeout, "\(error)")
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(await db.statistics.open == 0)
        await db.shutdown()
    }

    @Test func `time spent in the closure counts, and nothing is committed after it`() async throws {
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (n int)")
        let error = try await #require(throws: StorageError.self) {
            try await db.write(TransactionOptions(.write, timeout: .milliseconds(50))) { tx in
                try tx.execute("INSERT INTO t VALUES (1)")
                let end = ContinuousClock.now + .milliseconds(60)
                while ContinuousClock.now < end {}
            }
        }
        #expect(error.kind == .timeout)
        #expect(try await db.read { try $0.one("SELECT count(*) FROM t", as: Int.self) } == 0)
        await db.shutdown()
    }

    @Test func `a session ended by the server is replaced unnoticed, and inside of a transaction told`()
        async throws
    {
        let (db, database) = try await postgresStorage()
        let pid = try await db.read { try $0.one("SELECT pg_backend_pid()", as: Int.self) }
        let other = try await database.connect()
        try await other.run { connection in
            _ = try connection.scalar("SELECT pg_terminate_backend($1::int, 10000)", ["\(pid)"])
        }
        #expect(try await db.read { try $0.one("SELECT pg_backend_pid()", as: Int.self) } != pid)
        let error = try await #require(throws: StorageError.self) {
            try await db.write { tx in
                let pid = try tx.one("SELECT pg_backend_pid()", as: Int.self)
                _ = try waitFor {
                    try await other.run { connection in
                        try connection.scalar("SELECT pg_terminate_backend($1::int, 10000)", ["\(pid)"])
                    }
                }
                try tx.execute("SELECT 1")
            }
        }
        #expect(error.kind == .connectionLost)
        #expect(error.isRetryable)
        let unknown = try await #require(throws: StorageError.self) {
            try await db.write { tx in
                let pid = try tx.one("SELECT pg_backend_pid()", as: Int.self)
                _ = try waitFor {
                    try await other.run { connection in
                        try connection.scalar("SELECT pg_terminate_backend($1::int, 10000)", ["\(pid)"])
                    }
                }
            }
        }
        #expect(unknown.kind == .commitOutcomeUnknown)
        #expect(!unknown.isRetryable)
        await other.close()
        await db.shutdown()
    }

    @Test func `a crash of the server is survived without an error reaching the next reader`() async throws {
        let cluster = try await LocalCluster.start(.tests)
        var configuration = PostgresStorage.Configuration()
        configuration.maximumConnections = 4
        let db = try await PostgresStorage.open(cluster.conninfo(), configuration)
        let pids = try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { try await db.read { try $0.one("SELECT pg_backend_pid()", as: Int.self) } }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        // The postmaster ends all sessions, recovers, and starts again.
        kill(Int32(try #require(pids.first)), SIGKILL)
        try await untilReachable(cluster.conninfo(), except: pids)
        for _ in 0..<8 {
            let pid = try await db.read { try $0.one("SELECT pg_backend_pid()", as: Int.self) }
            #expect(!pids.contains(pid))
        }
        #expect(await db.statistics.open <= 4)
        await db.shutdown()
        await cluster.stop()
    }

    /// Until the sessions of before are gone and new ones are let in.
    private func untilReachable(_ conninfo: Conninfo, except pids: Set<Int>) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            do {
                let connection = try await PostgresConnection.open(conninfo)
                let list = pids.map(String.init).joined(separator: ",")
                let count = try await connection.run {
                    try $0.scalar("SELECT count(*) FROM pg_stat_activity WHERE pid IN (\(list))")
                }
                await connection.close()
                if count == "0" { return }
            } catch {}
        }
        Issue.record("The server did not come back.")
    }

    @Test func `a session that was changed is not lent again`() async throws {
        let statements: [(SQL, isLentAgain: Bool)] = [
            ("SET search_path TO pg_catalog", false), ("SET LOCAL search_path TO pg_catalog", true),
            ("CREATE TEMP TABLE mine (n int)", false), ("LISTEN news", false), ("SELECT 1", true),
        ]
        var configuration = PostgresStorage.Configuration()
        configuration.maximumConnections = 1
        configuration.preparation = "SET application_name = 'prepared'"
        let (db, _) = try await postgresStorage(configuration)
        for (statement, isLentAgain) in statements {
            let before = try await db.write { tx in
                try tx.execute(statement)
                return try tx.one("SELECT pg_backend_pid()", as: Int.self)
            }
            let after = try await db.read { tx in
                #expect(try tx.one("SHOW application_name", as: String.self) == "prepared")
                return try tx.one("SELECT pg_backend_pid()", as: Int.self)
            }
            #expect((before == after) == isLentAgain, "\(statement.description)")
        }
        await db.shutdown()
    }

    @Test func `prepared statements are kept, bounded, and survive a change of the schema`() async throws {
        var configuration = PostgresStorage.Configuration()
        configuration.maximumConnections = 1
        configuration.statementCacheSize = 8
        let (db, database) = try await postgresStorage(
            configuration, schema: "CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
        let kept: SQL = "SELECT count(*) FROM pg_prepared_statements"
        for length in 1...50 {
            let ids = Array(1...length)
            _ = try await db.read { try $0.rows("SELECT * FROM t WHERE a IN \(list: ids)", as: Int.self) }
        }
        let count = try await db.read { try $0.one(kept, as: Int.self) }
        #expect(count == 2, "one for all list lengths, and this one")
        for index in 0..<100 {
            _ = try await db.read { try $0.one("SELECT \(unsafe: "\(index)")", as: Int.self) }
        }
        #expect(try await db.read { try $0.one(kept, as: Int.self) } <= 8 + 16)

        // The transaction that meets the stale plan is told to run again, and then works.
        _ = try await db.read { try $0.rows("SELECT * FROM t", as: Int.self) }
        try await database.execute("ALTER TABLE t ALTER a TYPE text")
        let error = try await #require(throws: StorageError.self) {
            try await db.read { try $0.rows("SELECT * FROM t", as: String.self) }
        }
        #expect(error.kind == .serialization)
        #expect(try await db.read { try $0.rows("SELECT * FROM t", as: String.self) } == ["1"])
        // Somebody else has thrown them away.
        try await db.write { tx in _ = try tx.execute("SELECT 1") }
        let gone = try await #require(throws: StorageError.self) {
            try await db.write { tx in
                try tx.execute("DEALLOCATE ALL")
                try tx.execute("SELECT 1")
            }
        }
        #expect(gone.kind == .serialization)
        try await db.write { tx in _ = try tx.execute("SELECT 1") }
        await db.shutdown()
    }

    @Test func `without a cache every statement is unnamed`() async throws {
        var configuration = PostgresStorage.Configuration()
        configuration.statementCacheSize = 0
        let (db, _) = try await postgresStorage(configuration, schema: "CREATE TABLE t (a int)")
        try await db.write { tx in
            try tx.executeAll([1, 2, 3].map { "INSERT INTO t VALUES (\($0))" })
            try tx.execute(
                "INSERT INTO t SELECT \(parameter: 1) WHERE \(parameter: 2)", forEach: [(4, true), (5, true)])
            #expect(try tx.one("SELECT sum(a) FROM t WHERE a > \(1)", as: Int.self) == 14)
            #expect(try tx.one("SELECT count(*) FROM pg_prepared_statements", as: Int.self) == 0)
        }
        await db.shutdown()
    }

    @Test func `a canceled stream gives its place back`() async throws {
        var configuration = PostgresStorage.Configuration()
        configuration.maximumConnections = 1
        let (db, _) = try await postgresStorage(configuration)
        let (first, signal) = AsyncStream<Void>.makeStream()
        let task = Task {
            for try await _ in db.stream("SELECT g FROM generate_series(1, 1000000) g", as: Int.self) {
                signal.yield()
            }
        }
        for await _ in first { break }
        task.cancel()
        await #expect(throws: StorageError.self) { try await task.value }
        #expect(try await db.read { try $0.one("SELECT 1", as: Int.self) } == 1)
        await db.shutdown()
    }
}
