internal import OutgrowStorage

/// Many tasks at once: nothing is lost, and conflicts stay inside.
enum ConcurrencyChecks {
    static let all: [ConformanceCheck] = [
        check("a counter incremented by many tasks counts them all") { trial in
            try await inParallel(16) { _ in
                try await trial.writeRetrying { tx in
                    let n = try tx.one("SELECT n FROM counter", as: Int.self)
                    try tx.execute("UPDATE counter SET n = \(n + 1)")
                }
            }
            try requireEqual(try await trial.integer("SELECT n FROM counter"), 16)
        },
        check("conflicts do not reach the application", needs: [.retriesConflicts]) { trial in
            try await inParallel(8) { _ in
                try await trial.storage.write { tx in
                    let n = try tx.one("SELECT n FROM counter", as: Int.self)
                    try tx.execute("UPDATE counter SET n = \(n + 1)")
                }
            }
            try requireEqual(try await trial.integer("SELECT n FROM counter"), 8)
        },
        check(
            "a closure runs again after a conflict, and its first run leaves nothing behind",
            needs: [.retriesConflicts]
        ) { trial in
            try await runsAgain(trial)
        },
        check("a conflict reaches the application when one attempt is all it wants") { trial in
            try await trial.conflictsOnce(TransactionOptions(.write, attemptLimit: 1))
        },
        check("money moved between accounts at random stays the same sum") { trial in
            try await movesMoney(trial)
        },
        check("a row that is looked for and then inserted is there once") { trial in
            try await trial.schema("CREATE TABLE tag (id bigint, name text)")
            try await inParallel(8) { number in
                try await trial.writeRetrying { tx in
                    let found = try tx.first("SELECT id FROM tag WHERE name = 'swift'", as: Int.self)
                    if found == nil { try tx.execute("INSERT INTO tag VALUES (\(number), 'swift')") }
                }
            }
            try requireEqual(try await trial.integer("SELECT count(*) FROM tag"), 1)
        },
        check("jobs taken from a queue by several tasks are taken once each") { trial in
            try await takesJobs(trial)
        },
        check("more tasks than connections all come through") { trial in
            try await inParallel(60) { number in
                if number % 3 == 0 {
                    try await trial.storage.write(.readCommitted) { tx in
                        _ = try tx.execute("UPDATE counter SET n = n + 1")
                    }
                } else {
                    _ = try await trial.integer("SELECT n FROM counter")
                }
            }
            try requireEqual(try await trial.integer("SELECT n FROM counter"), 20)
        },
        check("readers always find the invariant while writers work") { trial in
            try await keepsInvariant(trial)
        },
        check("two storages on one database lose no update", needs: [.opensTwice]) { trial in
            try await trial.withSecondStorage { second in
                let other = Trial(second, trial.database, trial.subject)
                try await inParallel(10) { number in
                    try await (number % 2 == 0 ? trial : other).writeRetrying { tx in
                        let n = try tx.one("SELECT n FROM counter", as: Int.self)
                        try tx.execute("UPDATE counter SET n = \(n + 1)")
                    }
                }
            }
            try requireEqual(try await trial.integer("SELECT n FROM counter"), 10)
        },
        check("what one storage commits, another on the same database reads at once", needs: [.opensTwice]) {
            trial in
            try await trial.withSecondStorage { second in
                for number in 1...10 {
                    try await trial.execute("UPDATE counter SET n = \(number)")
                    let found = try await second.read { tx in
                        try tx.one("SELECT n FROM counter", as: Int.self)
                    }
                    try requireEqual(found, number)
                }
            }
        },
        check("a table changed by one storage is changed for the other", needs: [.opensTwice]) { trial in
            try await trial.withSecondStorage { second in
                _ = try await second.read { tx in try tx.rows("SELECT n FROM counter", as: Int.self) }
                try await trial.schema("DROP TABLE counter; CREATE TABLE counter (extra text, n bigint)")
                try await trial.execute("INSERT INTO counter VALUES ('x', 5)")
                let found = try await second.read { tx in try tx.one("SELECT n FROM counter", as: Int.self) }
                try requireEqual(found, 5)
            }
        },
    ]

