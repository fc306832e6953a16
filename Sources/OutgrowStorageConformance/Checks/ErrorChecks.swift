internal import OutgrowStorage

/// One failure, one kind, on every backend; and no value of the application in any text.
enum ErrorChecks {
    static let all: [ConformanceCheck] = kinds + details + secrets + afterwards

    private static let int: SQL = "\(sqlite: "integer", postgres: "bigint")"

    private static let schema: SQL = """
        CREATE TABLE city (id \(int) PRIMARY KEY, name text NOT NULL, zip text)\(strict);
        CREATE UNIQUE INDEX city_zip ON city (zip);
        CREATE TABLE person (
            id \(int) PRIMARY KEY,
            email text CONSTRAINT person_email UNIQUE,
            age \(int) CONSTRAINT age_is_human CHECK (age BETWEEN 0 AND 150),
            first text, last text,
            city \(int) REFERENCES city (id),
            birthplace \(int) REFERENCES city (id) DEFERRABLE INITIALLY DEFERRED,
            UNIQUE (first, last)
        )\(strict);
        INSERT INTO city VALUES (1, 'Berlin', '10115');
        INSERT INTO person (id, email, first, last, city) VALUES (1, 'ada@example.org', 'Ada', 'Lovelace', 1)
        """

    /// Else SQLite stores a text in a column of integers.
    private static let strict: SQL = "\(sqlite: " STRICT", postgres: "")"

    private static let kinds: [ConformanceCheck] = [
        fails("a primary key that is there", .unique, "INSERT INTO person (id) VALUES (1)"),
        fails(
            "a unique value that is there", .unique,
            "INSERT INTO person (id, email) VALUES (2, \("ada@example.org"))"),
        fails(
            "a unique pair that is there", .unique,
            "INSERT INTO person (id, first, last) VALUES (2, \("Ada"), \("Lovelace"))"),
        fails(
            "an UPDATE to a unique value that is there", .unique,
            "UPDATE city SET zip = '10115' WHERE id = 2",
            after: "INSERT INTO city VALUES (2, 'Bonn', '53111')"),
        fails("a foreign key to no row", .foreignKey, "INSERT INTO person (id, city) VALUES (2, 99)"),
        fails("a row deleted that others refer to", .foreignKey, "DELETE FROM city WHERE id = 1"),
        fails("a key changed that others refer to", .foreignKey, "UPDATE city SET id = 5 WHERE id = 1"),
        fails(
            "a deferred foreign key to no row, at the commit", .foreignKey,
            "INSERT INTO person (id, birthplace) VALUES (2, 99)"),
        fails("a value that a CHECK refuses", .check, "INSERT INTO person (id, age) VALUES (2, \(200))"),
        fails("an UPDATE that a CHECK refuses", .check, "UPDATE person SET age = \(-1)"),
        fails("NULL where none may be", .notNull, "INSERT INTO city (id) VALUES (2)"),
        fails("an UPDATE to NULL where none may be", .notNull, "UPDATE city SET name = \(String?.none)"),
        fails("a text for a column of integers", .type, "INSERT INTO person (id, age) VALUES (2, \("many"))"),
        fails("a misspelled word", .statement, "SELEKT 1"),
        fails("a statement that ends early", .statement, "SELECT * FROM"),
        fails("a parenthesis too many", .statement, "SELECT (1))"),
        fails("a text without its end", .statement, "SELECT 'abc"),
        fails("a missing table", .statement, "SELECT * FROM nowhere"),
        fails("a missing column", .statement, "SELECT nothing FROM city"),
        fails("a missing function", .statement, "SELECT no_such_function(1)"),
        fails("a column that is there twice", .statement, "CREATE TABLE t (a bigint, a bigint)"),
        fails("a table that is there already", .statement, "CREATE TABLE city (id bigint)"),
        fails("fewer values than columns", .statement, "INSERT INTO city (id, name) VALUES (2)"),
    ]

    private static func fails(
        _ title: String, _ kind: StorageError.Kind, _ statement: SQL, after preparation: SQL? = nil
    ) -> ConformanceCheck {
        ConformanceCheck(.errors, "\(title) is an error of kind \(kind)") { trial in
            try await trial.schema(schema)
            if let preparation { try await trial.execute(preparation) }
            let before = try await trial.contents()
            let error = try await requireError(kind) {
                try await trial.execute(statement)
            }
            try require(!error.summary.isEmpty && !error.remedy.isEmpty, "a sentence and a remedy")
            try require(!error.isRetryable, "that a repetition is not worth a try")
            try requireEqual(try await trial.contents(), before, "the rows afterwards")
        }
    }

