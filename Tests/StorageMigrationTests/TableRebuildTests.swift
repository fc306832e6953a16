import Foundation
import TestSupport
import Testing

@testable import OutgrowStorage

@Suite("Rebuilding a table of SQLite")
struct TableRebuildTests {
    private static let schema: SQL = """
        CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT);
        CREATE TABLE person (
          id INTEGER PRIMARY KEY AUTOINCREMENT, team INTEGER REFERENCES team (id), name TEXT, age TEXT,
          boss INTEGER REFERENCES person (id));
        CREATE TABLE pet (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE);
        CREATE TABLE journal (what TEXT);
        CREATE INDEX person_name ON person (name COLLATE NOCASE) WHERE name IS NOT NULL;
        CREATE UNIQUE INDEX person_age ON person (age, id);
        CREATE VIEW adult AS SELECT id, name FROM person WHERE age >= '18';
        CREATE VIEW adult_count AS SELECT count(*) AS n FROM adult;
        CREATE VIEW hopeless AS SELECT * FROM gone;
        CREATE TRIGGER person_added AFTER INSERT ON person BEGIN INSERT INTO journal VALUES ('added ' || new.name); END;
        CREATE TRIGGER pet_added AFTER INSERT ON pet BEGIN
          INSERT INTO journal SELECT 'pet of ' || name FROM person WHERE id = new.owner; END;
        CREATE TRIGGER adult_added INSTEAD OF INSERT ON adult BEGIN
          INSERT INTO person (name, age) VALUES (new.name, '18'); END;
        INSERT INTO team VALUES (1, 'a');
        INSERT INTO person (team, name, age, boss) VALUES (1, 'Ada', '36', NULL), (1, 'Bob', '7', 1), (NULL, 'Cid', '40', 1);
        DELETE FROM person WHERE id = 3;
        INSERT INTO pet VALUES (1, 1), (2, 2);
        DELETE FROM journal;
        """

    private static let definition: SQL = """
        CREATE TABLE person (
          id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, age INTEGER CHECK (age >= 0),
          team INTEGER REFERENCES team (id) ON DELETE SET NULL, boss INTEGER REFERENCES person (id)) STRICT
        """

    private static func database(_ schema: SQL = schema) async throws -> SQLiteStorage {
        let storage = try await SQLiteStorage.inMemory()
        try await storage.write { tx in try tx.executeScript(schema) }
        return storage
    }

    private static func texts(_ query: SQL, _ storage: SQLiteStorage) async throws -> [String] {
        try await storage.read { tx in try tx.rows(query, as: String.self) }
    }

