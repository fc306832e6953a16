internal import SQLiteClient

extension SQLiteStorage {
    public func transaction<Result: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        let start = ContinuousClock.now
        let deadline = options.timeout.map { start + $0.bounded }
        let pool = try pool(for: options.access)
        let lease = try await acquire(from: pool, before: deadline)
        let thread = lease.connection
        let ticket = thread.interruption.arm(deadline: deadline)
        let attempt = await withTaskCancellationHandler {
            await thread.transaction(ticket, options, since: start, body)
        } onCancel: {
            thread.interruption.cancel(ticket)
        }
        await pool.release(lease, isUsable: attempt.isUsable)
        return try attempt.result.get()
    }

    public func cursor(_ query: SQL) async throws -> RowCursor {
        guard let readers else {
            // In memory: all rows at once, so that the only connection is free again.
            return RowCursor(of: try await transaction(.read) { tx in try tx.load(query) })
        }
        let rendered = try query.rendered(for: .sqlite)
        let lease = try await readers.acquire()
        let thread = lease.connection
        let ticket = thread.interruption.arm()
        let finish: @Sendable () async -> Void = {
            guard let isUsable = await thread.closeCursor(ticket) else { return }
            await readers.release(lease, isUsable: isUsable)
        }
        do {
            try await withTaskCancellationHandler {
                try await thread.openCursor(ticket, rendered)
            } onCancel: {
                thread.interruption.cancel(ticket)
            }
        } catch {
            await finish()
            throw error
        }
        return RowCursor(
            read: { count in
                try await withTaskCancellationHandler {
                    try await thread.next(count, ticket)
                } onCancel: {
                    thread.interruption.cancel(ticket)
                }
            }, finish: finish)
    }

    private func pool(for access: TransactionOptions.Access) throws -> Pool {
        if access == .read, let readers { return readers }
        guard let writer else {
            throw StorageError(
                .readOnly, "The database was opened for reading alone.",
                fix: "Open it with the access .readWrite to write to it.")
        }
        return writer
    }

    private func acquire(
        from pool: Pool, before deadline: ContinuousClock.Instant?
    ) async throws -> PoolLease<SQLiteThread> {
        guard let deadline else { return try await pool.acquire() }
        let left = ContinuousClock.now.duration(to: deadline)
        do {
            return try await pool.acquire(
                timeout: min(left, configuration.acquireTimeout ?? left), until: deadline)
        } catch let error as StorageError where error.kind == .poolTimeout {
            throw ContinuousClock.now >= deadline ? StorageError.pastDeadline : error
        }
    }
}
