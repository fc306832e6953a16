import Foundation
import TestSupport
import Testing

@testable import Monitoring

/// `outgrow doctor`: what it finds, that its fixes mend it, and that it harms nothing.
@Suite(.serialized) struct DoctorTests {
    private struct Document: Decodable {
        struct Finding: Decodable {
            var code: String
            var severity: String
            var object: String?
            var fix: String
        }
        struct Schema: Decodable {}
        var findings: [Finding]
        var unseen: [String]
        var schema: Schema?
        var exitStatus: Int
    }

    private static func findings(_ path: String, _ options: [String] = []) throws -> Document {
        let outcome = try OutgrowProgram.run(["doctor", path, "--json"] + options)
        #expect(outcome.code == nil, "\(outcome)")
        let document = try JSONDecoder.snakeCase.decode(Document.self, from: Data(outcome.output.utf8))
        #expect(Int32(document.exitStatus) == outcome.status)
        return document
    }

    /// A database that the doctor has nothing to say about.
    private static let healthy = """
        PRAGMA journal_mode = wal; PRAGMA user_version = 3; PRAGMA application_id = 7;
        CREATE TABLE parent(id INTEGER PRIMARY KEY, name TEXT) STRICT;
        CREATE TABLE child(id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent(id), note TEXT) STRICT;
        CREATE INDEX child_parent ON child(parent);
        INSERT INTO parent VALUES(1, 'one'); INSERT INTO child VALUES(1, 1, 'x'); ANALYZE;
        """

    /// What is wrong, and whether the SQL of the fix mends it.
    private static let cases: [(code: String, sql: String, isMended: Bool)] = [
        ("journal-mode", "PRAGMA journal_mode = delete;", true),
        (
            "page-size",
            "PRAGMA journal_mode = delete; PRAGMA page_size = 1024; VACUUM; PRAGMA journal_mode = wal;", true
        ),
        ("foreign-key-index", "DROP INDEX child_parent;", true),
        ("redundant-index", "CREATE INDEX child_both ON child(parent, note);", true),
        ("not-strict", "CREATE TABLE loose(id INTEGER PRIMARY KEY, a, b);", false),
        ("without-rowid", "CREATE TABLE tag(name TEXT PRIMARY KEY, color TEXT) STRICT;", false),
        ("no-statistics", "DROP TABLE sqlite_stat1;", true),
        ("user-version", "PRAGMA user_version = 0;", true),
        ("application-id", "PRAGMA application_id = 0;", false),
        ("auto-vacuum", "PRAGMA auto_vacuum = FULL; VACUUM;", true),
        (
            "free-pages",
            "CREATE TABLE big(x BLOB) STRICT; INSERT INTO big VALUES(zeroblob(400000)); DROP TABLE big;", true
        ),
    ]

