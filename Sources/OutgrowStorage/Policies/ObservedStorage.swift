internal import CoreMetrics
public import Logging

/// Measures every transaction and logs those that are slow.
///
/// Into swift-metrics go the time a transaction waited to begin, the time of its closure, the time of COMMIT, and
/// counts of outcomes, errors by kind, waits for SQLite's locks, and repetitions; `docs/reference/storage-metrics.md`
/// lists the names. The dimensions are the backend, the access and ``TransactionOptions/label``: labels are fixed
/// words of the program, since each makes series of its own. Into the log go slow transactions at `notice`, failures
/// and repetitions at `debug`. Neither ever holds a value or the text of a statement.
///
/// It looks at single attempts, so it belongs inside of ``RetryingStorage``, whose `onRetry` may be given
/// ``record(_:)``. It costs a few readings of the clock for each transaction, and with metrics a few locked
/// look-ups in tables.
public struct ObservedStorage<Base: Storage>: Storage {
    private let base: Base
    private let logger: Logger?
    private let slowness: Duration?
    private let instruments: StorageInstruments?
    private let now: @Sendable () -> Duration

    /// Measures what `base` does.
    ///
    /// - Parameters:
    ///   - base: The storage that does the work.
    ///   - logger: Where messages go; nil writes none.
    ///   - slowTransactionThreshold: From which time on a transaction is slow, waiting included; nil for never.
    ///   - recordsMetrics: Whether metrics go to the factory that `MetricsSystem` was bootstrapped with. Bootstrap it
    ///     before the storage is made.
    public init(
        _ base: Base, logger: Logger? = nil, slowTransactionThreshold: Duration? = .seconds(1),
        recordsMetrics: Bool = true
    ) {
        self.init(
            base, logger: logger, slowTransactionThreshold: slowTransactionThreshold,
            factory: recordsMetrics ? Self.bootstrappedFactory : nil, timing: .system)
    }

    init(
        _ base: Base, logger: Logger?, slowTransactionThreshold: Duration?, factory: (any MetricsFactory)?,
        timing: PolicyTiming
    ) {
        self.base = base
        self.logger = logger
        slowness = slowTransactionThreshold
        instruments = factory.map { StorageInstruments(backend: base.dialect.rawValue, factory: $0) }
        now = timing.now
    }

    /// Nil when the program records no metrics anywhere.
    private static var bootstrappedFactory: (any MetricsFactory)? {
        let factory = MetricsSystem.factory
        return factory is NOOPMetricsHandler ? nil : factory
    }

    public var capabilities: StorageCapabilities { base.capabilities }

    public func transaction<Result: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        var options = options
        let timeline = options.timeline ?? TransactionTimeline()
        options.timeline = timeline
        let start = now()
        do {
            let result = try await base.transaction(options, body)
            note(Observation(options, timeline, total: now() - start, .committed))
            return result
        } catch {
            note(Observation(options, timeline, total: now() - start, Outcome(error)))
            throw error
        }
    }

    public func cursor(_ query: SQL) async throws -> RowCursor {
        let start = now()
        let cursor: RowCursor
        do {
            cursor = try await base.cursor(query)
        } catch {
            note(Observation(access: "stream", wait: now() - start, Outcome(error)))
            throw error
        }
        note(Observation(access: "stream", wait: now() - start, .committed))
        return RowCursor(
            read: { count in
                do {
                    return try await cursor.next(count)
                } catch {
                    noteFailure(Observation(access: "stream", wait: nil, Outcome(error)))
                    throw error
                }
            },
            finish: { await cursor.close() })
    }

    public func run() async throws { try await base.run() }

    public func shutdown() async { await base.shutdown() }

    /// Counts and logs a repetition: for `onRetry` of ``RetryingStorage``.
    public func record(_ retry: RetryEvent) {
        instruments?.count(
            StorageInstruments.Series(
                name: "outgrow_storage_retries_total", access: retry.access.rawValue,
                label: retry.label ?? "", detail: ["kind", retry.error.kind.rawValue]))
        logger?.debug(
            "Transaction will run again",
            metadata: [
                "label": "\(retry.label ?? "")", "access": "\(retry.access)", "kind": "\(retry.error.kind)",
                "attempt": "\(retry.attempt)", "delay": "\(retry.delay)",
            ])
    }
}

