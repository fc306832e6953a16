extension Storage {
    /// Runs `body` in a transaction that may read and write, commits it, and returns what `body` returned.
    ///
    /// **The closure may run more than once.** The transaction is serializable on both backends; when it meets a
    /// conflict that cannot be waited out, it is rolled back and, on a storage that retries
    /// (``Database`` does), the whole closure runs again. So it should do nothing but talk to the database: send the
    /// mail afterwards. It never runs again once the commit may have happened: that is
    /// ``StorageError/Kind/commitOutcomeUnknown``.
    ///
    /// ```swift
    /// let id = try await db.write { tx in
    ///     try tx.one("INSERT INTO person (name) VALUES (\(name)) RETURNING id", as: Int64.self)
    /// }
    /// ```
    ///
    /// An error inside behaves alike on both backends: after a failed statement the transaction can only be rolled
    /// back, unless the statement ran inside ``Transaction/savepoint(_:)``.
    ///
    /// - Parameters:
    ///   - options: `.write`, `.readCommitted`, or a value of your own with a timeout and a label.
    ///   - body: The work; it may run more than once.
    /// - Throws: ``StorageError``, or whatever `body` throws.
    @discardableResult public func write<Result: Sendable>(
        _ options: TransactionOptions = .write,
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        var options = options
        options.access = .write
        return try await transaction(options, body)
    }

    /// Runs `body` on one consistent snapshot that cannot be written to.
    ///
    /// Like the closure of ``write(_:_:)``, **it may run more than once**, if the connection breaks on the way.
    /// Readers never wait for writers, and writers never for readers.
    ///
    /// - Throws: ``StorageError``, or whatever `body` throws.
    public func read<Result: Sendable>(
        _ options: TransactionOptions = .read,
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        var options = options
        options.access = .read
        return try await transaction(options, body)
    }
}
