internal import Synchronization

/// One connection in one read transaction, lent to one thread at a time.
///
/// SQLite has no exported snapshot: two connections may see two states. So everything
/// that must agree (the scan, the copy, the source side of verification) reads through this.
@safe package final class SharedSnapshot: Sendable {
    private let lock = Mutex(())
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
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        return try unsafe body(connection)
    }

    /// Stops the statement that is running, from any thread.
    package func interrupt() { unsafe connection.interrupt() }
}
