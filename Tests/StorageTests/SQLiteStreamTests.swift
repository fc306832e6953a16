import TestSupport
import Testing

@testable import OutgrowStorage

@Suite struct SQLiteStreamTests {
    private static let numbers: SQL =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n"

    private func storages() async throws -> [SQLiteStorage] {
        [try await SQLiteFixture().storage, try await SQLiteStorage.inMemory()]
    }

    @Test(arguments: [1, 7, 512, 1000, .max])
    func `all rows come in order`(_ batchSize: Int) async throws {
        for storage in try await storages() {
            var found: [Int] = []
            for try await number in storage.stream(Self.numbers, as: Int.self, batchSize: batchSize) {
                found.append(number)
            }
            #expect(found == Array(1...1000))
        }
    }

    @Test func `writing while the rows are read changes neither the rows nor the wait`() async throws {
        let memory = try await SQLiteStorage.inMemory()
        try await memory.write {
            try $0.executeScript("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)")
        }
        for storage in [try await SQLiteFixture().storage, memory] {
            try await storage.write { tx in
                let rows: [String] = (1...100).map { "\($0)" }
                _ = try tx.bulkInsert(into: "item", columns: ["name"], rows: rows)
            }
            var count = 0
            for try await id in storage.stream("SELECT id FROM item", as: Int.self, batchSize: 3) {
                count += 1
                try await storage.write { tx in
                    _ = try tx.execute("INSERT INTO item (name) VALUES (\("copy of \(id)"))")
                }
            }
            #expect(count == 100)
            #expect(try await storage.read { try $0.one("SELECT count(*) FROM item", as: Int.self) } == 200)
        }
    }

    @Test func `a stream left early gives its connection back`() async throws {
        let fixture = try await SQLiteFixture(.init(readerCount: 1))
        for _ in 0..<5 {
            for try await number in fixture.storage.stream(Self.numbers, as: Int.self, batchSize: 2) {
                if number == 3 { break }
            }
        }
        #expect(try await fixture.names.isEmpty)
    }

    @Test func `a canceled stream ends, gives its connection back, and leaves no cancellation behind`()
        async throws
    {
        let fixture = try await SQLiteFixture(.init(readerCount: 1))
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let endless: SQL =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 3 OR i < 0"
        let task = Task {
            for try await number in fixture.storage.stream(endless, as: Int.self, batchSize: 1)
            where number == 2 {
                start.yield()
            }
        }
        for await _ in started { break }
        task.cancel()
        #expect(try await storageError { try await task.value }?.kind == .interrupted)
        #expect(try await fixture.names.isEmpty)
        #expect(await fixture.storage.statistics.readers?.leased == 0)
    }

    @Test func `a cursor may be closed any number of times`() async throws {
        let fixture = try await SQLiteFixture(.init(readerCount: 1))
        let first = try await fixture.storage.cursor(Self.numbers) { try $0.int64(at: 0) }
        #expect(try await first.next(2) == [1, 2])
        await first.close()
        let second = try await fixture.storage.cursor(Self.numbers) { try $0.int64(at: 0) }
        await first.close()
        #expect(try await first.next(1).isEmpty)
        #expect(try await second.next(2) == [1, 2])
        await second.close()
        #expect(await fixture.storage.statistics.readers?.leased == 0)
    }

    @Test func `an error ends the stream and not the connection`() async throws {
        let fixture = try await SQLiteFixture(.init(readerCount: 1))
        let queries: [SQL] = [
            "SELECT * FROM missing", "SELECT value FROM json_each('[1,\"a\"]')", "DELETE FROM item",
        ]
        for (query, kind) in zip(queries, [StorageError.Kind.statement, .type, .readOnly]) {
            let error = try await storageError {
                for try await _ in fixture.storage.stream(query, as: Int.self) {}
            }
            #expect(error?.kind == kind)
        }
        #expect(try await fixture.names.isEmpty)
    }
}
