extension SQLiteConnection {
    /// Lends SQLite's own `sqlite3 *`, on the connection's thread. It must not be closed nor outlive `body`.
    @unsafe package func withRawHandle<Result>(
        _ body: (OpaquePointer) throws -> Result
    ) throws -> Result {
        guard !isClosed else { throw SQLiteFailure.closed }
        return try unsafe body(handle)
    }
}
