import Foundation
import Synchronization
import TestSupport
import Testing

@testable import OutgrowStorage

@Suite struct SQLiteOpeningTests {
    struct Setting: Sendable {
        var pragma: String
        var wanted: [String]
    }

    @Test(arguments: [
        Setting(pragma: "journal_mode", wanted: ["wal", "wal"]),
        Setting(pragma: "synchronous", wanted: ["1", "1"]),
        Setting(pragma: "foreign_keys", wanted: ["1", "1"]),
        Setting(pragma: "query_only", wanted: ["0", "1"]),
        Setting(pragma: "trusted_schema", wanted: ["0", "0"]),
    ])
    func `the writer and the readers are set up`(_ setting: Setting) async throws {
        let storage = try await SQLiteFixture().storage
        let query: SQL =
            "SELECT CAST(\(unsafe: setting.pragma) AS TEXT) FROM pragma_\(unsafe: setting.pragma)"
        let found = [
            try await storage.write { try $0.one(query, as: String.self) } as String,
            try await storage.read { try $0.one(query, as: String.self) } as String,
        ]
        #expect(found == setting.wanted)
    }

    @Test func `durable means synchronous FULL`() async throws {
        let storage = try await SQLiteFixture(.init(durability: .durable)).storage
        let query: SQL = "SELECT synchronous FROM pragma_synchronous"
        #expect(try await storage.write { try $0.one(query, as: Int.self) } == 2)
    }

    @Test func `strings in double quotes are taken only when asked for`() async throws {
        let query: SQL = #"SELECT "misspelled""#
        var configuration = SQLiteStorage.Configuration()
        let strict = try await SQLiteFixture(configuration).storage
        let error = try await storageError {
            try await strict.read { tx in try tx.one(query, as: String.self) }
        }
        #expect(error?.kind == .statement)
        configuration.allowsDoubleQuotedStrings = true
        let lenient = try await SQLiteFixture(configuration).storage
        #expect(try await lenient.read { tx in try tx.one(query, as: String.self) } == "misspelled")
        try await lenient.write { tx in
            try tx.executeScript(#"CREATE VIEW v AS SELECT "old" AS a; CREATE TABLE t (a TEXT DEFAULT "b")"#)
        }
    }

    @Test func `the application's own set-up runs on every connection`() async throws {
        let roles = Mutex<[SQLiteSetup.Role]>([])
        let fixture = try await SQLiteFixture(
            .init(preparation: { setup in
                roles.withLock { $0.append(setup.role) }
                // Replaces the busy handler, unless it is put back; and query_only comes after.
                try setup.execute("PRAGMA busy_timeout = 1")
                try setup.execute("PRAGMA cache_size = -4321")
                #expect(try setup.text("PRAGMA journal_mode") == "wal")
            }))
        let query: SQL = "SELECT cache_size FROM pragma_cache_size"
        #expect(try await fixture.storage.write { try $0.one(query, as: Int.self) } == -4321)
        #expect(try await fixture.storage.read { try $0.one(query, as: Int.self) } == -4321)
        #expect(roles.withLock { $0 } == [.writer, .reader])
    }

    @Test func `an error of the set-up keeps the storage from opening`() async throws {
        let folder = try TemporaryFolder()
        let error = try await storageError {
            try await SQLiteStorage.open(
                path: folder.file("app.db"),
                configuration: .init(preparation: { try $0.execute("PRAGMA this is none") }))
        }
        #expect(error?.kind == .statement)
    }

    @Test func `a file in another journal mode is put into WAL and keeps its rows`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("old.db")
        try SQLiteShell.run("CREATE TABLE t (a); INSERT INTO t VALUES (7);", on: path)
        let storage = try await SQLiteStorage.open(path: path)
        #expect(try await storage.read { try $0.one("SELECT a FROM t", as: Int.self) } == 7)
        await storage.shutdown()
        #expect(try SQLiteShell.run("PRAGMA journal_mode", on: path) == "wal\n")
    }

    @Test func `a file is read without being changed`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("old.db")
        try SQLiteShell.run("CREATE TABLE t (a); INSERT INTO t VALUES (7);", on: path)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let storage = try await SQLiteStorage.open(path: path, configuration: .init(access: .readOnly))
        #expect(storage.capabilities.isReadOnly)
        #expect(try await storage.read { try $0.one("SELECT a FROM t", as: Int.self) } == 7)
        let error = try await storageError { try await storage.write { try $0.execute("DELETE FROM t") } }
        #expect(error?.kind == .readOnly)
        await storage.shutdown()
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["old.db"])
    }

    @Test func `what cannot be opened says why`() async throws {
        let folder = try TemporaryFolder()
        try folder.write(String(repeating: "no database ", count: 100), to: "text.db")
        let cases: [(String, SQLiteStorage.Configuration.Access, StorageError.Kind, String)] = [
            (folder.path, .readWrite, .unavailable, "is a folder"),
            (folder.file("none/app.db"), .readWrite, .unavailable, "no folder"),
            (folder.file("none.db"), .readWriteExisting, .unavailable, "no file"),
            (folder.file("none.db"), .readOnly, .unavailable, "no file"),
            (folder.file("text.db"), .readWrite, .corrupt, "not a SQLite database"),
            (folder.file("text.db"), .readOnly, .corrupt, "not a SQLite database"),
            (":memory:", .readWrite, .misuse, "no file"),
            ("", .readWrite, .misuse, "no file"),
            ("a\0b", .readWrite, .misuse, "no file"),
        ]
        for (path, access, kind, words) in cases {
            let error = try await storageError {
                try await SQLiteStorage.open(path: path, configuration: .init(access: access))
            }
            #expect(error?.kind == kind, "\(path) \(access)")
            #expect(error?.summary.contains(words) == true, "\(path): \(error?.summary ?? "opened")")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["text.db"])
    }

    @Test func `many storages on one new file agree on WAL`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        try await withThrowingTaskGroup(of: SQLiteStorage.self) { group in
            for _ in 0..<8 { group.addTask { try await SQLiteStorage.open(path: path) } }
            for try await storage in group { await storage.shutdown() }
        }
    }

    @Test func `a path is relative to the current folder`() async throws {
        let name = "outgrow-\(UUID().uuidString).db"
        let here = FileManager.default.currentDirectoryPath
        let storage = try await SQLiteStorage.open(path: name)
        await storage.shutdown()
        #expect(FileManager.default.fileExists(atPath: "\(here)/\(name)"))
        try FileManager.default.removeItem(atPath: "\(here)/\(name)")
    }

    @Test func `after shutdown everything is refused and nothing lies beside the file`() async throws {
        let fixture = try await SQLiteFixture()
        let running = Task { try await fixture.storage.run() }
        #expect(try await fixture.names.isEmpty)
        await fixture.storage.shutdown()
        await fixture.storage.shutdown()
        try await running.value
        let errors = [
            try await storageError { try await fixture.storage.read { _ in } },
            try await storageError { try await fixture.storage.write { _ in } },
            try await storageError { for try await _ in fixture.storage.stream("SELECT 1", as: Int.self) {} },
        ]
        #expect(errors.map { $0?.kind } == [.closed, .closed, .closed])
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path) == ["app.db"])
    }

    @Test func `run ends when its task is canceled`() async throws {
        let fixture = try await SQLiteFixture()
        let running = Task { try await fixture.storage.run() }
        running.cancel()
        try await running.value
        #expect(try await fixture.names.isEmpty)
    }
}