/// How a transaction ended.
private enum Outcome {
    case committed
    /// The program asked for it: ``Storage/withRollback(_:_:)``.
    case rolledBack
    case failed(kind: String, StorageError?)

    init(_ error: any Error) {
        switch error {
        case is any DeliberateRollback: self = .rolledBack
        case is CancellationError: self = .failed(kind: StorageError.Kind.interrupted.rawValue, nil)
        default:
            let failure = StorageError(causing: error)
            self = .failed(kind: failure?.kind.rawValue ?? "application", failure)
        }
    }

    var name: String {
        switch self {
        case .committed: "committed"
        case .rolledBack: "rolled-back"
        case .failed: "failed"
        }
    }
}

/// What there is to say about one attempt.
private struct Observation {
    var access: String
    var label: String
    var total: Duration
    var phases: TransactionTimeline.Record
    var outcome: Outcome

    init(
        _ options: TransactionOptions, _ timeline: TransactionTimeline, total: Duration, _ outcome: Outcome
    ) {
        access = options.access.rawValue
        label = options.label ?? ""
        self.total = total
        phases = timeline.record
        // It failed before it had begun: all of it was waiting.
        if phases.wait == nil, phases.body == nil { phases.wait = total }
        self.outcome = outcome
    }

    init(access: String, wait: Duration?, _ outcome: Outcome) {
        self.access = access
        label = ""
        total = wait ?? .zero
        phases = TransactionTimeline.Record()
        phases.wait = wait
        self.outcome = outcome
    }

    func series(_ name: String, _ detail: String...) -> StorageInstruments.Series {
        StorageInstruments.Series(
            name: "outgrow_storage_" + name, access: access, label: label, detail: detail)
    }
}

extension ObservedStorage {
    private func note(_ seen: Observation) {
        if let instruments {
            for (name, phase) in [
                ("wait_seconds", seen.phases.wait), ("body_seconds", seen.phases.body),
                ("commit_seconds", seen.phases.commit),
            ] {
                if let phase { instruments.record(phase, seen.series(name)) }
            }
            instruments.count(seen.series("transactions_total", "outcome", seen.outcome.name))
            if seen.phases.busyCount > 0 {
                instruments.count(seen.series("busy_total"), by: seen.phases.busyCount)
            }
        }
        if let slowness, seen.total >= slowness { logSlow(seen) }
        noteFailure(seen)
    }

    private func noteFailure(_ seen: Observation) {
        guard case .failed(let kind, let failure) = seen.outcome else { return }
        instruments?.count(seen.series("errors_total", "kind", kind))
        guard let logger, logger.logLevel <= .debug else { return }
        var metadata = seen.metadata
        metadata["kind"] = "\(kind)"
        if let failure {
            metadata["summary"] = "\(failure.summary)"
            metadata["code"] = (failure.sqlState ?? failure.sqliteCode.map { "\($0)" }).map { "\($0)" }
        }
        logger.debug("Transaction failed", metadata: metadata)
    }

    private func logSlow(_ seen: Observation) {
        guard let logger, logger.logLevel <= .notice else { return }
        var metadata = seen.metadata
        metadata["outcome"] = "\(seen.outcome.name)"
        metadata["total"] = "\(seen.total)"
        metadata["wait"] = seen.phases.wait.map { "\($0)" }
        metadata["body"] = seen.phases.body.map { "\($0)" }
        metadata["commit"] = seen.phases.commit.map { "\($0)" }
        if seen.phases.busyCount > 0 { metadata["busy"] = "\(seen.phases.busyCount)" }
        logger.notice("Slow transaction", metadata: metadata)
    }
}

extension Observation {
    fileprivate var metadata: Logger.Metadata { ["label": "\(label)", "access": "\(access)"] }
}
