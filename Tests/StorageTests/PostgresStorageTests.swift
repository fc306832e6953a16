import Dispatch
import Foundation
import PostgresClient
import Synchronization
import TestSupport
import Testing

@testable import OutgrowStorage

/// A storage on an empty database of the test server.
func postgresStorage(
    _ configuration: PostgresStorage.Configuration = .init(), schema: String = ""
) async throws -> (storage: PostgresStorage, database: TestDatabase) {
    let database = try await EphemeralPostgres.shared.emptyDatabase()
    if !schema.isEmpty { try await database.execute(schema) }
    return (try await PostgresStorage.open(database.conninfo, configuration), database)
}

/// Asks the server until it answers yes: it is the clock of these tests.
func waitUntil(_ database: TestDatabase, _ question: String) async throws {
    let connection = try await database.connect()
    try await connection.run { connection in
        let deadline = ContinuousClock.now + .seconds(20)
        while try connection.scalar(question) != "t" {
            try #require(ContinuousClock.now < deadline, "The server never said yes to: \(question)")
            _ = try connection.scalar("SELECT pg_sleep(0.01)")
        }
    }
    await connection.close()
}

@Suite("A storage on Postgres", .timeLimit(.minutes(10)))
struct PostgresStorageTests {
    @Test func `a write commits and a read sees it`() async throws {
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (id int PRIMARY KEY, name text)")
        let changed = try await db.write { tx in
            try tx.execute("INSERT INTO t VALUES (\(1), \("ada")), (\(2), \(String?.none))")
        }
        #expect(changed == 2)
        let rows = try await db.read { tx in
            try tx.rows("SELECT id, name FROM t ORDER BY id", as: Int64.self, String?.self)
        }
        #expect(rows.map(\.0) == [1, 2])
        #expect(rows.map(\.1) == ["ada", nil])
        let count = try await db.write { tx in
            (
                try tx.execute("SELECT * FROM t"), try tx.execute("UPDATE t SET name = 'x'"),
                try tx.execute("DELETE FROM t")
            )
        }
        #expect(count == (0, 2, 2))
        await db.shutdown()
    }

