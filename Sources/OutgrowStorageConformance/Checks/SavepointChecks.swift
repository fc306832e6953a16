internal import OutgrowStorage

/// Parts of a transaction that fail alone.
enum SavepointChecks {
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

    static let all: [ConformanceCheck] = [
        check("a savepoint returns what its closure returns, and keeps its rows") { trial in
            let found = try await trial.storage.write { tx in
                try tx.savepoint {
                    try tx.execute(insert)
                    return 42
                }
            }
            try requireEqual(found, 42)
            try requireEqual(try await trial.integer(count), 1)
        },
        check("a failed savepoint is undone and leaves the transaction usable") { trial in
            try await trial.storage.write { tx in
                try tx.execute(insert)
                try requireErrorInside(.unique) {
                    try tx.savepoint {
                        try tx.execute("INSERT INTO item VALUES (2)")
                        try tx.execute(insert)
                    }
                }
                try tx.execute("INSERT INTO item VALUES (3)")
            }
            let found = try await trial.storage.read { tx in
                try tx.rows("SELECT id FROM item ORDER BY id", as: Int.self)
            }
            try requireEqual(found, [1, 3])
        },
        check("an error of the application undoes its savepoint alone") { trial in
            try await trial.storage.write { tx in
                try tx.execute(insert)
                do {
                    try tx.savepoint {
                        try tx.execute("INSERT INTO item VALUES (2)")
                        throw ApplicationError(number: 1)
                    }
                } catch is ApplicationError {}
            }
            try requireEqual(try await trial.integer(count), 1)
        },
        check("savepoints nest, and each is undone alone") { trial in
            try await trial.storage.write { tx in
                try tx.savepoint {
                    try tx.execute("INSERT INTO item VALUES (1)")
                    do {
                        try tx.savepoint {
                            try tx.execute("INSERT INTO item VALUES (2)")
                            try tx.savepoint { _ = try tx.execute("INSERT INTO item VALUES (3)") }
                            throw ApplicationError(number: 1)
                        }
                    } catch is ApplicationError {}
                    try tx.savepoint { _ = try tx.execute("INSERT INTO item VALUES (4)") }
                }
            }
            let found = try await trial.storage.read { tx in
                try tx.rows("SELECT id FROM item ORDER BY id", as: Int.self)
            }
            try requireEqual(found, [1, 4])
        },
        check("an outer savepoint undoes an inner one that succeeded") { trial in
            try await trial.storage.write { tx in
                do {
                    try tx.savepoint {
                        try tx.savepoint { _ = try tx.execute(insert) }
                        throw ApplicationError(number: 1)
                    }
                } catch is ApplicationError {}
            }
            try requireEqual(try await trial.integer(count), 0)
        },
        check("a failure swallowed inside of a savepoint fails the savepoint") { trial in
            try await trial.storage.write { tx in
                try tx.execute(insert)
                try requireErrorInside(.unique, .transactionFailed) {
                    try tx.savepoint {
                        try tx.execute("INSERT INTO item VALUES (2)")
                        do { try tx.execute(insert) } catch is StorageError {}
                    }
                }
                try requireEqual(try tx.one(count, as: Int.self), 1)
            }
        },
        check("a savepoint of a failed transaction does not mend it") { trial in
            try await requireError(.transactionFailed, .unique) {
                try await trial.storage.write { tx in
                    try tx.execute(insert)
                    do { try tx.execute(insert) } catch is StorageError {}
                    do { try tx.savepoint {} } catch is StorageError {}
                }
            }
            try requireEqual(try await trial.integer(count), 0)
        },
        check("a thousand savepoints one after the other, every second undone") { trial in
            try await trial.storage.write { tx in
                for number in 0..<1_000 {
                    do {
                        try tx.savepoint {
                            try tx.execute("INSERT INTO item VALUES (\(number))")
                            if number % 2 == 1 { throw ApplicationError(number: number) }
                        }
                    } catch is ApplicationError {}
                }
            }
            try requireEqual(try await trial.integer(count), 500)
        },
        check("fifty savepoints may be nested") { trial in
            try await trial.storage.write { tx in try nest(tx, 50) }
            try requireEqual(try await trial.integer(count), 50)
        },
        check("a savepoint in a read works too") { trial in
            try await trial.storage.read { tx in
                try requireErrorInside(.statement) {
                    try tx.savepoint { _ = try tx.one("SELECT nothing", as: Int.self) }
                }
                try requireEqual(try tx.one(count, as: Int.self), 0)
            }
        },
    ]

    private static func nest(_ tx: Transaction, _ depth: Int) throws {
        guard depth > 0 else { return }
        try tx.savepoint {
            try tx.execute("INSERT INTO item VALUES (\(depth))")
            try nest(tx, depth - 1)
        }
    }
}
