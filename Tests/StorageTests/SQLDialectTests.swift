internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import OutgrowStorage

/// Every helper runs on both engines and must answer the same.
@Suite struct SQLDialectTests {
    /// The rows of a query, as both engines must give them; truth values as 1 and 0.
    private func same(
        _ query: SQL, _ expected: [String], on engines: BothEngines,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let (sqlite, postgres) = try await engines.rows(query)
        let plain = postgres.map { row in
            row.split(separator: "|", omittingEmptySubsequences: false).map {
                ["t": "1", "f": "0"][$0] ?? String($0)
            }
            .joined(separator: "|")
        }
        #expect(sqlite == expected, "SQLite", sourceLocation: location)
        #expect(plain == expected, "Postgres", sourceLocation: location)
    }

    /// A date as text in the one form, on both.
    private func text(_ date: SQL) -> SQL {
        SQL.fragment(
            sqlite: date,
            postgres: "to_char((\(date)) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
    }

    private let moment = InstantText.date(microseconds: 1_795_447_200_123_456)  // 2026-11-23T15:20:00.123456Z

    @Test func `dates are reckoned alike`() async throws {
        let engines = try await BothEngines()
        try await engines.onPostgres("SET TimeZone TO 'America/New_York'").ignored
        let at: SQL = "\(moment)"
        for (query, expected) in [
            (SQL.adding(seconds: "\(1)", to: at), "2026-11-23T15:20:01.123456Z"),
            (SQL.adding(seconds: "\(-1_000_000_000)", to: at), "1995-03-17T13:33:20.123456Z"),
            (SQL.adding(seconds: "\(250_000_000_000)", to: at), "9949-01-30T03:46:40.123456Z"),
            (SQL.adding(days: "\(-365)", to: at), "2025-11-23T15:20:00.123456Z"),
            (SQL.adding(days: "1 + 1", to: SQL.adding(seconds: "1", to: at)), "2026-11-25T15:20:01.123456Z"),
            (SQL.start(of: .year, in: at), "2026-01-01T00:00:00.000000Z"),
            (SQL.start(of: .month, in: at), "2026-11-01T00:00:00.000000Z"),
            (SQL.start(of: .day, in: at), "2026-11-23T00:00:00.000000Z"),
            (SQL.start(of: .hour, in: at), "2026-11-23T15:00:00.000000Z"),
            (SQL.start(of: .minute, in: at), "2026-11-23T15:20:00.000000Z"),
            (SQL.start(of: .second, in: at), "2026-11-23T15:20:00.000000Z"),
        ] {
            try await same("SELECT \(text(query))", [expected], on: engines)
        }
        for (part, expected) in zip(DatePart.allCases, ["2026", "11", "23", "15", "20", "0"]) {
            try await same("SELECT \(SQL.part(part, of: at))", [expected], on: engines)
        }
    }

    @Test func `random dates are reckoned alike`() async throws {
        let seed: UInt64 = 21
        var random = SplitMix64(seed: seed)
        let engines = try await BothEngines()
        for _ in 0..<300 {
            let moment = Int64.random(
                in: InstantText.range.lowerBound..<InstantText.range.upperBound - 1_000_000, using: &random)
            let first = InstantText.date(microseconds: moment)
            let second = InstantText.date(
                microseconds: min(
                    InstantText.range.upperBound - 1_000_000,
                    moment &+ Int64.random(in: 0..<8_900_000_000_000_000, using: &random)))
            let step = Int64.random(in: -1_000_000...1_000_000, using: &random)
            let query: SQL =
                """
                SELECT \(SQL.part(.year, of: "\(first)")), \(SQL.part(.second, of: "\(first)")),
                \(text(SQL.start(of: .day, in: "\(first)"))), \(SQL.seconds(from: "\(first)", to: "\(second)")) = \(
                    Double(try InstantText.microseconds(second) - InstantText.microseconds(first)) / 1e6)
                """
            let (sqlite, postgres) = try await engines.rows(query)
            #expect(sqlite[0].dropLast() == postgres[0].dropLast(), "seed \(seed)")
            #expect(
                sqlite[0].hasSuffix("|1") && postgres[0].hasSuffix("|t"),
                "seed \(seed): \(first.timeIntervalSince1970)")
            guard InstantText.range.contains(moment + step * 1_000_000) else { continue }
            let expected = InstantText.text(
                microseconds: try InstantText.microseconds(first) + step * 1_000_000)
            try await same(
                "SELECT \(text(SQL.adding(seconds: "\(step)", to: "\(first)")))", [expected], on: engines)
        }
    }

