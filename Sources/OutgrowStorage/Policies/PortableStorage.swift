/// A storage that refuses SQL which the other backend would not understand alike: for the tests of an
/// application.
///
/// ```swift
/// let db = PortableStorage(try await SQLiteStorage.inMemory())
/// try await db.write { tx in try tx.execute("INSERT OR IGNORE INTO person …") }   // throws notPortable
/// ```
///
/// It knows the usual mistakes by their words; run the tests on both backends all the same.
public struct PortableStorage<Base: Storage>: Storage {
    private let base: Base

    /// Holds what `base` is given to SQL that both backends understand.
    public init(_ base: Base) { self.base = base }

    public var capabilities: StorageCapabilities { base.capabilities }

    public func transaction<Result: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        var options = options
        options.isStrict = true
        return try await base.transaction(options, body)
    }

    public func cursor(_ query: SQL) async throws -> RowCursor {
        try PortabilityCheck().check(query)
        return try await base.cursor(query)
    }

    public func run() async throws { try await base.run() }

    public func shutdown() async { await base.shutdown() }
}
