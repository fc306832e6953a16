import Foundation
import TestSupport
import Testing

@testable import OutgrowStorage

@Suite("What a Postgres storage must not lose or leak", .timeLimit(.minutes(10)))
struct ReviewPostgresTests {
    private static let single: PostgresStorage.Configuration = {
        var configuration = PostgresStorage.Configuration()
        configuration.maximumConnections = 1
        return configuration
    }()

    @Test func `a statement that was refused here leaves the connection as it was`() async throws {
        let (db, _) = try await postgresStorage(Self.single, schema: "CREATE TABLE t (id int)")
        @Sendable func refuses(_ tx: Transaction) throws {
            do {
                try tx.execute("\(unsafe: "SELECT 1 \0")")
                Issue.record("U+0000 was let through")
            } catch let error as StorageError where error.kind == .misuse {}
        }
        let answers = try await db.write { tx in
            try refuses(tx)
            let first = try tx.one("SELECT CAST(42 AS bigint)", as: Int64.self)
            try refuses(tx)
            try tx.execute("INSERT INTO t VALUES (1)")
            return [first, try tx.one("SELECT count(*) FROM t", as: Int64.self)]
        }
        #expect(answers == [42, 1])
        #expect(try await db.read { try $0.one("SELECT count(*) FROM t", as: Int64.self) } == 1)
        await db.shutdown()
    }

    @Test func `more values than the protocol counts are refused, and nothing breaks`() async throws {
        let (db, _) = try await postgresStorage(Self.single)
        func processID() async throws -> Int64 {
            try await db.read { try $0.one("SELECT CAST(pg_backend_pid() AS bigint)", as: Int64.self) }
        }
        let before = try await processID()
        for all in [false, true] {
            let error = try await storageError {
                try await db.read { tx in
                    var parts = SQL.StringInterpolation(literalCapacity: 400_000, interpolationCount: 65_536)
                    parts.appendLiteral("SELECT 0")
                    for number in 1...65_536 {
                        parts.appendLiteral(", ")
                        parts.appendInterpolation(number)
                    }
                    let query = SQL(stringInterpolation: parts)
                    if all { try tx.executeAll([query]) } else { try tx.execute(query) }
                }
            }
            #expect(error?.kind == .statement)
        }
        #expect(try await processID() == before)
        await db.shutdown()
    }

    @Test(arguments: [
        "/* a comment */ SET search_path TO pg_catalog", "-- a comment\nSET search_path TO pg_catalog",
        "CREATE OR REPLACE TEMP VIEW t AS SELECT 1 AS id", "SELECT 1 AS id INTO TEMP t",
        "SELECT 1 AS id INTO TEMPORARY TABLE t", "CREATE TABLE pg_temp.t (id int)",
    ])
    func `what a statement leaves in the session is not met by the next transaction`(
        _ statement: String
    ) async throws {
        let (db, _) = try await postgresStorage(Self.single, schema: "CREATE TABLE t (id int)")
        _ = try await db.write { tx in try tx.execute("\(unsafe: statement)") }
        _ = try await db.write { tx in try tx.execute("INSERT INTO t VALUES (7)") }
        let ids = try await db.read { try $0.rows("SELECT CAST(id AS bigint) FROM public.t", as: Int64.self) }
        #expect(ids == [7])
        await db.shutdown()
    }

    @Test func `statements that were never prepared are not freed`() async throws {
        var configuration = Self.single
        configuration.statementCacheSize = 8
        let (db, _) = try await postgresStorage(configuration)
        let error = try await storageError {
            try await db.write { tx in
                _ = try tx.executeAll((0..<60).map { "\(unsafe: $0 == 0 ? "SELECT 1/0" : "SELECT \($0)")" })
            }
        }
        #expect(error?.sqlState == "22012")
        #expect(try await db.read { try $0.one("SELECT CAST(42 AS bigint)", as: Int64.self) } == 42)
        await db.shutdown()
    }

    @Test(arguments: [false, true])
    func `a statement run while rows are being made is refused`(_ isCopy: Bool) async throws {
        let (db, _) = try await postgresStorage(Self.single, schema: "CREATE TABLE t (id bigint)")
        let error = try await storageError {
            try await db.write(TransactionOptions(.write, timeout: .seconds(20))) { tx in
                let query: SQL = "SELECT CAST(42 AS bigint)"
                _ = try tx.one(query, as: Int64.self)
                var failure: (any Error)?
                let rows = sequence(first: Int64(0)) { previous in
                    guard previous < 1000, failure == nil else { return nil }
                    do {
                        if previous == 600 { _ = try tx.one(query, as: Int64.self) }
                    } catch {
                        failure = error
                    }
                    return previous + 1
                }
                if isCopy {
                    try tx.bulkInsert(into: "t", columns: ["id"], rows: rows)
                } else {
                    try tx.execute("INSERT INTO t VALUES (\(parameter: 1))", forEach: rows)
                }
                if let failure { throw failure }
            }
        }
        #expect(error?.kind == .misuse)
        #expect(try await db.read { try $0.one("SELECT count(*) FROM t", as: Int64.self) } == 0)
        await db.shutdown()
    }

    @Test(arguments: [Duration.seconds(Int64.max), .zero - .seconds(Int64.max)])
    func `a time limit of any length is no trap`(_ limit: Duration) async throws {
        var configuration = Self.single
        configuration.acquireTimeout = limit
        configuration.connectTimeout = limit
        configuration.lifetime = limit
        configuration.lifetimeJitter = limit
        configuration.idleTimeout = limit
        configuration.healthCheckAfter = limit
        let (db, _) = try await postgresStorage(configuration)
        _ = try await storageError {
            try await db.read(TransactionOptions(.read, timeout: limit)) { tx in
                try tx.one("SELECT CAST(1 AS bigint)", as: Int64.self)
            }
        }
        await db.pool.maintain()
        await db.shutdown()
    }
}
