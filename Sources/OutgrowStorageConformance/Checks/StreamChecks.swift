internal import OutgrowStorage

/// Rows as an asynchronous sequence.
enum StreamChecks {
    static let all: [ConformanceCheck] =
        [1, 2, 7, 512, 1_000, 5_000].map(inOrder) + ends + beside

    private static let two = ConformancePool(maximumConnections: 2, acquireTimeout: .seconds(10))
    private static let query: SQL = "SELECT id FROM item ORDER BY id"
    private static let rowCount = 1_000

    private static func check(
        _ name: String, needs: Set<ConformanceSubject.Ability> = [], pool: ConformancePool = two,
        _ body: @escaping @Sendable (Trial) async throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.streams, name, needs: needs, pool: pool) { trial in
            try await trial.schema("CREATE TABLE item (id bigint PRIMARY KEY, name text)")
            _ = try await trial.storage.write { tx in
                try tx.bulkInsert(
                    into: "item", columns: ["id", "name"], rows: (0..<rowCount).map { ($0, "n\($0)") })
            }
            try await body(trial)
        }
    }

    private static func inOrder(_ batchSize: Int) -> ConformanceCheck {
        check("a stream with batches of \(batchSize) gives every row in order") { trial in
            var found: [Int] = []
            for try await id in trial.storage.stream(query, as: Int.self, batchSize: batchSize) {
                found.append(id)
            }
            try requireEqual(found, Array(0..<rowCount))
        }
    }

    /// However a stream ends, its connection comes back: more of them run afterwards than there are connections.
    private static let ends: [ConformanceCheck] = [
        check("a stream of no rows ends at once") { trial in
            for try await _ in trial.storage.stream("SELECT id FROM item WHERE id < 0", as: Int.self) {
                throw Unexpected(expected: "no row", found: "one")
            }
        },
        check("a stream gives several columns, values and NULLs") { trial in
            let name: String? = nil
            var found: [String] = []
            let sql: SQL = "SELECT id, name, \(name) FROM item WHERE id IN \(list: [3, 5]) ORDER BY id"
            for try await row in trial.storage.stream(sql, as: Int.self, String.self, String?.self) {
                found.append("\(row)")
            }
            try requireEqual(found, [#"(3, "n3", nil)"#, #"(5, "n5", nil)"#])
        },
        check("a stream may be read twice, and reads anew") { trial in
            let stream = trial.storage.stream("SELECT count(*) FROM item", as: Int.self)
            for try await count in stream { try requireEqual(count, rowCount) }
            try await trial.execute("DELETE FROM item WHERE id = 0")
            for try await count in stream { try requireEqual(count, rowCount - 1) }
        },
        check("a stream that is read to its end gives its connection back") { trial in
            for _ in 0..<10 {
                for try await _ in trial.storage.stream(query, as: Int.self, batchSize: 300) {}
            }
            try await trial.reads()
        },
        check("a stream left in the middle gives its connection back") { trial in
            for _ in 0..<10 {
                for try await id in trial.storage.stream(query, as: Int.self, batchSize: 5) where id == 7 {
                    break
                }
            }
            try await trial.reads()
        },
        check("a stream that is never read holds no connection") { trial in
            let streams = (0..<10).map { _ in trial.storage.stream(query, as: Int.self) }
            try await trial.reads()
            try requireEqual(streams.count, 10)
        },
        check("an iterator that goes away gives its connection back") { trial in
            for _ in 0..<10 {
                var iterator = trial.storage.stream(query, as: Int.self, batchSize: 2).makeAsyncIterator()
                try requireEqual(try await iterator.next(), 0)
            }
            try await trial.reads()
        },
        check("an error of the application in the loop gives the connection back") { trial in
            for _ in 0..<10 {
                do {
                    for try await id in trial.storage.stream(query, as: Int.self, batchSize: 2) {
                        if id == 3 { throw ApplicationError(number: id) }
                    }
                } catch is ApplicationError {}
            }
            try await trial.reads()
        },
        check("a stream of a wrong statement throws and gives the connection back") { trial in
            for _ in 0..<10 {
                try await requireError(.statement) {
                    for try await _ in trial.storage.stream("SELECT nothing FROM item", as: Int.self) {}
                }
            }
            try await trial.reads()
        },
        check(
            "a value of a wrong type in the middle throws, after the rows before it",
            needs: [.streamsInBatches]
        ) { trial in
            for _ in 0..<10 {
                let seen = Tally()
                try await requireError(.type) {
                    let sql: SQL = "SELECT CASE WHEN id < 10 THEN name END FROM item ORDER BY id"
                    for try await _ in trial.storage.stream(sql, as: String.self, batchSize: 1) { seen.add() }
                }
                try requireEqual(seen.count, 10, "rows before the error")
            }
            try await trial.reads()
        },
        check("a stream with a wrong number of columns throws") { trial in
            try await requireError(.type) {
                for try await _ in trial.storage.stream(query, as: Int.self, Int.self) {}
            }
        },
        check("a stream that has thrown is at its end") { trial in
            var iterator = trial.storage.stream("SELECT nothing", as: Int.self).makeAsyncIterator()
            try await requireError(.statement) { _ = try await iterator.next() }
            try requireEqual(try await iterator.next(), nil)
        },
        check("a stream that is at its end stays there") { trial in
            var iterator = trial.storage.stream("SELECT 1 AS n", as: Int.self).makeAsyncIterator()
            try requireEqual(try await iterator.next(), 1)
            for _ in 0..<3 { try requireEqual(try await iterator.next(), nil) }
        },
        check(
            "canceling the consumer ends the stream and gives the connection back", needs: [.streamsInBatches]
        ) { trial in
            for _ in 0..<10 {
                let began = Signal("the first row is read")
                let task = Task {
                    for try await _ in trial.storage.stream(endless, as: Int.self, batchSize: 3) {
                        began.raise()
                    }
                }
                await began.wait()
                task.cancel()
                try await requireError(.interrupted) { try await task.value }
            }
            try await trial.reads()
        },
        check("a cursor that is closed gives its connection back, and may be closed twice") { trial in
            for _ in 0..<10 {
                let cursor = try await trial.storage.cursor(query)
                for expected in [[0, 1, 2], [3, 4]] as [[Int64]] {
                    let batch = try await cursor.next(expected.count)
                    try requireEqual(
                        try (0..<batch.count).map { try batch.row(at: $0).int64(at: 0) }, expected)
                }
                await cursor.close()
                await cursor.close()
            }
            try await trial.reads()
        },
        check("a stream cannot write") { trial in
            // A cursor of Postgres takes queries alone, so there it is the statement that is wrong.
            try await requireError(.readOnly, .statement) {
                for try await _ in trial.storage.stream("DELETE FROM item RETURNING id", as: Int.self) {}
            }
            try requireEqual(try await trial.integer("SELECT count(*) FROM item"), rowCount)
        },
    ]

    private static let endless: SQL = """
        WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n % 1000 + 1 FROM numbers)
        SELECT n FROM numbers
        """

    private static let beside: [ConformanceCheck] = [
        check("a stream does not see what is committed meanwhile", needs: [.readsBesideWrites]) { trial in
            var found: [Int] = []
            for try await id in trial.storage.stream(query, as: Int.self, batchSize: 10) {
                if id == 5 {
                    try await trial.storage.write { tx in
                        try tx.execute("DELETE FROM item WHERE id > 100")
                        try tx.execute("INSERT INTO item VALUES (5000, 'new')")
                    }
                }
                found.append(id)
            }
            try requireEqual(found, Array(0..<rowCount))
            try requireEqual(try await trial.integer("SELECT count(*) FROM item"), 102)
        },
        check("rows may be changed while they are streamed", needs: [.readsBesideWrites]) { trial in
            for try await id in trial.storage.stream(query, as: Int.self, batchSize: 100) where id % 100 == 0
            {
                try await trial.execute("UPDATE item SET name = 'seen' WHERE id = \(id)")
            }
            try requireEqual(try await trial.integer("SELECT count(*) FROM item WHERE name = 'seen'"), 10)
        },
        check("streams run side by side", needs: [.readsBesideWrites], pool: ConformancePool()) { trial in
            try await inParallel(4) { _ in
                var count = 0
                for try await _ in trial.storage.stream(query, as: Int.self, batchSize: 100) { count += 1 }
                try requireEqual(count, rowCount)
            }
        },
        check("a stream may run inside of another", needs: [.readsBesideWrites]) { trial in
            var count = 0
            for try await outer in trial.storage.stream("SELECT id FROM item WHERE id < 3", as: Int.self) {
                let sql: SQL = "SELECT id FROM item WHERE id < \(outer)"
                for try await _ in trial.storage.stream(sql, as: Int.self) { count += 1 }
            }
            try requireEqual(count, 3)
        },
        check("a stream reads while a write is open", needs: [.readsBesideWrites]) { trial in
            let holder = try await Holder(trial.storage, .write)
            var count = 0
            for try await _ in trial.storage.stream(query, as: Int.self, batchSize: 64) { count += 1 }
            try await holder.release()
            try requireEqual(count, rowCount)
        },
    ]
}

extension Trial {
    /// As many reads as there are rows in a pool of two, and a few more.
    fileprivate func reads() async throws {
        try await inParallel(6) { _ in
            try requireEqual(try await integer("SELECT 1"), 1)
        }
    }
}