    @Test func `an error in the closure rolls back and goes on unchanged`() async throws {
        struct Stop: Error {}
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (id int)")
        await #expect(throws: Stop.self) {
            try await db.write { tx in
                try tx.execute("INSERT INTO t VALUES (1)")
                throw Stop()
            }
        }
        #expect(try await db.read { try $0.one("SELECT count(*) FROM t", as: Int.self) } == 0)
        #expect(await db.statistics.open == 1)
        await db.shutdown()
    }

    static let controls: [SQL] = [
        "COMMIT", "end", "ROLLBACK", " rollback work", "BEGIN", "START TRANSACTION", "-- why\nABORT",
        "PREPARE TRANSACTION 'x'",
    ]

    @Test(arguments: controls.indices)
    func `a closure cannot end its transaction, so nothing of it stays`(_ index: Int) async throws {
        let control = Self.controls[index]
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (id int)")
        let ways: [@Sendable (Transaction) throws -> Void] = [
            { tx in try tx.execute(control) },
            { tx in try tx.executeAll(["SELECT 1", control]) },
            { tx in try tx.executeScript("SELECT 1; \(control); SELECT 2") },
            { tx in try tx.execute(control, forEach: [1]) },
            { tx in _ = try tx.rows(control, as: Int.self) },
        ]
        for way in ways {
            let error = await #expect(throws: StorageError.self) {
                try await db.write { tx in
                    try tx.execute("INSERT INTO t VALUES (1)")
                    try way(tx)
                }
            }
            #expect(error?.kind == .misuse)
        }
        #expect(try await db.read { try $0.one("SELECT count(*) FROM t", as: Int.self) } == 0)
        await db.shutdown()
    }

    @Test func `what only begins alike is no end of the transaction`() async throws {
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (id int)")
        try await db.write { tx in
            try tx.execute("SAVEPOINT mine")
            try tx.execute("INSERT INTO t VALUES (1)")
            try tx.execute("ROLLBACK TO SAVEPOINT mine")
            try tx.execute("PREPARE p AS SELECT 1")
            try tx.executeScript(
                "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$; SELECT f()")
        }
        #expect(try await db.read { try $0.one("SELECT count(*) FROM t", as: Int.self) } == 0)
        await db.shutdown()
    }

    @Test func `a COPY as a statement is refused, and says what to use`() async throws {
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (id int)")
        let error = await #expect(throws: StorageError.self) {
            try await db.write { try $0.execute("COPY t TO STDOUT") }
        }
        #expect(error?.kind == .misuse && error?.remedy.contains("bulkInsert") == true)
        await db.shutdown()
    }

    @Test func `a swallowed failure is not committed`() async throws {
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (id int PRIMARY KEY)")
        let error = try await #require(throws: StorageError.self) {
            try await db.write { tx in
                try tx.execute("INSERT INTO t VALUES (1)")
                do { try tx.execute("INSERT INTO t VALUES (1)") } catch {}
            }
        }
        #expect(error.kind == .unique)
        #expect(error.table == "t")
        #expect(error.constraint == "t_pkey")
        #expect(try await db.read { try $0.one("SELECT count(*) FROM t", as: Int.self) } == 0)
        await db.shutdown()
    }

    @Test func `a savepoint undoes its part, and the rest is committed`() async throws {
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (id int PRIMARY KEY)")
        try await db.write { tx in
            try tx.execute("INSERT INTO t VALUES (1)")
            do {
                try tx.savepoint {
                    try tx.execute("INSERT INTO t VALUES (2)")
                    try tx.execute("INSERT INTO t VALUES (1)")
                }
            } catch let error as StorageError where error.kind == .unique {}
            try tx.execute("INSERT INTO t VALUES (3)")
        }
        #expect(try await db.read { try $0.rows("SELECT id FROM t ORDER BY 1", as: Int.self) } == [1, 3])
        await db.shutdown()
    }

    @Test func `a deferred constraint fails at COMMIT with its own kind`() async throws {
        let (db, _) = try await postgresStorage(
            schema: """
                CREATE TABLE p (id int PRIMARY KEY);
                CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED)
                """)
        let error = try await #require(throws: StorageError.self) {
            try await db.write { tx in try tx.execute("INSERT INTO c VALUES (7)") }
        }
        #expect(error.kind == .foreignKey)
        await db.shutdown()
    }

    @Test func `two writers in each other's way: one fails with a retryable kind`() async throws {
        let (db, database) = try await postgresStorage(
            schema: "CREATE TABLE t (n int); INSERT INTO t VALUES (0)")
        let second = try await PostgresStorage.open(database.conninfo, .init())
        let error = try await #require(throws: StorageError.self) {
            try await db.write { tx in
                let n = try tx.one("SELECT n FROM t", as: Int.self)
                // The other transaction commits in between, on a connection of its own.
                _ = try waitFor { try await second.write { tx in try tx.execute("UPDATE t SET n = n + 1") } }
                try tx.execute("UPDATE t SET n = \(n + 1)")
            }
        }
        #expect(error.kind == .serialization)
        #expect(error.isRetryable)
        await db.shutdown()
        await second.shutdown()
    }

    @Test func `a read cannot write, and a statement that ends the transaction is refused`() async throws {
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (id int)")
        let readOnly = try await #require(throws: StorageError.self) {
            try await db.read { tx in try tx.execute("INSERT INTO t VALUES (1)") }
        }
        #expect(readOnly.kind == .readOnly)
        let ended = try await #require(throws: StorageError.self) {
            try await db.write { tx in
                try tx.execute("INSERT INTO t VALUES (1)")
                try tx.execute("COMMIT")
            }
        }
        #expect(ended.kind == .misuse)
        await db.shutdown()
    }

    @Test func `a script, a batch and rows for one statement run`() async throws {
        let (db, _) = try await postgresStorage()
        let counts = try await db.write { tx in
            try tx.executeScript(
                "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (0, 'zero')")
            let batch = try tx.executeAll((1...600).map { "INSERT INTO t VALUES (\($0), \("v\($0)"))" })
            let fed = try tx.execute(
                "UPDATE t SET v = \(parameter: 2) WHERE id = \(parameter: 1)",
                forEach: (0..<1000).map { ($0, "w\($0)") })
            return (batch.count, batch.reduce(0, +), fed)
        }
        #expect(counts == (600, 600, 601))
        #expect(
            try await db.read { try $0.one("SELECT count(*) FROM t WHERE v = 'w' || id", as: Int.self) }
                == 601)
        await db.shutdown()
    }

    @Test func `the first failure of a batch is thrown, and the connection goes on`() async throws {
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (id int PRIMARY KEY)")
        for _ in 0..<2 {
            let error = try await #require(throws: StorageError.self) {
                try await db.write { tx in
                    try tx.executeAll(["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1)", "SELECT 1/0"])
                }
            }
            #expect(error.kind == .unique)
            let fed = try await #require(throws: StorageError.self) {
                try await db.write { tx in
                    try tx.execute(
                        "INSERT INTO t SELECT \(parameter: 1) WHERE \(parameter: 2)",
                        forEach: (0..<5000).map { ($0 % 3000, true) })
                }
            }
            #expect(fed.kind == .unique)
        }
        #expect(await db.statistics.open == 1)
        #expect(try await db.read { try $0.one("SELECT count(*) FROM t", as: Int.self) } == 0)
        await db.shutdown()
    }

    @Test func `bulk insert copies every type, quotes, and counts`() async throws {
        let (db, _) = try await postgresStorage(
            schema: """
                CREATE TYPE mood AS ENUM ('glad', 'sad');
                CREATE TABLE t (a int, b float8, c boolean, d text, e bytea, f timestamptz, g uuid, h numeric, i jsonb,
                    j mood)
                """)
        let id = UUID()
        let date = Date(timeIntervalSince1970: 1_700_000_000.25)
        let json: JSON = ["k": "tab\t\\ \"q\""]
        let count = try await db.write { tx in
            try tx.bulkInsert(
                into: "t", columns: ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"],
                rows: (0..<2000).map { index in
                    (
                        index, Double(index) / 3, index % 2 == 0, "x\t\n\r\\N\\.\u{1F600}" as String?,
                        [0, 92, 255] as [UInt8], date, id, Decimal(string: "1.50"), json, "glad"
                    )
                })
        }
        #expect(count == 2000)
        let row = try await db.read { tx in
            try tx.one(
                "SELECT a, b, c, d, e, f, g, h, i, j FROM t WHERE a = 1999", as: Int.self, Double.self,
                Bool.self,
                String.self, [UInt8].self, Date.self, UUID.self, Decimal.self, JSON.self, String.self)
        }
        #expect(row.0 == 1999 && row.1 == 1999.0 / 3 && row.2 == false)
        #expect(row.3 == "x\t\n\r\\N\\.\u{1F600}")
        #expect(row.4 == [0, 92, 255] && row.5 == date && row.6 == id)
        #expect(row.7 == Decimal(string: "1.5") && row.8 == json && row.9 == "glad")
        await db.shutdown()
    }

    @Test func `rows that cannot be made end the COPY, and the session goes on`() async throws {
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (a text, b int)")
        let error = try await #require(throws: StorageError.self) {
            try await db.write { tx in
                try tx.bulkInsert(into: "t", columns: ["a", "b"], rows: [("x", 1), ("a\0b", 2)])
            }
        }
        #expect(error.kind == .unsupportedValue)
        let wrong = try await #require(throws: StorageError.self) {
            try await db.write { tx in try tx.bulkInsert(into: "t", columns: ["a", "nope"], rows: [("x", 1)])
            }
        }
        #expect(wrong.kind == .statement)
        #expect(try await db.read { try $0.one("SELECT count(*) FROM t", as: Int.self) } == 0)
        #expect(await db.statistics.open == 1)
        await db.shutdown()
    }

    @Test func `a stream reads one snapshot in batches and gives the connection back`() async throws {
        let (db, _) = try await postgresStorage(
            schema: "CREATE TABLE t AS SELECT g AS n FROM generate_series(1, 1500) g")
        var sum = 0
        for try await n in db.stream("SELECT n FROM t WHERE n <= \(1200)", as: Int.self, batchSize: 100) {
            sum += n
            if n == 1 { try await db.write { tx in _ = try tx.execute("DELETE FROM t") } }
        }
        #expect(sum == 1200 * 1201 / 2)
        var iterator = db.stream("SELECT 1/(n - 3) FROM generate_series(1, 5) n", as: Int.self)
            .makeAsyncIterator()
        let error = await #expect(throws: StorageError.self) { _ = try await iterator.next(isolation: nil) }
        #expect(error?.kind == .type)
        let wrong = await #expect(throws: StorageError.self) {
            var iterator = db.stream("SELEC", as: Int.self).makeAsyncIterator()
            _ = try await iterator.next(isolation: nil)
        }
        #expect(wrong?.kind == .statement)
        #expect(await db.statistics.leased == 0)
        await db.shutdown()
    }

    @Test func `a statement that is repeated follows its values, its texts and the schema`() async throws {
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (id bigint, name text)")
        let found = try await db.write { tx in
            var found: [String] = []
            for round in 0..<4 {
                // The same literals with values of other types: another statement on the server.
                found.append(try tx.one("SELECT pg_typeof(\(round))::text", as: String.self))
                found.append(try tx.one("SELECT pg_typeof(\(Double(round)))::text", as: String.self))
                for name in ["a", nil] as [String?] {
                    try tx.execute("INSERT INTO t VALUES (\(round), \(name))")
                }
                if round == 1 { try tx.execute("ALTER TABLE t ADD more int DEFAULT 5") }
                for _ in 0..<3 {
                    let count = try tx.one("SELECT count(*) FROM t WHERE id = \(round)", as: Int.self)
                    found.append("\(count)")
                }
            }
            return found
        }
        #expect(
            found
                == Array(repeating: ["bigint", "double precision", "2", "2", "2"], count: 4).flatMap(\.self))
        let columns = try await db.read { tx in
            var columns: [Int] = []
            for _ in 0..<3 {
                try tx.forEachRow("SELECT * FROM t LIMIT \(1)") { columns.append($0.columnCount) }
            }
            return columns
        }
        #expect(columns == [3, 3, 3])
        await db.shutdown()
    }
}

/// Runs asynchronous work from the thread of a transaction and waits for it.
func waitFor<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
    let isDone = DispatchSemaphore(value: 0)
    let result = Mutex<Result<Value, any Error>?>(nil)
    Task {
        do {
            let value = try await body()
            result.withLock { $0 = .success(value) }
        } catch {
            result.withLock { $0 = .failure(error) }
        }
        isDone.signal()
    }
    isDone.wait()
    return try #require(result.withLock { $0 }).get()
}
