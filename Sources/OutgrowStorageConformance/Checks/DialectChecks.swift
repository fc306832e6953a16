internal import OutgrowStorage

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Expressions that mean the same on every backend, whatever its dialect: plain SQL that both understand, and the
/// fragments of ``OutgrowStorage/SQL`` where they do not.
enum DialectChecks {
    static let all: [ConformanceCheck] = plain + text + dates + numbers + documents + orders + rows

    /// The value of an expression, in a query of its own.
    private static func gives<Value: SQLConvertible & Equatable>(
        _ title: String, _ expression: SQL, _ expected: Value
    ) -> ConformanceCheck {
        ConformanceCheck(.dialect, title) { trial in
            let found = try await trial.storage.read { tx in
                try tx.one("SELECT \(expression)", as: Value.self)
            }
            try requireEqual(found, expected)
        }
    }

    private static let plain: [ConformanceCheck] = [
        gives("integers are divided toward zero", "\(7) / \(2)", 3),
        gives("negative integers are divided toward zero", "\(-7) / \(2)", -3),
        gives("a remainder has the sign of what is divided", "\(-7) % \(2)", -1),
        gives("texts are joined", "\("a") || \("ä")", "aä"),
        gives("a text joined with NULL is NULL", "\("a") || \(String?.none)", String?.none),
        gives("length counts characters", "length(\("aä中"))", 3),
        gives("substr counts from one", "substr(\("abcdef"), 2, 3)", "bcd"),
        gives("upper and lower know ASCII", "upper(\("abc")) || lower(\("DEF"))", "ABCdef"),
        gives("replace replaces every place", "replace(\("banana"), \("an"), \("o"))", "booa"),
        gives("trim takes spaces off both ends", "trim(\("  a b "))", "a b"),
        gives("coalesce takes the first that is not NULL", "coalesce(\(Int?.none), \(5), \(6))", 5),
        gives("nullif makes NULL of what is equal", "nullif(\(3), \(3))", Int?.none),
        gives("a comparison is a truth value", "\(1) < \(2)", true),
        gives("a comparison with NULL is NULL", "\(1) < \(Int?.none)", Bool?.none),
        gives("TRUE and FALSE are truth values", "TRUE AND NOT FALSE", true),
        gives("a truth value is a condition", "CASE WHEN \(true) THEN \(1) ELSE \(2) END", 1),
        gives("abs and round", "abs(\(-5)) + cast(round(\(2.4)) AS bigint)", 7),
    ]

    private static let text: [ConformanceCheck] = [
        gives("like tells cases apart", SQL.like("\("Apple")", "a%"), false),
        gives("like takes a pattern", SQL.like("\("apple")", "a_p%"), true),
        gives(
            "like ignores the case where it is told to", SQL.like("\("Apple")", "a%", ignoringCase: true),
            true),
        gives("contains takes percent signs as they are", SQL.contains("\("100 %")", "0 %"), true),
        gives("contains tells cases apart", SQL.contains("\("Apple")", "APP"), false),
        gives(
            "contains ignores the case where it is told to",
            SQL.contains("\("Apple")", "APP", ignoringCase: true), true),
        gives("hasPrefix takes underscores as they are", SQL.hasPrefix("\("axb")", "a_"), false),
        gives("hasPrefix finds the beginning", SQL.hasPrefix("\("a_b")", "a_"), true),
        gives("position counts characters from one", SQL.position(of: "\("中")", in: "\("aä中b")"), 3),
        gives("the position of what is not there is 0", SQL.position(of: "\("x")", in: "\("abc")"), 0),
    ]

    private static let instant = Date(timeIntervalSince1970: 1_709_210_096.25)  // 2024-02-29T12:34:56.25Z

