import Diagnostics
import PostgresClient
import TestSupport
import Testing

@Suite("Statements", .timeLimit(.minutes(10)))
struct QueryTests {
    private func connect() async throws -> PostgresConnection {
        try await EphemeralPostgres.shared.emptyDatabase().connect()
    }

    @Test func `a result gives text, numbers, Booleans and NULL`() async throws {
        try await connect().run { connection in
            let result = try connection.query(
                "SELECT $1::bigint AS n, $2::text AS t, true AS b, NULL::int AS missing, '' AS empty",
                ["-9223372036854775808", "naïve ☃ 'quote'"])
            #expect(result.rowCount == 1)
            #expect(result.columnNames == ["n", "t", "b", "missing", "empty"])
            let row = try #require(result.firstRow)
            #expect(try row.int64("n") == .min)
            #expect(row["t"] == "naïve ☃ 'quote'")
            #expect(try row.bool("b") == true)
            #expect(try row.int64("missing") == nil)
            #expect(row["empty"]?.isEmpty == true)
            #expect(result[5, 0] == nil)
            try expectFailure(OutgrowError.self) { try row.int64("t") }
        }
    }

    @Test func `a binary result gives the server's bytes`() async throws {
        try await connect().run { connection in
            let result = try connection.queryBinary(
                "SELECT 258::int4, NULL::int4, '\\x00ff'::bytea, $1::text", ["é"])
            #expect(result.bytes(0, 0) == [0, 0, 1, 2])
            #expect(result.bytes(0, 1) == nil)
            #expect(result.bytes(0, 2) == [0, 255])
            #expect(result.bytes(0, 3) == [0xC3, 0xA9])
        }
    }

    @Test func `several statements run as one text and count their rows`() async throws {
        try await connect().run { connection in
            let result = try connection.execute("CREATE TABLE t(a int); INSERT INTO t VALUES (1), (2)")
            #expect(result.commandTag == "INSERT 0 2")
            #expect(result.affectedRows == 2)
            try expectEqual(connection.scalar("SELECT sum(a) FROM t"), "3")
        }
    }

    @Test func `a transaction is rolled back when its body throws`() async throws {
        struct Stop: Error {}
        try await connect().run { connection in
            try connection.execute("CREATE TABLE t(a int UNIQUE)")
            try expectFailure(Stop.self) {
                try connection.withTransaction {
                    try connection.execute("INSERT INTO t VALUES (1)")
                    throw Stop()
                }
            }
            expectEqual(connection.transactionStatus, .idle)
            try expectEqual(connection.scalar("SELECT count(*) FROM t"), "0")
            try connection.withTransaction { _ = try connection.execute("INSERT INTO t VALUES (2)") }
            try expectEqual(connection.scalar("SELECT count(*) FROM t"), "1")
        }
    }

    @Test func `a transaction that swallows a failure does not pass for committed`() async throws {
        _ = try await connect().run { connection in
            try expectFailure(OutgrowError.self) {
                try connection.withTransaction {
                    try expectFailure(OutgrowError.self) { try connection.execute("SELECT 1/0") }
                }
            }
        }
    }

    @Test func `a broken constraint is told without values, and its fields are there`() async throws {
        try await connect().run { connection in
            try connection.execute("CREATE TABLE t(a text CONSTRAINT only_once UNIQUE)")
            _ = try connection.query("INSERT INTO t VALUES ($1)", ["s3cret"])
            let error = try expectFailure(OutgrowError.self) {
                try connection.query("INSERT INTO t VALUES ($1)", ["s3cret"])
            }
            #expect(error.causeCode == "23505")
            #expect(!error.description.contains("s3cret"))
            expectEqual(connection.lastFailure?.constraint, "only_once")
            expectEqual(connection.lastFailure?.table, "t")
            expectEqual(connection.lastFailure?.detail?.contains("s3cret"), true)
            try expectEqual(connection.scalar("SELECT 1"), "1")
        }
    }

    @Test func `notices are collected`() async throws {
        try await connect().run { connection in
            try connection.execute("DO $$ BEGIN RAISE WARNING 'careful'; END $$")
            expectEqual(connection.notices.map(\.message), ["careful"])
            expectEqual(connection.notices.first?.severity, "WARNING")
            connection.clearNotices()
            expectEqual(connection.notices.isEmpty, true)
        }
    }

    @Test func `a text with NUL is refused, not cut`() async throws {
        try await connect().run { connection in
            try expectFailure(OutgrowError.self) { try connection.query("SELECT $1::text", ["a\0b"]) }
            try expectFailure(OutgrowError.self) { try connection.execute("SELECT 1\0;") }
        }
    }

    @Test func `a closed connection says so`() async throws {
        let connection = try await connect()
        await connection.close()
        let error = try await #require(throws: OutgrowError.self) {
            try await connection.run { try $0.scalar("SELECT 1") }
        }
        #expect(error.code == "target-closed")
    }

    @Test func `a connection that the server ends is lost, and stays so`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let victim = try await database.connect()
        let pid = try await victim.run { try $0.scalar("SELECT pg_backend_pid()") }
        let other = try await database.connect()
        try await other.run { connection in
            // Waits until the backend has ended (PostgreSQL 14 and later).
            try expectEqual(connection.scalar("SELECT pg_terminate_backend($1::int, 10000)", [pid]), "t")
        }
        let error = try await #require(throws: OutgrowError.self) {
            try await victim.run { try $0.scalar("SELECT 1") }
        }
        #expect(error.code == "target-lost", "\(error)")
        let next = try await #require(throws: OutgrowError.self) {
            try await victim.run { try $0.scalar("SELECT 1") }
        }
        #expect(next.code == "target-closed")
    }
}
