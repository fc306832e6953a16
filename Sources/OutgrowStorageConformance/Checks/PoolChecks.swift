internal import OutgrowStorage

/// Connections are limited, waited for in order, and given back.
enum PoolChecks {
    static let all: [ConformanceCheck] = [
        check("who waits too long for a connection is told so", impatient) { trial in
            let holder = try await Holder(trial.storage, .write)
            try await requireError(.poolTimeout) {
                try await trial.storage.write { tx in _ = try tx.execute("INSERT INTO item VALUES (1)") }
            }
            try await holder.release()
            try requireEqual(try await trial.integer("SELECT count(*) FROM item"), 0)
        },
        check("who waits too long to read is told so", impatient) { trial in
            let holder = try await Holder(trial.storage, .read)
            try await requireError(.poolTimeout) { _ = try await trial.integer("SELECT 1") }
            try await holder.release()
            try requireEqual(try await trial.integer("SELECT 1"), 1)
        },
        check("who waits too long for a stream is told so", impatient) { trial in
            let holder = try await Holder(trial.storage, .read)
            try await requireError(.poolTimeout) {
                for try await _ in trial.storage.stream("SELECT 1 AS n", as: Int.self) {}
            }
            try await holder.release()
        },
        check("a timeout of the pool is worth no repetition by itself", impatient) { trial in
            let holder = try await Holder(trial.storage, .write)
            let error = try await requireError(.poolTimeout) {
                try await trial.storage.write { _ in }
            }
            try await holder.release()
            try require(!error.isRetryable, "that it is not retried")
        },
        check("failed transactions give their connections back", patient) { trial in
            for _ in 0..<10 {
                try await requireError(.unique) {
                    try await trial.storage.write { tx in
                        try tx.execute("INSERT INTO item VALUES (1)")
                        try tx.execute("INSERT INTO item VALUES (1)")
                    }
                }
                try await requireError(.statement) { _ = try await trial.integer("SELECT nothing") }
            }
            try await trial.execute("INSERT INTO item VALUES (1)")
            try requireEqual(try await trial.integer("SELECT count(*) FROM item"), 1)
        },
        check("transactions that the application fails give their connections back", patient) { trial in
            for number in 0..<10 {
                for options in [TransactionOptions.read, .write] {
                    do {
                        try await trial.storage.transaction(options) { tx in
                            _ = try tx.one("SELECT 1", as: Int.self)
                            throw ApplicationError(number: number)
                        }
                    } catch is ApplicationError {}
                }
            }
            try requireEqual(try await trial.integer("SELECT 1"), 1)
        },
        check("five times as many failures as connections, at once", ConformancePool(maximumConnections: 3)) {
            trial in
            try await inParallel(15) { number in
                try await requireError(.statement) {
                    try await trial.storage.write { tx in _ = try tx.execute("SELEKT \(unsafe: "\(number)")")
                    }
                }
            }
            try await trial.execute("INSERT INTO item VALUES (1)")
        },
        check("no session state reaches the next transaction", patient) { trial in
            // A temporary table that is rolled back, and settings for one transaction.
            do {
                try await trial.storage.write { tx in
                    try tx.execute("CREATE TEMPORARY TABLE scratch (n bigint)")
                    throw ApplicationError(number: 1)
                }
            } catch is ApplicationError {}
            try await requireError(.statement) { _ = try await trial.integer("SELECT count(*) FROM scratch") }
            try await requireError(.statement) {
                _ = try await trial.storage.write { tx in
                    try tx.one("SELECT count(*) FROM scratch", as: Int.self)
                }
            }
        },
        check("a thousand short transactions in turn", patient) { trial in
            for number in 0..<500 {
                try await trial.execute("INSERT INTO item VALUES (\(number))")
                try requireEqual(try await trial.integer("SELECT count(*) FROM item"), number + 1)
            }
        },
    ]

    private static let impatient = ConformancePool(maximumConnections: 1, acquireTimeout: .milliseconds(20))
    private static let patient = ConformancePool(maximumConnections: 1, acquireTimeout: .seconds(30))

    private static func check(
        _ name: String, _ pool: ConformancePool, _ body: @escaping @Sendable (Trial) async throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.pool, name, needs: [.boundsConnections], pool: pool) { trial in
            try await trial.schema("CREATE TABLE item (id bigint PRIMARY KEY)")
            try await body(trial)
        }
    }
}
