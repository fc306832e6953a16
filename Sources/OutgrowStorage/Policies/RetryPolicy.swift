/// How often, and with which pauses, ``RetryingStorage`` runs a transaction again.
///
/// Before attempt *n + 1* it waits a random time between zero and `baseDelay` · 2ⁿ⁻¹, at most `delayLimit` ("full
/// jitter": two transactions that met once should not meet again). With the standard values ten attempts pause for a
/// quarter of a second in all.
/// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
public struct RetryPolicy: Sendable, Hashable {
    /// How often the closure runs at most, counting the first time; ``TransactionOptions/attemptLimit`` overrides it.
    public var attemptLimit: Int
    /// The upper end of the first pause.
    public var baseDelay: Duration
    /// The upper end of every pause.
    public var delayLimit: Duration
    /// No attempt begins later than this after the call.
    ///
    /// It bounds two things that a count cannot: a server that cannot be reached is tried again for as long, without
    /// counting attempts, since the closure did not run; and a lock of SQLite's on which an attempt has already waited
    /// for its five seconds is not waited for again.
    public var patience: Duration

    /// A policy with limits of your own; each has the standard value when it is left out.
    public init(
        attemptLimit: Int = 10, baseDelay: Duration = .milliseconds(1),
        delayLimit: Duration = .milliseconds(250), patience: Duration = .seconds(5)
    ) {
        self.attemptLimit = attemptLimit
        self.baseDelay = baseDelay
        self.delayLimit = delayLimit
        self.patience = patience
    }

    /// Ten attempts within five seconds, with pauses from 1 ms to 250 ms.
    public static let standard = RetryPolicy()
    /// One attempt.
    public static let never = RetryPolicy(attemptLimit: 1)
}

/// An attempt that failed and will be followed by another.
public struct RetryEvent: Sendable {
    /// How many attempts there were up to now, counting those that did not reach the server.
    public var attempt: Int
    /// What the last one failed with.
    public var error: StorageError
    /// The pause before the next.
    public var delay: Duration
    /// Whether the transaction reads or writes; `.read` for a stream.
    public var access: TransactionOptions.Access
    /// ``TransactionOptions/label``.
    public var label: String?
}

/// How one call goes on after failed attempts: the whole policy as a value, without clocks and without waiting.
struct RetryCourse {
    enum Step {
        case again(after: Duration, StorageError)
        case giveUp(any Error)
    }

    private let policy: RetryPolicy
    private let attemptLimit: Int
    private let timeout: Duration?
    /// A file that cannot be opened does not become another one by waiting; a server may be restarting.
    private let isRemote: Bool
    /// Attempts in which the closure may have run.
    private var attemptCount = 0
    private(set) var failureCount = 0

    init(_ policy: RetryPolicy, _ options: TransactionOptions, isRemote: Bool) {
        self.policy = policy
        self.isRemote = isRemote
        attemptLimit = max(1, options.attemptLimit ?? policy.attemptLimit)
        timeout = options.timeout
    }

    /// What to do after `error`, `elapsed` after the call.
    ///
    /// - Parameter random: At least 0 and less than 1.
    mutating func step(
        after error: any Error, elapsed: Duration, random: Double, isCanceled: Bool
    ) -> Step {
        let thrown = (error as? ErrorAfterConflict)?.thrown ?? error
        guard let failure = StorageError(causing: error), isWorthRepeating(failure) else {
            return .giveUp(thrown)
        }
        failureCount += 1
        if failure.kind != .unavailable { attemptCount += 1 }
        guard !isCanceled else { return .giveUp(StorageError(canceledAfter: failure)) }
        guard attemptCount < attemptLimit else { return .giveUp(thrown.noting(attempts: failureCount)) }
        let delay = ceiling * random
        if let timeout, elapsed + delay >= timeout {
            return .giveUp(StorageError(outOfTimeAfter: failure, attempts: failureCount))
        }
        guard elapsed + delay < policy.patience else {
            return .giveUp(thrown.noting(attempts: failureCount))
        }
        return .again(after: delay, failure)
    }

    private func isWorthRepeating(_ failure: StorageError) -> Bool {
        guard attemptLimit > 1 else { return false }
        return failure.isRetryable || (failure.kind == .unavailable && isRemote)
    }

    private var ceiling: Duration {
        var ceiling = policy.baseDelay
        for _ in 1..<max(1, failureCount) where ceiling < policy.delayLimit { ceiling = ceiling * 2 }
        return max(.zero, min(ceiling, policy.delayLimit))
    }
}

/// What a closure threw after a conflict had already doomed its transaction: the conflict is what decides.
///
/// A closure may catch the failure of a statement and throw an error of its own; that is no reason not to repeat.
struct ErrorAfterConflict: Error {
    var conflict: StorageError
    var thrown: any Error
}

extension StorageError {
    /// The failure of the storage behind what a transaction threw, if there is one.
    init?(causing error: any Error) {
        switch error {
        case let error as StorageError: self = error
        case let error as ErrorAfterConflict: self = error.conflict
        default: return nil
        }
    }

    init(canceledAfter failure: StorageError) {
        self.init(
            .interrupted, "The task was canceled before the transaction could run again.",
            fix: "Nothing was changed; run it again when it is wanted.", cause: failure.summary)
    }

    fileprivate init(outOfTimeAfter failure: StorageError, attempts: Int) {
        self.init(
            .timeout, "The transaction's time limit passed after \(attempts) failed attempts.",
            fix: "Raise the timeout, or make the transactions that conflict shorter.", cause: failure.summary)
    }
}

extension Error {
    fileprivate func noting(attempts: Int) -> any Error {
        guard attempts > 1, var error = self as? StorageError else { return self }
        error.cause = (error.cause.map { "\($0); " } ?? "") + "given up after \(attempts) attempts"
        return error
    }
}