    /// Everything: the schema, and each row of each table in SQL.
    private static func dump(_ storage: SQLiteStorage) async throws -> [String] {
        try await storage.read { tx in
            var lines = try tx.rows(
                "SELECT type || name || coalesce(sql, '') FROM sqlite_schema ORDER BY 1", as: String.self)
            for table in try tx.rows(
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1", as: String.self)
            {
                let columns = try tx.rows("SELECT name FROM pragma_table_xinfo(\(table))", as: String.self)
                let list = columns.map { "quote(\(SQL.quoted($0)))" }.joined(separator: " || ',' || ")
                lines += try tx.rows(
                    "SELECT \(unsafe: list) FROM \(identifier: table) ORDER BY 1", as: String.self)
            }
            return lines
        }
    }

    @Test func `keeps rows, keys, indexes, triggers, views and the sequence`() async throws {
        let storage = try await Self.database()
        try await SQLiteTableRebuild("person", definition: Self.definition).run(on: storage)
        #expect(
            try await Self.texts(
                "SELECT quote(id) || quote(team) || quote(name) || quote(age) || quote(boss) FROM person",
                storage)
                == ["11'Ada'36NULL", "21'Bob'71"])
        #expect(
            try await Self.texts(
                "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY 1", storage)
                == [
                    "adult", "adult_added", "adult_count", "hopeless", "journal", "person", "person_added",
                    "person_age", "person_name", "pet", "pet_added", "team",
                ])
        #expect(try await Self.texts("SELECT count(*) || '' FROM pet", storage) == ["2"])
        #expect(try await Self.texts("SELECT n || '' FROM adult_count", storage) == ["1"])
        try await storage.write { tx in
            #expect(try tx.one("PRAGMA foreign_keys", as: Int64.self) == 1)
            try tx.execute("INSERT INTO adult (name) VALUES ('Dan')")
            try tx.execute("INSERT INTO pet VALUES (3, 4)")
            #expect(try tx.rows("SELECT what FROM journal", as: String.self) == ["added Dan", "pet of Dan"])
            #expect(try tx.one("SELECT max(id) FROM person", as: Int64.self) == 4)
            #expect(try tx.one("SELECT count(*) FROM sqlite_sequence", as: Int64.self) == 1)
        }
        let error = await #expect(throws: StorageError.self) {
            try await storage.write { tx in try tx.execute("INSERT INTO pet VALUES (9, 999)") }
        }
        #expect(error?.kind == .foreignKey)
        let kept = try await Self.texts("SELECT sql FROM sqlite_schema WHERE name = 'pet'", storage)
        #expect(kept.first?.contains("REFERENCES person (id)") == true)
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var rebuild: SQLiteTableRebuild
        var code: SchemaProblem.Code?
        var kind: StorageError.Kind = .migration
    }

    static let failures = [
        Failure(
            testDescription: "a row does not fit",
            rebuild: SQLiteTableRebuild(
                "person",
                definition:
                    "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, age INTEGER CHECK (age > 10))"),
            kind: .check),
        Failure(
            testDescription: "a view loses a column",
            rebuild: SQLiteTableRebuild(
                "person", definition: "CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT, age2 TEXT)",
                copying: ["age2": "age"]),
            kind: .statement),
        Failure(
            testDescription: "a trigger loses a column",
            rebuild: SQLiteTableRebuild(
                "journal", definition: "CREATE TABLE journal (other TEXT, one TEXT)",
                copying: ["other": "what"]),
            code: .rebuild),
        Failure(
            testDescription: "a key that others name is gone",
            rebuild: SQLiteTableRebuild("team", definition: "CREATE TABLE team (id INTEGER, name TEXT)"),
            code: .foreignKeys),
        Failure(
            testDescription: "rows that others name are gone",
            rebuild: SQLiteTableRebuild(
                "team", definition: "CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT)",
                copying: ["id": "id + 1"]),
            code: .foreignKeys),
        Failure(
            testDescription: "rows would be dropped",
            rebuild: SQLiteTableRebuild(
                "pet",
                definition:
                    "CREATE TABLE pet (id INTEGER PRIMARY KEY, owner INTEGER, x TEXT UNIQUE ON CONFLICT IGNORE)",
                copying: ["x": "1"]),
            code: .rebuild),
        Failure(
            testDescription: "no such table",
            rebuild: SQLiteTableRebuild("nothing", definition: "CREATE TABLE nothing (x)"), code: .rebuild),
        Failure(
            testDescription: "no such column",
            rebuild: SQLiteTableRebuild(
                "team", definition: "CREATE TABLE team (id INTEGER PRIMARY KEY)", copying: ["nome": "name"]),
            code: .rebuild),
        Failure(
            testDescription: "nothing in common",
            rebuild: SQLiteTableRebuild("team", definition: "CREATE TABLE team (other INTEGER PRIMARY KEY)"),
            code: .rebuild),
        Failure(
            testDescription: "another table",
            rebuild: SQLiteTableRebuild("team", definition: "CREATE TABLE tame (id)"), code: .rebuild),
    ]

    @Test(arguments: failures)
    func `that fails changes nothing`(_ failure: Failure) async throws {
        let storage = try await Self.database()
        let before = try await Self.dump(storage)
        let error = await #expect(throws: StorageError.self) { try await failure.rebuild.run(on: storage) }
        if let code = failure.code {
            #expect(error?.codes == [code], "\(String(describing: error))")
        } else {
            #expect(error?.kind == failure.kind, "\(String(describing: error))")
        }
        #expect(try await Self.dump(storage) == before)
        let isOn = try await storage.write { tx in try tx.one("PRAGMA foreign_keys", as: Int64.self) }
        #expect(isOn == 1)
    }

    @Test func `is refused where foreign keys are on`() async throws {
        let storage = try await Self.database()
        let error = await #expect(throws: StorageError.self) {
            try await storage.write { tx in
                try SQLiteTableRebuild("person", definition: Self.definition).apply(in: tx)
            }
        }
        #expect(error?.kind == .misuse)
        #expect(try await Self.texts("SELECT count(*) || '' FROM pet", storage) == ["2"])
    }

    @Test func `leaves keys alone that were broken before`() async throws {
        let storage = try await Self.database()
        var options = TransactionOptions.write
        options.ignoresForeignKeys = true
        _ = try await storage.transaction(options) { tx in try tx.execute("INSERT INTO pet VALUES (7, 777)") }
        try await SQLiteTableRebuild("person", definition: Self.definition).run(on: storage)
        #expect(try await Self.texts("SELECT count(*) || '' FROM pet", storage) == ["3"])
    }

    @Test func `works as a directive of a migration and as a step`() async throws {
        let storage = try await Self.database()
        let text = """
            DROP VIEW adult_count;
            -- +rebuild "person"
            -- +copy name = upper(name)
            CREATE TABLE IF NOT EXISTS main."person" (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, age TEXT);
            CREATE VIEW adult_count AS SELECT 1 AS n;
            -- +rebuild team
            CREATE TABLE team (name TEXT, id INTEGER PRIMARY KEY);
            """
        let migrations = try SchemaMigrations([
            SchemaMigration(version: 1, name: "a", up: [.sql(SQL(unsafe: text), on: .sqlite)]),
            SchemaMigration(
                version: 2, name: "b",
                up: [.rebuild(SQLiteTableRebuild("pet", definition: "CREATE TABLE pet (id, owner INTEGER)"))]),
        ])
        #expect(try await migrations.up(on: storage).map(\.version) == [1, 2])
        #expect(try await Self.texts("SELECT name FROM person ORDER BY id", storage) == ["ADA", "BOB"])
        #expect(try await migrations.status(on: storage).isUpToDate)
    }

    /// Whatever the rows and the keys: what is in the table before is in it after.
    @Test func `keeps every value of every table`() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix64(seed: seed)
        for round in 0..<60 {
            let keys = [
                "", "INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT", "INTEGER PRIMARY KEY DESC",
                "INT PRIMARY KEY",
            ]
            let key = keys.randomElement(using: &random) ?? ""
            let isAny = Bool.random(using: &random)
            let options = key.hasPrefix("INT PRIMARY") && Bool.random(using: &random) ? " WITHOUT ROWID" : ""
            let names = ["b", "\"c d\"", "rowid", "e\u{e9}", "\"gr\"\"x\""].filter { _ in
                Bool.random(using: &random)
            }
            func definition(_ columns: [String]) -> SQL {
                let list = ["k \(key)"] + columns.map { "\($0) \(isAny ? "" : "BLOB")" } + ["g AS (k || 'x')"]
                return SQL(unsafe: "CREATE TABLE t (\(list.joined(separator: ", ")))\(options)")
            }
            let storage = try await SQLiteStorage.inMemory()
            let columns = names
            let original = definition(columns)
            let count = Int.random(in: 0...30, using: &random)
            let values = (0..<count).map { index in
                (["\(index * 3 - 20)"] + columns.map { _ in Self.value(&random) }).joined(separator: ", ")
            }
            try await storage.write { tx in
                try tx.execute(original)
                let list = (["k"] + columns).joined(separator: ", ")
                for row in values { try tx.execute(SQL(unsafe: "INSERT INTO t (\(list)) VALUES (\(row))")) }
                if count > 2 { try tx.execute("DELETE FROM t WHERE k = \(Int64(-17))") }
            }
            let rowID = options.isEmpty && !columns.contains("rowid") ? ["rowid"] : []
            let all = (["k", "g"] + columns + rowID).map { "quote(\($0)) || typeof(\($0))" }
            let query = SQL(unsafe: "SELECT \(all.joined(separator: " || ',' || ")) FROM t ORDER BY k")
            let before = try await Self.texts(query, storage)
            let shuffled = definition(columns.shuffled(using: &random))
            try await SQLiteTableRebuild("t", definition: shuffled).run(on: storage)
            #expect(
                try await Self.texts(query, storage) == before, "seed \(seed), round \(round), \(shuffled)")
            await storage.shutdown()
        }
    }

    private static func value(_ random: inout SplitMix64) -> String {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: "NULL"
        case 1:
            "\(Int64.random(in: .min ... .max, using: &random))".replacing("-9223372036854775808", with: "0")
        case 2: "\(Double.random(in: -1e300...1e300, using: &random))"
        case 3: "'it''s \(Int.random(in: 0...99, using: &random))'"
        case 4: "x'00ff\(Int.random(in: 10...99, using: &random))'"
        default: "'\(Int.random(in: 0...99, using: &random))'"
        }
    }
}
