import Foundation
import SQLiteClient
import TestSupport
import Testing

@Suite("A source held open")
struct SourceReaderTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("app.db") }

    init() throws { folder = try TemporaryFolder() }

    private var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    private func open() throws -> SourceReader {
        try SourceReader.open(try SourceFiles.look(at: path)) { _, _ in
            let copy = folder.file("copy")
            try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
            return copy
        }
    }

    @Test func `leaves no sidecar, whoever still holds a statement of it`() throws {
        try SQLiteShell.run(
            "PRAGMA journal_mode=WAL; CREATE TABLE t(a); INSERT INTO t VALUES(1), (2);", on: path)
        let reader = try open()
        #expect(reader.access == .guarded)
        let statement = try reader.snapshot.withConnection { try $0.prepare("SELECT a FROM t") }
        #expect(try statement.step())
        #expect(try files == ["app.db", "app.db-shm", "app.db-wal"])
        reader.finish()
        #expect(try files == ["app.db"])
        #expect(throws: SQLiteFailure.self) { try statement.step() }
        #expect(throws: SQLiteFailure.self) {
            try reader.snapshot.withConnection { try $0.prepare("SELECT 1") }
        }
        withExtendedLifetime(statement) {}
    }

    @Test func `sees one state, whatever is committed meanwhile`() throws {
        for mode in ["WAL", "DELETE"] {
            if mode == "DELETE" { try FileManager.default.removeItem(atPath: path) }
            let application = try LiveShell(path)
            try application.run("PRAGMA journal_mode=\(mode); CREATE TABLE t(a); INSERT INTO t VALUES(1);")
            let reader = try open()
            let count = { try reader.snapshot.withConnection { try $0.integer("SELECT count(*) FROM t") } }
            #expect(try count() == 1)
            #expect(reader.movement() == .none)
            if mode == "WAL" {
                for _ in 1...3 { try application.run("INSERT INTO t VALUES(2);") }
                #expect(try count() == 1)
                #expect(reader.movement() == .commits(3))
                try application.run("PRAGMA wal_checkpoint(RESTART); INSERT INTO t VALUES(3);")
                #expect(reader.movement() == .commits(4))
            } else {
                // In rollback mode nobody can commit while we read.
                #expect(try application.run(".timeout 0\nINSERT INTO t VALUES(2);").contains("locked"))
                #expect(reader.movement() == .none)
            }
            reader.finish()
            try application.quit()
        }
    }

    @Test func `can write nothing, attach nothing, and runs no trigger or view`() throws {
        try SQLiteShell.run("CREATE TABLE t(a); CREATE VIEW v AS SELECT 1;", on: path)
        let reader = try open()
        for sql in [
            "INSERT INTO t VALUES(1)", "ATTACH 'other.db' AS o", "SELECT * FROM v",
            "PRAGMA user_version = 7; ",
        ] {
            #expect(throws: SQLiteFailure.self, "\(sql)") {
                try reader.snapshot.withConnection { try $0.execute(sql) }
            }
        }
        reader.finish()
    }

    @Test func `reads JSON checks that an old SQLite does not trust`() throws {
        try SQLiteShell.run(
            "CREATE TABLE t(a TEXT CHECK (json_valid(a))); INSERT INTO t VALUES('{}');", on: path)
        let reader = try open()
        #expect(try reader.snapshot.withConnection { try $0.integer("SELECT count(*) FROM t") } == 1)
        reader.finish()
    }

    @Test func `names who keeps it locked`() throws {
        let application = try LiveShell(path)
        try application.run("CREATE TABLE t(a); BEGIN EXCLUSIVE;")
        let files = try SourceFiles.look(at: path)
        #expect(files.lockHolder == application.processID)
        #expect(files.writeLockHolder == application.processID)
        #expect(SourceFiles.describeLockHolder(of: path) == "process \(application.processID) (sqlite3)")
        try application.run("COMMIT;")
        #expect(try SourceFiles.look(at: path).lockHolder == nil)
        try application.quit()
    }
}
