internal import OutgrowStorage

/// Many rows at once.
enum BulkChecks {
    static let all: [ConformanceCheck] = [
        check("bulkInsert inserts every row and counts them") { tx in
            let count = try tx.bulkInsert(
                into: "item", columns: ["id", "name", "n"],
                rows: (0..<5_000).map { ($0, "name \($0)", $0 * 2) })
            try requireEqual(count, 5_000)
            let found = try tx.one(
                "SELECT count(*), min(id), max(n) FROM item", as: Int.self, Int.self, Int.self)
            try require(found == (5_000, 0, 9_998), "(5000, 0, 9998)", found: "\(found)")
            try requireEqual(
                try tx.one("SELECT name FROM item WHERE id = 4321", as: String.self), "name 4321")
        },
        check("bulkInsert and a statement for each item take what the closure appends") { tx in
            let items = (0..<1_000).map { Item(id: $0, name: $0 % 3 == 0 ? nil : "name \($0)") }
            let inserted = try tx.bulkInsert(into: "item", columns: ["id", "name"], items: items) {
                row, item in
                try row.append(item.id)
                try row.append(item.name)
            }
            try requireEqual(inserted, 1_000)
            let updated = try tx.execute(
                "UPDATE item SET n = \(parameter: 2) WHERE id = \(parameter: 1)", forEach: items
            ) { row, item in
                try row.append(item.id)
                try row.append(Int64(item.id * 2))
            }
            try requireEqual(updated, 1_000)
            let found = try tx.one(
                "SELECT count(name), min(name), CAST(sum(n) AS bigint) FROM item", as: Int.self, String.self,
                Int.self)
            try require(found == (666, "name 1", 999_000), "(666, name 1, 999000)", found: "\(found)")
        },
        failingItems("an error of its own", isOwn: true) { row, number in
            if number == 3 { throw ApplicationError(number: 3) }
            try row.append(number)
        },
        failingItems("too few values") { row, number in
            if number != 3 { try row.append(number) }
        },
        failingItems("too many values") { row, number in
            try row.append(number)
            if number == 3 { try row.append("more") }
        },
        check("bulkInsert of no rows inserts none") { tx in
            let none: [(Int, String)] = []
            try requireEqual(try tx.bulkInsert(into: "item", columns: ["id", "name"], rows: none), 0)
            try tx.execute("INSERT INTO item (id) VALUES (1)")
        },
        check("bulkInsert keeps NULLs, and gives columns that are not named their default") { tx in
            try tx.bulkInsert(
                into: "item", columns: ["name", "id"], rows: [("a", 1), (nil, 2)] as [(String?, Int)])
            let found = try tx.rows("SELECT name, n FROM item ORDER BY id", as: String?.self, Int.self)
            try require(
                found.elementsEqual([("a", 7), (nil, 7)], by: ==), "(a, 7), (nil, 7)", found: "\(found)")
        },
        check("bulkInsert reads a lazy sequence once") { tx in
            let made = Tally()
            let rows = (1...10).lazy.map { number -> (Int, String) in
                made.add()
                return (number, "lazy")
            }
            try requireEqual(try tx.bulkInsert(into: "item", columns: ["id", "name"], rows: rows), 10)
            try requireEqual(made.count, 10)
        },
        ConformanceCheck(.statements, "rows of the wrong width fail the whole transaction") { trial in
            try await trial.schema(table)
            try await requireError(.misuse) {
                try await trial.storage.write { tx in
                    try tx.execute("INSERT INTO item (id) VALUES (1)")
                    try requireErrorInside(.misuse) {
                        try tx.bulkInsert(into: "item", columns: ["id"], rows: [(2, "a"), (3, "b")])
                    }
                    try requireErrorInside(.transactionFailed) { try tx.execute("DELETE FROM item") }
                }
            }
            try requireEqual(try await trial.integer("SELECT count(*) FROM item"), 0)
        },
        check("rows before and after a bulkInsert belong to the same transaction") { tx in
            try tx.execute("INSERT INTO item (id) VALUES (1)")
            try tx.bulkInsert(into: "item", columns: ["id"], rows: [2, 3])
            try tx.execute("INSERT INTO item (id) VALUES (4)")
            try requireEqual(try tx.rows("SELECT id FROM item ORDER BY id", as: Int.self), [1, 2, 3, 4])
        },
        failing("a key that is there twice", .unique, [(1, "a"), (2, "b"), (1, "c")]),
        failing("a NULL where none may be", .notNull, [(1, "a"), (nil, "b")]),
        failing("a row that a CHECK refuses", .check, [(1, "a"), (2, "refused")]),
        ConformanceCheck(.statements, "a bulkInsert into a missing table is an error of the statement") {
            trial in
            try await requireError(.statement) {
                _ = try await trial.storage.write { tx in
                    try tx.bulkInsert(into: "nowhere", columns: ["id"], rows: [1])
                }
            }
        },
        ConformanceCheck(.statements, "a bulkInsert into a missing column is an error of the statement") {
            trial in
            try await trial.schema(table)
            try await requireError(.statement) {
                _ = try await trial.storage.write { tx in
                    try tx.bulkInsert(into: "item", columns: ["nothing"], rows: [1])
                }
            }
        },
        refused("fewer values than columns", columns: ["id", "name"], rows: [1, 2]),
        refused("more values than columns", columns: [], rows: [1, 2]),
        ConformanceCheck(.statements, "a bulkInsert in a read is refused as read-only") { trial in
            try await trial.schema(table)
            try await requireError(.readOnly) {
                _ = try await trial.storage.read { tx in
                    try tx.bulkInsert(into: "item", columns: ["id"], rows: [1])
                }
            }
        },
        ConformanceCheck(.statements, "a transaction that fails takes its bulkInsert with it") { trial in
            try await trial.schema(table)
            do {
                try await trial.storage.write { tx in
                    try tx.bulkInsert(into: "item", columns: ["id"], rows: 0..<1_000)
                    throw ApplicationError(number: 1)
                }
            } catch is ApplicationError {}
            try requireEqual(try await trial.integer("SELECT count(*) FROM item"), 0)
        },
    ]

