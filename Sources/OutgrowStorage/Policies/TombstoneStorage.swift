/// Refuses a database that was moved away with ``StorageError/Kind/moved``, whose remedy names the new address.
///
/// With `.writes` it looks for the mark in the same transaction as the work, so no write begins after a ``Tombstone`` was
/// placed, not even in a program that has been running since before. That costs one prepared statement for each
/// write: little on SQLite, on Postgres a round trip, which is why ``Database`` checks writes on SQLite and only the
/// opening on Postgres.
public struct TombstoneStorage<Base: Storage>: Storage {
    private let base: Base
    private let check: TombstoneCheck

    /// Looks for a tombstone in `base` as often as `check` says.
    public init(_ base: Base, check: TombstoneCheck = .writes) {
        self.base = base
        self.check = check
    }

    public var capabilities: StorageCapabilities { base.capabilities }

    public func transaction<Result: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        guard check == .everything || (check == .writes && options.access == .write) else {
            return try await base.transaction(options, body)
        }
        return try await base.transaction(options) { tx in
            if let tombstone = try tx.tombstone() { throw tombstone.error }
            return try body(tx)
        }
    }

    public func cursor(_ query: SQL) async throws -> RowCursor {
        try await base.cursor(query)
    }

    public func run() async throws { try await base.run() }

    public func shutdown() async { await base.shutdown() }
}

/// When a storage looks for a ``Tombstone``.
public enum TombstoneCheck: String, Sendable, Hashable, CaseIterable {
    /// Not at all.
    case never
    /// When a ``Database`` is opened.
    case opening
    /// When it is opened, and at the beginning of each `write`.
    case writes
    /// When it is opened, and at the beginning of each `write` and each `read`; streams are not checked.
    case everything
}
