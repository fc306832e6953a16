import Foundation
import TestSupport
import Testing

@testable import OutgrowStorage

@Suite("Types on Postgres", .timeLimit(.minutes(10)))
struct PostgresTypeTests {
    /// Reads one value as each Swift type that the library has.
    enum Reader: String, CaseIterable, Sendable {
        case int64, double, bool, string, bytes, date, uuid, decimal, json

        func text(_ row: borrowing Row) throws -> String {
            switch self {
            case .int64: "\(try row.int64(at: 0))"
            case .double: "\(try row.double(at: 0))"
            case .bool: "\(try row.bool(at: 0))"
            case .string: try row.string(at: 0)
            case .bytes: "\(try row.bytes(at: 0))"
            case .date: "\(try row.date(at: 0).timeIntervalSince1970)"
            case .uuid: try row.uuid(at: 0).uuidString
            case .decimal: "\(try row.decimal(at: 0))"
            case .json: try row.json(at: 0).text
            }
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var expression: String
        /// What the readers give that do not throw.
        var readings: [Reader: String]
        var testDescription: String { expression }

        init(_ expression: String, _ readings: [Reader: String]) {
            (self.expression, self.readings) = (expression, readings)
        }
    }

    static let id = "5B8D8B6E-1C9E-4C39-9D43-0C1E3E9F9A77"

    static let cases: [Case] = [
        Case("7::int2", [.int64: "7", .double: "7.0", .decimal: "7"]),
        Case("-7::int4", [.int64: "-7", .double: "-7.0", .decimal: "-7"]),
        Case("1::int8", [.int64: "1", .double: "1.0", .decimal: "1", .bool: "true"]),
        Case("0::int4", [.int64: "0", .double: "0.0", .decimal: "0", .bool: "false"]),
        Case(
            "9223372036854775807",
            [
                .int64: "9223372036854775807", .double: "9.223372036854776e+18",
                .decimal: "9223372036854775807",
            ]),
        Case(
            "sum(x) FROM (VALUES (3::bigint), (4)) v(x)",
            [.int64: "7", .double: "7.0", .decimal: "7", .string: "7"]),
        Case(
            "avg(x) FROM (VALUES (3::bigint), (4)) v(x)",
            [.double: "3.5", .decimal: "3.5", .string: "3.5000000000000000"]),
        Case(
            "123456789012345678901234.000012::numeric",
            [
                .double: "1.2345678901234569e+23", .decimal: "123456789012345678901234.000012",
                .string: "123456789012345678901234.000012",
            ]),
        Case("-0.00001::numeric", [.double: "-1e-05", .decimal: "-0.00001", .string: "-0.00001"]),
        Case("10000::numeric", [.int64: "10000", .double: "10000.0", .decimal: "10000", .string: "10000"]),
        Case("'NaN'::numeric", [.string: "NaN"]),
        Case(
            "repeat('9', 39)::numeric",
            [.double: "1e+39", .string: String(repeating: "9", count: 39)]),
        Case("1.5::float4", [.double: "1.5"]),
        Case("0.1::float8", [.double: "0.1"]),
        Case("'-Infinity'::float8", [.double: "-inf"]),
        Case("true", [.bool: "true"]),
        Case("'é'::text", [.string: "é"]),
        Case("'x'::varchar(3)", [.string: "x"]),
        Case("'x'::char(3)", [.string: "x  "]),
        Case("'x'::name", [.string: "x"]),
        Case("'glad'::mood", [.string: "glad"]),
        Case("'1.50'::text", [.string: "1.50", .decimal: "1.5", .json: "1.5"]),
        Case("'<a/>'::text", [.string: "<a/>"]),
        Case("'[1, 2]'::json", [.string: "[1, 2]", .json: "[1,2]"]),
        Case("'[1, 2]'::jsonb", [.string: "[1, 2]", .json: "[1,2]"]),
        Case("'\\x00ff'::bytea", [.bytes: "[0, 255]"]),
        Case("'\(id)'::uuid", [.uuid: id, .string: id.lowercased()]),
        Case("'\(id)'::text", [.uuid: id, .string: id]),
        Case(
            "'2023-11-14 22:13:20.25+00'::timestamptz",
            [.date: "1700000000.25", .string: "2023-11-14T22:13:20.250000Z"]),
        Case(
            "'2023-11-14 22:13:20'::timestamp",
            [.date: "1700000000.0", .string: "2023-11-14T22:13:20.000000Z"]),
        Case("'1969-12-31'::date", [.date: "-86400.0", .string: "1969-12-31T00:00:00.000000Z"]),
        Case("'infinity'::timestamptz", [:]),
        Case("'-infinity'::date", [:]),
        Case("'1 day'::interval", [:]),
        Case("ARRAY[1, 2]", [:]),
        Case("'127.0.0.1'::inet", [:]),
        Case("NULL::int8", [:]),
    ]

