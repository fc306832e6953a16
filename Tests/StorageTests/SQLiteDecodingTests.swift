import Foundation
import TestSupport
import Testing

@testable import OutgrowStorage

/// Strict reading: as what a value is stored as, or not at all.
@Suite struct SQLiteDecodingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var sql: String
        var read: @Sendable (borrowing Row) throws -> String
        /// Nil when it is refused.
        var wanted: String?
        var testDescription: String { "\(sql) gives \(wanted ?? "an error")" }

        init(_ sql: String, _ wanted: String?, _ read: @escaping @Sendable (borrowing Row) throws -> String) {
            (self.sql, self.wanted, self.read) = (sql, wanted, read)
        }

        static func of<T: SQLDecodable>(_ sql: String, _ type: T.Type, _ wanted: String?) -> Case {
            Case(sql, wanted) { row in "\(try T.decode(row, at: 0))" }
        }
    }

    static let cases: [Case] = [
        .of("9223372036854775807", Int64.self, "9223372036854775807"), .of("-1", Int.self, "-1"),
        .of("1.0", Int64.self, nil), .of("'1'", Int64.self, nil), .of("NULL", Int64.self, nil),
        .of("x'31'", Int64.self, nil),
        .of("1.5", Double.self, "1.5"), .of("3", Double.self, "3.0"), .of("'1.5'", Double.self, nil),
        .of("9e999", Double.self, "inf"), .of("NULL", Double.self, nil),
        .of("1", Bool.self, "true"), .of("0", Bool.self, "false"), .of("2", Bool.self, nil),
        .of("'true'", Bool.self, nil), .of("1.0", Bool.self, nil),
        .of("'ä€😀'", String.self, "ä€😀"), .of("''", String.self, ""), .of("1", String.self, nil),
        .of("x'41'", String.self, nil), .of("CAST(x'ff41' AS TEXT)", String.self, nil),
        .of("CAST(x'410042' AS TEXT)", String.self, "A\0B"), .of("NULL", String.self, nil),
        .of("x'00ff'", [UInt8].self, "[0, 255]"), .of("x''", [UInt8].self, "[]"),
        .of("'a'", [UInt8].self, nil),
        .of("'3F2504E0-4F89-41D3-9A0C-0305E82C3301'", UUID.self, "3F2504E0-4F89-41D3-9A0C-0305E82C3301"),
        .of("'3f2504e0-4f89-41d3-9a0c-0305e82c3301'", UUID.self, "3F2504E0-4F89-41D3-9A0C-0305E82C3301"),
        .of("x'3f2504e04f8941d39a0c0305e82c3301'", UUID.self, "3F2504E0-4F89-41D3-9A0C-0305E82C3301"),
        .of("x'3f25'", UUID.self, nil), .of("'no'", UUID.self, nil), .of("1", UUID.self, nil),
        .of("'1.10'", Decimal.self, "1.1"), .of("7", Decimal.self, "7"), .of("1.5", Decimal.self, nil),
        .of("'x'", Decimal.self, nil), .of("NULL", Decimal.self, nil),
        .of("'x'", Date.self, nil), .of("20260101", Date.self, nil), .of("NULL", Date.self, nil),
        .of("'[1'", JSON.self, nil), .of("1", JSON.self, nil),
        .of("NULL", String?.self, "nil"), .of("'a'", String?.self, "Optional(\"a\")"),
        .of("1", String?.self, nil),
        Case("1", nil) { row in "\(try row.int64(at: 1))" },
        Case("1", nil) { row in "\(try row.int64(at: -1))" },
        Case("1", nil) { row in "\(try row.isNull(at: 1))" },
        Case("1 AS a, 'b'", "2 a ") { row in
            "\(row.columnCount) \(row.columnName(at: 0)) \(row.columnName(at: 7))"
        },
    ]

    @Test(arguments: cases)
    func `a column is read strictly`(_ example: Case) async throws {
        let storage = try await SQLiteStorage.inMemory()
        let read = example.read
        let texts = Task {
            try await storage.read { tx in
                var found: [String] = []
                try tx.forEachRow("SELECT \(unsafe: example.sql)") { row in found.append(try read(row)) }
                return found
            }
        }
        guard let wanted = example.wanted else {
            let error = try await storageError { try await texts.value }
            #expect(error?.kind == .type || error?.kind == .misuse)
            return
        }
        #expect(try await texts.value == [wanted])
    }

    @Test(arguments: [
        ("2026-11-23", 1_795_392_000.0), ("2026-11-23T15:20:00Z", 1_795_447_200),
        ("2026-11-23 15:20:00.5", 1_795_447_200.5), ("2026-11-23T16:20:00+01:00", 1_795_447_200),
        ("2026-11-23 15:20", 1_795_447_200),
    ])
    func `the usual forms of a date are read`(_ text: String, _ seconds: Double) async throws {
        let storage = try await SQLiteStorage.inMemory()
        let date = try await storage.read { try $0.one("SELECT \(text)", as: Date.self) }
        #expect(date == Date(timeIntervalSince1970: seconds))
    }

    @Test func `what is bound comes back`() async throws {
        let storage = try await SQLiteStorage.inMemory()
        let long = String(repeating: "ß", count: 100_000)
        let uuid = UUID()
        let date = Date(timeIntervalSince1970: 1_700_000_000.123456)
        let decimal = try #require(Decimal(string: "12345678901234567890.12345"))
        let bytes = [UInt8](0...255)
        try await storage.read { tx in
            let first = try tx.one(
                "SELECT \(Int64.min), \(long), \(-0.0), \(true), \(bytes), \("" as String), \([] as [UInt8])",
                as: Int64.self, String.self, Double.self, Bool.self, [UInt8].self, String.self, [UInt8].self)
            #expect(
                first.0 == .min && first.1 == long && first.2.sign == .plus && first.3 && first.4 == bytes)
            #expect(first.5.isEmpty && first.6.isEmpty)
            let second = try tx.one(
                "SELECT \(uuid), \(date), \(decimal), \(nil as Int?), typeof(\(uuid)), typeof(\([] as [UInt8]))",
                as: UUID.self, Date.self, Decimal.self, Int?.self, String.self, String.self)
            #expect(second.0 == uuid && second.1 == date && second.2 == decimal && second.3 == nil)
            #expect(second.4 == "text" && second.5 == "blob")
        }
    }

    @Test func `what Postgres cannot hold is refused and the message holds no value`() async throws {
        let storage = try await SQLiteStorage.inMemory()
        let statements: [SQL] = [
            "SELECT \(Double.nan)", "SELECT \("secret\0")", "SELECT \(Date.distantFuture + 1e15)",
            "SELECT 1 WHERE 'a' IN \(list: ["secret\0"])", "SELECT \(Decimal.nan)",
        ]
        for statement in statements {
            let error = try await storageError { try await storage.read { try $0.execute(statement) } }
            #expect(error?.kind == .unsupportedValue, "\(statement)")
            #expect(error?.description.contains("secret") == false)
        }
    }

    @Test func `a value of the wrong class says what to do, and not what it is`() async throws {
        let storage = try await SQLiteStorage.inMemory()
        let error = try await storageError {
            try await storage.read { try $0.one("SELECT 1 AS a, 'secret' AS b", as: Int.self, Int.self) }
        }
        #expect(error?.columns == ["b"])
        #expect(error?.description.contains("secret") == false)
        let null = try await storageError {
            try await storage.read { try $0.one("SELECT NULL", as: Int.self) }
        }
        #expect(null?.remedy.contains("Optional") == true)
    }

    @Test func `a cached star query sees a new column`() async throws {
        let fixture = try await SQLiteFixture()
        try await fixture.insert(["a"])
        for wanted in 3...5 {
            let count = try await fixture.storage.read { tx in
                var count = 0
                try tx.forEachRow("SELECT * FROM item") { count = $0.columnCount }
                return count
            }
            #expect(count == wanted)
            try await fixture.storage.write {
                try $0.executeScript("ALTER TABLE item ADD COLUMN c\(unsafe: "\(wanted)")")
            }
        }
    }

    @Test func `a UTF-16 database is read and written`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("wide.db")
        try SQLiteShell.run(
            "PRAGMA encoding = 'UTF-16'; CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('ä😀');", on: path)
        let storage = try await SQLiteStorage.open(path: path)
        try await storage.write { _ = try $0.execute("INSERT INTO t VALUES (\("€"))") }
        #expect(try await storage.read { try $0.rows("SELECT a FROM t", as: String.self) } == ["ä😀", "€"])
        var streamed: [String] = []
        for try await text in storage.stream("SELECT a FROM t", as: String.self) { streamed.append(text) }
        #expect(streamed == ["ä😀", "€"])
    }
}
