import SQLiteClient
import TestSupport
import Testing

@testable import OutgrowStorage

@Suite struct SQLiteErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var statement: String
        var kind: StorageError.Kind
        var code: Int32
        var table: String?
        var columns: [String] = []
        var constraint: String?
        var testDescription: String { statement }
    }

    static let cases = [
        Case(
            statement: "INSERT INTO t (id, a, b, c) VALUES (9, 'secret', 'y', 1)", kind: .unique, code: 2067,
            table: "t", columns: ["a", "b"]),
        Case(
            statement: "INSERT INTO t (id, a, b, c) VALUES (1, 'secret', 'z', 1)", kind: .unique, code: 1555,
            table: "t", columns: ["id"]),
        Case(
            statement: "INSERT INTO t (a, b, c, d) VALUES ('q', 'secret', 1, 'SECRET')", kind: .unique,
            code: 2067,
            constraint: "lower_d"),
        Case(
            statement: "INSERT INTO t (a, b) VALUES ('secret', 'p')", kind: .notNull, code: 1299, table: "t",
            columns: ["c"]),
        Case(
            statement: "INSERT INTO t (a, b, c) VALUES ('secret', 'p', -1)", kind: .check, code: 275,
            constraint: "positive"),
        Case(
            statement: "INSERT INTO t (a, b, c) VALUES ('secret', 'p', 1000)", kind: .check, code: 275),
        Case(statement: "INSERT INTO child VALUES (99, 'secret')", kind: .foreignKey, code: 787),
        Case(
            statement: "INSERT INTO strict VALUES ('secret')", kind: .type, code: 3091, table: "strict",
            columns: ["n"]),
        Case(statement: "INSERT INTO t (id) VALUES ('secret')", kind: .type, code: 20),
        Case(statement: "SELECT * FROM missing", kind: .statement, code: 1),
        Case(statement: "SELEKT 1", kind: .statement, code: 1),
        Case(statement: "DELETE FROM guarded", kind: .check, code: 1811),
        Case(statement: "SELECT \"misspelled\" FROM t", kind: .statement, code: 1),
    ]

    @Test(arguments: cases)
    func `a failure has its kind, names and no values`(_ example: Case) async throws {
        let storage = try await SQLiteStorage.inMemory()
        try await storage.write {
            try $0.executeScript(
                """
                CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c INTEGER NOT NULL, d TEXT,
                    UNIQUE (a, b), CONSTRAINT positive CHECK (c > 0), CHECK (c < 100));
                CREATE UNIQUE INDEX lower_d ON t (lower(d));
                CREATE TABLE child (t INTEGER REFERENCES t (id), x TEXT);
                CREATE TABLE strict (n INTEGER) STRICT;
                CREATE TABLE guarded (x);
                INSERT INTO guarded VALUES (1);
                CREATE TRIGGER guard BEFORE DELETE ON guarded BEGIN SELECT RAISE(ABORT, 'kept'); END;
                INSERT INTO t (id, a, b, c, d) VALUES (1, 'secret', 'y', 1, 'secret');
                """)
        }
        let thrown = try await storageError {
            try await storage.write { try $0.execute("\(unsafe: example.statement)") }
        }
        let error = try #require(thrown)
        #expect(error.kind == example.kind)
        #expect(error.sqliteCode == example.code)
        #expect(error.table == example.table)
        #expect(error.columns == example.columns)
        #expect(error.constraint == example.constraint)
        #expect(error.statement == example.statement)
        #expect(!error.summary.isEmpty && !error.remedy.isEmpty)
        #expect(error.cause?.contains("secret") != true)
    }

    @Test(arguments: [
        (517, StorageError.Kind.serialization), (5, .busy), (261, .busy), (6, .busy), (262, .busy),
        (8, .readOnly),
        (264, .readOnly), (1288, .unavailable), (13, .full), (10, .io), (522, .io), (11, .corrupt),
        (779, .corrupt),
        (26, .corrupt), (14, .unavailable), (3, .permission), (9, .interrupted), (2579, .unique), (7, .full),
        (18, .unsupportedValue), (99, .other),
    ])
    func `a result code has its kind`(_ code: Int, _ kind: StorageError.Kind) {
        #expect(StorageError(SQLiteFailure(code: Int32(code), message: "")).kind == kind)
    }
}