    @Test func `now is the statement's own time and compares with dates`() async throws {
        let engines = try await BothEngines()
        try await engines.run(
            "CREATE TABLE e (id \(SQL.identityKey), at \(SQL.columnType(.date)) NOT NULL DEFAULT \(SQL.now))")
        let before = Date()
        try await engines.run("INSERT INTO e (id) VALUES (1)")
        let earliest = Date(timeIntervalSince1970: before.timeIntervalSince1970.rounded(.down))
        let latest = before.addingTimeInterval(600)
        try await same(
            "SELECT at >= \(earliest), at <= \(latest), \(SQL.now) >= at, \(SQL.now) < \(earliest) FROM e",
            ["1|1|1|0"], on: engines)
        // One statement sees one time, however many rows it has.
        try await same(
            """
            WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 100000)
            SELECT count(DISTINCT moment) FROM (SELECT \(SQL.now) AS moment FROM r) AS all_moments
            """, ["1"], on: engines)
        let form = try engines.onSQLite("SELECT at FROM e")
        #expect(InstantText.microseconds(form[0]) != nil && form[0].utf8.count == 27)
    }

    static let names = [
        "Ada", "ada", "ÄDA", "äda", "a%b", "a_b", "a\\b", "a*b", "a?b", "a[b", "axb", "", "straße", "😀b",
        "a\nb",
    ]
    static let patterns = [
        "ada", "A%", "%a", "a_b", "a\\%b", "a\\_b", "a\\\\b", "%\\", "_", "__", "%", "", "a*b", "a?b", "a[b",
        "a]b", "ä%", "😀_", "STRASSE",
        "%ß%", "a[!x]b", "a-b",
    ]

    @Test(arguments: ["C", "C.UTF-8"]) func `patterns match alike`(_ locale: String) async throws {
        let engines = try await BothEngines(locale: locale)
        try await engines.run("CREATE TABLE n (id BIGINT, name TEXT)")
        for (id, name) in Self.names.enumerated() {
            try await engines.run("INSERT INTO n VALUES (\(id), \(name))")
        }
        try await engines.run("INSERT INTO n VALUES (99, NULL)")
        for pattern in Self.patterns {
            for ignoringCase in [false, true] {
                for test in [
                    SQL.like("name", pattern, ignoringCase: ignoringCase),
                    SQL.contains("name", pattern, ignoringCase: ignoringCase),
                    SQL.hasPrefix("name", pattern, ignoringCase: ignoringCase),
                ] {
                    let (sqlite, postgres) = try await engines.rows(
                        "SELECT id FROM n WHERE \(test) ORDER BY id")
                    #expect(sqlite == postgres, "\(pattern) \(ignoringCase)")
                }
            }
            let (sqlite, _) = try await engines.rows(
                "SELECT name FROM n WHERE \(SQL.contains("name", pattern)) ORDER BY id")
            #expect(sqlite == Self.names.filter { pattern.isEmpty || $0.contains(pattern) }, "\(pattern)")
        }
        try await same(
            "SELECT id FROM n WHERE \(SQL.like("name", "ADA", ignoringCase: true)) ORDER BY id", ["0", "1"],
            on: engines)
        try await same("SELECT id FROM n WHERE \(SQL.like("name", "Ada")) ORDER BY id", ["0"], on: engines)
    }

