import TestSupport
import Testing

@testable import OutgrowStorage

@Suite struct SQLiteStreamTests {
    private static let numbers: SQL =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n"

    private static func numbers(of cursor: RowCursor, _ count: Int) async throws -> [Int64] {
        let batch = try await cursor.next(count)
        return try (0..<batch.count).map { try batch.row(at: $0).int64(at: 0) }
    }

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
        let first = try await fixture.storage.cursor(Self.numbers)
        #expect(try await Self.numbers(of: first, 2) == [1, 2])
        await first.close()
        let second = try await fixture.storage.cursor(Self.numbers)
        await first.close()
        #expect(try await first.next(1).count == 0)
        #expect(try await Self.numbers(of: second, 2) == [1, 2])
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

    @Test func `a stream gives the rows in front of one that does not fit`() async throws {
        for storage in try await storages() {
            var found: [Int] = []
            let error = try await storageError {
                let query: SQL = "SELECT value FROM json_each('[1,2,\"a\",4]')"
                for try await number in storage.stream(query, as: Int.self) { found.append(number) }
            }
            #expect(error?.kind == .type)
            #expect(found == [1, 2])
        }
    }

    private static func text(of row: borrowing Row) throws -> String {
        """
        \(try row.int64(at: 0)) \(try row.double(at: 1)) \(try row.string(at: 2)) \(try row.bytes(at: 3)) \
        \(try row.isNull(at: 4)) \(try row.string(at: 5)) \(try row.bytes(at: 6)) \(try row.double(at: 7)) \
        \(try row.int64(at: 8)) \(row.columnCount) \(row.columnName(at: 0))
        """
    }

    @Test func `every class of value is the same in a stream as in a transaction`() async throws {
        let query: SQL = """
            SELECT 7, -1.5, 'gr\u{F6}\u{DF}er als f\u{FC}nfzehn Bytes', x'00ff', NULL, '', x'', 9e300, -9223372036854775808
            UNION ALL SELECT 8, 2, 'kurz', zeroblob(3), 'da', 'x', x'01', 0.0, 0
            """
        for storage in try await storages() {
            let expected = try await storage.read { tx in
                var rows: [String] = []
                try tx.forEachRow(query) { row in rows.append(try Self.text(of: row)) }
                return rows
            }
            let cursor = try await storage.cursor(query)
            let batch = try await cursor.next(10)
            #expect(try (0..<batch.count).map { try Self.text(of: batch.row(at: $0)) } == expected)
            #expect(batch.count == 2)
            // A column that is not there is told in the same words.
            let errors = [9, -1].map { column in
                do {
                    _ = try batch.row(at: 0).string(at: column)
                    return ""
                } catch {
                    return "\(error)"
                }
            }
            #expect(errors.allSatisfy { $0.contains("There is no column") })
            await cursor.close()
        }
    }

    @Test func `a batch of large rows ends early, and one that is kept stays as it was`() async throws {
        let fixture = try await SQLiteFixture(.init(readerCount: 1))
        let cursor = try await fixture.storage.cursor(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)
            SELECT i, 300000 + i, zeroblob(300000 + i) FROM n
            """)
        var batches: [RowBatch] = []
        repeat { batches.append(try await cursor.next(100)) } while batches.last?.count != 0
        #expect(batches.count > 2)
        var expected: Int64 = 1
        for batch in batches {
            for index in 0..<batch.count {
                let row = batch.row(at: index)
                #expect(try row.int64(at: 0) == expected)
                #expect(try row.bytes(at: 2).count == Int(try row.int64(at: 1)))
                expected += 1
            }
        }
        #expect(expected == 21)
        await cursor.close()
    }
}
