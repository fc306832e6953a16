/// A database an application has opened: a storage behind the policies that every application wants.
///
/// ``open(_:_:)`` decides by the URL which backend it is; the code from there on is the same. Everything that
/// ``Storage`` offers is here, with the retry of conflicts that ``write(_:_:)`` promises.
///
/// With ServiceLifecycle, whose graceful shutdown does not cancel tasks by itself, a service of three lines runs it:
///
/// ```swift
/// struct DatabaseLife: Service {
///     let db: Database
///     func run() async throws {
///         try await withGracefulShutdownHandler { try await db.run() } onGracefulShutdown: { Task { await db.shutdown() } }
///     }
/// }
/// ```
public struct Database: Storage {
    private let storage: any Storage

    /// Wraps a storage as it is; ``open(_:_:)`` adds the policies.
    public init(_ storage: any Storage) { self.storage = storage }

    public var capabilities: StorageCapabilities { storage.capabilities }

    public func transaction<Result: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        try await storage.transaction(options, body)
    }

    public func cursor(_ query: SQL) async throws -> RowCursor {
        try await storage.cursor(query)
    }

    public func run() async throws { try await storage.run() }

    public func shutdown() async { await storage.shutdown() }
}
