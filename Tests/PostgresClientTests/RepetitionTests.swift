import Diagnostics
import PostgresClient
import TestSupport
import Testing

/// The short way of a statement that runs again: it must never run where the long way would do something else.
@Suite("A statement that runs again", .timeLimit(.minutes(10)))
struct RepetitionTests {
    private static let bigint: UInt32 = 20
    private static let double: UInt32 = 701
    private static let double7 = "SELECT 7 * $1 AS product"

    /// A connection on which the statement has run once, in a transaction.
    private func connect(
        _ text: String = double7,
        _ body: @Sendable @escaping (isolated PostgresConnection, PreparedStatement) throws -> Void
    ) async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        try await database.execute("CREATE TABLE t(a bigint PRIMARY KEY)")
        let connection = try await database.connect()
        try await connection.run { connection in
            try connection.execute("BEGIN")
            connection.parameters.removeAll()
            connection.parameters.append(1 as Int64, type: Self.bigint)
            _ = try connection.run(text)
            _ = try connection.run(text)
            let statement = connection.preparedStatement(text)
            try body(connection, try #require(statement))
        }
    }

    private func again(
        _ statement: PreparedStatement, _ value: Int64, on connection: isolated PostgresConnection
    ) throws -> PostgresResult? {
        connection.parameters.removeAll()
        connection.parameters.append(value, type: Self.bigint)
        return try connection.run(again: statement)
    }

    @Test func `it has the new values, every time`() async throws {
        try await connect { connection, statement in
            for value in 1...100 as ClosedRange<Int64> {
                let result = try #require(try again(statement, value, on: connection))
                #expect(result.integer(0, 0) == 7 * value)
            }
        }
    }

    @Test func `a large result arrives whole`() async throws {
        try await connect("SELECT repeat('x', 1000) FROM generate_series(1, $1)") { connection, statement in
            for value in [20_000, 1, 5_000] as [Int64] {
                let result = try #require(try again(statement, value, on: connection))
                #expect(result.rowCount == Int(value))
            }
        }
    }

    enum Between: CaseIterable {
        case anotherStatement, script, commit, rollback, otherTypes, discarded, deadline, nextTransaction,
            failed, ended
    }

    @Test(arguments: Between.allCases)
    func `it goes the long way after anything else`(_ between: Between) async throws {
        try await connect { connection, statement in
            #expect(try again(statement, 2, on: connection) != nil)
            switch between {
            case .anotherStatement: _ = try connection.query("SELECT 1")
            case .script: try connection.runScript("SET LOCAL work_mem = '1MB'")
            case .commit: _ = try connection.commit()
            case .rollback: connection.rollBackOrClose()
            case .otherTypes:
                connection.parameters.removeAll()
                connection.parameters.append(2.5, type: Self.double)
                #expect(try connection.run(again: statement) == nil)
                return
            case .discarded: connection.discardStatements()
            case .deadline: connection.deadline = .now + .seconds(60)
            case .nextTransaction:
                _ = try connection.commit()
                connection.beginLater("BEGIN ISOLATION LEVEL SERIALIZABLE")
            case .failed:
                try expectFailure(OutgrowError.self) { _ = try connection.query("SELECT 1/0") }
            case .ended: connection.close()
            }
            #expect(try again(statement, 2, on: connection) == nil)
        }
    }

    @Test func `its failure is that of the server, and the transaction has failed`() async throws {
        try await connect(
            "INSERT INTO t VALUES ($1) ON CONFLICT (a) DO UPDATE SET a = t.a / (5 - excluded.a)"
        ) {
            connection, statement in
            #expect(try again(statement, 1, on: connection)?.changedRows == 1)
            #expect(try again(statement, 5, on: connection)?.changedRows == 1)
            let error = try #require(throws: OutgrowError.self) {
                _ = try again(statement, 5, on: connection)
            }
            #expect(error.causeCode == "22012")
            expectEqual(connection.transactionStatus, .inFailedTransaction)
            #expect(try again(statement, 6, on: connection) == nil)
        }
    }

    @Test func `a canceled one ends at once`() async throws {
        try await connect("SELECT pg_sleep($1 - 1)") { connection, statement in
            let start = ContinuousClock.now
            let canceler = Task.detached { connection.interrupt() }
            let error = try #require(throws: OutgrowError.self) {
                _ = try again(statement, 600, on: connection)
            }
            #expect(error.kind == .interrupted)
            #expect(
                try #require(throws: OutgrowError.self) { try connection.scalar("SELECT 1") }.kind
                    == .interrupted)
            #expect(ContinuousClock.now - start < limit(20))
            _ = canceler
        }
    }

    @Test func `a session that the server ends is lost, with the server's reason`() async throws {
        try await connect("SELECT pg_terminate_backend(CASE WHEN $1 > 1 THEN pg_backend_pid() ELSE 0 END)") {
            connection, statement in
            let error = try #require(throws: OutgrowError.self) {
                _ = try again(statement, 2, on: connection)
            }
            #expect(error.causeCode == "57P01")
            expectEqual(connection.isOpen, false)
            #expect(try again(statement, 1, on: connection) == nil)
        }
    }

    @Test func `a plan that no longer fits is prepared anew the next time`() async throws {
        try await connect("SELECT t.* FROM t WHERE a <> $1") { connection, statement in
            #expect(try again(statement, 0, on: connection) != nil)
            // As another session's change of the table would: without the connection's own knowledge.
            try connection.execute("ALTER TABLE t ADD COLUMN b text")
            #expect(try again(statement, 0, on: connection) == nil)
            let error = try #require(throws: OutgrowError.self) {
                _ = try connection.run("SELECT t.* FROM t WHERE a <> $1")
            }
            #expect(error.causeCode == "0A000")
            expectEqual(connection.hasStaleStatements, true)
        }
    }
}