    private static let dates: [ConformanceCheck] = [
        gives(
            "seconds are added to a date", SQL.adding(seconds: "\(90)", to: "\(instant)"),
            instant.addingTimeInterval(90)),
        gives(
            "seconds are taken from a date, over midnight",
            SQL.adding(seconds: "\(-86_400)", to: "\(instant)"),
            instant.addingTimeInterval(-86_400)),
        gives(
            "days are added over the end of a month", SQL.adding(days: "\(1)", to: "\(instant)"),
            instant.addingTimeInterval(86_400)),
        gives(
            "the seconds between two dates",
            SQL.seconds(from: "\(instant)", to: "\(instant.addingTimeInterval(10.5))"), 10.5),
        gives(
            "the beginning of the day", SQL.start(of: .day, in: "\(instant)"),
            Date(timeIntervalSince1970: 1_709_164_800)),
        gives(
            "the beginning of the year", SQL.start(of: .year, in: "\(instant)"),
            Date(timeIntervalSince1970: 1_704_067_200)),
        gives("the day of a date", SQL.part(.day, of: "\(instant)"), 29),
        gives("the second of a date is whole", SQL.part(.second, of: "\(instant)"), 56),
        ConformanceCheck(.dialect, "now is a date of the present, and goes on in a transaction") { trial in
            let before = Date()
            let found = try await trial.storage.read { tx in
                [
                    try tx.one("SELECT \(SQL.now)", as: Date.self),
                    try tx.one("SELECT \(SQL.now)", as: Date.self),
                ]
            }
            try require(found[0] <= found[1], "an order", found: "\(found)")
            // The server's clock may be another machine's.
            try require(abs(found[0].timeIntervalSince(before)) < 3_600, "the present", found: "\(found)")
        },
    ]

    private static let numbers: [ConformanceCheck] = [
        gives("the greater of two", SQL.greatest("\(3)", "\(7)"), 7),
        gives("the lesser of two", SQL.least("\(3)", "\(7)"), 3),
        gives("the greater of one and NULL is NULL", SQL.greatest("\(3)", "\(Int?.none)"), Int?.none),
        ConformanceCheck(.dialect, "a random real lies between 0 and 1") { trial in
            let found = try await trial.storage.read { tx in
                try (0..<20).map { _ in try tx.one("SELECT \(SQL.randomReal)", as: Double.self) }
            }
            try require(found.allSatisfy { (0..<1).contains($0) }, "0 ..< 1", found: "\(found)")
            try require(Set(found).count > 1, "several numbers", found: "\(found)")
        },
        ConformanceCheck(.dialect, "a random integer lies in its range and reaches its ends") { trial in
            let found = try await trial.storage.read { tx in
                try (0..<200).map { _ in try tx.one("SELECT \(SQL.randomInteger(in: -1..<2))", as: Int.self) }
            }
            try requireEqual(Set(found), [-1, 0, 1])
        },
    ]

    private static let documents: [ConformanceCheck] = [
        member("a text of a JSON value", ["name"], "Ada"),
        member("an integer of a JSON value", ["born"], 1815),
        member("an element of a JSON array", ["tags", 1], "b"),
        member("a member of a member", ["deep", "er"], true),
        member("a missing member is NULL", ["none"], String?.none),
        member("a JSON null is NULL", ["nothing"], String?.none),
    ]

    private static func member<Value: SQLConvertible & Equatable>(
        _ title: String, _ steps: [JSONStep], _ expected: Value
    ) -> ConformanceCheck {
        ConformanceCheck(.dialect, title) { trial in
            try await trial.schema("CREATE TABLE sample (v \(SQL.columnType(.json)))")
            let value: JSON = [
                "name": "Ada", "born": 1815, "tags": ["a", "b"], "deep": ["er": true], "nothing": nil,
            ]
            try await trial.execute("INSERT INTO sample VALUES (\(value))")
            let expression: SQL =
                try steps.count == 1
                ? .json("v", steps[0], as: Value.sqlType) : .json("v", steps[0], steps[1], as: Value.sqlType)
            let found = try await trial.storage.read { tx in
                try tx.one("SELECT \(expression) FROM sample", as: Value.self)
            }
            try requireEqual(found, expected)
        }
    }

