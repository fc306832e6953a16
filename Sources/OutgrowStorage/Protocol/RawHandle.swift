internal import Diagnostics
internal import PostgresClient
internal import SQLiteClient

// The way past the library, for what it does not offer: a backup, an extension's function, a notice. The one file of
// this target with unsafe code.
extension Transaction {
    /// Lends SQLite's `sqlite3 *` to `body`, on the connection's thread and within the transaction.
    ///
    /// The pointer is valid inside of `body` alone. `body` must neither close it nor begin or end a transaction nor
    /// change the busy handler, and must finalize every statement that it prepares. https://sqlite.org/c3ref/sqlite3.html
    ///
    /// - Throws: ``StorageError/Kind/misuse`` on Postgres, or whatever `body` throws.
    @unsafe public func withSQLiteHandle<Result>(
        _ body: (OpaquePointer) throws -> Result
    ) throws -> Result {
        guard let session = session as? SQLiteSession else { throw StorageError.otherBackend("SQLite") }
        return try guarded { try unsafe session.connection.withRawHandle(body) }
    }

    /// Lends libpq's `PGconn *` to `body`, on the connection's thread and within the transaction.
    ///
    /// The pointer is valid inside of `body` alone. The connection is in nonblocking mode; `body` must not finish it,
    /// nor begin or end a transaction, and must read every result to its end.
    /// https://www.postgresql.org/docs/current/libpq.html
    ///
    /// - Throws: ``StorageError/Kind/misuse`` on SQLite, or whatever `body` throws.
    @unsafe public func withPostgresHandle<Result>(
        _ body: (OpaquePointer) throws -> Result
    ) throws -> Result {
        guard let session = session as? PostgresSession else { throw StorageError.otherBackend("Postgres") }
        return try guarded {
            let address: UInt
            do {
                address = try session.connection.assumeIsolated { try $0.rawHandleAddress() }
            } catch let error as OutgrowError {
                throw StorageError(connecting: error)
            }
            guard let handle = unsafe OpaquePointer(bitPattern: address) else {
                throw StorageError(.closed, "The connection is closed.", fix: "Run the transaction again.")
            }
            return try unsafe body(handle)
        }
    }
}

extension StorageError {
    fileprivate static func otherBackend(_ name: String) -> StorageError {
        StorageError(
            .misuse, "The handle of \(name) was asked of a transaction on the other backend.",
            fix: "Ask the transaction's dialect first.")
    }
}
