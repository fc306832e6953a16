import Foundation
import TestSupport
import Testing

/// `outgrow watch` leaves the database and the application as they were.
@Suite(.serialized) struct WatchSafetyTests {
    @Test(arguments: SamplerSafetyTests.cases)
    func `watch leaves the files as they were`(
        _ sidecars: SamplerSafetyTests.Sidecars, _ user: TestUser
    ) throws {
        let (folder, shell) = try SamplerSafetyTests.database(sidecars)
        // The history of whoever watches, in a folder that is theirs.
        let own = try TemporaryFolder()
        try Program.run("chmod", ["0777", own.path])
        let before = try SamplerSafetyTests.state(folder)
        let watch = try WatchTests.Running(
            [folder.file("app.db"), "--history", own.file("history.db"), "--textfile", own.path], in: own,
            interval: "1s", as: user)
        #expect(try watch.line().contains(" app.db "))
        #expect(try watch.end() == 0)
        #expect(try SamplerSafetyTests.state(folder) == before)
        #expect(FileManager.default.fileExists(atPath: own.file("history.db")))
        withExtendedLifetime(shell) {}
    }

    @Test(arguments: ["wal", "delete"])
    func `the application keeps its lock while it is watched`(_ journal: String) throws {
        let folder = try TemporaryFolder()
        let shell = try LiveShell(folder.file("app.db"))
        try shell.run("PRAGMA journal_mode = \(journal); CREATE TABLE t(x); BEGIN IMMEDIATE;")
        try shell.run("INSERT INTO t VALUES(1);")
        let other = try LiveShell(folder.file("app.db"))
        let watch = try WatchTests.Running(["app.db", "--json"], in: folder, interval: "1s")
        let line = try watch.line()
        #expect(line.contains("\"process\":\(shell.processID)"), "\(line)")
        #expect(try watch.end() == 0)
        #expect(try other.run("INSERT INTO t VALUES(2);").contains("locked"))
        try shell.run("COMMIT;")
        #expect(try other.run("SELECT x FROM t;") == "1")
    }
}
