import Synchronization

@testable import OutgrowStorage

/// One way to use a storage, which a test stops at any of its points.
///
/// What it writes goes to the table `trace`, under the number of the run, so that all or nothing of it can be told.
struct StoppableWork: Sendable {
    let name: String
    /// How many rows it leaves under its number when it succeeds.
    let rows: Int
    /// It takes options, and so a limit of its time.
    var hasTimeLimit = true
    let run: @Sendable (any Storage, TransactionOptions, Int) async throws -> Void

    static let schema = """
        CREATE TABLE trace (run bigint NOT NULL, n bigint NOT NULL, padding text, PRIMARY KEY (run, n));
        CREATE TABLE counter (n bigint NOT NULL);
        INSERT INTO counter VALUES (0);
        """

    /// What an application throws to roll back.
    struct Refusal: Error {}

    /// For every storage.
    static let all =
        [
            StoppableWork("nothing", rows: 0) { _, _ in },
            StoppableWork("one statement", rows: 1) { tx, run in try tx.insert(run, 0) },
            StoppableWork("one statement again and again", rows: 100) { tx, run in
                for n in 0..<100 { try tx.insert(run, n) }
            },
            StoppableWork("several at once", rows: 600) { tx, run in
                try tx.executeAll((0..<600).map { "INSERT INTO trace (run, n) VALUES (\(run), \($0))" })
            },
            StoppableWork("one for each row", rows: 1500) { tx, run in
                try tx.execute(
                    "INSERT INTO trace (run, n) VALUES (\(parameter: 1), \(parameter: 2))",
                    forEach: (0..<1500).lazy.map { (run, $0) })
            },
            StoppableWork("many rows", rows: 6000) { tx, run in
                try tx.bulkInsert(
                    into: "trace", columns: ["run", "n", "padding"],
                    rows: (0..<6000).lazy.map { (run, $0, "some text that makes the row longer") })
            },
            StoppableWork("a large value", rows: 2) { tx, run in
                try tx.executeAll([
                    "INSERT INTO trace (run, n) VALUES (\(run), 0)",
                    "INSERT INTO trace VALUES (\(run), 1, \(large))",
                ])
            },
            StoppableWork("a counter that others count, too", rows: 1) { tx, run in
                let n = try tx.one("SELECT n FROM counter", as: Int.self)
                try tx.insert(run, 0)
                try tx.execute("UPDATE counter SET n = \(n + 1)")
            },
        ] + parts + reads

    private static let parts = [
        StoppableWork("savepoints", rows: 5) { tx, run in
            for n in 0..<10 {
                do {
                    try tx.savepoint {
                        try tx.insert(run, n)
                        if n % 2 == 1 { throw Refusal() }
                    }
                } catch is Refusal {}
            }
        },
        StoppableWork("a refusal", rows: 0) { tx, run in
            for n in 0..<10 { try tx.insert(run, n) }
            throw Refusal()
        },
        StoppableWork("a refusal among rows", rows: 0) { tx, run in
            try tx.execute(
                "INSERT INTO trace (run, n) VALUES (\(parameter: 1), \(parameter: 2))", forEach: 0..<700
            ) { row, n in
                guard n < 600 else { throw Refusal() }
                try row.append(run)
                try row.append(n)
            }
        },
        StoppableWork("a refusal among many rows", rows: 0) { tx, run in
            try tx.bulkInsert(into: "trace", columns: ["run", "n"], items: 0..<7000) { row, n in
                guard n < 6500 else { throw Refusal() }
                try row.append(run)
                try row.append(n)
            }
        },
    ]

    private static let reads = [
        StoppableWork("a long read", hasTimeLimit: true) { storage, options, _ in
            let sum = try await storage.read(options) { tx in
                try tx.rows(numbers, as: Int.self).reduce(0, +)
            }
            guard sum == 199_990_000 else { throw WriterFailure(description: "the numbers add up to \(sum)") }
        },
        StoppableWork("a stream", hasTimeLimit: false) { storage, _, _ in
            var next = 0
            for try await n in storage.stream(numbers, as: Int.self, batchSize: 700) {
                guard n == next else { throw WriterFailure(description: "\(n) came instead of \(next)") }
                next += 1
            }
            // A task that was canceled may have been told so by the end of the rows alone.
            guard next == 20_000 else { throw WriterFailure(description: "only \(next) rows came") }
        },
        StoppableWork("a stream that is left", hasTimeLimit: false) { storage, _, _ in
            for try await n in storage.stream(numbers, as: Int.self, batchSize: 700) where n == 1500 { break }
        },
    ]

    private static let large = String(repeating: "0123456789abcdef", count: 1 << 18)
    private static let numbers: SQL =
        "WITH RECURSIVE t (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM t WHERE n < 19999) SELECT n FROM t"

    /// A piece of work that takes its own way to the storage, and leaves nothing in it.
    init(
        _ name: String, hasTimeLimit: Bool,
        _ run: @escaping @Sendable (any Storage, TransactionOptions, Int) async throws -> Void
    ) {
        (self.name, self.rows, self.hasTimeLimit, self.run) = (name, 0, hasTimeLimit, run)
    }

    /// A transaction that writes.
    init(_ name: String, rows: Int, _ body: @escaping @Sendable (Transaction, Int) throws -> Void) {
        (self.name, self.rows) = (name, rows)
        run = { storage, options, run in
            do {
                try await storage.write(options) { tx in try body(tx, run) }
            } catch is Refusal {}
        }
    }
}

extension Transaction {
    func insert(_ run: Int, _ n: Int) throws {
        try execute("INSERT INTO trace (run, n) VALUES (\(run), \(n))")
    }
}
