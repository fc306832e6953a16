/// A place where an application keeps its rows: a SQLite file or a Postgres database.
///
/// The protocol is narrow on purpose: a transaction, a stream, a beginning and an end. What applications call
/// (``read(_:_:)``, ``write(_:_:)``, ``stream(_:as:batchSize:)``) is built on it once, for every backend and every
/// policy around one. A policy such as ``RetryingStorage`` is a storage that wraps another.
///
/// ## Topics
/// ### Working with rows
/// - ``read(_:_:)``
/// - ``write(_:_:)``
/// - ``stream(_:as:batchSize:)``
/// ### Life
/// - ``run()``
/// - ``shutdown()``
public protocol Storage: Sendable {
    /// What this storage can do, and the dialect it speaks.
    var capabilities: StorageCapabilities { get }

    /// Runs `body` once, in one transaction, on a connection of its own, and commits.
    ///
    /// The requirement that backends and policies implement; applications call `read` and `write`. When `body`
    /// throws, the transaction is rolled back and the error goes on unchanged.
    /// The closure runs on the connection's own thread: it may block, it must not wait for other tasks, and it must
    /// not let the transaction out.
    ///
    /// Canceling the task stops the statement that runs and rolls back.
    ///
    /// - Throws: ``StorageError``, or whatever `body` throws.
    func transaction<Result: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result

    /// Starts reading the rows of `query` in a read-only snapshot that lasts until the cursor is closed.
    ///
    /// The requirement behind ``stream(_:as:batchSize:)``.
    func cursor(_ query: SQL) async throws -> RowCursor

    /// Keeps the storage in good order until the task is canceled or ``shutdown()`` is called.
    ///
    /// Optional: everything works without it. It has the shape of ServiceLifecycle's `Service`, so
    /// `extension Database: Service {}` is all that an application needs.
    func run() async throws

    /// Refuses new work, waits for what runs, and closes every connection. Calling it again does nothing.
    func shutdown() async
}

extension Storage {
    /// The SQL dialect that ``capabilities`` names.
    public var dialect: Dialect { capabilities.dialect }
}