    private static let orders: [ConformanceCheck] = [
        ConformanceCheck(.dialect, "byteOrder orders texts by their bytes") { trial in
            let texts = ["Zebra", "apple", "a b", "ab", "Äpfel", "_", "10", "9", "é", "e"]
            let found = try await trial.sorted(texts, by: "\(SQL.byteOrder("v"))")
            let expected = texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            try requireEqual(found.compactMap(\.self), expected)
        },
        ConformanceCheck(.dialect, "NULLS FIRST and NULLS LAST say where NULLs stand") { trial in
            let first = try await trial.sorted(["b", nil, "a"], by: "v NULLS FIRST")
            try requireEqual(first, [nil, "a", "b"])
        },
        ConformanceCheck(.dialect, "NULLs are no duplicates of one another in a UNIQUE column") { trial in
            try await trial.schema("CREATE TABLE sample (v text UNIQUE)")
            for _ in 0..<3 { try await trial.execute("INSERT INTO sample VALUES (\(String?.none))") }
            try requireEqual(try await trial.integer("SELECT count(*) FROM sample"), 3)
        },
        ConformanceCheck(.dialect, "LIMIT and OFFSET cut a page out") { trial in
            let found = try await trial.storage.read { tx in
                try tx.rows("\(counting(to: 10)) ORDER BY n LIMIT \(3) OFFSET \(4)", as: Int.self)
            }
            try requireEqual(found, [5, 6, 7])
        },
    ]

    private static let rows: [ConformanceCheck] = [
        ConformanceCheck(.dialect, "insert and upsert make and change a row") { trial in
            try await trial.schema("CREATE TABLE person (id bigint PRIMARY KEY, name text, born bigint)")
            try await trial.execute(SQL.insert(into: "person", ["id": 1, "name": "Ada", "born": 1815]))
            try await trial.execute(SQL.upsert(into: "person", ["id": 1, "name": "Ada L."], key: ["id"]))
            try await trial.execute(SQL.upsert(into: "person", ["id": 2, "name": "Grace"], key: ["id"]))
            let found = try await trial.storage.read { tx in
                try tx.rows("SELECT name, born FROM person ORDER BY id", as: String.self, Int?.self).map {
                    "\($0)"
                }
            }
            try requireEqual(found, [#"("Ada L.", Optional(1815))"#, #"("Grace", nil)"#])
        },
        ConformanceCheck(.dialect, "a key that numbers itself ascends and is not given twice") { trial in
            try await trial.schema("CREATE TABLE person (id \(SQL.identityKey), name text)")
            let insert: SQL = "INSERT INTO person (name) VALUES (\("x")) RETURNING id"
            let keys = try await trial.storage.write { tx -> [Int] in
                let first = try tx.one(insert, as: Int.self)
                let second = try tx.one(insert, as: Int.self)
                try tx.execute("DELETE FROM person WHERE id = \(second)")
                return [first, second, try tx.one(insert, as: Int.self)]
            }
            try require(keys[0] < keys[1] && keys[1] < keys[2], "ascending keys", found: "\(keys)")
        },
        ConformanceCheck(.dialect, "forUpdate keeps others from writing until the end") { trial in
            try await trial.schema("CREATE TABLE counter (n bigint); INSERT INTO counter VALUES (0)")
            try await inParallel(8) { _ in
                try await trial.storage.write(.readCommitted) { tx in
                    let n = try tx.one("SELECT n FROM counter \(SQL.forUpdate)", as: Int.self)
                    try tx.execute("UPDATE counter SET n = \(n + 1)")
                }
            }
            try requireEqual(try await trial.integer("SELECT n FROM counter"), 8)
        },
    ]
}

extension Trial {
    fileprivate func sorted(_ values: [String?], by order: SQL) async throws -> [String?] {
        try await schema("CREATE TABLE sample (v text)")
        return try await storage.write { tx in
            try tx.bulkInsert(into: "sample", columns: ["v"], rows: values)
            return try tx.rows("SELECT v FROM sample ORDER BY \(order)", as: String?.self)
        }
    }
}
