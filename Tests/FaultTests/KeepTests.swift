import TestSupport
import Testing

/// `rehearse --keep`: the server stays, and what is printed reaches the copy and removes it.
@Suite struct KeepTests {
    @Test func `the printed lines reach the copy and remove it`() throws {
        let folder = try TemporaryFolder()
        try SQLiteShell.run(
            "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (7);", on: folder.file("a.db"))
        let outcome = try OutgrowProgram.run(["rehearse", "a.db", "--keep", "--quiet"], in: folder.path)
        #expect(outcome.status == 0, "\(outcome)")
        func line(_ label: String) throws -> String {
            let line = try #require(outcome.errorLines.first { $0.hasPrefix(label) }, "\(outcome)")
            return line.dropFirst(label.count).trimmingPrefix { $0 == " " }.description
        }
        let (connect, remove) = (try line("Connect:"), try line("Remove:"))
        let answer = try OutgrowProgram.shell(connect + " -Atc 'SELECT id FROM t'", in: folder.path)
        #expect(answer.output == "7\n", "\(answer)")
        #expect(try OutgrowProgram.shell(remove, in: folder.path).status == 0)
        #expect(try OutgrowProgram.shell(connect + " -c 'SELECT 1'", in: folder.path).status != 0)
    }
}