    @Test func `nothing is found where nothing is wrong`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        try SQLiteShell.run(Self.healthy, on: path)
        let document = try Self.findings(path)
        #expect(document.findings.map(\.code) == [])
        #expect(document.exitStatus == 0)
        #expect(document.schema != nil)
        #expect(try Self.findings(path, ["--open"]).findings.map(\.code) == [])
    }

    @Test(arguments: cases.map(\.code))
    func `what is wrong is found, and the fix mends it`(_ code: String) throws {
        let row = try #require(Self.cases.first { $0.code == code })
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        try SQLiteShell.run(Self.healthy + row.sql, on: path)
        let document = try Self.findings(path)
        let finding = try #require(document.findings.first { $0.code == code }, "\(document)")
        #expect(try Self.findings(path, ["--open"]).findings.contains { $0.code == code })
        guard row.isMended else { return }
        let end = try #require(finding.fix.lastIndex(of: ";"))
        try SQLiteShell.run(String(finding.fix[...end]), on: path)
        #expect(!(try Self.findings(path)).findings.contains { $0.code == code }, "\(finding.fix)")
    }

    @Test func `the schema of a database in use is read, commits in its WAL too`() throws {
        let folder = try TemporaryFolder()
        let shell = try LiveShell(folder.file("app.db"))
        try shell.run("PRAGMA wal_autocheckpoint = 0;" + Self.healthy)
        try shell.run("DROP INDEX child_parent;")
        let document = try Self.findings(folder.file("app.db"))
        #expect(document.findings.contains { $0.code == "foreign-key-index" && $0.object == "child" })
        // A writer in the middle of a transaction keeps nobody from it.
        try shell.run("BEGIN IMMEDIATE; INSERT INTO parent VALUES(2, 'two');")
        #expect(try Self.findings(folder.file("app.db")).schema != nil)
        try shell.run("COMMIT;")
        #expect(try shell.run("SELECT count(*) FROM parent;") == "2")
    }

    @Test func `a text database that cannot be read is an error`() throws {
        let folder = try TemporaryFolder()
        let outcome = try OutgrowProgram.run(["doctor", folder.file("missing.db")])
        #expect(outcome.status == 10)
        #expect(outcome.code == "source-missing")
    }

    // The rules on facts that a test cannot easily make.

    private static let facts: [(code: String, change: @Sendable (inout DoctorFacts) -> Void)] = [
        ("wal-deleted", { $0.withDeletedWAL = [.init(process: 7, name: "shop")] }),
        ("network-file-system", { $0.fileSystem = FileSystemKind(name: "nfs4") }),
        (
            "sidecar-owner",
            { $0.sidecars = [.init(suffix: "-wal", byteCount: 0, owner: 1, ownerName: "daemon")] }
        ),
        ("hard-links", { $0.hardLinkCount = 2 }),
        ("disk-full", { $0.freeByteCount = 1 << 20 }),
        ("hot-journal", { $0.journalIsHot = true }),
        (
            "wal-left",
            { $0.sidecars = [.init(suffix: "-wal", byteCount: 9000, owner: 0, ownerName: "root")] }
        ),
        ("text-encoding", { $0.textEncoding = "UTF-16le" }),
        ("symbolic-link", { $0.wasLink = true }),
        (
            "wal-large",
            { $0.sidecars = [.init(suffix: "-wal", byteCount: 1 << 30, owner: 0, ownerName: "root")] }
        ),
        ("wal-pending", { $0.pendingPages = 5000 }),
        ("no-room-to-vacuum", { $0.byteCount = 20 << 30 }),
    ]

    @Test(arguments: facts.map(\.code))
    func `each rule fires on its fact and on no other`(_ code: String) throws {
        let change = try #require(Self.facts.first { $0.code == code }).change
        var facts = DoctorFacts(path: "/srv/app.db")
        facts.isWAL = true
        facts.byteCount = 1 << 20
        facts.freeByteCount = 10 << 30
        (facts.userVersion, facts.applicationID) = (1, 1)
        #expect(FileRules.findings(facts) == [])
        change(&facts)
        let found = FileRules.findings(facts)
        #expect(found.contains { $0.code == code })
        #expect(found.allSatisfy { $0.code == code || ($0.code == "wal-left" && code == "wal-large") })
        #expect(found.allSatisfy { !$0.fix.isEmpty && !$0.message.isEmpty })
    }

    // Harmlessness.

    @Test(arguments: SamplerSafetyTests.cases)
    func `doctor leaves the files as they were`(
        _ sidecars: SamplerSafetyTests.Sidecars, _ user: TestUser
    ) throws {
        let (folder, shell) = try SamplerSafetyTests.database(sidecars)
        let before = try SamplerSafetyTests.state(folder)
        let outcome = try OutgrowProgram.run(["doctor", folder.file("app.db")], as: user)
        #expect(outcome.code == nil, "\(outcome)")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("table"), "\(outcome)")
        #expect(try SamplerSafetyTests.state(folder) == before)
        let opened = try OutgrowProgram.run(["doctor", folder.file("app.db"), "--open"], as: user)
        // Who would leave something behind is refused.
        #expect(opened.status == 0 || opened.code == "source-needs-owner", "\(opened)")
        if sidecars != .openWAL, sidecars != .closedWAL {
            #expect(try SamplerSafetyTests.state(folder) == before)
        }
        withExtendedLifetime(shell) {}
    }

    @Test(arguments: ["wal", "delete"])
    func `the application keeps its lock while the doctor looks`(_ journal: String) throws {
        let folder = try TemporaryFolder()
        let shell = try LiveShell(folder.file("app.db"))
        try shell.run("PRAGMA journal_mode = \(journal); CREATE TABLE t(x); BEGIN IMMEDIATE;")
        try shell.run("INSERT INTO t VALUES(1);")
        let other = try LiveShell(folder.file("app.db"))
        let outcome = try OutgrowProgram.run(["doctor", folder.file("app.db")])
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("the write lock is held by process \(shell.processID)"), "\(outcome)")
        #expect(try other.run("INSERT INTO t VALUES(2);").contains("locked"))
        try shell.run("COMMIT;")
        #expect(try other.run("SELECT x FROM t;") == "1")
    }
}
