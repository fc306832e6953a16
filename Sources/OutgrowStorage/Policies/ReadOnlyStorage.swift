/// Refuses every `write` with ``StorageError/Kind/readOnly``, before it costs a connection.
///
/// For a part of a program that must not write, whatever its code says; reads and streams pass through. The backend
/// refuses writes inside of a `read` by itself.
public struct ReadOnlyStorage<Base: Storage>: Storage {
    private let base: Base

    /// Lets through to `base` what only reads.
    public init(_ base: Base) { self.base = base }

    /// What the wrapped storage can do, with ``StorageCapabilities/isReadOnly``.
    public var capabilities: StorageCapabilities {
        var capabilities = base.capabilities
        capabilities.isReadOnly = true
        return capabilities
    }

    public func transaction<Result: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        guard options.access == .read else {
            throw StorageError(
                .readOnly, "A write was asked of a storage that only reads.",
                fix: "Use read, or a storage without ReadOnlyStorage around it.")
        }
        return try await base.transaction(options, body)
    }

    public func cursor(_ query: SQL) async throws -> RowCursor {
        try await base.cursor(query)
    }

    public func run() async throws { try await base.run() }

    public func shutdown() async { await base.shutdown() }
}
