internal import Dispatch
internal import Synchronization

/// A storage whose transactions are all parts of one, which is rolled back in the end: for tests of code that is given
/// a storage and commits by itself.
///
/// Made by ``withRollbackStorage(on:isolation:_:)``. Each transaction is a savepoint, so it commits and fails by
/// itself, and later ones see it; nobody outside does. They run one after another on one connection, so conflicts
/// cannot happen here, a `read` is not kept from writing, a stream's rows are all read when it is opened, and what
/// only COMMIT checks is not checked. ``TransactionOptions/timeout`` is not observed.
public final class RollbackStorage: Storage {
    private let work = TransactionWork()
    public let capabilities: StorageCapabilities

    fileprivate init(_ capabilities: StorageCapabilities) { self.capabilities = capabilities }

    public func transaction<Result: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        guard !Task.isCancelled else { throw StorageError.canceledInRollbackStorage }
        return try await withCheckedThrowingContinuation { continuation in
            work.append(
                TransactionWork.Item(
                    run: { tx in
                        do {
                            continuation.resume(returning: try tx.savepoint { try body(tx) })
                        } catch {
                            continuation.resume(throwing: error)
                        }
                    },
                    refuse: { error in continuation.resume(throwing: error) }))
        }
    }

    public func cursor(_ query: SQL) async throws -> RowCursor {
        RowCursor(of: try await transaction(.read) { tx in try tx.load(query) })
    }

    /// Returns at once: the storage around which it was made keeps itself in order.
    public func run() async throws {}

    /// Refuses further work; the storage around which it was made stays open.
    public func shutdown() async { work.end(StorageError.rollbackStorageEnded) }

    /// Runs the transaction that contains all others until `shutdown()`.
    fileprivate func serve(_ base: some Storage) async throws {
        do {
            try await base.transaction(TransactionOptions(.write, attemptLimit: 1)) { [work] tx in
                while let item = work.next() { item.run(tx) }
                throw EndOfWork()
            }
        } catch is EndOfWork {
        } catch {
            work.end(error)
            throw error
        }
    }
}

/// Runs `body` with a storage of which nothing remains: see ``RollbackStorage``.
///
/// ```swift
/// @Test func `an order is billed once`() async throws {
///     try await withRollbackStorage(on: db) { storage in
///         let shop = Shop(storage)
///         try await shop.bill(order)
///         try await shop.bill(order)
///         #expect(try await shop.bills().count == 1)
///     }
/// }
/// ```
///
/// It holds the one writer of a SQLite storage, or one connection of a pool, until `body` returns.
///
/// - Throws: ``StorageError`` when the transaction cannot begin, or whatever `body` throws.
public func withRollbackStorage<Result>(
    on base: some Storage, isolation: isolated (any Actor)? = #isolation,
    _ body: (RollbackStorage) async throws -> Result
) async throws -> Result {
    let storage = RollbackStorage(base.capabilities)
    let serving = Task { try await storage.serve(base) }
    let result: Result
    do {
        result = try await body(storage)
    } catch {
        await storage.shutdown()
        _ = await serving.result
        throw error
    }
    await storage.shutdown()
    try await serving.value
    return result
}

private struct EndOfWork: DeliberateRollback {}

extension StorageError {
    fileprivate static let rollbackStorageEnded = StorageError(
        .closed, "A rollback storage was used after its end.",
        fix: "Do all work inside of the closure of withRollbackStorage.")

    fileprivate static let canceledInRollbackStorage = StorageError(
        .interrupted, "The task was canceled before the transaction began.",
        fix: "Run it again when it is wanted.")
}

/// What waits to be done in a transaction whose thread waits for it.
private final class TransactionWork: Sendable {
    struct Item: Sendable {
        var run: @Sendable (Transaction) -> Void
        var refuse: @Sendable (any Error) -> Void
    }

    private struct State {
        var items: [Item] = []
        var end: (any Error)?
    }

    private let state = Mutex(State())
    private let arrivals = DispatchSemaphore(value: 0)

    func append(_ item: Item) {
        let end = state.withLock { state in
            if state.end == nil { state.items.append(item) }
            return state.end
        }
        if let end { item.refuse(end) } else { arrivals.signal() }
    }

    /// The next item, waited for on the calling thread; nil after the end.
    func next() -> Item? {
        arrivals.wait()
        return state.withLock { $0.items.isEmpty ? nil : $0.items.removeFirst() }
    }

    func end(_ error: any Error) {
        let refused = state.withLock { state in
            guard state.end == nil else { return [Item]() }
            state.end = error
            defer { state.items = [] }
            return state.items
        }
        for item in refused { item.refuse(error) }
        arrivals.signal()
    }
}
