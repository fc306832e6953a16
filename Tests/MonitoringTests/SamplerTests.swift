import Foundation
import TestSupport
import Testing

@testable import Monitoring

/// The sampler against real databases that other processes write to.
@Suite struct SamplerTests {
    enum Journal: String, CaseIterable, Sendable {
        case wal, delete, truncate, persist

        var isWAL: Bool { self == .wal }
    }

    /// A database with one table, that an application has open.
    private static func application(_ folder: TemporaryFolder, _ journal: Journal) throws -> LiveShell {
        let shell = try LiveShell(folder.file("app.db"))
        try shell.run(
            """
            PRAGMA journal_mode = \(journal);
            CREATE TABLE t(x);
            .timeout 20000
            """)
        return shell
    }

    @Test(arguments: Journal.allCases)
    func `commits of two processes are counted exactly`(_ journal: Journal) throws {
        let folder = try TemporaryFolder()
        let one = try Self.application(folder, journal)
        let other = try LiveShell(folder.file("app.db"))
        try other.run(".timeout 20000")
        let run = try SamplerRun(folder.file("app.db"))
        let inserts = (0..<150).map { "INSERT INTO t VALUES(\($0));" }.joined(separator: "\n")
        try one.run(inserts)
        try other.run(inserts)
        // A transaction is one commit, and what is rolled back is none.
        try one.run("BEGIN; INSERT INTO t VALUES(1); INSERT INTO t VALUES(2); COMMIT;")
        try one.run("BEGIN; INSERT INTO t VALUES(1); ROLLBACK;")
        try one.run("SELECT count(*) FROM t;")
        let window = try run.end()
        #expect(window.commits == 301)
        #expect(window.isWAL == journal.isWAL)
        #expect(window.counterResets == 0)
    }

    /// Where nobody writes, looks come less often: what comes then is seen as well.
    @Test(arguments: Journal.allCases, [10, 0])
    func `a long hold is seen with the process that has it`(_ journal: Journal, quietAfter: Int64) throws {
        let folder = try TemporaryFolder()
        let holder = try Self.application(folder, journal)
        let other = try LiveShell(folder.file("app.db"))
        try other.run("SELECT count(*) FROM t;")
        var settings = SamplingSettings()
        settings.quietAfter = quietAfter * 1_000_000_000
        let run = try SamplerRun(folder.file("app.db"), settings: settings)
        try holder.run("BEGIN IMMEDIATE; INSERT INTO t VALUES(1);")
        try run.wait("a hold of 250 ms") { $0.hold?.duration ?? 0 >= 0.25 }
        try holder.run("COMMIT;")
        try run.wait("the commit") { $0.commits == 1 && $0.hold == nil }
        let window = try run.end()
        let long = window.episodes.filter { $0.duration >= 0.2 }
        #expect(long.count == 1)
        #expect(long.first?.holder == holder.processID)
        #expect(long.first?.commits == 1)
        #expect(window.holders.first?.process == holder.processID)
        #expect(window.holders.first?.shownName == "sqlite3")
        #expect(window.holders.first?.arguments == nil)
        #expect(window.writers == [holder.processID, other.processID])
        #expect((0.01...1).contains(window.busyFraction))
    }

    /// The kernel names one lock of those that are in the way, and which depends on who came first.
    @Test(arguments: [true, false])
    func `a writer is seen beside another process's checkpoint`(writerCameFirst: Bool) throws {
        let folder = try TemporaryFolder()
        let first = try Self.application(folder, .wal)
        let second = try LiveShell(folder.file("app.db"))
        try second.run(".timeout 60000\nSELECT count(*) FROM t;")
        let (writer, checkpointer) = writerCameFirst ? (first, second) : (second, first)
        try first.run("INSERT INTO t VALUES(1);")
        let run = try SamplerRun(folder.file("app.db"))
        try checkpointer.run(".timeout 60000")
        try writer.run("BEGIN IMMEDIATE; INSERT INTO t VALUES(2);")
        // It has the checkpoint's lock and waits for the writer's.
        try checkpointer.begin("PRAGMA wal_checkpoint(TRUNCATE);")
        try run.wait("a checkpoint") { $0.checkpoint?.duration ?? 0 >= 0.3 }
        try run.wait("a hold") { $0.hold?.duration ?? 0 >= 0.3 }
        try writer.run("COMMIT;")
        try checkpointer.run("SELECT 1;")
        let window = try run.end()
        #expect(window.episodes.first { $0.duration >= 0.3 }?.holder == writer.processID)
        #expect(window.checkpoints.first { $0.duration >= 0.25 }?.holder == checkpointer.processID)
    }

