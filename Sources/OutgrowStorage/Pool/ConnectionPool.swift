/// Lends connections, first come, first served, and never more than its limit.
///
/// The policy is `LeaseBook`; this is the shell that opens, closes and waits.
actor ConnectionPool<Connection: Sendable> {
    struct Limits: Sendable {
        /// How many connections there are at most.
        var maximum: Int
        /// How long a request waits for one; nil waits without end.
        var acquireTimeout: Duration?
        /// How old a connection may get; nil for any age.
        var lifetime: Duration?
        /// A random part of this is taken off the lifetime, so that connections opened together do not end together.
        var lifetimeJitter: Duration = .zero
        /// How long a connection may rest before `maintain()` closes it.
        var idleTimeout: Duration?
        /// A connection that rested longer than this is asked whether it is well before it is lent.
        var healthCheckAfter: Duration = .seconds(1)
    }

    typealias Book = LeaseBook<Connection, Int>
    private typealias Waiter = CheckedContinuation<Book.Grant, any Error>

    private let limits: Limits
    /// The instant is the one after which nobody wants the connection any more; nil for never.
    private let open: @Sendable (ContinuousClock.Instant?) async throws -> Connection
    private let isHealthy: @Sendable (Connection, ContinuousClock.Instant?) async -> Bool
    private let closeConnection: @Sendable (Connection) async -> Void

    private var book: Book
    private var waiters: [Int: Waiter] = [:]
    private var deadlines: [Int: Task<Void, Never>] = [:]
    private var lastWaiter = 0
    private var drained: [CheckedContinuation<Void, Never>] = []

    init(
        _ limits: Limits, open: @escaping @Sendable (ContinuousClock.Instant?) async throws -> Connection,
        isHealthy: @escaping @Sendable (Connection, ContinuousClock.Instant?) async -> Bool,
        close: @escaping @Sendable (Connection) async -> Void
    ) {
        self.limits = limits.bounded
        self.open = open
        self.isHealthy = isHealthy
        closeConnection = close
        book = LeaseBook(maximum: limits.maximum)
    }

    var statistics: PoolStatistics {
        PoolStatistics(
            open: book.openCount, leased: book.leasedCount, waiting: book.waitingCount,
            maximum: limits.maximum)
    }

    /// Lends a connection; each lease is given back once, by `release`.
    ///
    /// - Parameters:
    ///   - timeout: How long to wait for a place; nil for the pool's own limit.
    ///   - deadline: Until when a new connection is waited for; nil leaves that to `open`.
    /// - Throws: `StorageError` of the kinds `poolTimeout`, `closed` and `interrupted`, or what opening throws.
    func acquire(
        timeout: Duration? = nil, until deadline: ContinuousClock.Instant? = nil
    ) async throws -> PoolLease<Connection> {
        let grant = try await place(timeout: timeout?.bounded ?? limits.acquireTimeout)
        do {
            return try await lease(grant, until: deadline)
        } catch {
            hand(book.lost())
            throw error
        }
    }

    /// Takes a connection back; one that is not usable is closed, and its place given away.
    func release(_ lease: PoolLease<Connection>, isUsable: Bool) async {
        let held = Book.Held(connection: lease.connection, expiry: lease.expiry, idleSince: .now)
        if isUsable, !book.isClosed, !held.isExpired(at: .now) {
            hand(book.returned(held))
        } else {
            await closeConnection(lease.connection)
            hand(book.lost())
        }
    }

    /// Refuses new leases, waits for those that are out, and closes everything.
    func shutdown() async {
        let (refused, idle) = book.closed()
        for waiter in refused { answer(waiter, .failure(StorageError.closed)) }
        for connection in idle { await closeConnection(connection) }
        guard !book.isDrained else { return }
        await withCheckedContinuation { drained.append($0) }
    }

    /// Closes what has been idle for too long or is too old.
    func maintain() async {
        for connection in book.removeStale(at: .now, idleLimit: limits.idleTimeout) {
            await closeConnection(connection)
        }
    }
}

