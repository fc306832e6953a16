import Foundation
import LocalPostgres
import PostgresClient
import TestSupport
import Testing

@testable import OutgrowStorage

/// Work that is stopped at a random moment, over and over on one storage, and what that leaves behind.
///
/// `OUTGROW_STOPS` is the number of rounds, each of which stops three pieces of work at once.
@Suite("Stopped anywhere", .serialized, .timeLimit(.minutes(60)))
struct StoppedAnywhereTests {
    private static let rounds =
        ProcessInfo.processInfo.environment["OUTGROW_STOPS"].flatMap { Int($0) } ?? 4

    /// Running a transaction again must not do twice what had been done.
    @Test(arguments: StopRound.Way.allCases, [false, true])
    func `a transaction on Postgres that is stopped leaves nothing behind`(
        _ way: StopRound.Way, _ retries: Bool
    ) async throws {
        var configuration = PostgresStorage.Configuration()
        configuration.maximumConnections = 2
        configuration.applicationName = "stopped"
        let (storage, database) = try await postgresStorage(
            configuration,
            schema: """
                \(StoppableWork.schema)
                CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN PERFORM pg_sleep(0.003); RETURN NULL; END';
                CREATE TABLE slow (run bigint);
                CREATE CONSTRAINT TRIGGER dawdling AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION dawdle();
                """)
        let watcher = try await database.connect()
        let round = StopRound(
            retries ? RetryingStorage(storage) : storage, StoppableWork.all + Self.onPostgres, way,
            seed: Subjects.seed)
        round.hidesStops = retries && way == .termination
        round.terminate = { try await Self.terminateAll(watcher) }
        round.isAtRest = { try await Self.busySessions(watcher) }
        try await round.repeated(Self.rounds)
        #expect(await storage.statistics.open <= 2)
        await storage.shutdown()
        await watcher.close()
    }

    private static func terminateAll(_ watcher: PostgresConnection) async throws {
        try await watcher.run { connection in
            _ = try connection.query(
                "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE \(ours)")
        }
    }

    private static func busySessions(_ watcher: PostgresConnection) async throws -> [String] {
        try await watcher.run { connection in
            let busy = try connection.query(
                "SELECT concat_ws(' | ', pid, state, wait_event, query) FROM pg_stat_activity "
                    + "WHERE \(ours) AND state IS DISTINCT FROM 'idle'")
            return (0..<busy.rowCount).map { busy[$0, 0] ?? "" }
        }
    }

    private static let ours = "datname = current_database() AND application_name = 'stopped'"

    private static let onPostgres = [
        StoppableWork("a slow COMMIT", rows: 1) { tx, run in
            try tx.insert(run, 0)
            try tx.execute("INSERT INTO slow VALUES (\(run))")
        },
        StoppableWork("slow statements", rows: 3) { tx, run in
            try tx.insert(run, 0)
            try tx.execute("SELECT pg_sleep(0.002)")
            try tx.executeAll([
                "SELECT pg_sleep(0.002)", "INSERT INTO trace (run, n) VALUES (\(run), 1)",
                "SELECT pg_sleep(0.002)", "INSERT INTO trace (run, n) VALUES (\(run), 2)",
            ])
        },
    ]

    @Test(arguments: [StopRound.Way.cancellation, .timeout])
    func `a transaction on SQLite that is stopped leaves nothing behind`(_ way: StopRound.Way) async throws {
        let fixture = try await SQLiteFixture(.init(readerCount: 2))
        let storage = fixture.storage
        try await storage.write { tx in try tx.executeScript("\(unsafe: StoppableWork.schema)") }
        let round = StopRound(
            storage, StoppableWork.all + [Self.backup(in: fixture.folder)], way, seed: Subjects.seed)
        round.isAtRest = {
            try await onThread { try Self.holders(of: fixture.path) }
        }
        try await round.repeated(Self.rounds)
        let statistics = await storage.statistics
        #expect(statistics.writer?.leased == 0 && statistics.readers?.leased == 0)
        let verdict = try await storage.read { try $0.one("PRAGMA integrity_check", as: String.self) }
        #expect(verdict == "ok")
        await storage.shutdown()
    }

    private static func backup(in folder: TemporaryFolder) -> StoppableWork {
        StoppableWork("a backup", hasTimeLimit: false) { storage, _, run in
            let path = folder.file("backup-\(run).db")
            defer { _ = unsafe unlink(path) }
            try await (storage as? SQLiteStorage)?.backup(to: path)
        }
    }

    /// Who stands in the way of a process that writes, and of a WAL that begins anew.
    private static func holders(of path: String) throws -> [String] {
        do {
            let answer = try SQLiteShell.run(
                "BEGIN IMMEDIATE; ROLLBACK; PRAGMA wal_checkpoint(TRUNCATE);", on: path)
            return answer.hasPrefix("0|") ? [] : ["a reader: \(answer)"]
        } catch {
            return ["a writer: \(error)"]
        }
    }
}
