internal import OutgrowStorage

/// All or nothing, in whole and in parts.
enum TransactionChecks {
    static let all: [ConformanceCheck] = whole + failures + readOnly + misuse + control + options

    private static let table: SQL = "CREATE TABLE item (id bigint PRIMARY KEY)"
    private static let insert: SQL = "INSERT INTO item VALUES (1)"
    private static let count: SQL = "SELECT count(*) FROM item"

    private static func check(
        _ name: String, _ body: @escaping @Sendable (Trial) async throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.transactions, name) { trial in
            try await trial.schema(table)
            try await body(trial)
        }
    }

    private struct Stop: Error {}

    private static func makeRowsUpToTheFifth(_ tx: Transaction, isBulk: Bool) throws {
        func append(_ row: ParameterRow, _ id: Int) throws {
            if id == 15 { throw Stop() }
            try row.append(id)
        }
        if isBulk {
            try tx.bulkInsert(into: "item", columns: ["id"], items: 11...20, append: append)
        } else {
            try tx.execute("INSERT INTO item VALUES (\(parameter: 1))", forEach: 11...20, append: append)
        }
    }

    private static let whole: [ConformanceCheck] = [
        check("what a write has committed every later read sees") { trial in
            for number in 1...20 {
                try await trial.execute("INSERT INTO item VALUES (\(number))")
                try requireEqual(try await trial.integer(count), number)
            }
        },
        check("what a write has committed every later write and stream sees") { trial in
            for number in 1...10 {
                try await trial.execute("INSERT INTO item VALUES (\(number))")
                let found = try await trial.storage.write { tx in try tx.one(count, as: Int.self) }
                try requireEqual(found, number)
                for try await streamed in trial.storage.stream(count, as: Int.self) {
                    try requireEqual(streamed, number)
                }
            }
        },
        check("a write returns what its closure returns") { trial in
            let found = try await trial.storage.write { tx -> [String] in
                try tx.execute(insert)
                return ["a", "b"]
            }
            try requireEqual(found, ["a", "b"])
        },
        check("a transaction reads its own writes") { trial in
            try await trial.storage.write { tx in
                try tx.execute(insert)
                try requireEqual(try tx.one(count, as: Int.self), 1)
                try tx.execute("DELETE FROM item")
                try requireEqual(try tx.one(count, as: Int.self), 0)
            }
        },
        check("an error of the application rolls back and passes unchanged") { trial in
            do {
                try await trial.storage.write { tx in
                    try tx.execute(insert)
                    throw ApplicationError(number: 7)
                }
            } catch let error as ApplicationError {
                try requireEqual(error, ApplicationError(number: 7))
            }
            try requireEqual(try await trial.integer(count), 0)
        },
        check("an error of the application passes unchanged out of a read") { trial in
            do {
                _ = try await trial.storage.read { tx -> Int in
                    _ = try tx.one(count, as: Int.self)
                    throw ApplicationError(number: 8)
                }
                throw Unexpected(expected: "the application's error", found: "none")
            } catch let error as ApplicationError {
                try requireEqual(error, ApplicationError(number: 8))
            }
        },
        check("a StorageError of the application's own passes unchanged") { trial in
            let own = StorageError(.migration, "The application says so.", fix: "Ask it.")
            let error = try await requireError(.migration) {
                try await trial.storage.write { tx in
                    try tx.execute(insert)
                    throw own
                }
            }
            try requireEqual(error.summary, own.summary)
            try requireEqual(try await trial.integer(count), 0)
        },
        check("tables are made and dropped in a transaction, or not at all") { trial in
            do {
                try await trial.storage.write { tx in
                    try tx.execute("CREATE TABLE other (id bigint)")
                    try tx.execute("DROP TABLE item")
                    throw ApplicationError(number: 1)
                }
            } catch is ApplicationError {}
            try requireEqual(try await trial.integer(count), 0)
            try await requireError(.statement) { _ = try await trial.integer("SELECT count(*) FROM other") }
        },
        check("an empty transaction is none") { trial in
            try await trial.storage.write { _ in }
            try await trial.storage.read { _ in }
        },
        check("a transaction of ten thousand statements commits") { trial in
            try await trial.storage.write { tx in
                for number in 0..<10_000 { try tx.execute("INSERT INTO item VALUES (\(number))") }
            }
            try requireEqual(try await trial.integer(count), 10_000)
        },
    ]

    private static let failures: [ConformanceCheck] = [
        check("a failed statement rolls back what came before it") { trial in
            try await requireError(.unique) {
                try await trial.storage.write { tx in
                    try tx.execute(insert)
                    try tx.execute(insert)
                }
            }
            try requireEqual(try await trial.integer(count), 0)
        },
        check("after a failed statement every other is refused") { trial in
            try await requireError(.unique) {
                try await trial.storage.write { tx in
                    try tx.execute(insert)
                    let failure = try requireErrorInside(.unique) { try tx.execute(insert) }
                    try requireErrorInside(.transactionFailed) { _ = try tx.one(count, as: Int.self) }
                    try requireErrorInside(.transactionFailed) { try tx.execute("DELETE FROM item") }
                    try requireErrorInside(.transactionFailed) { _ = try tx.executeAll([insert]) }
                    try requireErrorInside(.transactionFailed) { try tx.executeScript("DELETE FROM item") }
                    try requireErrorInside(.transactionFailed) { try tx.savepoint {} }
                    throw failure
                }
            }
        },
        check("a failure that is swallowed is not committed") { trial in
            try await requireError(.transactionFailed, .unique) {
                try await trial.storage.write { tx in
                    try tx.execute(insert)
                    do { try tx.execute(insert) } catch is StorageError {}
                }
            }
            try requireEqual(try await trial.integer(count), 0)
        },
        check("rows of which not all could be made are not committed, though that is swallowed") { trial in
            for isBulk in [true, false] {
                try await requireError(.transactionFailed) {
                    try await trial.storage.write { tx in
                        try tx.execute(insert)
                        do { try makeRowsUpToTheFifth(tx, isBulk: isBulk) } catch is Stop {}
                    }
                }
                try requireEqual(try await trial.integer(count), 0, "rows, bulkInsert: \(isBulk)")
                // Undone alone, they leave the rest as it was.
                try await trial.storage.write { tx in
                    try tx.execute("INSERT INTO item VALUES (\(isBulk ? 2 : 3))")
                    do {
                        try tx.savepoint { try makeRowsUpToTheFifth(tx, isBulk: isBulk) }
                    } catch is Stop {}
                }
                try requireEqual(try await trial.integer(count), 1, "rows beside a savepoint")
                try await trial.execute("DELETE FROM item")
            }
        },
        check("a failure that is swallowed in a read is an error too") { trial in
            try await requireError(.transactionFailed, .statement) {
                try await trial.storage.read { tx in
                    do { _ = try tx.one("SELECT nothing", as: Int.self) } catch is StorageError {}
                }
            }
        },
        check("a value that cannot be read does not commit what came before it") { trial in
            try await requireError(.type) {
                try await trial.storage.write { tx in
                    try tx.execute(insert)
                    _ = try tx.one("SELECT \("text")", as: Int.self)
                }
            }
            try requireEqual(try await trial.integer(count), 0)
        },
        check("a hundred failed transactions leave the storage as it was") { trial in
            for _ in 0..<100 {
                try await requireError(.unique) {
                    try await trial.storage.write { tx in
                        try tx.execute(insert)
                        try tx.execute(insert)
                    }
                }
            }
            try await trial.execute(insert)
            try requireEqual(try await trial.integer(count), 1)
        },
    ]

    private static let readOnly: [ConformanceCheck] = [
        refused("INSERT", "INSERT INTO item VALUES (2)"), refused("UPDATE", "UPDATE item SET id = 5"),
        refused("DELETE", "DELETE FROM item"), refused("CREATE TABLE", "CREATE TABLE other (id bigint)"),
        refused("DROP TABLE", "DROP TABLE item"), refused("CREATE INDEX", "CREATE INDEX i ON item (id)"),
        refused("an INSERT that returns rows", "INSERT INTO item VALUES (2) RETURNING id"),
        refused("an upsert", "INSERT INTO item VALUES (1) ON CONFLICT (id) DO UPDATE SET id = 9"),
        check("a refused write in a savepoint leaves a read usable") { trial in
            try await trial.storage.read { tx in
                try requireErrorInside(.readOnly) { try tx.savepoint { _ = try tx.execute(insert) } }
                try requireEqual(try tx.one(count, as: Int.self), 0)
            }
        },
        check("a write after a refused one in a read works") { trial in
            for number in 0..<10 {
                try await requireError(.readOnly) {
                    _ = try await trial.storage.read { tx in try tx.execute(insert) }
                }
                try await trial.execute("INSERT INTO item VALUES (\(number))")
            }
        },
    ]

    private static func refused(_ title: String, _ statement: SQL) -> ConformanceCheck {
        check("a read refuses \(title)") { trial in
            try await trial.execute(insert)
            try await requireError(.readOnly) {
                _ = try await trial.storage.read { tx in try tx.execute(statement) }
            }
            let found = try await trial.storage.read { tx in try tx.rows("SELECT id FROM item", as: Int.self)
            }
            try requireEqual(found, [1])
        }
    }

    private static let misuse: [ConformanceCheck] = [
        check("a transaction that has ended is refused") { trial in
            let leak = Leak()
            try await trial.storage.write { tx in leak.keep(tx) }
            try leak.use { tx in
                try requireErrorInside(.misuse) { try tx.execute(insert) }
                try requireErrorInside(.misuse) { _ = try tx.one(count, as: Int.self) }
                try requireErrorInside(.misuse) { try tx.savepoint {} }
            }
            try requireEqual(try await trial.integer(count), 0)
        },
        check("a transaction that was rolled back is refused") { trial in
            let leak = Leak()
            do {
                try await trial.storage.write { tx in
                    leak.keep(tx)
                    throw ApplicationError(number: 1)
                }
            } catch is ApplicationError {}
            try leak.use { tx in try requireErrorInside(.misuse) { try tx.execute(insert) } }
        },
    ]

    /// Transactions are begun and ended by the storage alone; a policy may refuse the attempt in words of its own.
    private static let control: [ConformanceCheck] = [
        "COMMIT", "ROLLBACK", "BEGIN", "END", "commit;", "/* a comment */ COMMIT", "-- a comment\nROLLBACK",
    ].map { statement in
        check("a closure cannot run \(statement.split(separator: "\n").joined(separator: " "))") { trial in
            let sql = SQL(unsafe: statement)
            try await trial.storage.write { tx in
                try tx.execute(insert)
                try requireErrorInside(.misuse, .notPortable) { try tx.execute(sql) }
                try requireErrorInside(.misuse, .notPortable) { try tx.executeAll([sql]) }
                try requireErrorInside(.misuse, .notPortable) {
                    try tx.executeScript("DELETE FROM item; \(unsafe: statement); DELETE FROM item")
                }
                try requireEqual(try tx.one(count, as: Int.self), 1)
            }
            try requireEqual(try await trial.integer(count), 1)
        }
    }

    private static let options: [ConformanceCheck] = [
        check("a label changes nothing") { trial in
            let options = TransactionOptions(.write, label: "conformance")
            try await trial.storage.write(options) { tx in
                try requireEqual(tx.options.label, "conformance")
                try tx.execute(insert)
            }
            try requireEqual(try await trial.integer(count), 1)
        },
        check("a closure knows what it may do and which dialect it speaks") { trial in
            let dialect = trial.storage.dialect
            try await trial.storage.read { tx in
                try requireEqual(tx.options.access, .read)
                try requireEqual(tx.dialect, dialect)
            }
            try await trial.storage.write { tx in try requireEqual(tx.options.access, .write) }
        },
        check("every isolation commits") { trial in
            let levels: [TransactionOptions.Isolation] = [.serializable, .snapshot, .readCommitted]
            for (number, isolation) in levels.enumerated() {
                _ = try await trial.storage.write(TransactionOptions(.write, isolation: isolation)) { tx in
                    try tx.execute("INSERT INTO item VALUES (\(number))")
                }
                let found = try await trial.storage.read(TransactionOptions(.read, isolation: isolation)) {
                    tx in
                    try tx.one(count, as: Int.self)
                }
                try requireEqual(found, number + 1)
            }
        },
        check("a read refuses writes at every isolation") { trial in
            let levels: [TransactionOptions.Isolation] = [.serializable, .snapshot, .readCommitted]
            for isolation in levels {
                try await requireError(.readOnly) {
                    _ = try await trial.storage.read(TransactionOptions(.read, isolation: isolation)) { tx in
                        try tx.execute(insert)
                    }
                }
            }
        },
        check("a timeout that does not pass changes nothing") { trial in
            _ = try await trial.storage.write(TransactionOptions(.write, timeout: .seconds(30))) { tx in
                try tx.execute(insert)
            }
            try await trial.storage.read(TransactionOptions(.read, timeout: .seconds(30))) { tx in
                try requireEqual(try tx.one(count, as: Int.self), 1)
            }
        },
    ]
}

/// Takes a transaction out of its closure, which is what applications must not do.
private final class Leak: @unchecked Sendable {
    private var transaction: Transaction?

    func keep(_ transaction: Transaction) { self.transaction = transaction }

    func use(_ body: (Transaction) throws -> Void) throws {
        guard let transaction else { throw Unexpected(expected: "a transaction", found: "none") }
        try body(transaction)
    }
}
