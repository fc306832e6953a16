import Logging
import Metrics
import MetricsTestKit
import Synchronization
import Testing

@testable import OutgrowStorage

@Suite struct ObservedTests {
    private let metrics = TestMetrics()
    private let log = RecordingLog()
    private let time = ScriptedTime()

    private func observed(_ base: ScriptedStorage, logLevel: Logger.Level = .debug)
        -> ObservedStorage<ScriptedStorage>
    {
        var logger = Logger(label: "test") { [log] _ in log }
        logger.logLevel = logLevel
        return ObservedStorage(
            base, logger: logger, slowTransactionThreshold: .seconds(1), factory: metrics, timing: time.timing
        )
    }

    private func dimensions(_ access: String, _ label: String, _ more: (String, String)? = nil) -> [(
        String, String
    )] {
        [("backend", "postgres"), ("access", access), ("label", label)] + (more.map { [$0] } ?? [])
    }

    @Test func `the phases of a transaction are measured by its label`() async throws {
        let storage = observed(ScriptedStorage())
        try await storage.write(TransactionOptions(.write, label: "order")) { _ in }
        for (name, milliseconds) in [("wait", 1), ("body", 2), ("commit", 3)] {
            let timer = try metrics.expectTimer(
                "outgrow_storage_\(name)_seconds", dimensions("write", "order"))
            #expect(timer.values == [Int64(milliseconds) * 1_000_000])
        }
        let count = try metrics.expectCounter(
            "outgrow_storage_transactions_total", dimensions("write", "order", ("outcome", "committed")))
        #expect(count.totalValue == 1)
    }

    @Test func `a failure is counted by its kind, and its waiting is measured`() async throws {
        let time = time
        let storage = observed(
            ScriptedStorage(
                [.refuse(.scripted(.poolTimeout))], onCall: { _ in time.advance(by: .seconds(3)) }))
        await #expect(throws: StorageError.self) { try await storage.read { _ in } }
        let errors = try metrics.expectCounter(
            "outgrow_storage_errors_total", dimensions("read", "", ("kind", "pool-timeout")))
        #expect(errors.totalValue == 1)
        let wait = try metrics.expectTimer("outgrow_storage_wait_seconds", dimensions("read", ""))
        #expect(wait.values == [3_000_000_000])
    }

    @Test func `waits for SQLite's locks are counted`() async throws {
        let storage = observed(ScriptedStorage())
        try await storage.write { tx in tx.options.timeline?.note { $0.busyCount += 7 } }
        #expect(
            try metrics.expectCounter("outgrow_storage_busy_total", dimensions("write", "")).totalValue == 7)
    }

    @Test func `the application's errors and deliberate roll-backs are told apart`() async throws {
        struct ApplicationError: Error {}
        let storage = observed(ScriptedStorage())
        await #expect(throws: ApplicationError.self) {
            try await storage.write { _ in throw ApplicationError() }
        }
        try await storage.withRollback { _ in }
        let errors = try metrics.expectCounter(
            "outgrow_storage_errors_total", dimensions("write", "", ("kind", "application")))
        #expect(errors.totalValue == 1)
        let back = try metrics.expectCounter(
            "outgrow_storage_transactions_total", dimensions("write", "", ("outcome", "rolled-back")))
        #expect(back.totalValue == 1)
    }

    @Test func `a slow transaction is logged with its phases, and a quick one is not`() async throws {
        let time = time
        let storage = observed(
            ScriptedStorage(onCall: { if $0 == 2 { time.advance(by: .seconds(1)) } }), logLevel: .notice)
        try await storage.write(TransactionOptions(.write, label: "quick")) { _ in }
        #expect(log.lines.isEmpty)
        try await storage.write(TransactionOptions(.write, label: "order")) { _ in }
        let line = try #require(log.lines.first)
        #expect(log.lines.count == 1)
        #expect(line.message == "Slow transaction")
        #expect(line.level == .notice)
        #expect(line.metadata["label"] == "order")
        #expect(line.metadata["body"] == "0.002 seconds")
        #expect(line.metadata["outcome"] == "committed")
    }

    @Test func `a failure is logged at debug, without statement and values`() async throws {
        var error = StorageError.scripted(.unique)
        error.statement = "INSERT INTO person VALUES ('secret')"
        error.cause = "secret"
        error.sqlState = "23505"
        let storage = observed(ScriptedStorage([.failCommit(error)]))
        await #expect(throws: StorageError.self) { try await storage.write { _ in } }
        let line = try #require(log.lines.first)
        #expect(line.level == .debug)
        #expect(line.metadata["kind"] == "unique")
        #expect(line.metadata["code"] == "23505")
        #expect(!"\(line.message) \(line.metadata)".contains("secret"))
    }

    @Test func `repetitions are counted by what caused them`() async throws {
        let observed = observed(
            ScriptedStorage([.failCommit(.scripted(.deadlock)), .failCommit(.scripted(.deadlock))]))
        let storage = RetryingStorage(
            observed, policy: .standard, timing: time.timing, onRetry: observed.record)
        try await storage.write { _ in }
        let retries = try metrics.expectCounter(
            "outgrow_storage_retries_total", dimensions("write", "", ("kind", "deadlock")))
        #expect(retries.totalValue == 2)
        let failed = try metrics.expectCounter(
            "outgrow_storage_transactions_total", dimensions("write", "", ("outcome", "failed")))
        #expect(failed.totalValue == 2)
    }

    @Test func `a conflict behind an error of the application counts as a conflict`() async throws {
        struct ApplicationError: Error {}
        let observed = observed(ScriptedStorage([.failStatements(.scripted(.serialization)), .commit]))
        let storage = RetryingStorage(observed, policy: .standard, timing: time.timing)
        try await storage.write { tx in
            do { try tx.execute("SELECT 1") } catch { throw ApplicationError() }
        }
        let errors = try metrics.expectCounter(
            "outgrow_storage_errors_total", dimensions("write", "", ("kind", "serialization")))
        #expect(errors.totalValue == 1)
    }

    @Test func `streams are counted when they open and when they fail`() async throws {
        let storage = observed(
            ScriptedStorage([.commit, .failStatements(.scripted(.connectionLost))]))
        let good = try await storage.cursor("SELECT 1")
        _ = try await good.next(1)
        let bad = try await storage.cursor("SELECT 1")
        await #expect(throws: StorageError.self) { try await bad.next(1) }
        let opened = try metrics.expectCounter(
            "outgrow_storage_transactions_total", dimensions("stream", "", ("outcome", "committed")))
        #expect(opened.totalValue == 2)
        let errors = try metrics.expectCounter(
            "outgrow_storage_errors_total", dimensions("stream", "", ("kind", "connection-lost")))
        #expect(errors.totalValue == 1)
    }
}

/// Keeps what is logged.
private final class RecordingLog: LogHandler {
    struct Line: Sendable {
        var level: Logger.Level
        var message: String
        var metadata: [String: String]
    }

    private let kept = Mutex<[Line]>([])
    private let level = Mutex(Logger.Level.trace)

    var lines: [Line] { kept.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { level.withLock { $0 } }
        set { level.withLock { $0 = newValue } }
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        let line = Line(
            level: event.level, message: event.message.description,
            metadata: (event.metadata ?? [:]).mapValues(\.description))
        kept.withLock { $0.append(line) }
    }
}
