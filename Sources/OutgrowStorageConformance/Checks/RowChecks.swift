internal import OutgrowStorage

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// How rows are read.
enum RowChecks {
    static let all: [ConformanceCheck] = reading + nesting + mismatches

    private static let numbers: SQL = "SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3 ORDER BY 1"
    private static let nothing: SQL = "SELECT 1 AS n WHERE 1 = 0"

    private static func check(
        _ name: String, _ body: @escaping @Sendable (Transaction) throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.rows, name) { trial in try await trial.storage.read(.read, body) }
    }

    private static let reading: [ConformanceCheck] = [
        check("one returns the only row") { tx in
            let found = try tx.one("SELECT \(1), \("a")", as: Int.self, String.self)
            try require(found == (1, "a"), "(1, a)", found: "\(found)")
        },
        check("one of no row is noRow") { tx in
            try requireErrorInside(.noRow) { _ = try tx.one(nothing, as: Int.self) }
        },
        ConformanceCheck(.rows, "one of several rows is severalRows") { trial in
            try await requireError(.severalRows) {
                _ = try await trial.storage.read { tx in try tx.one(numbers, as: Int.self) }
            }
        },
        check("a missing row does not spoil the transaction") { tx in
            try requireErrorInside(.noRow) { _ = try tx.one(nothing, as: Int.self) }
            try requireEqual(try tx.one("SELECT 5", as: Int.self), 5)
        },
        check("first returns the first row") { tx in
            try requireEqual(try tx.first(numbers, as: Int.self), 1)
        },
        check("first of no row is nil") { tx in try requireEqual(try tx.first(nothing, as: Int.self), nil) },
        check("rows returns all rows in order") { tx in
            try requireEqual(try tx.rows(numbers, as: Int.self), [1, 2, 3])
        },
        check("rows of no row is empty") { tx in try requireEqual(try tx.rows(nothing, as: Int.self), []) },
        check("rows holds a hundred thousand rows") { tx in
            let found = try tx.rows(counting(to: 100_000), as: Int.self)
            try requireEqual(found.count, 100_000)
            try requireEqual(found.last, 100_000)
        },
        check("forEach sees all rows in order") { tx in
            var found: [Int] = []
            try tx.forEach(numbers, as: Int.self) { found.append($0) }
            try requireEqual(found, [1, 2, 3])
        },
        check("forEachRow knows names and NULLs of the columns") { tx in
            try tx.forEachRow("SELECT 1 AS first, NULL AS second") { row in
                try requireEqual(row.columnCount, 2)
                try requireEqual(row.columnName(at: 0), "first")
                try requireEqual(row.columnName(at: 1), "second")
                try requireEqual(try row.isNull(at: 0), false)
                try requireEqual(try row.isNull(at: 1), true)
            }
        },
        check("forEachRow stops when it is told to") { tx in
            var count = 0
            try tx.forEachRow(counting(to: 10_000)) { _ -> Bool in
                count += 1
                return count < 5
            }
            try requireEqual(count, 5)
            try requireEqual(try tx.one("SELECT 6", as: Int.self), 6)
        },
        check("an error of the application stops the rows and passes unchanged") { tx in
            var count = 0
            do {
                try tx.forEach(numbers, as: Int.self) { number in
                    count += 1
                    if number == 2 { throw ApplicationError(number: 2) }
                }
                throw Unexpected(expected: "the application's error", found: "no error")
            } catch let error as ApplicationError {
                try requireEqual(error, ApplicationError(number: 2))
            }
            try requireEqual(count, 2)
            try requireEqual(try tx.rows(numbers, as: Int.self), [1, 2, 3])
        },
        check("a column may be read twice and in any order") { tx in
            try tx.forEachRow("SELECT \("a"), \(2)") { row in
                try requireEqual(try row.int64(at: 1), 2)
                try requireEqual(try row.string(at: 0), "a")
                try requireEqual(try row.int64(at: 1), 2)
            }
        },
        check("integers count as floating-point numbers") { tx in
            try requireEqual(try tx.one("SELECT \(3)", as: Double.self), 3)
        },
    ]

    private static let nesting: [ConformanceCheck] = [
        check("a query may run inside of another's rows") { tx in
            var found: [Int] = []
            try tx.forEach(numbers, as: Int.self) { outer in
                try tx.forEach(numbers, as: Int.self) { inner in found.append(outer * 10 + inner) }
            }
            try requireEqual(found, [11, 12, 13, 21, 22, 23, 31, 32, 33])
        },
        check("three queries may be nested, the same text in each") { tx in
            var count = 0
            try tx.forEach(numbers, as: Int.self) { _ in
                try tx.forEach(numbers, as: Int.self) { _ in
                    count += try tx.rows(numbers, as: Int.self).count
                }
            }
            try requireEqual(count, 27)
        },
        ConformanceCheck(.rows, "a statement may write inside of a query's rows") { trial in
            try await trial.schema("CREATE TABLE a (n bigint); CREATE TABLE b (n bigint)")
            try await trial.storage.write { tx in
                try tx.bulkInsert(into: "a", columns: ["n"], rows: 1...200)
                try tx.forEach("SELECT n FROM a ORDER BY n", as: Int.self) { n in
                    try tx.execute("INSERT INTO b VALUES (\(n * 2))")
                }
                try requireEqual(try tx.one("SELECT sum(n) FROM b", as: Int.self), 40_200)
            }
        },
        ConformanceCheck(.rows, "a savepoint may be rolled back inside of a query's rows") { trial in
            try await trial.schema("CREATE TABLE a (n bigint); CREATE TABLE b (n bigint)")
            try await trial.storage.write { tx in
                try tx.bulkInsert(into: "a", columns: ["n"], rows: 1...3)
                try tx.forEach("SELECT n FROM a ORDER BY n", as: Int.self) { n in
                    do {
                        try tx.savepoint {
                            try tx.execute("INSERT INTO b VALUES (\(n))")
                            if n == 2 { throw ApplicationError(number: n) }
                        }
                    } catch is ApplicationError {}
                }
                try requireEqual(try tx.rows("SELECT n FROM b ORDER BY n", as: Int.self), [1, 3])
            }
        },
    ]

    private static let mismatches: [ConformanceCheck] = [
        mismatch("text read as an integer", "SELECT \("12")", Int.self),
        mismatch("text read as a real", "SELECT \("1.5")", Double.self),
        mismatch("text read as a truth value", "SELECT \("true")", Bool.self),
        mismatch("text read as bytes", "SELECT \("abc")", [UInt8].self),
        mismatch("an integer read as text", "SELECT \(12)", String.self),
        mismatch("an integer read as bytes", "SELECT \(12)", [UInt8].self),
        mismatch("an integer read as a date", "SELECT \(12)", Date.self),
        mismatch("an integer read as a UUID", "SELECT \(12)", UUID.self),
        mismatch("the integer 2 read as a truth value", "SELECT \(2)", Bool.self),
        mismatch("a real read as an integer", "SELECT \(1.5)", Int.self),
        mismatch("a real read as a decimal", "SELECT \(1.5)", Decimal.self),
        mismatch("a real read as text", "SELECT \(1.5)", String.self),
        mismatch("bytes read as text", "SELECT \([97, 98] as [UInt8])", String.self),
        mismatch("bytes read as an integer", "SELECT \([49] as [UInt8])", Int.self),
        mismatch("NULL read as an integer", "SELECT NULL", Int.self),
        mismatch("text that is no date read as one", "SELECT \("yesterday")", Date.self),
        mismatch("text that is no UUID read as one", "SELECT \("1234")", UUID.self),
        mismatch("text that is no number read as a decimal", "SELECT \("ten")", Decimal.self),
        ConformanceCheck(.rows, "fewer columns than types is a type error") { trial in
            try await requireError(.type) {
                _ = try await trial.storage.read { tx in try tx.one("SELECT \(1)", as: Int.self, Int.self) }
            }
        },
        ConformanceCheck(.rows, "more columns than types is a type error") { trial in
            try await requireError(.type) {
                _ = try await trial.storage.read { tx in try tx.one("SELECT \(1), \(2)", as: Int.self) }
            }
        },
        ConformanceCheck(.rows, "a column beyond the last is an error and not a crash") { trial in
            for index in [-1, 2, Int.max] {
                try await requireError(.type, .misuse) {
                    try await trial.storage.read { tx in
                        try tx.forEachRow("SELECT \(1), \(2)") { row in _ = try row.int64(at: index) }
                    }
                }
            }
        },
    ]

    private static func mismatch<Value: SQLDecodable>(
        _ title: String, _ query: SQL, _ type: Value.Type
    ) -> ConformanceCheck {
        ConformanceCheck(.rows, "\(title) is a type error") { trial in
            try await requireError(.type) {
                _ = try await trial.storage.read { tx in try tx.one(query, as: type) }
            }
            try requireEqual(try await trial.integer("SELECT 1"), 1, "afterwards")
        }
    }
}

/// The numbers from 1 to `last`, in both dialects.
func counting(to last: Int) -> SQL {
    """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(unsafe: "\(last)"))
    SELECT n FROM numbers
    """
}
