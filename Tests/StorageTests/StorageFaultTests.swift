import Foundation
import LocalPostgres
import PostgresClient
import TestSupport
import Testing

@testable import OutgrowStorage

/// What survives when a process, a server or a disk fails.
@Suite("Storage faults", .serialized, .timeLimit(.minutes(10)))
struct StorageFaultTests {
    private static let table: SQL = "CREATE TABLE acknowledged (id bigint PRIMARY KEY, padding text)"

    @Test func `a writer on SQLite that is killed has lost nothing that it was told is committed`()
        async throws
    {
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        var configuration = SQLiteStorage.Configuration()
        configuration.durability = .durable
        let storage = try await SQLiteStorage.open(path: path, configuration: configuration)
        try await storage.write { tx in try tx.executeScript(Self.table) }
        try await killAndLook(storage, "sqlite", path)
        let verdict = try await storage.read { tx in try tx.one("PRAGMA integrity_check", as: String.self) }
        #expect(verdict == "ok")
        await storage.shutdown()
    }

    @Test func `a writer on Postgres that is killed has lost nothing that it was told is committed`()
        async throws
    {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let storage = try await PostgresStorage.open(database.conninfo.redacted)
        try await storage.write { tx in try tx.executeScript(Self.table) }
        try await killAndLook(storage, "postgres", database.conninfo.redacted)
        await storage.shutdown()
    }

    /// Six processes are killed one after the other, each after a random number of commits.
    private func killAndLook(_ storage: any Storage, _ backend: String, _ place: String) async throws {
        let seed = Subjects.seed
        var generator = SplitMix64(seed: seed)
        for round in 1...6 {
            let count = Int.random(in: 1...40, using: &generator)
            let acknowledged = try await StorageWriterProgram.appendUntilKilled(
                backend, place, from: round * 1_000_000, after: count)
            #expect(acknowledged.count >= count)
            let found = try await storage.read { tx in
                try tx.rows(
                    "SELECT id FROM acknowledged WHERE id >= \(round * 1_000_000) ORDER BY id", as: Int.self)
            }
            #expect(Set(acknowledged).isSubset(of: found), "seed \(seed), round \(round)")
            // At most one more: committed, and killed before it could say so.
            #expect(found.count <= acknowledged.count + 1, "seed \(seed), round \(round)")
        }
    }

    @Test func `four processes on one SQLite file lose no update and meet no error`() async throws {
        let folder = try TemporaryFolder()
        let storage = try await SQLiteStorage.open(path: folder.file("app.db"))
        let statuses = try await incrementTogether(storage, "sqlite", folder.file("app.db"), count: 50)
        #expect(statuses == [0, 0, 0, 0])
        #expect(try await count(storage) == 200)
        await storage.shutdown()
    }

    @Test func `four processes on one Postgres database lose no update and meet no error`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let storage = try await PostgresStorage.open(database.conninfo.redacted)
        let statuses = try await incrementTogether(storage, "postgres", database.conninfo.redacted, count: 25)
        #expect(statuses == [0, 0, 0, 0])
        #expect(try await count(storage) == 100)
        await storage.shutdown()
    }

    private func incrementTogether(
        _ storage: any Storage, _ backend: String, _ place: String, count: Int
    ) async throws -> [Int32] {
        try await storage.write { tx in
            try tx.executeScript("CREATE TABLE counter (n bigint); INSERT INTO counter VALUES (0)")
        }
        return try await StorageWriterProgram.increment(backend, place, processes: 4, count: count)
    }

    private func count(_ storage: any Storage) async throws -> Int {
        try await storage.read { tx in try tx.one("SELECT n FROM counter", as: Int.self) }
    }
}

extension StorageFaultTests {
    @Test
    func `a full SQLite database refuses the row, keeps the rest and takes rows again once there is room`()
        async throws
    {
        let folder = try TemporaryFolder()
        let configuration = SQLiteStorage.Configuration { setup in
            try setup.execute("PRAGMA max_page_count = 60")
        }
        let storage = try await SQLiteStorage.open(path: folder.file("app.db"), configuration: configuration)
        try await storage.write { tx in try tx.executeScript(Self.table) }
        let stored = try await fill(storage)
        #expect(stored > 0)
        #expect(try await rows(storage) == stored)
        try await storage.write { tx in _ = try tx.execute("DELETE FROM acknowledged WHERE id < 3") }
        try await insert(0, into: storage)
        #expect(try await rows(storage) == stored - 2)
        await storage.shutdown()
    }

