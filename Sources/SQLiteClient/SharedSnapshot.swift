#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// One connection in one read transaction, lent to one thread at a time.
///
/// SQLite has no exported snapshot: two connections may see two states. So everything
/// that must agree (the scan, the copy, the source side of verification) reads through this.
@safe package final class SharedSnapshot: Sendable {
    private let lock = SleepingLock()
    // Guarded by `lock`; `interrupt()` is the one call that SQLite allows from outside it.
    private nonisolated(unsafe) let connection: SQLiteConnection

    /// Takes over `connection`; nobody else may keep using it.
    package init(_ connection: sending SQLiteConnection) {
        unsafe self.connection = connection
    }

    /// Runs `body` while no other thread uses the connection.
    package func withConnection<Result, Failure: Error>(
        _ body: (SQLiteConnection) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try unsafe body(connection)
    }

    /// Stops the statement that is running, from any thread.
    package func interrupt() { unsafe connection.interrupt() }
}

/// A mutex whose waiters sleep.
///
/// A turn lasts as long as filling a block. The standard library's `Mutex` spins in the kernel meanwhile (its futex
/// inherits priorities), and on two cores that is time the server could use: a tenth of a migration's client time.
@safe private final class SleepingLock: Sendable {
    private nonisolated(unsafe) let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    func lock() { unsafe _ = pthread_mutex_lock(mutex) }
    func unlock() { unsafe _ = pthread_mutex_unlock(mutex) }
}
