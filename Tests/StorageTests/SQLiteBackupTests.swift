import TestSupport
import Testing

@testable import OutgrowStorage

@Suite struct SQLiteBackupTests {
    @Test func `a backup holds what was committed, while a writer is at work`() async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.insert(["a", "b"])
        let shell = try LiveShell(fixture.path)
        try shell.run("BEGIN IMMEDIATE; INSERT INTO item (name) VALUES ('not yet');")
        let copy = fixture.folder.file("it's a copy.db")
        try await fixture.storage.backup(to: copy)
        #expect(try SQLiteShell.run("SELECT name FROM item ORDER BY id", on: copy) == "a\nb\n")
        let error = try await storageError { try await fixture.storage.backup(to: copy) }
        #expect(error?.kind == .misuse)
    }

    @Test func `a database in memory and one that is only read are backed up`() async throws {
        let folder = try TemporaryFolder()
        let memory = try await SQLiteStorage.inMemory()
        try await memory.write { try $0.executeScript("CREATE TABLE t (a); INSERT INTO t VALUES (7);") }
        try await memory.backup(to: folder.file("one.db"))
        let reading = try await SQLiteStorage.open(
            path: folder.file("one.db"), configuration: .init(access: .readOnly))
        try await reading.backup(to: folder.file("two.db"))
        #expect(try SQLiteShell.run("SELECT a FROM t", on: folder.file("two.db")) == "7\n")
    }

    @Test func `a canceled backup leaves the storage as it was`() async throws {
        let fixture = try await SQLiteFixture()
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await fixture.storage.backup(to: fixture.folder.file("copy.db"))
        }
        task.cancel()
        #expect(try await storageError { try await task.value }?.kind == .interrupted)
        try await fixture.insert(["a"])
        #expect(try await fixture.names == ["a"])
    }
}
