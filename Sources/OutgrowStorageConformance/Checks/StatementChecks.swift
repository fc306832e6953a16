internal import OutgrowStorage

/// What statements do, and which are refused.
enum StatementChecks {
    static let all: [ConformanceCheck] = counts + texts + upserts + refusals + scripts + batches

    private static let table: SQL = "CREATE TABLE item (id bigint PRIMARY KEY, name text, n bigint)"

    private static func check(
        _ name: String, _ body: @escaping @Sendable (Transaction) throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.statements, name) { trial in
            try await trial.schema(table)
            try await trial.storage.write { tx in
                try tx.execute("INSERT INTO item VALUES (1, 'one', 10), (2, 'two', 20), (3, 'three', 30)")
                try body(tx)
            }
        }
    }

    private static let counts: [ConformanceCheck] = [
        counted("an INSERT of two rows", "INSERT INTO item (id) VALUES (4), (5)", 2),
        counted("an INSERT of a query", "INSERT INTO item (id) SELECT id + 10 FROM item", 3),
        counted("an UPDATE of some rows", "UPDATE item SET n = 0 WHERE id <= 2", 2),
        counted("an UPDATE of no row", "UPDATE item SET n = 0 WHERE id = 99", 0),
        counted("an UPDATE that changes nothing", "UPDATE item SET n = n", 3),
        counted("a DELETE", "DELETE FROM item WHERE id = 1", 1),
        counted("a DELETE of all rows", "DELETE FROM item", 3),
        counted("an INSERT that does nothing", "INSERT INTO item (id) VALUES (1) ON CONFLICT DO NOTHING", 0),
        counted("an INSERT with RETURNING", "INSERT INTO item (id) VALUES (4), (5) RETURNING id", 2),
        counted("a SELECT", "SELECT id FROM item", 0),
        counted("a CREATE TABLE", "CREATE TABLE other (id bigint)", 0),
        counted("a DROP TABLE", "DROP TABLE item", 0),
    ]

    private static func counted(_ title: String, _ statement: SQL, _ expected: Int) -> ConformanceCheck {
        check("\(title) changes as many rows as execute says") { tx in
            try requireEqual(try tx.execute(statement), expected)
        }
    }

    private static let texts: [ConformanceCheck] =
        [
            check("a value never becomes a part of the statement") { tx in
                let name = "x'); DELETE FROM item; --"
                try tx.execute("INSERT INTO item (id, name) VALUES (4, \(name))")
                try requireEqual(
                    try tx.one("SELECT name FROM item WHERE name = \(name)", as: String.self), name)
                try requireEqual(try tx.one("SELECT count(*) FROM item", as: Int.self), 4)
            },
            check("the same value may stand twice") { tx in
                let found = try tx.rows(
                    "SELECT id FROM item WHERE id = \(2) OR n = \(30) OR id = \(2)", as: Int.self)
                try requireEqual(found.sorted(), [2, 3])
            },
            check("SQL inside of SQL keeps its values in order") { tx in
                let condition: SQL = "n BETWEEN \(15) AND \(25)"
                let inner: SQL = "SELECT id FROM item WHERE \(condition) AND name = \("two")"
                let found = try tx.one(
                    "SELECT \(1), id, \(3) FROM (\(inner)) AS t", as: Int.self, Int.self, Int.self)
                try require(found == (1, 2, 3), "(1, 2, 3)", found: "\(found)")
            },
            check("a statement may have a thousand values") { tx in
                var sum: SQL = "SELECT \(0)"
                for number in 1...999 { sum = "\(sum) + \(number)" }
                try requireEqual(try tx.one(sum, as: Int.self), 499_500)
            },
            check("a fragment for the dialect brings its own values") { tx in
                let found = try tx.one(
                    "SELECT \(1), \(sqlite: "\(2) + \(5)", postgres: "\(7) * \(1)"), \(3)",
                    as: Int.self, Int.self, Int.self)
                try require(found == (1, 7, 3), "(1, 7, 3)", found: "\(found)")
            },
            check("a semicolon at the end and a comment are no second statement") { tx in
                try requireEqual(try tx.one("SELECT 1; ", as: Int.self), 1)
                try requireEqual(try tx.one("-- first\nSELECT 2 /* two */; -- last", as: Int.self), 2)
                try requireEqual(try tx.execute("DELETE FROM item WHERE id = 3 ;\n"), 1)
            },
            check("placeholders in literals and comments are none") { tx in
                let found = try tx.one("SELECT '$1', /* $2 */ \(7) -- $3", as: String.self, Int.self)
                try require(found == ("$1", 7), "($1, 7)", found: "\(found)")
            },
            check("the same text with other values is another query") { tx in
                for id in [1, 2, 3, 1] {
                    try requireEqual(try tx.one("SELECT n FROM item WHERE id = \(id)", as: Int.self), id * 10)
                }
            },
            check("the same text with values of other types is compiled for them") { tx in
                try requireEqual(try tx.one("SELECT \(1)", as: Int.self), 1)
                try requireEqual(try tx.one("SELECT \("a")", as: String.self), "a")
                try requireEqual(try tx.one("SELECT \(true)", as: Bool.self), true)
                try requireEqual(try tx.one("SELECT \(Int?.none)", as: Int?.self), nil)
                try requireEqual(try tx.one("SELECT \(2.5)", as: Double.self), 2.5)
            },
            check("a statement is compiled again after its table has changed") { tx in
                try requireEqual(
                    try tx.rows("SELECT * FROM item WHERE id = 1", as: Int.self, String.self, Int.self).count,
                    1)
                try tx.execute("ALTER TABLE item ADD COLUMN extra text")
                let found = try tx.rows(
                    "SELECT * FROM item WHERE id = 1", as: Int.self, String.self, Int.self, String?.self)
                try requireEqual(found.count, 1)
            },
        ] + identifiers

    private static let identifiers: [ConformanceCheck] = [
        "plain", "With Space", "MixedCase", "select", "quo\"te", "\"", "semi;colon", "ünïcode", "a.b", "1st",
        "$1",
        "it's", "back\\slash", "[bracket]", "`tick`", "percent%s",
    ].map { name in
        ConformanceCheck(.statements, "an identifier may be any name: \(name)") { trial in
            try await trial.schema("CREATE TABLE \(identifier: name) (\(identifier: name) bigint)")
            try await trial.storage.write { tx in
                try tx.execute("INSERT INTO \(identifier: name) (\(identifier: name)) VALUES (\(1))")
                try tx.bulkInsert(into: name, columns: [name], rows: [2, 3])
                let found = try tx.rows(
                    "SELECT \(identifier: name) FROM \(identifier: name) ORDER BY 1", as: Int.self)
                try requireEqual(found, [1, 2, 3])
            }
        }
    }

    private static let upserts: [ConformanceCheck] = [
        check("an upsert replaces in place and returns the row") { tx in
            let found = try tx.one(
                """
                INSERT INTO item VALUES (2, \("zwei"), 1)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, n = item.n + excluded.n
                RETURNING id, name, n
                """, as: Int.self, String.self, Int.self)
            try require(found == (2, "zwei", 21), "(2, zwei, 21)", found: "\(found)")
            try requireEqual(try tx.one("SELECT count(*) FROM item", as: Int.self), 3)
        },
        check("an upsert counts one row, inserted or updated") { tx in
            for (id, name) in [(2, "zwei"), (4, "vier")] {
                let count = try tx.execute(
                    """
                    INSERT INTO item (id, name) VALUES (\(id), \(name))
                    ON CONFLICT (id) DO UPDATE SET name = excluded.name
                    """)
                try requireEqual(count, 1)
            }
        },
        check("an upsert that does nothing returns no row") { tx in
            let found = try tx.first(
                "INSERT INTO item (id) VALUES (1) ON CONFLICT (id) DO NOTHING RETURNING id", as: Int.self)
            try requireEqual(found, nil)
        },
        check("UPDATE and DELETE return the rows they change") { tx in
            let updated = try tx.rows("UPDATE item SET n = n + 1 WHERE id > 1 RETURNING n", as: Int.self)
            try requireEqual(updated.sorted(), [21, 31])
            try requireEqual(
                try tx.one("DELETE FROM item WHERE id = 1 RETURNING name", as: String.self), "one")
        },
        check("the first row of RETURNING is enough, and all rows are inserted") { tx in
            _ = try tx.first("INSERT INTO item (id) VALUES (7), (8), (9) RETURNING id", as: Int.self)
            try requireEqual(try tx.one("SELECT count(*) FROM item", as: Int.self), 6)
        },
        ConformanceCheck(.statements, "a generated key is returned") { trial in
            try await trial.schema(
                """
                CREATE TABLE person (\(sqlite: "id INTEGER PRIMARY KEY AUTOINCREMENT",
                postgres: "id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"), name text NOT NULL)
                """)
            let keys = try await trial.storage.write { tx in
                try ["Ada", "Grace"].map { name in
                    try tx.one("INSERT INTO person (name) VALUES (\(name)) RETURNING id", as: Int.self)
                }
            }
            try require(keys[0] < keys[1], "ascending keys", found: "\(keys)")
        },
    ]

    private static let refusals: [ConformanceCheck] = [
        refused(
            "two statements in one", "INSERT INTO item (id) VALUES (4); INSERT INTO item (id) VALUES (5)",
            .misuse),
        refused("a statement and half another", "DELETE FROM item; DELE", .misuse),
        refused("a placeholder without a value", SQL(unsafe: "INSERT INTO item (id) VALUES ($1)")),
        refused("more placeholders than values", "INSERT INTO item (id, n) VALUES (\(4), \(unsafe: "$2"))"),
    ]

    private static func refused(
        _ title: String, _ statement: SQL, _ kind: StorageError.Kind? = nil
    ) -> ConformanceCheck {
        ConformanceCheck(.statements, "execute refuses \(title)") { trial in
            try await trial.schema(table)
            try await trial.execute("INSERT INTO item (id) VALUES (1)")
            let error = try await requireError(.statement, .misuse) {
                _ = try await trial.storage.write { tx in try tx.execute(statement) }
            }
            if let kind { try requireEqual(error.kind, kind, "kind") }
            try requireEqual(try await trial.integer("SELECT count(*) FROM item"), 1, "rows")
        }
    }

    private static let scripts: [ConformanceCheck] = [
        ConformanceCheck(.statements, "a script runs all its statements") { trial in
            try await trial.schema(
                """
                CREATE TABLE a (v text); -- a semicolon; in a comment
                INSERT INTO a VALUES ('x;y');
                /* ; */
                CREATE TABLE b (v text);
                INSERT INTO b SELECT v FROM a
                """)
            let found = try await trial.storage.read { tx in try tx.one("SELECT v FROM b", as: String.self) }
            try requireEqual(found, "x;y")
        },
        ConformanceCheck(.statements, "an empty script does nothing") { trial in
            try await trial.schema("")
            try await trial.schema("  \n-- nothing\n;")
        },
        ConformanceCheck(.statements, "a script takes no values") { trial in
            try await requireError(.misuse) { try await trial.schema("SELECT \(1); SELECT 2") }
        },
        ConformanceCheck(.statements, "a script that fails leaves nothing behind") { trial in
            try await requireError(.statement) {
                try await trial.schema("CREATE TABLE a (v text); INSERT INTO nowhere VALUES (1)")
            }
            try await trial.schema("CREATE TABLE a (v text)")
        },
    ]

    private static let batches: [ConformanceCheck] = [
        check("executeAll runs statements in order and counts the rows of each") { tx in
            let counts = try tx.executeAll([
                "INSERT INTO item (id, n) VALUES (\(4), \(40))", "UPDATE item SET n = n + \(1)",
                "DELETE FROM item WHERE n > \(30)", "SELECT id FROM item",
                "DELETE FROM item WHERE id IN \(list: [1])",
            ])
            try requireEqual(counts, [1, 4, 2, 0, 1])
        },
        check("executeAll of nothing does nothing") { tx in try requireEqual(try tx.executeAll([]), []) },
        check("executeAll runs many statements") { tx in
            let counts = try tx.executeAll(
                (0..<500).map { "INSERT INTO item (id, name) VALUES (\(100 + $0), \("name \($0)"))" })
            try requireEqual(counts, Array(repeating: 1, count: 500))
            try requireEqual(try tx.one("SELECT count(*) FROM item", as: Int.self), 503)
        },
        check("executeAll fails with the error of the statement that failed") { tx in
            try requireErrorInside(.unique) {
                try tx.savepoint {
                    _ = try tx.executeAll([
                        "INSERT INTO item (id) VALUES (\(4))", "INSERT INTO item (id) VALUES (\(1))",
                        "INSERT INTO item (id) VALUES (\(5))",
                    ])
                }
            }
            try requireEqual(try tx.one("SELECT count(*) FROM item", as: Int.self), 3)
        },
        check("execute(_:forEach:) runs once for each row and counts what it changed") { tx in
            let count = try tx.execute(
                "UPDATE item SET n = \(parameter: 2), name = \(parameter: 3) WHERE id = \(parameter: 1)",
                forEach: [(1, 11, "uno"), (2, 22, "dos"), (99, 0, "none")])
            try requireEqual(count, 2)
            try requireEqual(try tx.rows("SELECT n FROM item ORDER BY id", as: Int.self), [11, 22, 30])
        },
        check("execute(_:forEach:) of no rows does nothing") { tx in
            let none: [(Int, Int)] = []
            let sql: SQL = "UPDATE item SET n = \(parameter: 2) WHERE id = \(parameter: 1)"
            try requireEqual(try tx.execute(sql, forEach: none), 0)
        },
        check("execute(_:forEach:) takes NULLs among values") { tx in
            try tx.execute(
                "UPDATE item SET name = \(parameter: 2) WHERE id = \(parameter: 1)",
                forEach: [(1, String?.none), (2, "two"), (3, nil)])
            try requireEqual(
                try tx.rows("SELECT name FROM item ORDER BY id", as: String?.self), [nil, "two", nil])
        },
        check("execute(_:forEach:) takes its values from the rows alone") { tx in
            try requireErrorInside(.misuse) {
                try tx.execute("UPDATE item SET n = \(1) WHERE id = \(parameter: 1)", forEach: [1, 2])
            }
        },
        check("execute(_:forEach:) refuses rows with too few values") { tx in
            try requireErrorInside(.statement, .misuse) {
                try tx.savepoint {
                    _ = try tx.execute(
                        "UPDATE item SET n = \(parameter: 2) WHERE id = \(parameter: 1)", forEach: [1, 2])
                }
            }
        },
        check("execute(_:forEach:) fails with the error of the row that failed") { tx in
            try requireErrorInside(.unique) {
                try tx.savepoint {
                    _ = try tx.execute(
                        "INSERT INTO item (id) VALUES (\(parameter: 1))", forEach: [4, 5, 1, 6])
                }
            }
            try requireEqual(try tx.one("SELECT count(*) FROM item", as: Int.self), 3)
        },
    ]
}