    @Test(arguments: ["C", "C.UTF-8", "en_US.UTF-8"]) func `texts fold and sort alike`(_ locale: String)
        async throws
    {
        let engines: BothEngines
        do {
            engines = try await BothEngines(locale: locale)
        } catch {
            return  // The system does not have that locale.
        }
        try await engines.run("CREATE TABLE n (id BIGINT, name TEXT)")
        for (id, name) in Self.names.enumerated() {
            try await engines.run("INSERT INTO n VALUES (\(id), \(name))")
        }
        for order in [SQL.byteOrder("name"), SQL.foldingCase("name"), "\(SQL.foldingCase("name")) DESC"] {
            let (sqlite, postgres) = try await engines.rows("SELECT id FROM n ORDER BY \(order), id")
            #expect(sqlite == postgres, "\(order)")
        }
        try await same("SELECT \(SQL.foldingCase("'AZaz ÄÖß'"))", ["azaz ÄÖß"], on: engines)
        try await same("SELECT \(SQL.foldingCase("'ADA'")) = \(SQL.foldingCase("'ada'"))", ["1"], on: engines)
        try await engines.run("CREATE UNIQUE INDEX n_id ON n (\(SQL.foldingCase("name")), id)")
    }

    @Test func `small expressions`() async throws {
        let engines = try await BothEngines()
        for (query, expected) in [
            (SQL.position(of: "\("é")", in: "\("caféé")"), "4"), (SQL.position(of: "'x'", in: "'abc'"), "0"),
            (SQL.position(of: "''", in: "'abc'"), "1"), (SQL.hex("\([0, 171, 255] as [UInt8])"), "00ABFF"),
            (SQL.greatest("\(1)", "\(2)"), "2"), (SQL.greatest("\(1)", "\(nil as Int?)"), "NULL"),
            (SQL.least("\(1)", "\(2)"), "1"), (SQL.least("\(nil as Int?)", "\(2)"), "NULL"),
            (
                text(SQL.greatest("\(moment)", "\(moment.addingTimeInterval(-1))")),
                "2026-11-23T15:20:00.123456Z"
            ),
            ("\(SQL.randomReal) >= 0 AND \(SQL.randomReal) < 1", "1"), (SQL.randomInteger(in: 7..<8), "7"),
            (SQL.randomInteger(in: 7..<7), "7"),
            ("\(SQL.randomInteger(in: .min ..< .max)) < 0", "1"),
        ] {
            try await same("SELECT \(query)", [expected], on: engines)
        }
        try await engines.run("CREATE TABLE n (id \(SQL.identityKey), name TEXT, number BIGINT)")
        for name in ["b", nil, "a"] as [String?] {
            try await engines.run("INSERT INTO n (name) VALUES (\(name))")
        }
        let (sqlite, postgres) = try await engines.rows(
            "SELECT \(SQL.joined("name", separator: "; ")), \(SQL.joined("number", separator: "")) FROM n")
        for rows in [sqlite, postgres] { #expect(rows == ["a; b|NULL"] || rows == ["b; a|NULL"]) }
        try await same("SELECT \(SQL.joined("id", separator: ",")) FROM n WHERE id = 1", ["1"], on: engines)
        try await same("SELECT id FROM n ORDER BY id LIMIT 1 \(SQL.forUpdate)", ["1"], on: engines)
        try await same(
            "SELECT id FROM n ORDER BY id LIMIT 1 \(SQL.forUpdateSkippingLocked)", ["1"], on: engines)
        try await same("SELECT name FROM n ORDER BY name NULLS FIRST", ["NULL", "a", "b"], on: engines)
        let draws: SQL =
            """
            WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 1000)
            SELECT count(DISTINCT x), min(x), max(x) FROM (SELECT \(SQL.randomInteger(in: -2..<3)) AS x FROM r) AS draws
            """
        try await same(draws, ["5|-2|2"], on: engines)
    }

    @Test func `parts of JSON come back alike`() async throws {
        let engines = try await BothEngines()
        try await engines.run("CREATE TABLE d (id BIGINT, j \(SQL.columnType(.json)))")
        let json: JSON = [
            "text": "it's", "whole": 5, "large": 9_007_199_254_740_993, "real": 1.5, "yes": true, "no": false,
            "none": nil, "0": "zero",
            "list": ["a", ["b": [1, 2]]], "it's": 1, "two words": "x", "text2": "12", "": 3,
        ]
        try await engines.run(
            "INSERT INTO d VALUES (1, \(json)), (2, \([1] as JSON)), (3, \(nil as JSON?)), (4, \(JSON("text")))"
        )
        let huge = try JSON(text: "[123456789012345678901234567890]")
        try await engines.run("INSERT INTO d VALUES (5, \(huge))")
        let steps: [[JSONStep]] = [
            ["text"], ["whole"], ["large"], ["real"], ["yes"], ["no"], ["none"], ["0"], [0], ["list", 0],
            ["list", 1, "b", 1], ["list", "0"],
            ["list", 9], ["it's"], ["two words"], ["text2"], ["missing", "x"], ["text", "x"], [""], [],
        ]
        for path in steps {
            for type in [SQLType.text, .integer, .real, .boolean] {
                let part = try Self.part(path, type)
                let (sqlite, postgres) = try await engines.rows("SELECT id, \(part) FROM d ORDER BY id")
                let plain = zip(postgres, sqlite).map { row, other -> String in
                    guard let value = row.split(separator: "|").last else { return row }
                    switch type {
                    case .boolean: return row.replacing("|t", with: "|1").replacing("|f", with: "|0")
                    // SQLite prints fifteen digits.
                    case .real
                    where Double(value).map({ abs($0 - (Double(other.dropFirst(2)) ?? 0)) <= abs($0) * 1e-14 }
                    ) == true:
                        return other
                    default: return row
                    }
                }
                #expect(sqlite == plain, "\(path) as \(type)")
            }
            let whole = try await engines.rows("SELECT \(Self.part(path, .json)) FROM d ORDER BY id")
            for (sqlite, postgres) in zip(whole.sqlite, whole.postgres) {
                #expect((sqlite == "NULL") == (postgres == "NULL"), "\(path)")
                if sqlite != "NULL" { #expect(try JSON(text: sqlite) == JSON(text: postgres), "\(path)") }
            }
        }
        try await same(
            "SELECT \(SQL.json("j", "list", 1, "b", 1, as: .integer)) FROM d WHERE id = 1", ["2"], on: engines
        )
        try await same(
            "SELECT \(SQL.json("j", "large", as: .integer)) FROM d WHERE id = 1", ["9007199254740993"],
            on: engines)
    }

    private static func part(_ steps: [JSONStep], _ type: SQLType) throws -> SQL {
        switch steps.count {
        case 0: try SQL.json("j", as: type)
        case 1: try SQL.json("j", steps[0], as: type)
        case 2: try SQL.json("j", steps[0], steps[1], as: type)
        default: try SQL.json("j", steps[0], steps[1], steps[2], steps[3], as: type)
        }
    }

    @Test(arguments: [JSONStep.element(-1), .member("a\"b"), .member("a\\b"), .member("a\nb")])
    func `steps that SQLite cannot follow are refused`(_ step: JSONStep) {
        let error = #expect(throws: StorageError.self) { try SQL.json("j", step, as: .text) }
        #expect(error?.kind == .misuse)
    }

    @Test func `insert and upsert`() async throws {
        let engines = try await BothEngines()
        try await engines.run(
            "CREATE TABLE \"odd \"\"name\" (id BIGINT PRIMARY KEY, \"select\" TEXT, n BIGINT DEFAULT 7)")
        try await engines.run(SQL.insert(into: "odd \"name", ["id": 1, "select": "a"]))
        try await engines.run(SQL.upsert(into: "odd \"name", ["id": 1, "select": "b"], key: ["id"]))
        try await engines.run(
            SQL.upsert(into: "odd \"name", ["id": 2, "select": nil as String?, "n": 3], key: ["id"]))
        try await engines.run(SQL.upsert(into: "odd \"name", ["id": 2], key: ["id"]))
        try await same("SELECT * FROM \"odd \"\"name\" ORDER BY id", ["1|b|7", "2|NULL|3"], on: engines)
    }

    @Test(arguments: SQLType.allCases) func `a column of every type can be made`(_ type: SQLType) async throws
    {
        let engines = try await BothEngines()
        try await engines.run("CREATE TABLE c (id \(SQL.identityKey), v \(SQL.columnType(type)))")
        try await engines.run("INSERT INTO c (v) VALUES (\(SQLValue.null(type)))")
        try await same("SELECT id, v FROM c", ["1|NULL"], on: engines)
    }
}

extension Array {
    /// Says that the answer does not matter.
    fileprivate var ignored: Void { () }
}