    @Test func `a full disk under SQLite refuses the row and keeps the rest`() async throws {
        guard let disk = try TinyDisk() else { try Test.cancel("only root can mount a file system") }
        defer { disk.unmount() }
        let storage = try await SQLiteStorage.open(path: "\(disk.path)/app.db")
        try await storage.write { tx in try tx.executeScript(Self.table) }
        let stored = try await fill(storage)
        #expect(stored > 0)
        #expect(try await rows(storage) == stored)
        let verdict = try await storage.read { tx in try tx.one("PRAGMA integrity_check", as: String.self) }
        #expect(verdict == "ok")
        await storage.shutdown()
    }

    /// Inserts rows of 10 KB until there is no room, and returns how many went in.
    private func fill(_ storage: any Storage) async throws -> Int {
        for id in 0..<10_000 {
            do {
                try await insert(id, into: storage)
            } catch let error as StorageError {
                #expect(error.kind == .full, "\(error)")
                return id
            }
        }
        Issue.record("The database never became full.")
        return 0
    }

    private func insert(_ id: Int, into storage: any Storage) async throws {
        try await storage.write { tx in
            let padding = String(repeating: "x", count: 10_000)
            _ = try tx.execute("INSERT INTO acknowledged VALUES (\(id), \(padding))")
        }
    }

    private func rows(_ storage: any Storage) async throws -> Int {
        try await storage.read { tx in try tx.one("SELECT count(*) FROM acknowledged", as: Int.self) }
    }

    /// Killing one of its processes makes a Postgres server end all sessions and recover from its log, as after a
    /// crash. https://www.postgresql.org/docs/current/wal-intro.html
    @Test func `a Postgres server that crashes loses nothing acknowledged, and the pool recovers`()
        async throws
    {
        var settings = LocalCluster.Settings.tests
        settings.parameters["synchronous_commit"] = "on"
        let cluster = try await LocalCluster.start(settings)
        var configuration = PostgresStorage.Configuration()
        configuration.maximumConnections = 4
        let storage = RetryingStorage(
            try await PostgresStorage.open(cluster.conninfo().redacted, configuration: configuration))
        try await storage.write { tx in try tx.executeScript(Self.table) }
        for round in 1...2 { try await crashAndLook(storage, round) }
        await storage.shutdown()
        await cluster.stop()
    }

    private func crashAndLook(_ storage: any Storage, _ round: Int) async throws {
        let acknowledged = Shared<Set<Int>>([])
        let doubtful = Shared<Set<Int>>([])
        let hasCrashed = Shared(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 1...4 {
                group.addTask {
                    // On until the server is back and has taken ten more rows.
                    var afterwards = 0
                    for step in 0..<100_000 where afterwards < 10 {
                        let id = round * 10_000_000 + writer * 1_000_000 + step
                        do {
                            try await storage.write { tx in
                                _ = try tx.execute("INSERT INTO acknowledged (id) VALUES (\(id))")
                            }
                            acknowledged.change { $0.insert(id) }
                            if hasCrashed.value { afterwards += 1 }
                        } catch let error as StorageError {
                            #expect(
                                [.connectionLost, .unavailable, .commitOutcomeUnknown].contains(error.kind),
                                "\(error)")
                            if error.kind == .commitOutcomeUnknown { doubtful.change { $0.insert(id) } }
                        }
                    }
                }
            }
            group.addTask {
                while acknowledged.value.count < 20 { await Task.yield() }
                let victim = try await storage.read { tx in
                    try tx.one("SELECT pg_backend_pid()", as: Int.self)
                }
                kill(Int32(victim), SIGKILL)
                hasCrashed.change { $0 = true }
            }
            try await group.waitForAll()
        }
        let range: SQL = "id >= \(round * 10_000_000)"
        let found = try await storage.read { tx in
            try tx.rows("SELECT id FROM acknowledged WHERE \(range)", as: Int.self)
        }
        let sure = acknowledged.value
        #expect(sure.isSubset(of: found))
        #expect(Set(found).subtracting(sure).isSubset(of: doubtful.value))
    }
}

/// A file system of two megabytes in memory, for those who may mount one.
private struct TinyDisk {
    private let folder: TemporaryFolder
    var path: String { folder.path }

    init?() throws {
        folder = try TemporaryFolder()
        guard geteuid() == 0 else { return nil }
        do {
            try Program.run("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.path])
        } catch is SQLiteShell.Failure {
            return nil
        }
    }

    func unmount() {
        do { try Program.run("umount", ["-l", folder.path]) } catch { Issue.record("\(error)") }
    }
}