    @Test func `each type is read as what it holds, and as nothing else`() async throws {
        let (db, _) = try await postgresStorage(schema: "CREATE TYPE mood AS ENUM ('glad', 'sad')")
        for each in Self.cases {
            let readings = try await db.read { tx in
                var found: [Reader: String] = [:]
                for reader in Reader.allCases {
                    try tx.forEachRow("SELECT \(unsafe: each.expression)") { (row: borrowing Row) -> Void in
                        do {
                            found[reader] = try reader.text(row)
                        } catch let error as StorageError where error.kind == .type {}
                    }
                }
                return found
            }
            #expect(readings == each.readings, "\(each.expression)")
        }
        await db.shutdown()
    }

    @Test func `every value comes back equal`() async throws {
        let (db, _) = try await postgresStorage()
        let date = Date(timeIntervalSince1970: 1_700_000_000.123456)
        let id = UUID()
        let json: JSON = ["a": [1, "two", true]]
        let decimal = try #require(Decimal(string: "-12345678901234567890.000123"))
        let row = try await db.read { tx in
            try tx.one(
                """
                SELECT \(Int64.min), \(Double.pi), \(true), \("it's"), \([1, 0, 255] as [UInt8]), \(date), \(id),
                    \(decimal), \(json), \(Int?.none)
                """, as: Int64.self, Double.self, Bool.self, String.self, [UInt8].self, Date.self, UUID.self,
                Decimal.self, JSON.self, Int?.self)
        }
        #expect(row.0 == .min && row.1 == .pi && row.2 && row.3 == "it's" && row.4 == [1, 0, 255])
        #expect(row.5 == date && row.6 == id && row.7 == decimal && row.8 == json && row.9 == nil)
        await db.shutdown()
    }

    @Test func `values fit the columns that applications have`() async throws {
        let (db, _) = try await postgresStorage(
            schema: """
                CREATE TYPE mood AS ENUM ('glad', 'sad');
                CREATE TABLE t (a int2, b int4, c numeric(10, 2), d varchar(9), e mood, f inet, g timestamp, h date,
                    i json, j float4, k text)
                """)
        let date = Date(timeIntervalSince1970: 1_700_000_000)
        let json: JSON = [1]
        let awkward = "\\ \" {,}"
        let found = try await db.write { tx in
            try tx.execute(
                """
                INSERT INTO t VALUES (\(1), \(2), \(3.25), \("varchar"), \("glad"), \("127.0.0.1"), \(date), \(date),
                    \(json), \(1.5), \(Int?.none))
                """)
            return try tx.one(
                """
                SELECT count(*) FROM t WHERE a IN \(list: [1, 5]) AND b NOT IN \(list: [3]) AND e IN \(list: ["glad"])
                    AND d IN \(list: ["varchar", awkward]) AND c = \(Decimal(string: "3.25")) AND g IN \(list: [date])
                    AND b NOT IN \(list: [Int]()) AND c IN \(list: [Decimal(string: "3.25")!]) AND j IN \(list: [1.5])
                """, as: Int.self)
        }
        #expect(found == 1)
        let lists = try await db.read { tx in
            try tx.one(
                """
                SELECT \([9] as [UInt8]) IN \(list: [[9] as [UInt8], []]), \(true) IN \(list: [false]),
                    \(UUID()) IN \(list: [UUID()]), \(json) IN \(list: [json])
                """, as: Bool.self, Bool.self, Bool.self, Bool.self)
        }
        #expect(lists == (true, false, false, true))
        await db.shutdown()
    }

