internal import OutgrowStorage

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// `IN` and `NOT IN` with lists of every type and length.
enum ListChecks {
    static let all: [ConformanceCheck] =
        of("integers") { Int64($0) * 7_000_000_000 - 3 } + of("reals") { Double($0) / 3 }
        + of("texts") { "it's \"\($0)\" ü" } + of("digits as text") { "\($0)" }
        + of("byte strings") { [0, 255] + Array("\($0)".utf8) }
        + of("dates") { Date(timeIntervalSince1970: Double($0) * 86_400.25) } + of("UUIDs") { uuid($0) }
        + of("decimals") { Decimal($0) / 8 } + of("truth values") { $0 % 2 == 0 } + rest

    /// Ten rows hold the values 0 to 9 of a type, and one holds NULL.
    private static func of<Value: SQLConvertible & Hashable>(
        _ title: String, _ make: @escaping @Sendable (Int) -> Value
    ) -> [ConformanceCheck] {
        let lists: [(String, @Sendable () -> [Value])] = [
            ("no values", { [] }), ("one value", { [make(3)] }), ("two values", { [make(3), make(7)] }),
            ("a value twice", { [make(4), make(4), make(5)] }), ("1,000 values", { (5..<1_005).map(make) }),
        ]
        return lists.map { length, values in
            ConformanceCheck(.lists, "IN and NOT IN with \(length) find the rows: \(title)") { trial in
                try await trial.finds(values(), among: (0..<10).map(make))
            }
        }
    }

    private static func uuid(_ number: Int) -> UUID {
        let (high, low) = (UInt8(number / 256 % 256), UInt8(number % 256))
        return UUID(uuid: (high, low, 0, 0, 0, 0, 64, 0, 128, 0, 0, 0, 0, 0, low, high))
    }

    private static let rest: [ConformanceCheck] = [
        ConformanceCheck(.lists, "a list inside of other SQL keeps its values") { trial in
            let condition: SQL = "n IN \(list: [1, 2, 3]) AND n NOT IN \(list: [2])"
            let found = try await trial.storage.read { tx in
                try tx.rows(
                    """
                    SELECT n FROM (SELECT \(1) AS n UNION ALL SELECT \(2) UNION ALL SELECT \(3)) AS t
                    WHERE \(condition) AND n > \(0) ORDER BY n
                    """, as: Int.self)
            }
            try requireEqual(found, [1, 3])
        },
        ConformanceCheck(.lists, "a list of an enumeration is a list of its raw values") { trial in
            try await trial.schema("CREATE TABLE sample (v text)")
            _ = try await trial.storage.write { tx in
                try tx.bulkInsert(into: "sample", columns: ["v"], rows: ["open", "done", "lost"])
            }
            let states: Set<State> = [.open, .done]
            let count = try await trial.integer("SELECT count(*) FROM sample WHERE v IN \(list: states)")
            try requireEqual(count, 2)
        },
        ConformanceCheck(.lists, "a list without IN in front of it is misuse") { trial in
            try await requireError(.misuse) {
                _ = try await trial.storage.read { tx in try tx.rows("SELECT \(list: [1])", as: Int.self) }
            }
        },
        ConformanceCheck(.lists, "a list narrows DELETE and UPDATE") { trial in
            try await trial.schema("CREATE TABLE sample (v bigint)")
            try await trial.storage.write { tx in
                try tx.bulkInsert(into: "sample", columns: ["v"], rows: (1...10))
                try requireEqual(try tx.execute("DELETE FROM sample WHERE v IN \(list: [1, 2, 99])"), 2)
                try requireEqual(try tx.execute("UPDATE sample SET v = 0 WHERE v NOT IN \(list: [3, 4])"), 6)
            }
        },
    ]

    private enum State: String, SQLConvertible { case open, done }
}

extension Trial {
    fileprivate func finds<Value: SQLConvertible & Hashable>(_ list: [Value], among rows: [Value])
        async throws
    {
        try await schema("CREATE TABLE sample (id bigint PRIMARY KEY, v \(SQL.columnType(Value.sqlType)))")
        try await storage.write { tx in
            try tx.bulkInsert(
                into: "sample", columns: ["id", "v"], rows: rows.enumerated().map { ($0.offset, $0.element) })
            try tx.execute("INSERT INTO sample VALUES (99, NULL)")
        }
        let inside = rows.indices.filter { Set(list).contains(rows[$0]) }
        let outside = rows.indices.filter { !Set(list).contains(rows[$0]) }
        try await storage.read { tx in
            let found = try tx.rows(
                "SELECT id FROM sample WHERE v IN \(list: list) ORDER BY id", as: Int.self)
            try requireEqual(found, inside, "IN")
            // NULL is neither in a list nor outside of it, unless the list is empty.
            let others = try tx.rows(
                "SELECT id FROM sample WHERE v NOT IN \(list: list) ORDER BY id", as: Int.self)
            try requireEqual(others, outside + (list.isEmpty ? [99] : []), "NOT IN")
        }
    }
}
