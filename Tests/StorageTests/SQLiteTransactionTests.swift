import Foundation
import Synchronization
import TestSupport
import Testing

@testable import OutgrowStorage

@Suite struct SQLiteTransactionTests {
    private struct Refusal: Error {}

    @Test func `a write is committed, and an error rolls it back and goes on unchanged`() async throws {
        let fixture = try await SQLiteFixture()
        let count = try await fixture.storage.write { tx in
            try tx.execute("INSERT INTO item (name) VALUES (\("a")), (\("b"))")
        }
        #expect(count == 2)
        await #expect(throws: Refusal.self) {
            try await fixture.storage.write { tx in
                try tx.execute("DELETE FROM item")
                throw Refusal()
            }
        }
        #expect(try await fixture.names == ["a", "b"])
        #expect(try SQLiteShell.run("SELECT count(*) FROM item", on: fixture.path) == "2\n")
    }

    @Test func `only inserts, updates and deletes count rows`() async throws {
        let fixture = try await SQLiteFixture()
        let counts = try await fixture.storage.write { tx in
            try tx.executeAll([
                "INSERT INTO item (name) VALUES ('a'), ('b'), ('c')", "SELECT 1", "CREATE TABLE other (x)",
                "UPDATE item SET price = 1 WHERE name < 'c'", "DELETE FROM item WHERE name = 'z'",
                "/* one */ WITH n (x) AS (SELECT 5) INSERT INTO other SELECT x FROM n", "PRAGMA user_version",
                "REPLACE INTO item (id, name) VALUES (1, 'aa')", "EXPLAIN DELETE FROM item",
            ])
        }
        #expect(counts == [3, 0, 0, 2, 0, 1, 0, 1, 0])
    }

    @Test func `a snapshot begins when the closure does`() async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.insert(["a"])
        let path = fixture.path
        let counts = try await fixture.storage.read { tx in
            _ = try SQLiteShell.run("INSERT INTO item (name) VALUES ('b')", on: path)
            return try tx.one("SELECT count(*) FROM item", as: Int.self)
        }
        #expect(counts == 1)
        #expect(try await fixture.names == ["a", "b"])
    }

    @Test(arguments: [
        "INSERT INTO item (name) VALUES ('x')", "CREATE TABLE x (y)", "PRAGMA user_version = 3",
    ])
    func `a read cannot write`(_ statement: String) async throws {
        for storage in [try await SQLiteFixture().storage, try await memory()] {
            let error = try await storageError {
                try await storage.read { try $0.execute("\(unsafe: statement)") }
            }
            #expect(error?.kind == .readOnly)
            let inScript = try await storageError {
                try await storage.read { try $0.executeScript("SELECT 1; \(unsafe: statement)") }
            }
            #expect(inScript?.kind == .readOnly)
            try await storage.write { _ = try $0.execute("INSERT INTO item (name) VALUES ('x')") }
        }
    }

    @Test func `a failed statement that the closure swallows still rolls back`() async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.insert(["a"])
        let next = Mutex<StorageError?>(nil)
        let error = try await storageError {
            try await fixture.storage.write { tx in
                try tx.execute("INSERT INTO item (name) VALUES ('b')")
                do {
                    try tx.execute("INSERT INTO item (name) VALUES ('a')")
                } catch {
                    do { try tx.execute("SELECT 1") } catch let error as StorageError {
                        next.withLock { $0 = error }
                    }
                }
            }
        }
        #expect(error?.kind == .unique)
        #expect(next.withLock { $0?.kind } == .transactionFailed)
        #expect(try await fixture.names == ["a"])
    }

    @Test func `a savepoint fails alone`() async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.insert(["a"])
        try await fixture.storage.write { tx in
            try tx.execute("INSERT INTO item (name) VALUES ('b')")
            let error = #expect(throws: StorageError.self) {
                try tx.savepoint {
                    try tx.execute("INSERT INTO item (name) VALUES ('c')")
                    try tx.execute("INSERT INTO item (name) VALUES ('a')")
                }
            }
            #expect(error?.kind == .unique)
        }
        #expect(try await fixture.names == ["a", "b"])
    }

    @Test func `a deferred foreign key fails the commit and rolls back`() async throws {
        let fixture = try await SQLiteFixture()
        _ = try await fixture.storage.write { tx in
            try tx.execute(
                "CREATE TABLE part (item INTEGER REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED)")
        }
        for _ in 0..<2 {
            let error = try await storageError {
                try await fixture.storage.write { _ = try $0.execute("INSERT INTO part VALUES (99)") }
            }
            #expect(error?.kind == .foreignKey)
            #expect(error?.sqliteCode == 787)
        }
        #expect(try await fixture.storage.read { try $0.one("SELECT count(*) FROM part", as: Int.self) } == 0)
        #expect(await fixture.storage.statistics.writer?.open == 1)
    }

    @Test(arguments: [
        "COMMIT", "END", "BEGIN", "-- all\nROLLBACK", "/* x */ ROLLBACK TRANSACTION", "PRAGMA query_only = 0",
        "PRAGMA main.journal_mode = DELETE", "PRAGMA busy_timeout(3)",
    ])
    func `what belongs to the storage is refused and nothing is broken`(_ text: String) async throws {
        let fixture = try await SQLiteFixture()
        for isScript in [false, true] {
            let error = try await storageError {
                try await fixture.storage.write { tx in
                    try tx.execute("INSERT INTO item (name) VALUES ('a')")
                    if isScript {
                        try tx.executeScript("SELECT 1;\n\(unsafe: text)")
                    } else {
                        try tx.execute("\(unsafe: text)")
                    }
                }
            }
            #expect(error?.kind == .misuse)
        }
        #expect(try await fixture.names.isEmpty)
    }

    @Test func `one call runs one statement`() async throws {
        let fixture = try await SQLiteFixture()
        _ = try await fixture.storage.write { tx in
            try tx.execute("INSERT INTO item (name) VALUES ('a'); -- the end\n ; /* really */ ")
        }
        for text in ["SELECT 1; SELECT 2", "SELECT 1; nonsense", "", " -- nothing", "SELECT 1\0"] {
            let error = try await storageError {
                try await fixture.storage.write { _ = try $0.execute("\(unsafe: text)") }
            }
            #expect(error?.kind == .misuse, "\(text)")
        }
        #expect(try await fixture.names == ["a"])
    }

    @Test func `a script runs all of its statements`() async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.storage.write { tx in
            try tx.executeScript(
                """
                -- one
                INSERT INTO item (name) VALUES ('a;b');
                CREATE TRIGGER t AFTER DELETE ON item BEGIN SELECT 1; SELECT 2; END;
                INSERT INTO item (name) VALUES ('ü') -- no semicolon
                """)
        }
        #expect(try await fixture.names == ["a;b", "ü"])
        for script in [
            "INSERT INTO item (name) VALUES ('c'); SELECT ?", "INSERT INTO item (name) VALUES ('c'); x",
        ] {
            await #expect(throws: StorageError.self) {
                try await fixture.storage.write { try $0.executeScript("\(unsafe: script)") }
            }
        }
        #expect(try await fixture.names == ["a;b", "ü"])
    }

    @Test(arguments: ["SELECT ?", "SELECT :name", "SELECT $2", "SELECT @a", "SELECT $1", "SELECT ?1"])
    func `a placeholder without a value is never NULL`(_ text: String) async throws {
        let storage = try await SQLiteFixture().storage
        let error = try await storageError { try await storage.read { try $0.execute("\(unsafe: text)") } }
        #expect(error?.kind == .misuse)
    }

    @Test func `rows feed a statement whatever the order of its placeholders`() async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.insert(["a", "b", "c"])
        let changed = try await fixture.storage.write { tx in
            try tx.execute(
                "UPDATE item SET price = \(parameter: 2) WHERE name = \(parameter: 1)",
                forEach: [("a", 1.5), ("b", 2.5), ("z", 9.0)])
        }
        #expect(changed == 2)
        let prices = try await fixture.storage.read {
            try $0.rows("SELECT price FROM item ORDER BY id", as: Double?.self)
        }
        #expect(prices == [1.5, 2.5, nil])
    }

    @Test func `the time line is noted`() async throws {
        let fixture = try await SQLiteFixture()
        var options = TransactionOptions.write
        let timeline = TransactionTimeline()
        options.timeline = timeline
        try await fixture.storage.write(options) { _ = try $0.execute("DELETE FROM item") }
        let record = timeline.record
        #expect(record.wait != nil && record.body != nil && record.commit != nil && record.busyCount == 0)
    }

    private func memory() async throws -> SQLiteStorage {
        let storage = try await SQLiteStorage.inMemory()
        try await storage.write {
            _ = try $0.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)")
        }
        return storage
    }
}