    private static func check(
        _ name: String, needs: Set<ConformanceSubject.Ability> = [],
        _ body: @escaping @Sendable (Trial) async throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.isolation, name, needs: needs) { trial in
            try await trial.schema("CREATE TABLE counter (n bigint NOT NULL); INSERT INTO counter VALUES (0)")
            try await body(trial)
        }
    }

    private static func runsAgain(_ trial: Trial) async throws {
        try await trial.schema("CREATE TABLE log (run bigint)")
        let runs = Tally()
        let first = Signal("the first run has read")
        let overtaken = Signal("another transaction has committed")
        let canMeet = trial.storage.capabilities.hasConcurrentWriters
        let task = Task {
            try await trial.storage.write { tx in
                let run = runs.add()
                let n = try tx.one("SELECT n FROM counter", as: Int.self)
                first.raise()
                if canMeet { try overtaken.block() }
                try tx.execute("INSERT INTO log VALUES (\(run))")
                try tx.execute("UPDATE counter SET n = \(n + 1)")
            }
        }
        await first.wait()
        // A conflict for the first run; the writer that commits first wins.
        try await trial.writeRetrying { tx in _ = try tx.execute("UPDATE counter SET n = n + 10") }
        overtaken.raise()
        try await task.value
        try requireEqual(try await trial.integer("SELECT n FROM counter"), 11)
        let log = try await trial.storage.read { tx in try tx.rows("SELECT run FROM log", as: Int.self) }
        try requireEqual(log, [runs.count], "the run that was committed")
        try requireEqual(runs.count, canMeet ? 2 : 1, "runs of the closure")
    }

    private static func movesMoney(_ trial: Trial) async throws {
        try await trial.schema("CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL)")
        _ = try await trial.storage.write { tx in
            try tx.bulkInsert(into: "account", columns: ["id", "balance"], rows: (0..<5).map { ($0, 100) })
        }
        let seed = trial.seed
        try await inParallel(6) { number in
            var generator = SeededGenerator(seed: seed &+ UInt64(number))
            for _ in 0..<10 {
                let from = Int.random(in: 0..<5, using: &generator)
                let to = (from + Int.random(in: 1..<5, using: &generator)) % 5
                let amount = Int.random(in: 1...80, using: &generator)
                try await trial.writeRetrying { tx in
                    let balance = try tx.one("SELECT balance FROM account WHERE id = \(from)", as: Int.self)
                    guard balance >= amount else { return }
                    let other = try tx.one("SELECT balance FROM account WHERE id = \(to)", as: Int.self)
                    try tx.execute("UPDATE account SET balance = \(balance - amount) WHERE id = \(from)")
                    try tx.execute("UPDATE account SET balance = \(other + amount) WHERE id = \(to)")
                }
            }
        }
        let balances = try await trial.storage.read { tx in
            try tx.rows("SELECT balance FROM account", as: Int.self)
        }
        try requireEqual(balances.reduce(0, +), 500, "the sum")
        try require(balances.allSatisfy { $0 >= 0 }, "no debts", found: "\(balances)")
    }

    private static func takesJobs(_ trial: Trial) async throws {
        try await trial.schema("CREATE TABLE job (id bigint PRIMARY KEY, taker bigint)")
        _ = try await trial.storage.write { tx in
            try tx.bulkInsert(into: "job", columns: ["id"], rows: 0..<24)
        }
        let taken = Journal<Int>()
        try await inParallel(4) { number in
            while let id = try await trial.writeRetrying({ tx -> Int? in
                let next = try tx.first(
                    "SELECT id FROM job WHERE taker IS NULL ORDER BY id LIMIT 1", as: Int.self)
                guard let next else { return nil }
                try tx.execute("UPDATE job SET taker = \(number) WHERE id = \(next)")
                return next
            }) {
                taken.add(id)
            }
        }
        try requireEqual(taken.entries.sorted(), Array(0..<24))
    }

    private static func keepsInvariant(_ trial: Trial) async throws {
        try await trial.schema("CREATE TABLE pair (a bigint, b bigint); INSERT INTO pair VALUES (0, 0)")
        try await inParallel(6) { number in
            for step in 1...10 {
                if number < 2 {
                    try await trial.writeRetrying { tx in
                        try tx.execute("UPDATE pair SET a = a + \(step)")
                        try tx.execute("UPDATE pair SET b = b - \(step)")
                    }
                } else {
                    let sum = try await trial.storage.read { tx in
                        let a = try tx.one("SELECT a FROM pair", as: Int.self)
                        return a + (try tx.one("SELECT b FROM pair", as: Int.self))
                    }
                    try requireEqual(sum, 0)
                }
            }
        }
    }
}

extension Trial {
    /// Makes two transactions with `options` conflict where they can, and wants one of them to be told so.
    fileprivate func conflictsOnce(_ options: TransactionOptions) async throws {
        let canMeet = storage.capabilities.hasConcurrentWriters
        let signals = [Signal("the first has read"), Signal("the second has read")]
        let kinds = Journal<StorageError>()
        try await inParallel(2) { number in
            do {
                try await storage.write(options) { tx in
                    let n = try tx.one("SELECT n FROM counter", as: Int.self)
                    signals[number].raise()
                    if canMeet { try signals[1 - number].block() }
                    try tx.execute("UPDATE counter SET n = \(n + 1)")
                }
            } catch let error as StorageError {
                kinds.add(error)
            }
        }
        try requireEqual(kinds.entries.count, canMeet ? 1 : 0, "conflicts")
        try require(kinds.entries.allSatisfy(\.isRetryable), "a retryable error", found: "\(kinds.entries)")
        try requireEqual(try await integer("SELECT n FROM counter"), canMeet ? 1 : 2)
    }
}

/// Runs `body` in as many tasks; all must succeed.
func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<count {
            group.addTask { try await body(number) }
        }
        try await group.waitForAll()
    }
}