    private static let details: [ConformanceCheck] = [
        ConformanceCheck(.errors, "a unique violation names the table and the columns") { trial in
            try await trial.schema(schema)
            let error = try await requireError(.unique) {
                try await trial.execute("INSERT INTO person (id, email) VALUES (2, 'ada@example.org')")
            }
            try requireEqual(error.columns, ["email"], "the columns")
            try requireEqual(error.table, "person", "the table")
            let pair = try await requireError(.unique) {
                try await trial.execute("INSERT INTO person (id, first, last) VALUES (2, 'Ada', 'Lovelace')")
            }
            try requireEqual(pair.columns, ["first", "last"], "the columns of a pair")
        },
        ConformanceCheck(.errors, "a CHECK that has a name is named") { trial in
            try await trial.schema(schema)
            let error = try await requireError(.check) {
                try await trial.execute("INSERT INTO person (id, age) VALUES (2, 200)")
            }
            try requireEqual(error.constraint, "age_is_human")
        },
        ConformanceCheck(.errors, "NULL where none may be names the table and the column") { trial in
            try await trial.schema(schema)
            let error = try await requireError(.notNull) {
                try await trial.execute("INSERT INTO city (id) VALUES (2)")
            }
            try requireEqual(error.table, "city")
            try requireEqual(error.columns, ["name"])
        },
        ConformanceCheck(.errors, "an error has the engine's code and the statement's text") { trial in
            try await trial.schema(schema)
            let error = try await requireError(.unique) {
                try await trial.execute("INSERT INTO person (id) VALUES (\(1))")
            }
            switch trial.storage.dialect {
            case .sqlite: try requireEqual(error.sqliteCode, 1555)
            case .postgres: try requireEqual(error.sqlState, "23505")
            }
            try require(
                error.statement?.contains("INSERT INTO person") == true, "the statement",
                found: error.statement ?? "nil")
        },
    ]

    private static let secrets: [ConformanceCheck] = [
        keeps("a unique violation") {
            try $0.execute("INSERT INTO person (id, email) VALUES (3, \(secret))")
        },
        keeps("a pair that is there") {
            try $0.execute("INSERT INTO person (id, first, last) VALUES (3, \(secret), \(secret))")
        },
        keeps("a violated CHECK") {
            try $0.execute("INSERT INTO person (id, age, first) VALUES (3, 200, \(secret))")
        },
        keeps("a violated NOT NULL") {
            try $0.execute("INSERT INTO city (id, name, zip) VALUES (3, \(String?.none), \(secret))")
        },
        keeps("a violated foreign key") {
            try $0.execute("INSERT INTO person (id, first, city) VALUES (3, \(secret), 99)")
        },
        keeps("a value of a wrong type") {
            try $0.execute("INSERT INTO person (id, age) VALUES (3, \(secret))")
        },
        keeps("a bulkInsert") {
            try $0.bulkInsert(into: "person", columns: ["id", "email"], rows: [(3, "x"), (4, secret)])
        },
        keeps("a bulkInsert that a CHECK refuses") {
            try $0.bulkInsert(into: "person", columns: ["id", "first", "age"], rows: [(3, secret, 200)])
        },
        keeps("a batch") {
            _ = try $0.executeAll(["INSERT INTO person (id, email) VALUES (\(3), \(secret))"])
        },
        keeps("a statement for each row") {
            try $0.execute(
                "INSERT INTO person (id, email) VALUES (\(parameter: 1), \(parameter: 2))",
                forEach: [(3, secret)])
        },
        keeps("a syntax error") { try $0.execute("SELECT \(secret) FROM WHERE") },
        keeps("a missing column") { try $0.execute("SELECT nothing FROM person WHERE email = \(secret)") },
        keeps("a list") {
            _ = try $0.rows("SELECT nothing FROM person WHERE email IN \(list: [secret])", as: Int.self)
        },
        keeps("a value read as another type") { _ = try $0.one("SELECT \(secret)", as: Int.self) },
        keeps("a value that no engine can hold") {
            try $0.execute("INSERT INTO city VALUES (3, \(secret + "\0"), '')")
        },
    ]

    private static let secret = "s3cr3t-Value-4711"

    private static func keeps(
        _ title: String, _ body: @escaping @Sendable (Transaction) throws -> Void
    ) -> ConformanceCheck {
        ConformanceCheck(.errors, "no value shows in the error of \(title)") { trial in
            try await trial.schema(schema)
            try await trial.execute(
                "INSERT INTO person (id, email, first, last) VALUES (2, \(secret), \(secret), \(secret))")
            do {
                try await trial.storage.write(.write, body)
            } catch let error as StorageError {
                var all = ""
                dump(error, to: &all)
                for text in [error.description, String(reflecting: error), all] {
                    try require(!text.contains(secret) && !text.contains("4711"), "no value", found: text)
                }
                return
            }
            throw Unexpected(expected: "an error", found: "none")
        }
    }

    private static let afterwards: [ConformanceCheck] = [
        ConformanceCheck(.errors, "the storage works after twenty errors of every kind") { trial in
            try await trial.schema(schema)
            let statements: [SQL] = [
                "INSERT INTO person (id) VALUES (1)", "SELEKT 1", "INSERT INTO city (id) VALUES (2)",
                "INSERT INTO person (id, birthplace) VALUES (2, 99)",
            ]
            for number in 0..<20 {
                try await requireError(.unique, .statement, .notNull, .foreignKey) {
                    try await trial.execute(statements[number % statements.count])
                }
            }
            try await trial.execute("INSERT INTO city VALUES (2, 'Bonn', '53111')")
            try requireEqual(try await trial.contents(), [2, 1])
        }
    ]
}

extension Trial {
    fileprivate func contents() async throws -> [Int] {
        try await storage.read { tx in
            try ["SELECT count(*) FROM city", "SELECT count(*) FROM person"].map {
                try tx.one($0, as: Int.self)
            }
        }
    }
}
