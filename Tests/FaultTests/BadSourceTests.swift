import Foundation
import TestSupport
import Testing

@Suite("A source that cannot be read")
struct BadSourceTests {
    /// What stands in the file, and what is said about it.
    struct Content: Sendable, CustomStringConvertible {
        var description: String
        var bytes: [UInt8]
        var code: String
        var advice: String
    }

    static let contents = [
        Content(
            description: "text", bytes: Array("Dear diary,\n".utf8), code: "not-a-database",
            advice: "Name the database"),
        Content(
            description: "SQL",
            bytes: Array("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(a);\n".utf8),
            code: "not-a-database", advice: "sqlite3 new.db < dump.sql"),
        Content(
            description: "gzip", bytes: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0], code: "not-a-database",
            advice: "gunzip"),
        Content(
            description: "pg_dump", bytes: Array("PGDMP\u{1}\u{E}".utf8), code: "not-a-database",
            advice: "pg_restore"),
        Content(
            description: "a -wal file", bytes: [0x37, 0x7F, 6, 0x82] + zeros(60), code: "not-a-database",
            advice: "without -wal"),
        Content(description: "nothing", bytes: [], code: "source-empty", advice: "really uses"),
        Content(description: "noise", bytes: noise(8192), code: "not-a-database", advice: "Decrypt it first"),
        Content(description: "zeros", bytes: zeros(8192), code: "not-a-database", advice: "Decrypt it first"),
        Content(
            description: "a header alone", bytes: Array("SQLite format 3\0".utf8), code: "not-a-database",
            advice: "first"),
    ]

    static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
    static func noise(_ count: Int) -> [UInt8] {
        var generator = SplitMix64(seed: 7)
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    @Test(arguments: contents)
    func `is told by its first bytes`(_ content: Content) throws {
        let folder = try TemporaryFolder()
        try Data(content.bytes).write(to: URL(fileURLWithPath: folder.file("app.db")))
        let outcome = try OutgrowProgram.run(["translate", folder.file("app.db")])
        expectFailure(outcome, status: 10, code: content.code)
        #expect(outcome.remedy?.contains(content.advice) == true, "\(outcome)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["app.db"])
    }

    @Test func `is no file`() throws {
        let folder = try TemporaryFolder()
        try Program.run("mkfifo", [folder.file("pipe")])
        try Program.run("mkdir", [folder.file("folder")])
        for path in [folder.file("pipe"), folder.file("folder"), "/dev/zero", "/dev/null"] {
            let outcome = try OutgrowProgram.run(["translate", path], seconds: 20)
            expectFailure(outcome, status: 10, code: "not-a-file")
            #expect(outcome.errors.contains(path))
        }
    }

    @Test func `is not there`() throws {
        let folder = try TemporaryFolder()
        let outcome = try OutgrowProgram.run(["translate", "missing.db"], in: folder.path)
        expectFailure(outcome, status: 10, code: "source-missing")
        #expect(outcome.errors.contains("missing.db"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        try Program.run("ln", ["-s", "nowhere", folder.file("dangling")])
        expectFailure(
            try OutgrowProgram.run(["rehearse", folder.file("dangling")]), status: 10, code: "source-missing")
        expectFailure(try OutgrowProgram.run(["translate", ""]), status: 10, code: "source-missing")
    }

    @Test func `was cut off`() throws {
        let folder = try TemporaryFolder()
        let path = try makeDatabase(rows: 2000, in: folder)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for count in [100, 5000, whole.count - 4096, whole.count - 1] {
            try whole.prefix(count).write(to: URL(fileURLWithPath: path))
            expectFailure(try OutgrowProgram.run(["translate", path]), status: 10, code: "source-truncated")
        }
    }

    @Test(.enabled(if: TestUser.canBeOthers, "needs root, to act as other users"))
    func `may not be read by this user`() throws {
        let folder = try TemporaryFolder()
        let path = try makeDatabase(in: folder)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let outcome = try OutgrowProgram.run(["translate", path], as: .nobody)
        expectFailure(outcome, status: 10, code: "source-unreadable")
        #expect(outcome.remedy?.contains("root") == true)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
        let hidden = try OutgrowProgram.run(["translate", path], as: .nobody)
        expectFailure(hidden, status: 10, code: "source-unreadable")
    }

    @Test(.enabled(if: TestUser.canBeOthers, "needs root, to act as other users"))
    func `has a -wal that may not be read by this user`() throws {
        let story = try SourceStory(.walCrashed, owner: .current)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: story.path + "-wal")
        let outcome = try OutgrowProgram.run(["translate", story.path], as: .nobody)
        expectFailure(outcome, status: 10, code: "source-unreadable")
        #expect(outcome.errors.contains("app.db-wal"))
        #expect(outcome.remedy?.contains("root") == true)
    }

    @Test func `has a damaged page`() throws {
        let folder = try TemporaryFolder()
        let path = try makeDatabase(rows: 5000, in: folder)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes.replaceSubrange(4 * 4096..<5 * 4096, with: Self.noise(4096))
        try bytes.write(to: URL(fileURLWithPath: path))
        for command in ["translate", "rehearse"] {
            let outcome = try OutgrowProgram.run([command, path])
            expectFailure(outcome, status: 10, code: "source-corrupt")
            #expect(outcome.remedy?.contains(".recover") == true)
        }
    }

    @Test func `has a loop in its overflow pages`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        try SQLiteShell.run(
            "PRAGMA page_size=4096; CREATE TABLE t(a); INSERT INTO t VALUES(zeroblob(100000));", on: path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        // An overflow page begins with the number of the next: make the fourth page point at itself.
        bytes.replaceSubrange(3 * 4096..<3 * 4096 + 4, with: [0, 0, 0, 4])
        try bytes.write(to: URL(fileURLWithPath: path))
        // A scan reads it without an error: only the check beside it notices.
        expectFailure(try OutgrowProgram.run(["rehearse", path]), status: 10, code: "source-corrupt")
    }

    @Test func `has a schema that makes no sense`() throws {
        let folder = try TemporaryFolder()
        for (index, sql) in [
            "CREATE TABLE items(id INTEGER PRIMARY KEY, name TEXT", "CREATE TABEL items(id)", "",
            "CREATE TABLE items()",
        ].enumerated() {
            let path = try makeDatabase("\(index).db", in: folder)
            try SQLiteShell.run(
                ".dbconfig defensive off\nPRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql='\(sql)' WHERE name='items';",
                on: path)
            expectFailure(try OutgrowProgram.run(["translate", path]), status: 10, code: "source-corrupt")
        }
    }

    @Test func `is locked by another process, which is named`() throws {
        let folder = try TemporaryFolder()
        let path = try makeDatabase(in: folder)
        let application = try LiveShell(path)
        try application.run("BEGIN EXCLUSIVE; INSERT INTO items VALUES(9, 'held');")
        let outcome = try OutgrowProgram.run(["translate", path])
        expectFailure(outcome, status: 10, code: "source-locked")
        #expect(outcome.errors.contains("process \(application.processID) (sqlite3)"), "\(outcome)")
        try application.run("COMMIT;")
        #expect(try OutgrowProgram.run(["translate", path]).status == 0)
        try application.quit()
    }
}
