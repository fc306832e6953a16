/// Thrown to roll a transaction back on purpose: no failure, for whoever observes.
protocol DeliberateRollback: Error {}

/// Carries the result out of a transaction that must not commit.
private struct RolledBack<Result: Sendable>: DeliberateRollback {
    var result: Result
}

extension Storage {
    /// Runs `body` in a transaction that is always rolled back, and returns what `body` returned.
    ///
    /// For a test that must leave nothing behind, and for trying what a write would do. What only COMMIT would have
    /// found (a deferred foreign key, a conflict of serializable transactions) is not found. Identity values that were
    /// drawn on Postgres stay drawn.
    ///
    /// ```swift
    /// @Test func `a person is found by name`() async throws {
    ///     try await db.withRollback { tx in
    ///         try tx.execute("INSERT INTO person (name) VALUES (\("Ada"))")
    ///         #expect(try tx.one("SELECT count(*) FROM person", as: Int64.self) == 1)
    ///     }
    /// }
    /// ```
    ///
    /// - Throws: ``StorageError``, or whatever `body` throws.
    public func withRollback<Result: Sendable>(
        _ options: TransactionOptions = .write,
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        do {
            return try await transaction(options) { tx -> Result in
                let result = try body(tx)
                if let failure = tx.failureOfStatement { throw failure }
                throw RolledBack(result: result)
            }
        } catch let carrier as RolledBack<Result> {
            return carrier.result
        }
    }
}
