import Foundation
import TestSupport
import Testing

/// `outgrow check` as a process of its own: it leaves everything as it was, and says what it cannot do.
@Suite struct SamplerSafetyTests {
    enum Sidecars: String, CaseIterable, Sendable {
        case openWAL, closedWAL, afterCrash, openDelete, closedDelete, hotJournal
    }

    private static let users: [TestUser] = TestUser.canBeOthers ? [.current, .nobody, .daemon] : [.current]

    static var cases: [(Sidecars, TestUser)] {
        Sidecars.allCases.flatMap { sidecars in users.map { (sidecars, $0) } }
    }

    /// A folder that everybody may write to, in which a wrong open would leave files.
    static func database(_ sidecars: Sidecars) throws -> (folder: TemporaryFolder, shell: LiveShell) {
        let folder = try TemporaryFolder()
        try Program.run("chmod", ["0777", folder.path])
        let shell = try LiveShell(folder.file("app.db"))
        let isWAL = [.openWAL, .closedWAL, .afterCrash].contains(sidecars)
        try shell.run(
            """
            PRAGMA journal_mode = \(isWAL ? "wal" : "delete");
            CREATE TABLE t(x); INSERT INTO t VALUES(zeroblob(100000));
            """)
        switch sidecars {
        case .openWAL, .openDelete: break
        case .closedWAL, .closedDelete: try shell.quit()
        case .afterCrash: shell.kill()
        case .hotJournal:
            try shell.run("PRAGMA cache_size = 1; BEGIN; UPDATE t SET x = randomblob(100000);")
            try shell.run("INSERT INTO t SELECT randomblob(100000) FROM t;")
            shell.kill()
            #expect(FileManager.default.fileExists(atPath: folder.file("app.db-journal")))
        }
        try Program.run("chmod", ["0644", folder.file("app.db")])
        return (folder, shell)
    }

    /// Names, contents, times, owners and modes of all files.
    static func state(_ folder: TemporaryFolder) throws -> String {
        let script = "cd '\(folder.path)' && stat -c '%n %s %y %z %U %a %i' . * && sha256sum *"
        return try Program.run("bash", ["-c", script])
    }

    @Test(arguments: cases)
    func `check leaves the files as they were`(_ sidecars: Sidecars, _ user: TestUser) throws {
        let (folder, shell) = try Self.database(sidecars)
        let before = try Self.state(folder)
        let outcome = try OutgrowProgram.run(["check", folder.file("app.db"), "--for", "1s"], as: user)
        #expect(try Self.state(folder) == before, "\(outcome)")
        #expect(outcome.output.hasPrefix("OUTGROW "), "\(outcome)")
        #expect(outcome.code == nil, "\(outcome)")
        #expect((0...3).contains(outcome.status), "\(outcome)")
        withExtendedLifetime(shell) {}
    }

    @Test(arguments: ["wal", "delete"])
    func `the application keeps its lock while it is watched`(_ journal: String) throws {
        let folder = try TemporaryFolder()
        let shell = try LiveShell(folder.file("app.db"))
        try shell.run("PRAGMA journal_mode = \(journal); CREATE TABLE t(x); BEGIN IMMEDIATE;")
        try shell.run("INSERT INTO t VALUES(1);")
        let other = try LiveShell(folder.file("app.db"))
        let outcome = try OutgrowProgram.run(["check", folder.file("app.db"), "--for", "1s", "--json"])
        #expect(try other.run("INSERT INTO t VALUES(2);").contains("locked"))
        try shell.run("COMMIT;")
        #expect(try other.run("SELECT x FROM t;") == "1")
        #expect(outcome.output.contains("\"process\" : \(shell.processID)"), "\(outcome)")
        #expect(outcome.output.contains("\"schema\" : \"outgrow.check/1\""))
    }

    @Test func `the processes of other users are not counted where they cannot be seen`() throws {
        guard TestUser.canBeOthers else { return }
        let (folder, shell) = try Self.database(.openDelete)
        let outcome = try OutgrowProgram.run(["check", folder.file("app.db"), "--for", "1s"], as: .nobody)
        #expect(outcome.output.contains("at least "), "\(outcome)")
        #expect(outcome.output.contains("Processes of other users"), "\(outcome)")
        withExtendedLifetime(shell) {}
    }

    @Test func `a holder in another PID namespace is counted without a number`() throws {
        guard TestUser.canBeOthers else { return }
        let (folder, shell) = try Self.database(.openWAL)
        try shell.run("BEGIN IMMEDIATE;")
        let outcome = try OutgrowProgram.shell(
            "unshare -pf --mount-proc true || exit 77; unshare -pf --mount-proc \"$OUTGROW\" check app.db --for 1s",
            in: folder.path)
        // Not everywhere may root make namespaces.
        guard outcome.status != 77 else { return }
        #expect(outcome.output.contains("at least 1 writer process"), "\(outcome)")
        #expect(outcome.output.contains("another PID namespace"), "\(outcome)")
        #expect(!outcome.output.contains("Processes of other users"), "\(outcome)")
    }

    @Test func `what cannot be watched is unknown`() throws {
        let folder = try TemporaryFolder()
        try folder.write("hello, this is text and no database at all; it goes on for a while", to: "text")
        try folder.write("", to: "empty")
        let cases = [
            ("missing", "source-missing"), (".", "not-a-file"), ("text", "not-a-database"),
            ("empty", "source-empty"),
        ]
        for (name, code) in cases {
            let outcome = try OutgrowProgram.run(["check", folder.file(name), "--for", "1s"])
            #expect(outcome.status == 3, "\(outcome)")
            #expect(outcome.code == code, "\(outcome)")
            #expect(outcome.output.hasPrefix("OUTGROW UNKNOWN - "), "\(outcome)")
        }
        #expect(try OutgrowProgram.run(["check", "x", "--for", "soon"]).status == 64)
    }

    @Test func `a file that may not be read is unknown`() throws {
        guard TestUser.canBeOthers else { return }
        let (folder, _) = try Self.database(.closedDelete)
        try Program.run("chmod", ["0600", folder.file("app.db")])
        let outcome = try OutgrowProgram.run(["check", folder.file("app.db"), "--for", "1s"], as: .nobody)
        #expect(outcome.status == 3)
        #expect(outcome.code == "source-unreadable", "\(outcome)")
    }

    @Test func `a signal ends it early, with what was seen`() throws {
        let (folder, shell) = try Self.database(.openWAL)
        // Ended by the application's own next step, not by a clock: the program has the file open by then.
        let outcome = try OutgrowProgram.shell(
            """
            "$OUTGROW" check app.db --for 1h & child=$!
            until ls -l /proc/$child/fd 2>/dev/null | grep -q 'app.db-shm'; do sleep 0.05; done
            kill -INT $child; wait $child
            """, in: folder.path)
        #expect(outcome.output.contains("cut short by a signal"), "\(outcome)")
        #expect(outcome.status == 3, "\(outcome)")
        withExtendedLifetime(shell) {}
    }
}
