import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import OutgrowStorage

/// Many tasks for a while: a fixed amount of work, or `OUTGROW_LOAD_SECONDS` of it.
@Suite("Storage under load", .serialized, .timeLimit(.minutes(10)))
struct StorageFaultLoadTests {
    /// What the tasks have done; every read checks the invariant of the rows.
    private struct Counts: Sendable {
        var reads = 0
        var writes = 0
        var slowestRead = Duration.zero
    }

    @Test func `eight readers and four writers on SQLite meet no error, and nobody reads half a change`()
        async throws
    {
        let folder = try TemporaryFolder()
        let configuration = SQLiteStorage.Configuration(readerCount: 8)
        let storage = try await SQLiteStorage.open(path: folder.file("app.db"), configuration: configuration)
        let counts = try await load(storage)
        let statistics = await storage.statistics
        print(
            "load on SQLite: \(counts.reads) reads, \(counts.writes) writes, slowest read \(counts.slowestRead),",
            "\(statistics.busyCount) waits for other processes")
        #expect(statistics.busyCount == 0)
        await storage.shutdown()
    }

    @Test func `eight readers and four writers on Postgres stay within the pool's bound`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        var configuration = PostgresStorage.Configuration()
        configuration.maximumConnections = 5
        let storage = try await PostgresStorage.open(database.conninfo.redacted, configuration: configuration)
        let isOver = Shared(false)
        async let sampled = highestCount(of: storage, until: isOver)
        let counts = try await load(storage)
        isOver.change { $0 = true }
        #expect(await sampled <= 5)
        print(
            "load on Postgres: \(counts.reads) reads, \(counts.writes) writes, slowest \(counts.slowestRead)")
        #expect(await storage.statistics.leased == 0)
        await storage.shutdown()
    }

    private func highestCount(of storage: PostgresStorage, until isOver: Shared<Bool>) async -> Int {
        var highest = 0
        while !isOver.value {
            highest = max(highest, await storage.statistics.open)
            await Task.yield()
        }
        return highest
    }

    private func load(_ storage: any Storage) async throws -> Counts {
        try await storage.write { tx in
            try tx.execute("CREATE TABLE pair (id bigint PRIMARY KEY, a bigint NOT NULL, b bigint NOT NULL)")
            try tx.bulkInsert(into: "pair", columns: ["id", "a", "b"], rows: (0..<100).map { ($0, 0, 0) })
        }
        let seconds = environment("OUTGROW_LOAD_SECONDS").flatMap(Int.init)
        let end = seconds.map { ContinuousClock.now + .seconds($0) }
        let counts = try await withThrowingTaskGroup(of: Counts.self) { group in
            for number in 0..<12 {
                group.addTask { try await work(on: storage, number, until: end) }
            }
            return try await group.reduce(into: Counts()) { sum, counts in
                sum.reads += counts.reads
                sum.writes += counts.writes
                sum.slowestRead = max(sum.slowestRead, counts.slowestRead)
            }
        }
        let total = try await storage.read { tx in
            try tx.one("SELECT cast(sum(a) AS bigint) FROM pair", as: Int.self)
        }
        #expect(total == counts.writes, "a lost update")
        return counts
    }

    private func work(
        on storage: any Storage, _ number: Int, until end: ContinuousClock.Instant?
    ) async throws -> Counts {
        var counts = Counts()
        var generator = SplitMix64(seed: UInt64(number))
        for step in 0... {
            if let end { guard ContinuousClock.now < end else { break } } else if step == 100 { break }
            let id = Int.random(in: 0..<100, using: &generator)
            if number < 4 {
                // In place, so that Postgres has no conflict to repeat: this is about the pool.
                try await storage.write(.readCommitted) { tx in
                    try tx.execute("UPDATE pair SET a = a + 1 WHERE id = \(id)")
                    try tx.execute("UPDATE pair SET b = b - 1 WHERE id = \(id)")
                }
                counts.writes += 1
            } else {
                let start = ContinuousClock.now
                let sum = try await storage.read { tx in
                    try tx.one(
                        "SELECT cast(sum(a) AS bigint) + cast(sum(b) AS bigint) FROM pair", as: Int.self)
                }
                counts.slowestRead = max(counts.slowestRead, start.duration(to: .now))
                counts.reads += 1
                #expect(sum == 0)
            }
        }
        return counts
    }
}
