import Foundation
import TestSupport
import Testing

@testable import OutgrowStorage

@Suite("What a SQLite storage must not lose or leak", .timeLimit(.minutes(10)))
struct ReviewSQLiteTests {
    @Test(arguments: ["first", "forEachRow", "thrown"])
    func `a foreign key violated by a statement whose rows were not all read is an error`(
        _ way: String
    ) async throws {
        struct Enough: Error {}
        let fixture = try await SQLiteFixture()
        try await fixture.storage.write { tx in
            try tx.executeScript(
                """
                CREATE TABLE parent (id INTEGER PRIMARY KEY);
                CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id));
                """)
        }
        let insert: SQL = "INSERT INTO child (parent) VALUES (98), (99) RETURNING id"
        let error = try await storageError {
            try await fixture.storage.write { tx in
                switch way {
                case "first": _ = try tx.first(insert, as: Int64.self)
                case "thrown":
                    do {
                        try tx.forEachRow(insert) { _ in throw Enough() }
                    } catch is Enough {}
                default: try tx.forEachRow(insert, while: { _ in false })
                }
            }
        }
        #expect(error?.kind == .foreignKey)
        await fixture.storage.shutdown()
    }

    @Test func `a statement with rows that were not all read has done its work`() async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.storage.write { tx in
            _ = try tx.first("INSERT INTO item (name) VALUES ('a'), ('b') RETURNING id", as: Int64.self)
        }
        #expect(try await fixture.names == ["a", "b"])
        await fixture.storage.shutdown()
    }

    @Test(arguments: [Duration.seconds(Int64.max), .seconds(Int64.max) * 4, .zero - .seconds(Int64.max)])
    func `a time limit of any length is no trap`(_ limit: Duration) async throws {
        var configuration = SQLiteStorage.Configuration()
        configuration.busyTimeout = limit
        configuration.acquireTimeout = limit
        let fixture = try await SQLiteFixture(configuration)
        _ = try await storageError {
            try await fixture.storage.read(TransactionOptions(.read, timeout: limit)) { tx in
                try tx.one("SELECT 1", as: Int64.self)
            }
        }
        // One that has to wait.
        let lease = try await fixture.storage.writer?.acquire()
        let waiting = Task { [storage = fixture.storage] in
            try await storage.write(TransactionOptions(.write, timeout: limit)) { _ in }
        }
        if limit > .zero {
            while await fixture.storage.writer?.statistics.waiting == 0 { await Task.yield() }
        } else {
            _ = await waiting.result
        }
        if let lease { await fixture.storage.writer?.release(lease, isUsable: true) }
        if limit > .zero { try await waiting.value }
        await fixture.storage.shutdown()
    }

    @Test(arguments: [
        "CREATE TEMP TABLE item (id INTEGER)", "create temporary view item AS SELECT 1 AS id",
        "/* c */ CREATE TEMP TABLE item AS SELECT 1 AS id",
    ])
    func `a temporary table ends with its transaction`(_ statement: String) async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.insert(["a"])
        _ = try await fixture.storage.write { tx in try tx.execute("\(unsafe: statement)") }
        _ = try await fixture.storage.write { tx in try tx.execute("UPDATE main.item SET name = 'b'") }
        #expect(try await fixture.names == ["b"])
        let names = try await fixture.storage.write { tx in
            try tx.rows("SELECT name FROM item", as: String.self)
        }
        #expect(names == ["b"])
        await fixture.storage.shutdown()
    }

    @Test func `a setting of the connection ends with its transaction`() async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.storage.write { tx in
            try tx.execute("CREATE TABLE checked (n INTEGER CHECK (n > 0))")
            try tx.execute("PRAGMA ignore_check_constraints = ON")
        }
        let error = try await storageError {
            _ = try await fixture.storage.write { tx in try tx.execute("INSERT INTO checked VALUES (-1)") }
        }
        #expect(error?.kind == .check)
        await fixture.storage.shutdown()
    }

    @Test func `a file that was removed is not made anew`() async throws {
        let fixture = try await SQLiteFixture()
        for suffix in ["", "-wal", "-shm"] {
            try FileManager.default.removeItem(atPath: fixture.path + suffix)
        }
        let backup = fixture.folder.file("backup.db")
        let error = try await storageError { try await fixture.storage.backup(to: backup) }
        #expect(error?.kind == .unavailable)
        #expect(!FileManager.default.fileExists(atPath: fixture.path))
        await fixture.storage.shutdown()
    }

    @Test func `a file that was replaced is not mixed with the one that is open`() async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.insert(["old"])
        let other = try await SQLiteFixture()
        try await other.insert(["new"])
        await other.storage.shutdown()
        try FileManager.default.removeItem(atPath: fixture.path)
        try FileManager.default.moveItem(atPath: other.path, toPath: fixture.path)
        // The first reader opens now.
        let error = try await storageError { try await fixture.names }
        #expect(error?.kind == .unavailable)
        await fixture.storage.shutdown()
    }
}