extension ConnectionPool.Limits {
    fileprivate var bounded: Self {
        var result = self
        result.acquireTimeout = acquireTimeout?.bounded
        result.lifetime = lifetime?.bounded
        result.lifetimeJitter = lifetimeJitter.bounded
        result.idleTimeout = idleTimeout?.bounded
        result.healthCheckAfter = healthCheckAfter.bounded
        return result
    }
}

/// One connection on loan.
struct PoolLease<Connection: Sendable>: Sendable {
    let connection: Connection
    fileprivate let expiry: ContinuousClock.Instant?
}

/// What a pool holds at the moment.
public struct PoolStatistics: Sendable, Hashable {
    /// Connections that are open or being opened.
    public var open: Int
    /// Those that are in use.
    public var leased: Int
    /// Requests that wait for one.
    public var waiting: Int
    /// The limit.
    public var maximum: Int
}

// Waiting.
extension ConnectionPool {
    private func place(timeout: Duration?) async throws -> Book.Grant {
        guard !Task.isCancelled else { throw StorageError.interruptedWaiting }
        lastWaiter += 1
        let waiter = lastWaiter
        switch book.requested(by: waiter) {
        case .granted(let grant): return grant
        case .closed: throw StorageError.closed
        case .park: break
        }
        if let timeout { deadlines[waiter] = deadline(of: waiter, after: timeout) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiters[waiter] = $0 }
        } onCancel: {
            Task { await self.withdraw(waiter, .interruptedWaiting) }
        }
    }

    private func deadline(of waiter: Int, after timeout: Duration) -> Task<Void, Never> {
        Task {
            do { try await Task.sleep(for: timeout) } catch { return }
            withdraw(waiter, .poolTimeout(after: timeout, maximum: limits.maximum))
        }
    }

    private func withdraw(_ waiter: Int, _ error: StorageError) {
        if book.withdrawn(waiter) { answer(waiter, .failure(error)) }
    }

    private func hand(_ next: (waiter: Int, grant: Book.Grant)?) {
        if let next { answer(next.waiter, .success(next.grant)) }
        if book.isDrained {
            for continuation in drained { continuation.resume() }
            drained = []
        }
    }

    private func answer(_ waiter: Int, _ result: Result<Book.Grant, any Error>) {
        deadlines.removeValue(forKey: waiter)?.cancel()
        waiters.removeValue(forKey: waiter)?.resume(with: result)
    }
}

// Lending.
extension ConnectionPool {
    private func lease(
        _ grant: Book.Grant, until deadline: ContinuousClock.Instant?
    ) async throws -> PoolLease<Connection> {
        if case .connection(let held) = grant {
            if await isFit(held, until: deadline) {
                return PoolLease(connection: held.connection, expiry: held.expiry)
            }
            await closeConnection(held.connection)
        }
        guard !book.isClosed else { throw StorageError.closed }
        return PoolLease(connection: try await open(deadline), expiry: expiryOfNew())
    }

    private func isFit(_ held: Book.Held, until deadline: ContinuousClock.Instant?) async -> Bool {
        let now = ContinuousClock.now
        if held.isExpired(at: now) { return false }
        return held.idleSince + limits.healthCheckAfter > now
            ? true : await isHealthy(held.connection, deadline)
    }

    private func expiryOfNew() -> ContinuousClock.Instant? {
        limits.lifetime.map { .now + $0 - limits.lifetimeJitter * Double.random(in: 0...1) }
    }
}

extension StorageError {
    static var closed: StorageError {
        StorageError(
            .closed, "The storage is shut down.", fix: "Open it again, or end the work before shutdown().")
    }

    fileprivate static var interruptedWaiting: StorageError {
        StorageError(
            .interrupted, "The task was canceled while it waited for a connection.",
            fix: "Nothing was done; run it again if it is still wanted.")
    }

    fileprivate static func poolTimeout(after timeout: Duration, maximum: Int) -> StorageError {
        StorageError(
            .poolTimeout, "No connection became free within \(timeout); all \(maximum) were in use.",
            fix:
                "Look for transactions and streams that stay open for long, or raise the number of connections."
        )
    }
}
