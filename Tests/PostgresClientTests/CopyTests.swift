import Diagnostics
import PostgresClient
import TestSupport
import Testing

@Suite("COPY", .timeLimit(.minutes(10)))
struct CopyTests {
    private func connect() async throws -> PostgresConnection {
        try await EphemeralPostgres.shared.emptyDatabase().connect()
    }

    @Test func `rows go in and come out as they were, a row of 3 MB among them`() async throws {
        try await connect().run { connection in
            try connection.execute("CREATE TABLE t(id bigint, body text)")
            let lines =
                (1...20_000).map { "\($0)\trow \($0)\n" } + [
                    "20001\t\(String(repeating: "ü", count: 1_500_000))\n"
                ]
            let bytes = Array(lines.joined().utf8)
            try connection.copyIn("COPY t FROM STDIN")
            for start in stride(from: 0, to: bytes.count, by: 65_536) {
                let block = Array(bytes[start..<min(start + 65_536, bytes.count)])
                try connection.putCopyData(unsafe block.span.bytes)
            }
            try expectEqual(connection.endCopy(), 20_001)

            var received: [UInt8] = []
            var messageCount = 0
            try connection.copyOut("COPY (SELECT * FROM t ORDER BY id) TO STDOUT") { row in
                messageCount += 1
                for index in 0..<row.byteCount { received.append(row.byte(at: index)) }
            }
            #expect(messageCount == 20_001)
            #expect(received == bytes)
        }
    }

    @Test func `one block of 3 MB is sent whole`() async throws {
        try await connect().run { connection in
            try connection.execute("CREATE TABLE t(body text)")
            try connection.copyIn("COPY t FROM STDIN")
            let block = [UInt8](repeating: 120, count: 3_000_000) + [10]
            try connection.putCopyData(unsafe block.span.bytes)
            try expectEqual(connection.endCopy(), 1)
            try expectEqual(connection.scalar("SELECT length(body) FROM t"), "3000000")
        }
    }

    @Test func `an error of the server stops the COPY early`() async throws {
        try await connect().run { connection in
            try connection.execute("CREATE TABLE t(id bigint PRIMARY KEY)")
            try connection.copyIn("COPY t FROM STDIN")
            let block = Array(String(repeating: "7\n", count: 30_000).utf8)
            var sent = 0
            let error = try expectFailure(OutgrowError.self) {
                // A quick server answers this block already.
                try connection.putCopyData(unsafe Array("1\nnonsense\n".utf8).span.bytes)
                // Far more than all buffers together hold.
                while sent < 20_000 {
                    try connection.putCopyData(unsafe block.span.bytes)
                    sent += 1
                }
            }
            #expect(sent < 20_000)
            #expect(error.causeCode == "22P02")
            #expect(!error.description.contains("nonsense"))
            try expectEqual(connection.scalar("SELECT count(*) FROM t"), "0")
        }
    }

    @Test func `notices during a COPY do not stop it`() async throws {
        try await connect().run { connection in
            try connection.execute(
                """
                CREATE TABLE t(id bigint);
                CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN IF NEW.id % 1000 = 0 THEN RAISE WARNING 'row %', NEW.id; END IF;
                       RETURN NEW; END $$;
                CREATE TRIGGER loud BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION shout();
                """)
            try connection.copyIn("COPY t FROM STDIN")
            for block in 0..<100 {
                let rows = (1...1000).map { "\(block * 1000 + $0)\n" }.joined()
                try connection.putCopyData(unsafe Array(rows.utf8).span.bytes)
            }
            try expectEqual(connection.endCopy(), 100_000)
            expectEqual(connection.notices.count, 100)
        }
    }

    @Test func `a COPY that the caller gives up leaves nothing behind`() async throws {
        struct Stop: Error {}
        try await connect().run { connection in
            try connection.execute("CREATE TABLE t(id bigint)")
            try expectFailure(Stop.self) {
                try connection.withTransaction {
                    try connection.copyIn("COPY t FROM STDIN")
                    try connection.putCopyData(unsafe Array("1\n2\n".utf8).span.bytes)
                    throw Stop()
                }
            }
            expectEqual(connection.transactionStatus, .idle)
            try connection.copyIn("COPY t FROM STDIN")
            try connection.failCopy("Given up.")
            try expectEqual(connection.scalar("SELECT count(*) FROM t"), "0")
        }
    }

    @Test func `a reader that throws can go on with the session`() async throws {
        struct Stop: Error {}
        try await connect().run { connection in
            var count = 0
            try expectFailure(Stop.self) {
                try connection.copyOut("COPY (SELECT generate_series(1, 100000000)) TO STDOUT") { _ in
                    count += 1
                    if count == 1000 { throw Stop() }
                }
            }
            #expect(count == 1000)
            try expectEqual(connection.scalar("SELECT 1"), "1")
        }
    }

    @Test func `an error in the middle of reading is thrown`() async throws {
        try await connect().run { connection in
            let error = try expectFailure(OutgrowError.self) {
                try connection.copyOut(
                    "COPY (SELECT 1 / (5000 - g) FROM generate_series(1, 10000) g) TO STDOUT"
                ) { _ in }
            }
            #expect(error.causeCode == "22012")
            try expectEqual(connection.scalar("SELECT 1"), "1")
            try expectFailure(OutgrowError.self) { try connection.copyIn("COPY nowhere FROM STDIN") }
            try expectEqual(connection.scalar("SELECT 2"), "2")
        }
    }
}

extension RawSpan {
    fileprivate func byte(at index: Int) -> UInt8 {
        unsafe unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
    }
}
