internal import OutgrowStorage

/// Work that is stopped: by its time limit, or by its task.
enum CancellationChecks {
    static let all: [ConformanceCheck] = timeouts + cancellations + waiting

    /// Runs until it is stopped, on either engine.
    private static let endless: SQL = """
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n % 1000 + 1 FROM numbers)
        SELECT count(*) FROM numbers
        """
    private static let one = ConformancePool(maximumConnections: 1)
    private static let table: SQL = "CREATE TABLE item (id bigint PRIMARY KEY)"
    private static let count: SQL = "SELECT count(*) FROM item"

    private static func check(
        _ name: String, needs: Set<ConformanceSubject.Ability> = [],
        pool: ConformancePool = ConformancePool(),
        _ body: @escaping @Sendable (Trial) async throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.cancellation, name, needs: needs, pool: pool) { trial in
            try await trial.schema(table)
            try await body(trial)
        }
    }

    private static let timeouts: [ConformanceCheck] = [
        check("a read that takes too long is stopped") { trial in
            try await requireError(.timeout) {
                _ = try await trial.storage.read(TransactionOptions(.read, timeout: .milliseconds(50))) {
                    tx in
                    try tx.one(endless, as: Int.self)
                }
            }
            try requireEqual(try await trial.integer(count), 0)
        },
        check("a write that takes too long is stopped and rolled back") { trial in
            try await requireError(.timeout) {
                try await trial.storage.write(TransactionOptions(.write, timeout: .milliseconds(50))) { tx in
                    try tx.execute("INSERT INTO item VALUES (1)")
                    _ = try tx.one(endless, as: Int.self)
                }
            }
            try requireEqual(try await trial.integer(count), 0)
            try await trial.execute("INSERT INTO item VALUES (1)")
        },
        check("the time limit holds for the transaction and not for each statement") { trial in
            try await requireError(.timeout) {
                try await trial.storage.write(TransactionOptions(.write, timeout: .milliseconds(50))) { tx in
                    while true { try tx.execute("SELECT id FROM item") }
                }
            }
        },
        check("a statement after the time limit is refused") { trial in
            let limit = Duration.milliseconds(30)
            try await requireError(.timeout) {
                try await trial.storage.write(TransactionOptions(.write, timeout: limit)) { tx in
                    let end = ContinuousClock.now + limit
                    while ContinuousClock.now < end {}
                    try tx.execute("INSERT INTO item VALUES (1)")
                }
            }
            try requireEqual(try await trial.integer(count), 0)
        },
        check("a transaction that was stopped leaves no limit behind") { trial in
            for _ in 0..<5 {
                try await requireError(.timeout) {
                    _ = try await trial.storage.read(TransactionOptions(.read, timeout: .milliseconds(10))) {
                        tx in
                        try tx.one(endless, as: Int.self)
                    }
                }
                let rows = try await trial.storage.read { tx in
                    try tx.rows(counting(to: 100_000), as: Int.self).count
                }
                try requireEqual(rows, 100_000)
            }
        },
    ]

    private static let cancellations: [ConformanceCheck] = [
        check("a task that was canceled before runs nothing") { trial in
            let runs = Tally()
            let canceled = Signal("the task is canceled")
            let task = Task {
                await canceled.wait()
                try await trial.storage.write { tx in
                    runs.add()
                    try tx.execute("INSERT INTO item VALUES (1)")
                }
            }
            task.cancel()
            canceled.raise()
            try await requireError(.interrupted) { try await task.value }
            try requireEqual(try await trial.integer(count), 0)
            try requireEqual(runs.count, 0, "runs of the closure")
        },
        check("canceling the task stops the statement of a read") { trial in
            try await stops(trial) { storage, began in
                _ = try await storage.read { tx in
                    _ = try tx.one(count, as: Int.self)
                    began.raise()
                    return try tx.one(endless, as: Int.self)
                }
            }
        },
        check("canceling the task stops the statement of a write and rolls back") { trial in
            try await stops(trial) { storage, began in
                try await storage.write { tx in
                    try tx.execute("INSERT INTO item VALUES (1)")
                    began.raise()
                    _ = try tx.one(endless, as: Int.self)
                }
            }
            try requireEqual(try await trial.integer(count), 0)
        },
        check("canceling the task stops a loop of statements") { trial in
            try await stops(trial) { storage, began in
                try await storage.write { tx in
                    while true {
                        try tx.execute("SELECT id FROM item")
                        began.raise()
                    }
                }
            }
        },
        check("a task canceled between statements commits nothing") { trial in
            let began = Signal("the closure runs")
            let canceled = Signal("the task is canceled")
            let task = Task {
                try await trial.storage.write { tx in
                    try tx.execute("INSERT INTO item VALUES (1)")
                    began.raise()
                    try canceled.block()
                    try tx.execute("INSERT INTO item VALUES (2)")
                }
            }
            await began.wait()
            task.cancel()
            canceled.raise()
            try await requireError(.interrupted) { try await task.value }
            try requireEqual(try await trial.integer(count), 0)
        },
        check("a task canceled after its last statement commits nothing") { trial in
            let began = Signal("the closure runs")
            let canceled = Signal("the task is canceled")
            let task = Task {
                try await trial.storage.write { tx in
                    try tx.execute("INSERT INTO item VALUES (1)")
                    began.raise()
                    try canceled.block()
                }
            }
            await began.wait()
            task.cancel()
            canceled.raise()
            try await requireError(.interrupted) { try await task.value }
            try requireEqual(try await trial.integer(count), 0)
        },
        check("ten transactions stopped at once leave every connection usable") { trial in
            for _ in 0..<3 {
                try await stopsMany(trial, 10)
            }
            try await trial.execute("INSERT INTO item VALUES (1)")
            try requireEqual(try await trial.integer(count), 1)
        },
        check("a late cancellation does not hit the next transaction") { trial in
            for number in 0..<100 {
                let task = Task { try await trial.storage.read { tx in try tx.one(count, as: Int.self) } }
                if number % 3 == 0 { await Task.yield() }
                task.cancel()
                do { _ = try await task.value } catch let error as StorageError
                    where error.kind == .interrupted
                {}
                try requireEqual(try await trial.integer("SELECT \(number)"), number)
            }
        },
    ]

    private static let waiting: [ConformanceCheck] = [
        check(
            "canceling a task that waits for a connection ends the wait", needs: [.boundsConnections],
            pool: one
        ) {
            trial in
            let holder = try await Holder(trial.storage, .write)
            let task = Task {
                try await trial.storage.write { tx in try tx.execute("INSERT INTO item VALUES (1)") }
            }
            task.cancel()
            try await requireError(.interrupted) { _ = try await task.value }
            try await holder.release()
            try requireEqual(try await trial.integer(count), 0)
            try await trial.execute("INSERT INTO item VALUES (2)")
        },
        check("the time spent waiting for a connection counts", needs: [.boundsConnections], pool: one) {
            trial in
            let holder = try await Holder(trial.storage, .write)
            try await requireError(.timeout, .poolTimeout) {
                try await trial.storage.write(TransactionOptions(.write, timeout: .milliseconds(30))) { tx in
                    _ = try tx.execute("INSERT INTO item VALUES (1)")
                }
            }
            try await holder.release()
            try requireEqual(try await trial.integer(count), 0)
        },
        check(
            "a waiter that gave up does not take its connection along", needs: [.boundsConnections], pool: one
        ) {
            trial in
            let holder = try await Holder(trial.storage, .write)
            let impatient = (0..<5).map { number in
                Task {
                    try await trial.storage.write { tx in
                        try tx.execute("INSERT INTO item VALUES (\(number))")
                    }
                }
            }
            let patient = Task {
                try await trial.storage.write { tx in try tx.execute("INSERT INTO item VALUES (99)") }
            }
            for task in impatient {
                task.cancel()
                try await requireError(.interrupted) { _ = try await task.value }
            }
            try await holder.release()
            _ = try await patient.value
            try requireEqual(try await trial.integer("SELECT id FROM item"), 99)
        },
    ]

    /// Begins `work`, cancels its task when it says so, and wants it to end as interrupted.
    private static func stops(
        _ trial: Trial, _ work: @escaping @Sendable (any Storage, Signal) async throws -> Void
    ) async throws {
        let began = Signal("the statement begins")
        let task = Task { try await work(trial.storage, began) }
        await began.wait()
        task.cancel()
        try await requireError(.interrupted) { try await task.value }
        try requireEqual(try await trial.integer("SELECT 1"), 1, "afterwards")
    }

    private static func stopsMany(_ trial: Trial, _ count: Int) async throws {
        let tasks = (0..<count).map { _ in
            Task { try await trial.storage.read { tx in try tx.one(endless, as: Int.self) } }
        }
        for task in tasks {
            task.cancel()
            try await requireError(.interrupted) { _ = try await task.value }
        }
    }
}

/// A transaction that stays open until it is told to end.
struct Holder: Sendable {
    private let end = Signal("the holder is told to end")
    private let task: Task<Void, any Error>

    /// Returns when the transaction has begun.
    init(_ storage: any Storage, _ options: TransactionOptions) async throws {
        let began = Signal("the holder's transaction begins")
        let end = end
        task = Task {
            defer { began.raise() }
            try await storage.transaction(options) { tx in
                _ = try tx.one("SELECT 1", as: Int.self)
                began.raise()
                try end.block()
            }
        }
        await began.wait()
    }

    func release() async throws {
        end.raise()
        try await task.value
    }
}