    private static let table: SQL = """
        CREATE TABLE item (
            id bigint NOT NULL UNIQUE, name text, n bigint NOT NULL DEFAULT 7, CHECK (name <> 'refused'))
        """

    private struct Item {
        var id: Int
        var name: String?
    }

    /// Whatever ends the rows before their end, nothing of them stays.
    private static func failingItems(
        _ title: String, isOwn: Bool = false, _ append: @escaping @Sendable (ParameterRow, Int) throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.statements, "a closure that makes rows and ends in \(title) leaves none") { trial in
            try await trial.schema(table)
            for isBulk in [true, false] {
                let error = await thrown {
                    try await trial.storage.write { tx in
                        if isBulk {
                            try tx.bulkInsert(into: "item", columns: ["id"], items: 1...5, append: append)
                        } else {
                            try tx.execute(
                                "INSERT INTO item (id) VALUES (\(parameter: 1))", forEach: 1...5,
                                append: append)
                        }
                    }
                }
                try require(
                    isOwn ? error is ApplicationError : error is StorageError, title,
                    found: "\(String(describing: error))")
                try requireEqual(try await trial.integer("SELECT count(*) FROM item"), 0)
            }
        }
    }

    private static func thrown(_ body: () async throws -> Int) async -> (any Error)? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error
        }
    }

    private static func check(
        _ name: String, _ body: @escaping @Sendable (Transaction) throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.statements, name) { trial in
            try await trial.schema(table)
            try await trial.storage.write(.write, body)
        }
    }

    private static func failing(
        _ title: String, _ kind: StorageError.Kind, _ rows: [(Int?, String)]
    ) -> ConformanceCheck {
        check("a bulkInsert with \(title) inserts nothing") { tx in
            try requireErrorInside(kind) {
                try tx.savepoint { _ = try tx.bulkInsert(into: "item", columns: ["id", "name"], rows: rows) }
            }
            try requireEqual(try tx.one("SELECT count(*) FROM item", as: Int.self), 0)
            try tx.bulkInsert(into: "item", columns: ["id", "name"], rows: [(1, "a")])
        }
    }

    private static func refused(_ title: String, columns: [String], rows: [Int]) -> ConformanceCheck {
        ConformanceCheck(.statements, "a bulkInsert with \(title) is refused") { trial in
            try await trial.schema(table)
            try await requireError(.misuse, .statement) {
                _ = try await trial.storage.write { tx in
                    try tx.bulkInsert(into: "item", columns: columns, rows: rows)
                }
            }
            try requireEqual(try await trial.integer("SELECT count(*) FROM item"), 0)
        }
    }
}