    /// A String may go into any type that reads text. What the server found is asked for once, after which a statement
    /// of texts alone goes out in another form: later rows must fare as the first.
    @Test(arguments: [
        ("text", "née 🌱"), ("varchar(6)", "née 🌱"), ("char(6)", "ab"), ("name", "ab"),
        ("jsonb", #"{"a": 1}"#),
        ("json", #"{"a":1}"#), ("date", "2026-11-30"), ("mood", "glad"), ("inet", "10.0.0.0/8"),
        ("short", "née"), ("numeric", "12.50"), ("xml", "<a/>"), ("text[]", "{a,b}"), ("bytea", #"\x6162"#),
        ("uuid", "5b8d8b6e-1c9e-4c39-9d43-0c1e3e9f9a77"),
    ])
    func `texts reach a column of any type, the first row and the thousandth`(_ type: String, _ text: String)
        async throws
    {
        let (db, _) = try await postgresStorage(
            schema: """
                CREATE TYPE mood AS ENUM ('glad', 'sad');
                CREATE DOMAIN short AS varchar(5) CHECK (VALUE <> 'no');
                CREATE TABLE t (id bigint, plain text, x \(type))
                """)
        let found = try await db.write { tx in
            try tx.execute(
                "INSERT INTO t VALUES (\(parameter: 1), \(parameter: 2), \(parameter: 3))",
                forEach: (0..<1000).map { ($0, "p\($0)", text) })
            for id in 1000..<1003 { try tx.execute("INSERT INTO t VALUES (\(id), \("p\(id)"), \(text))") }
            return try tx.one(
                "SELECT count(*), count(*) FILTER (WHERE plain = 'p' || id AND x::text = \(text)) FROM t",
                as: Int.self, Int.self)
        }
        #expect(found == (1003, 1003))
        await db.shutdown()
    }

    @Test func `a later row is refused as the first one would have been`() async throws {
        let (db, _) = try await postgresStorage(schema: "CREATE TABLE t (x varchar(5))")
        for (text, kind) in [("too long", StorageError.Kind.type), ("a\0b", .unsupportedValue)] {
            for index in [0, 999] {
                let texts = (0..<1000).map { $0 == index ? text : "ab" }
                let error = await #expect(throws: StorageError.self) {
                    try await db.write { tx in
                        _ = try tx.execute("INSERT INTO t VALUES (\(parameter: 1))", forEach: texts)
                    }
                }
                #expect(error?.kind == kind, "\(index): \(String(describing: error))")
            }
        }
        #expect(try await db.read { try $0.one("SELECT count(*) FROM t", as: Int.self) } == 0)
        await db.shutdown()
    }

    @Test func `what Postgres refuses has a kind, and no value in its text`() async throws {
        let (db, _) = try await postgresStorage(
            schema: "CREATE TABLE t (a int NOT NULL CHECK (a < 10), b varchar(2)); CREATE TABLE u (x text)")
        let cases: [(SQL, StorageError.Kind)] = [
            ("INSERT INTO t VALUES (\(99), 'a')", .check),
            ("INSERT INTO t VALUES (\(Int?.none), 'a')", .notNull),
            ("INSERT INTO t VALUES (1, \("s3cret"))", .type),
            ("INSERT INTO t VALUES (\("s3cret"), 'a')", .type),
            ("INSERT INTO t VALUES (\(1 << 40), 'a')", .type), ("SELEC", .statement),
            ("SELECT * FROM missing", .statement), ("SELECT repeat('x', \(3))", .statement),
            ("SELECT \("a\0b")", .unsupportedValue), ("SELECT \(Double.nan)", .unsupportedValue),
            ("SELECT \("x") IS NULL", .statement),
        ]
        for (statement, kind) in cases {
            let error = await #expect(throws: StorageError.self) {
                try await db.write { tx in _ = try tx.execute(statement) }
            }
            #expect(error?.kind == kind, "\(String(describing: error))")
            #expect(error.map { !"\($0)".contains("s3cret") } ?? false)
        }
        #expect(await db.statistics.open == 1)
        await db.shutdown()
    }

    @Test(arguments: [
        ("Key (a)=(1) already exists.", ["a"]),
        (#"Key (a, "B c", "d""e", "f, g")=(1, 2, 3, 4) already exists."#, ["a", "B c", "d\"e", "f, g"]),
        ("Schlüssel »(größe)=(1)« existiert bereits.", ["größe"]),
        ("Key (lower(name))=(x) already exists.", []),
        ("Key (a, (a || b))=(x, y) already exists.", []), ("Key (a", []), (#"Key ("a)=(1)"#, []), ("", []),
        ("(", []),
        ("Key (a) is missing", []), ("Key ()=(1)", []),
    ])
    func `the columns of a key are told from its values`(_ detail: String, _ columns: [String]) {
        #expect(PostgresKeyDetail.columns(detail) == columns)
    }

    @Test func `a violated key names its columns, however they are called`() async throws {
        let (db, _) = try await postgresStorage(
            schema: """
                CREATE TABLE t (a int, "B, ""c" text, UNIQUE (a, "B, ""c"));
                CREATE UNIQUE INDEX lowered ON t (lower("B, ""c"));
                INSERT INTO t VALUES (1, 'x')
                """)
        for (row, columns) in [("(1, 'x')", ["a", "B, \"c"]), ("(2, 'X')", [])] as [(String, [String])] {
            let error = await #expect(throws: StorageError.self) {
                try await db.write { tx in _ = try tx.execute("INSERT INTO t VALUES \(unsafe: row)") }
            }
            #expect(error?.kind == .unique)
            #expect(error?.columns == columns)
        }
        await db.shutdown()
    }
}
