internal import Synchronization

/// Runs a transaction again when it failed on something that may not happen twice. **The closure may run again**, as a
/// whole and from its beginning; what the failed attempt did in the database is rolled back, what it did elsewhere is
/// not.
///
/// | what failed | what happens |
/// |---|---|
/// | a conflict: ``StorageError/isRetryable`` | run again, up to ``RetryPolicy/attemptLimit`` times |
/// | the server cannot be reached (`unavailable` on a remote storage) | tried again for ``RetryPolicy/patience`` |
/// | ``StorageError/Kind/commitOutcomeUnknown`` | never run again: it may have been committed |
/// | the application's own error, or any other | thrown as it is |
///
/// A conflict decides even when the closure caught it and threw an error of its own; that error is what is thrown
/// when the attempts are used up. ``TransactionOptions/timeout`` limits all attempts together, and a canceled task
/// begins no other attempt: both end in a ``StorageError`` that names the last conflict as its cause. A stream is
/// opened again until its first rows have come, and not afterwards.
///
/// It belongs outside of the policies that look at single attempts (``ObservedStorage``), as ``Database`` has it.
public struct RetryingStorage<Base: Storage>: Storage {
    private let base: Base
    private let policy: RetryPolicy
    private let onRetry: @Sendable (RetryEvent) -> Void
    private let timing: PolicyTiming

    /// Runs the transactions of `base`, and those that met a conflict again.
    ///
    /// - Parameters:
    ///   - base: The storage that does the work.
    ///   - policy: How often, and with which pauses.
    ///   - onRetry: Called before each pause: to count or to log.
    public init(
        _ base: Base, policy: RetryPolicy = .standard,
        onRetry: @escaping @Sendable (RetryEvent) -> Void = { _ in }
    ) {
        self.init(base, policy: policy, timing: .system, onRetry: onRetry)
    }

    init(
        _ base: Base, policy: RetryPolicy, timing: PolicyTiming,
        onRetry: @escaping @Sendable (RetryEvent) -> Void = { _ in }
    ) {
        self.base = base
        self.policy = policy
        self.onRetry = onRetry
        self.timing = timing
    }

    public var capabilities: StorageCapabilities { base.capabilities }

    public func transaction<Result: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await repeating(options) { timeLeft in
            var attempt = options
            attempt.timeout = timeLeft
            // Policies inside of this one must not multiply the attempts.
            attempt.attemptLimit = 1
            return try await base.transaction(attempt) { transaction in
                do {
                    return try body(transaction)
                } catch {
                    guard let conflict = transaction.failureOfStatement, conflict.isRetryable,
                        !(error is StorageError)
                    else { throw error }
                    throw ErrorAfterConflict(conflict: conflict, thrown: error)
                }
            }
        }
    }

    public func cursor(_ query: SQL) async throws -> RowCursor {
        let opened = ReopenedCursor()
        let open: @Sendable (Int?) async throws -> RowBatch = { count in
            try await repeating(.read) { _ in
                let cursor = try await base.cursor(query)
                do {
                    let rows = if let count { try await cursor.next(count) } else { RowBatch() }
                    opened.replace(by: cursor)
                    return rows
                } catch {
                    await cursor.close()
                    throw error
                }
            }
        }
        _ = try await open(nil)
        return RowCursor(
            read: { count in
                guard let (cursor, isFirst) = opened.next() else { return RowBatch() }
                guard isFirst else { return try await cursor.next(count) }
                do {
                    return try await cursor.next(count)
                } catch let error as StorageError where mayReopen(after: error) {
                    await cursor.close()
                    return try await open(count)
                }
            },
            finish: { await opened.close() })
    }

    public func run() async throws { try await base.run() }

    public func shutdown() async { await base.shutdown() }

    /// Repeats `attempt`, which is given the time that is left.
    private func repeating<Result: Sendable>(
        _ options: TransactionOptions, _ attempt: (Duration?) async throws -> Result
    ) async throws -> Result {
        let start = timing.now()
        var course = RetryCourse(policy, options, isRemote: capabilities.isRemote)
        while true {
            do {
                return try await attempt(options.timeout.map { $0 - (timing.now() - start) })
            } catch {
                let step = course.step(
                    after: error, elapsed: timing.now() - start, random: timing.random(),
                    isCanceled: Task.isCancelled)
                switch step {
                case .giveUp(let error): throw error
                case .again(let delay, let failure):
                    onRetry(
                        RetryEvent(
                            attempt: course.failureCount, error: failure, delay: delay,
                            access: options.access, label: options.label))
                    try await pause(delay, after: failure)
                }
            }
        }
    }

    private func mayReopen(after failure: StorageError) -> Bool {
        failure.isRetryable && policy.attemptLimit > 1 && !Task.isCancelled
    }

    private func pause(_ delay: Duration, after failure: StorageError) async throws {
        do {
            try await timing.sleep(delay)
        } catch is CancellationError {
            throw StorageError(canceledAfter: failure)
        }
    }
}

/// The cursor in use, which may be replaced until its first rows have come.
private final class ReopenedCursor: Sendable {
    private struct State {
        var cursor: RowCursor?
        var isFirst = true
        var isClosed = false
    }

    private let state = Mutex(State())

    func replace(by cursor: RowCursor) { state.withLock { $0.cursor = cursor } }

    /// The cursor, and whether nothing was read from it yet; nil after `close()`.
    func next() -> (RowCursor, isFirst: Bool)? {
        state.withLock { state in
            defer { state.isFirst = false }
            guard !state.isClosed else { return nil }
            return state.cursor.map { ($0, state.isFirst) }
        }
    }

    func close() async {
        let cursor = state.withLock { state in
            state.isClosed = true
            defer { state.cursor = nil }
            return state.cursor
        }
        await cursor?.close()
    }
}
