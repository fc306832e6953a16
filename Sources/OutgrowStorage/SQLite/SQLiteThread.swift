internal import SQLiteClient
internal import Threading

/// One connection and the thread it lives on.
///
/// SQLite blocks, so a connection never runs on the threads that tasks share. Inside of the actor any number of
/// statements run without a hop.
actor SQLiteThread {
    private nonisolated let executor = ThreadExecutor(name: "sqlite")
    nonisolated let interruption: SQLiteInterruption
    nonisolated let counters: SQLiteCounters
    private var session: SQLiteSession?
    /// A database in memory ends with its connection, so that one is kept whatever was left behind in it.
    private var isReplaceable = false
    /// Which piece of work reads rows in batches.
    private var cursorTicket: SQLiteInterruption.Ticket?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.reference }

    init(_ counters: SQLiteCounters) {
        self.counters = counters
        interruption = counters.interruption
    }

    deinit { executor.stop() }

    /// Opens the connection, which may wait for a lock and run what the application prepares it with: until the deadline,
    /// or until the task is canceled.
    nonisolated func open(
        _ opening: SQLiteOpening, as role: SQLiteSetup.Role, until deadline: ContinuousClock.Instant?
    ) async throws {
        let ticket = interruption.arm(deadline: deadline)
        defer { interruption.disarm(ticket) }
        try await withTaskCancellationHandler {
            try await open(opening, as: role)
        } onCancel: {
            interruption.cancel(ticket)
        }
    }

    private func open(_ opening: SQLiteOpening, as role: SQLiteSetup.Role) throws {
        do {
            let connection = try opening.connection(as: role, interruption)
            session = try SQLiteSession(
                connection, cacheSize: opening.configuration.statementCacheSize, counters)
        } catch let error as StorageError where error.kind == .busy || error.kind == .interrupted {
            throw interruption.reason.map { StorageError(stopped: $0) } ?? error
        }
        if case .file = opening.place { isReplaceable = true }
    }

    func close() {
        session?.close()
        session = nil
    }

    /// Runs a statement outside of any transaction.
    func run(_ statement: String) throws {
        guard let session else { throw StorageError.closed }
        try session.checkStop()
        do {
            try session.connection.execute(statement)
        } catch {
            throw session.error(error, nil)
        }
    }

    /// What became of a transaction, and of the connection.
    struct Attempt<Success: Sendable>: Sendable {
        var result: Result<Success, any Error>
        var isUsable: Bool
    }

    func transaction<Success: Sendable>(
        _ ticket: SQLiteInterruption.Ticket, _ options: TransactionOptions,
        since start: ContinuousClock.Instant,
        _ body: @Sendable (Transaction) throws -> Success
    ) -> Attempt<Success> {
        defer { interruption.disarm(ticket) }
        guard let session else { return Attempt(result: .failure(StorageError.closed), isUsable: false) }
        // Inside of a transaction this PRAGMA does nothing (https://sqlite.org/pragma.html#pragma_foreign_keys).
        let mustRestore = options.ignoresForeignKeys && session.enforceForeignKeys(false)
        let result = Result {
            options.isAutocommit
                ? try session.withoutTransaction(ticket, options, body)
                : try session.transaction(ticket, options, since: start, body)
        }
        let isRestored = !mustRestore || session.enforceForeignKeys(true)
        return Attempt(result: result, isUsable: isUsable(session) && isRestored)
    }

    private func isUsable(_ session: SQLiteSession) -> Bool {
        !session.isInTransaction && !(session.isTouched && isReplaceable)
    }
}

// Rows in batches.
extension SQLiteThread {
    func openCursor(_ ticket: SQLiteInterruption.Ticket, _ query: RenderedSQL) throws {
        guard let session else { throw StorageError.closed }
        cursorTicket = ticket
        try session.begin(.read)
        session.cursor = SQLiteCursor(try session.prepared(query))
    }

    /// Returns up to `count` more rows.
    func next(_ count: Int, _ ticket: SQLiteInterruption.Ticket) throws -> RowBatch {
        guard cursorTicket == ticket, let session, let cursor = session.cursor else { return RowBatch() }
        try session.checkStop()
        return try cursor.next(count, session)
    }

    /// Ends the reading. Returns whether the connection can be used again; nil when that is not its business any more.
    func closeCursor(_ ticket: SQLiteInterruption.Ticket) -> Bool? {
        guard cursorTicket == ticket else { return nil }
        cursorTicket = nil
        interruption.disarm(ticket)
        guard let session else { return false }
        if let cursor = session.cursor { session.giveBack(cursor.statement) }
        session.cursor = nil
        session.endReading()
        return isUsable(session)
    }
}

/// A query that stands between two batches of rows.
final class SQLiteCursor {
    let statement: CachedStatement
    /// The batch before, whose memory is used again once its reader has let go of it.
    private var batch: SQLiteRowBatch?
    private var hasEnded = false

    /// A batch of large rows ends early.
    private static let byteLimit = 1 << 20

    init(_ statement: CachedStatement) { self.statement = statement }

    func next(_ count: Int, _ session: SQLiteSession) throws -> RowBatch {
        // A step after the last one, or after a failure, would run the query again.
        guard !hasEnded, count > 0 else { return RowBatch() }
        hasEnded = true
        guard try session.step(statement) else { return RowBatch() }
        let batch = emptyBatch()
        batch.append(statement.statement)
        while batch.count < count, batch.byteCount < Self.byteLimit {
            guard try session.step(statement) else { return RowBatch(batch) }
            batch.append(statement.statement)
        }
        hasEnded = false
        return RowBatch(batch)
    }

    private func emptyBatch() -> SQLiteRowBatch {
        if isKnownUniquelyReferenced(&batch), let batch {
            batch.removeAll()
            return batch
        }
        let new = SQLiteRowBatch(of: statement.statement)
        batch = new
        return new
    }
}
