import Outgrow
import Synchronization
import TestSupport
import Testing

/// A database in rollback-journal mode, whose writers a reader keeps waiting.
@Suite struct RollbackWriterTests {
    @Test func `writers go on once the rows are read, and their commits are counted`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        try SQLiteShell.run(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER); INSERT INTO t (n) VALUES (1), (2);", on: path
        )
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let written = Mutex<[String]>([])
        let report = try await Migration(MigrationOptions(source: path, target: database.conninfo, jobs: 2)) {
            event in
            guard case .phase(.verify, _, _) = event else { return }
            // No busy timeout: a lock that is still held would be an error at once.
            do {
                try SQLiteShell.run("UPDATE t SET n = n + 10; INSERT INTO t (n) VALUES (3);", on: path)
                written.withLock { $0.append("two commits") }
            } catch {
                written.withLock { $0.append("\(error)") }
            }
        }.run()
        #expect(written.withLock(\.self) == ["two commits"])
        #expect(report.outcome == .complete)
        #expect(report.sourceCommitsSince == 2)
        #expect(report.rowCount == 2)
    }
}
