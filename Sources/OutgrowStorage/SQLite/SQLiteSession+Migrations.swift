internal import SQLiteClient

// What schema migrations need besides transactions.
extension SQLiteSession {
    /// Runs `body` with each statement standing for itself: for VACUUM and what else refuses to run in a transaction.
    func withoutTransaction<Result>(
        _ ticket: SQLiteInterruption.Ticket, _ options: TransactionOptions,
        _ body: (Transaction) throws -> Result
    ) throws -> Result {
        defer {
            interruption.disarm(ticket)
            rollBack()
        }
        try checkStop()
        let transaction = Transaction(self, options)
        defer { transaction.end() }
        let result = try body(transaction)
        if let failure = transaction.failureOfStatement { throw failure }
        return result
    }

    /// Turns the enforcement of foreign keys off or on; false when it could not be, or was so already.
    func enforceForeignKeys(_ isOn: Bool) -> Bool {
        do {
            let before = try connection.integer("PRAGMA foreign_keys")
            try connection.execute("PRAGMA foreign_keys = \(isOn ? "ON" : "OFF")")
            return try connection.integer("PRAGMA foreign_keys") != before
        } catch {
            return false
        }
    }
}
