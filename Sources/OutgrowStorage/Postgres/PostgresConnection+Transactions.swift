internal import Diagnostics
internal import PostgresClient

extension PostgresConnection {
    /// Runs `body` in one transaction, and leaves the connection ready for the next or closed.
    func attempt<Value: Sendable>(
        _ options: TransactionOptions, _ deadline: ContinuousClock.Instant?, _ generation: Int,
        _ start: ContinuousClock.Instant, _ body: (Transaction) throws -> Value
    ) throws -> PostgresAttempt<Value> {
        self.deadline = deadline
        do {
            guard try prepare(generation) else { return PostgresAttempt() }
            if !options.isAutocommit { beginLater(options.begin) }
            options.timeline?.note { $0.wait = start.duration(to: .now) }
            let value = try committing(options, body)
            return PostgresAttempt(outcome: .success(value), isReusable: isReusable())
        } catch {
            let isStale = hasStaleStatements
            // What was done stays done; a lock that the session holds goes with it.
            if options.isAutocommit { close() } else { rollBackOrClose() }
            return PostgresAttempt(
                outcome: .failure(error), isReusable: isReusable(), hasStaleStatements: isStale)
        }
    }

    /// Makes the session ready. False when the server has ended it.
    private func prepare(_ generation: Int) throws -> Bool {
        guard isAlive() else {
            // Not broken but stopped: that is the transaction's own end.
            guard !isInterrupted else { throw hasPassedDeadline ? StorageError.passedDeadline : .canceled }
            return false
        }
        if schemaGeneration != generation {
            schemaGeneration = generation
            discardStatements()
        }
        if statements.discarded.count >= 16 { try translated("") { try deallocateDiscarded() } }
        return true
    }

    private func committing<Value>(
        _ options: TransactionOptions, _ body: (Transaction) throws -> Value
    ) throws -> Value {
        let transaction = Transaction(PostgresSession(self), options)
        let bodyStart = ContinuousClock.now
        let value: Value
        do {
            defer {
                transaction.end()
                options.timeline?.note { $0.body = bodyStart.duration(to: .now) }
            }
            value = try body(transaction)
        }
        // A closure that swallowed the error of a statement has not done what it meant to do.
        if let failure = transaction.failureOfStatement { throw failure }
        if options.isAutocommit { return value }
        let commitStart = ContinuousClock.now
        defer { options.timeline?.note { $0.commit = commitStart.duration(to: .now) } }
        try commitTransaction()
        return value
    }

    private func commitTransaction() throws {
        switch try translated("COMMIT", { try commit() }) {
        case .committed: return
        case .rolledBack:
            throw StorageError(
                .transactionFailed, "The transaction had failed, and the server rolled it back.",
                fix:
                    "Let the error of a statement out of the closure, or run what may fail inside of savepoint."
            )
        case .noTransaction:
            throw StorageError(
                .misuse, "A statement of the closure has ended the transaction.",
                fix: "Leave COMMIT and ROLLBACK to the storage; throw an error to roll back.")
        case .unknown(let error):
            var unknown = StorageError(
                .commitOutcomeUnknown, "The connection broke while COMMIT was on its way.",
                fix: "Look whether the rows are there before running it again.", cause: error.cause)
            unknown.sqlState = error.causeCode
            throw unknown
        }
    }
}

extension TransactionOptions {
    /// https://www.postgresql.org/docs/current/sql-begin.html
    var begin: String {
        let isolation =
            switch isolation {
            case .serializable: "SERIALIZABLE"
            case .snapshot: "REPEATABLE READ"
            case .readCommitted: "READ COMMITTED"
            }
        return "BEGIN ISOLATION LEVEL \(isolation) \(access == .read ? "READ ONLY" : "READ WRITE")"
    }
}
