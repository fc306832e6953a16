import TestSupport
import Testing

@testable import OutgrowStorage

@Suite struct SQLiteStatementCacheTests {
    @Test func `lists of 1 to 1000 values are one statement`() async throws {
        let storage = try await SQLiteStorage.inMemory()
        try await storage.write { tx in
            try tx.executeScript("CREATE TABLE t (id INTEGER PRIMARY KEY)")
            let rows: [Int] = Array(1...1000)
            _ = try tx.bulkInsert(into: "t", columns: ["id"], rows: rows)
        }
        let before = await storage.statistics
        try await storage.read { tx in
            for length in 0...1000 {
                let count = try tx.one(
                    "SELECT count(*) FROM t WHERE id IN \(list: Array(1..<(length + 1)))", as: Int.self)
                #expect(count == length)
            }
        }
        let after = await storage.statistics
        #expect(after.compilations == before.compilations + 1)
        #expect(after.cacheHits == before.cacheHits + 1000)
    }

    @Test func `the statement used least recently gives way`() async throws {
        var configuration = SQLiteStorage.Configuration()
        configuration.statementCacheSize = 2
        let storage = try await SQLiteStorage.inMemory(configuration: configuration)
        func compilations(_ texts: [String]) async throws -> Int {
            let before = await storage.statistics.compilations
            try await storage.read { tx in for text in texts { try tx.execute("\(unsafe: text)") } }
            return await storage.statistics.compilations - before
        }
        #expect(try await compilations(["SELECT 1", "SELECT 2", "SELECT 1"]) == 2)
        #expect(try await compilations(["SELECT 3", "SELECT 1", "SELECT 3"]) == 1)
        #expect(try await compilations(["SELECT 2"]) == 1)
    }

    @Test(arguments: [0, 1, 128])
    func `a query runs inside of itself`(_ cacheSize: Int) async throws {
        var configuration = SQLiteStorage.Configuration()
        configuration.statementCacheSize = cacheSize
        let storage = try await SQLiteStorage.inMemory(configuration: configuration)
        let query: SQL = "SELECT value FROM json_each('[1,2,3]')"
        let found = try await storage.read { tx in
            var found: [Int] = []
            try tx.forEach(query, as: Int.self) { outer in
                try tx.forEach(query, as: Int.self) { inner in found.append(10 * outer + inner) }
            }
            return found
        }
        #expect(found == [11, 12, 13, 21, 22, 23, 31, 32, 33])
    }

    @Test func `a PRAGMA takes effect each time`() async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.storage.write {
            try $0.executeScript("CREATE TABLE part (item INTEGER REFERENCES item (id))")
        }
        for round in 0..<3 {
            try await fixture.storage.write { tx in
                try tx.execute("PRAGMA defer_foreign_keys = ON")
                try tx.execute("INSERT INTO part VALUES (\(round + 10))")
                try tx.execute("INSERT INTO item (id, name) VALUES (\(round + 10), \("n\(round)"))")
            }
        }
    }

    @Test func `a failed statement can be run again`() async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.insert(["a"])
        for _ in 0..<2 {
            #expect(try await storageError { try await fixture.insert(["a"]) }?.kind == .unique)
        }
        try await fixture.insert(["b"])
        #expect(try await fixture.names == ["a", "b"])
    }

    @Test func `a statement is known by its text, wherever values cut it`() async throws {
        let storage = try await SQLiteStorage.inMemory()
        let before = await storage.statistics
        let sums = try await storage.read { tx in
            var sums: [[Int]] = []
            for number in 1...3 {
                sums.append([
                    try tx.one("SELECT \(number) + \(1)", as: Int.self),
                    try tx.one("SELECT \(unsafe: "$1") + \(1)", as: Int.self),
                    try tx.one("SELECT \(number)\(unsafe: " + ")\(1)", as: Int.self),
                ])
            }
            return sums
        }
        #expect(sums == [[2, 2, 2], [3, 2, 3], [4, 2, 4]])
        let after = await storage.statistics
        #expect(after.compilations == before.compilations + 2)
        #expect(after.cacheHits == before.cacheHits + 7)
    }

    @Test func `literals that are equal and not the same are two statements`() async throws {
        let storage = try await SQLiteStorage.inMemory()
        let counts = try await storage.read { tx in
            try (0..<3).flatMap { number in
                [
                    try tx.one("SELECT length('\u{E9}') + \(number)", as: Int.self) - number,
                    try tx.one("SELECT length('e\u{301}') + \(number)", as: Int.self) - number,
                ]
            }
        }
        #expect(counts == [1, 2, 1, 2, 1, 2])
    }
}