    @Test func `nobody writes, so looks come less often, and all of the time is observed`() throws {
        let folder = try TemporaryFolder()
        let shell = try Self.application(folder, .wal)
        var settings = SamplingSettings()
        settings.quietAfter = 200_000_000
        let sampler = try DatabaseSampler(folder.file("app.db"), settings: settings)
        let window = sampler.observe(seconds: 4)
        // Each look wakes it up, and nothing else does but twice a second the screen.
        #expect(window.length >= 4)
        #expect(window.observed + Double(window.missedTicks) / 100 > 3.5, "\(window.observed) s")
        #expect(window.looks < 200)
        #expect(window.busyFraction == 0)
        withExtendedLifetime(shell) {}
    }

    @Test func `commits are counted across a -shm that is made anew`() throws {
        let folder = try TemporaryFolder()
        try Self.application(folder, .wal).quit()
        #expect(!FileManager.default.fileExists(atPath: folder.file("app.db-shm")))
        let run = try SamplerRun(folder.file("app.db"))
        for count in 1...3 {
            // Open until its commits were seen: a connection between two looks leaves nothing to be seen.
            let shell = try LiveShell(folder.file("app.db"))
            try shell.run("INSERT INTO t VALUES(1); INSERT INTO t VALUES(2);")
            try run.wait("two more") { $0.commits == 2 * count }
            try shell.quit()
        }
        let window = try run.end()
        #expect(window.commits == 6)
        // The first was not there before.
        #expect(window.counterResets == 2)
    }

    @Test func `a reader that pins the WAL is seen, and what waits behind it`() throws {
        let folder = try TemporaryFolder()
        let writer = try Self.application(folder, .wal)
        let reader = try LiveShell(folder.file("app.db"))
        try writer.run("INSERT INTO t VALUES(1);")
        try reader.run("BEGIN; SELECT count(*) FROM t;")
        let run = try SamplerRun(folder.file("app.db"))
        try writer.run("INSERT INTO t VALUES(zeroblob(400000));")
        try run.wait("a reader of a second") { $0.readerSeconds >= 1 }
        // Goes on, and stays what it is, while others write and read.
        for _ in 0..<20 { try writer.run("INSERT INTO t VALUES(1); SELECT count(*) FROM t;") }
        let window = try run.end()
        #expect(window.oldestReader == reader.processID)
        #expect((window.oldestReaderSeconds ?? 0) >= 1)
        #expect((window.pendingPages ?? 0) >= 30)
    }

    @Test func `a replaced database is followed`() throws {
        let folder = try TemporaryFolder()
        try Self.application(folder, .delete).quit()
        let path = folder.file("app.db")
        try FileManager.default.copyItem(atPath: path, toPath: folder.file("new.db"))
        let run = try SamplerRun(path)
        try Program.run("mv", [folder.file("new.db"), path])
        let shell = try LiveShell(path)
        try shell.run("BEGIN IMMEDIATE; INSERT INTO t VALUES(1);")
        // Seen in the new file.
        try run.wait("a hold") { $0.hold != nil }
        try shell.run("COMMIT; INSERT INTO t VALUES(2);")
        try run.wait("two commits") { $0.commits == 2 }
        #expect(try run.end().counterResets == 2)
    }

    @Test func `a WAL database in exclusive mode is named as such`() throws {
        let folder = try TemporaryFolder()
        try Self.application(folder, .wal).quit()
        let shell = try LiveShell(folder.file("app.db"))
        try shell.run("PRAGMA locking_mode = EXCLUSIVE; INSERT INTO t VALUES(1);")
        let window = try SamplerRun(folder.file("app.db")).end()
        #expect(window.blindSpots.contains { $0.contains("locking_mode = EXCLUSIVE") })
        #expect(window.commits == 0)
    }

    @Test func `a link is followed to where the sidecars are`() throws {
        let folder = try TemporaryFolder()
        let shell = try Self.application(folder, .wal)
        let link = folder.file("link.db")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.file("app.db"))
        let run = try SamplerRun(link)
        try shell.run("INSERT INTO t VALUES(1);")
        #expect(try run.end().commits == 1)
    }

    @Test func `a database that nobody has open is idle`() throws {
        let folder = try TemporaryFolder()
        try Self.application(folder, .wal).quit()
        let window = try SamplerRun(folder.file("app.db")).end()
        #expect(window.episodes.isEmpty)
        #expect(window.commits == 0)
        #expect(window.blindSpots.contains { $0.contains("Nobody has the database open") })
    }
}
