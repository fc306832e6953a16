import Diagnostics
import Foundation
import PostgresClient
import PostgresDDL
import SQLiteClient
import SQLiteSyntax
import Schema
import TestSupport
import Testing
import Translation

/// The same expression over the same rows in both engines: truth for truth.
@Suite("Expressions that cross")
struct ExpressionTests {
    /// One row for each value, NULL among them; all other columns are NULL in the grid's corners too.
    static let table = """
        CREATE TABLE g (id INTEGER PRIMARY KEY, i INT, k INT, r REAL, n DECIMAL(10,3), t TEXT,
          u TEXT COLLATE NOCASE,
          w TEXT COLLATE RTRIM, b BLOB, f BOOLEAN, d DATE, s DATETIME, j JSON)
        """

    static let rows: [String] = {
        let integers = ["NULL", "0", "1", "-7", "7", "9007199254740993"]
        let reals = ["NULL", "0.0", "-0.5", "0.5", "2.5", "1e20"]
        let decimals = ["NULL", "0", "1.5", "-2.125", "0.1", "7"]
        let texts = ["NULL", "''", "'abc'", "'ABC'", "'a%c'", "'é Ü '"]
        let folded = ["NULL", "'abc'", "'ABC'", "'É'", "'é'", "'a_c'"]
        let trimmed = ["NULL", "'x'", "'x  '", "' x'", "''", "' '"]
        let blobs = ["NULL", "x''", "x'00'", "x'6162'", "x'ff'", "x'00ff'"]
        let flags = ["NULL", "0", "1", "1", "0", "1"]
        let dates = ["NULL", "'2024-01-01'", "'2024-02-29'", "'1999-12-31'", "'2024-01-02'", "'0001-01-01'"]
        let moments = [
            "NULL", "'2024-01-01 00:00:00'", "'2024-01-01 00:00:00.5'", "'1999-12-31 23:59:59'",
            "'2024-01-01 10:00:00'", "'2024-02-29 10:00:00'",
        ]
        let json = ["NULL", "'{}'", "'[1]'", "'\"x\"'", "'{\"a\": 1}'", "'null'"]
        return (0..<36).map { number in
            let (a, b) = (number / 6, number % 6)
            let c = (a + 2 * b) % 6
            let values = [
                integers[a], integers[b], reals[b], decimals[c], texts[a], folded[b], trimmed[c], blobs[a],
                flags[c], dates[b], moments[a], json[c],
            ]
            return "(\(number + 1), \(values.joined(separator: ", ")))"
        }
    }()

    /// Each of them must translate.
    static let carried: [String] = [
        "i = k", "i <> k", "i < k", "i >= 3", "i IN (0, 7)", "i NOT IN (0, NULL)", "i BETWEEN 0 AND 7",
        "i NOT BETWEEN k AND 7", "i IS NULL", "i IS NOT k", "i IS k", "i ISNULL OR k NOTNULL", "NOT i",
        "i AND k",
        "i OR k", "i", "i + k > 0", "i * 2 = k", "i / k > 0", "i % k = 1", "i / 0 IS NULL", "-i < k",
        "i & 3 = 1",
        "i | 1 = 7", "~i = -8", "i << 2 = 28", "k >> 1 = 3", "i > 0.5", "i = '7'", "i < 1e3", "i IS TRUE",
        "i IS NOT FALSE", "r > 0", "r = 0.5", "r + 1 > 1.5", "r / 2 < i", "r * i >= 0", "r", "NOT r",
        "abs(r) > 0.5",
        "round(r) = 3", "round(r) = -1", "round(r, 0) < 1", "-r < 0.5", "n = 0.1", "n > i", "n * 10 = 15",
        "n + n = 0.2", "n - 0.1 > 0", "abs(n) > 2", "n IN (0.1, 7)", "n BETWEEN 0 AND 1.5", "-n > 2",
        "t = 'abc'", "t > 'B'", "t < u", "u = 'ABC'", "u = t", "t = u", "u IN ('abc', 'É')", "w = 'x'",
        "w = ''",
        "w < 'x'", "t COLLATE NOCASE = 'ABC'", "t = 'ABC' COLLATE NOCASE", "t LIKE 'a%'", "t NOT LIKE '%C'",
        "t LIKE 'a\\%c' ESCAPE '\\'", "t LIKE 'A_C'", "t LIKE '%é%'", "t LIKE 'a\\%c'", "t LIKE '%'",
        "u LIKE 'É'",
        "t GLOB 'a*'", "t GLOB '[A-Z]*'", "t GLOB '*[^a-z]*'", "t GLOB '???'", "t GLOB '*[%]*'",
        "t NOT GLOB '*'",
        "length(t) = 3", "length(b) > 1", "length(i) = 2", "lower(t) = 'abc'", "upper(u) = 'ABC'",
        "t || u = 'abcabc'",
        "t || i > 'a'", "trim(w) = 'x'", "ltrim(w) = 'x'", "rtrim(t, 'c') = 'ab'", "substr(t, 2) = 'bc'",
        "substr(t, 1, 2) = 'ab'", "substr(t, 2, 0) = ''", "instr(t, 'b') = 2", "instr(t, '')",
        "replace(t, 'b', 'x') = 'axc'",
        "b = x'00'", "b < x'ff'", "b IS NULL", "f", "NOT f", "f = 1", "f = 0", "f <> 1", "f IN (0, 1)",
        "f IN (1)",
        "f + 1 > 1", "f = i", "f IS NOT NULL AND i", "f IS TRUE", "f IS 0", "f = (i > 0)",
        "(i > 0) + (k > 0) = 1",
        "i > 0 = k > 0", "d > '2024-01-01'", "d = '2024-02-29'", "d BETWEEN '2000-01-01' AND '2024-01-01'",
        "d IN ('2024-01-01', '1999-12-31')", "s >= '2024-01-01 00:00:00'", "s <> '2024-01-01 00:00:00.5'",
        "j IS NULL OR json_valid(j)", "json_valid(j)", "typeof(i) = 'integer'",
        "typeof(t) IN ('text', 'null')", "typeof(b) = 'blob'", "typeof(r) = 'real'", "coalesce(i, k, 0) = 0",
        "ifnull(t, '') = ''", "coalesce(f, 0)", "nullif(i, 7) IS NULL", "max(i, k) = 7", "min(i, 0) < 0",
        "CASE WHEN i THEN k ELSE 1 END = 1", "CASE i WHEN 7 THEN 'a' WHEN 0 THEN 'b' END = 'a'",
        "CASE WHEN r > 0 THEN 0.1 ELSE 0.2 END + 0.2 > 0.3", "iif(i > k, i, k) = 7", "CAST(i AS TEXT) = '7'",
        "CAST(i AS REAL) / 2 = 3.5", "CAST(f AS INTEGER) + i > 1", "0.1 + 0.2 > 0.3",
        "length(t) * 1000000000 > 2147483647",
        "likely(i > 0)", "+i = 7", "\"hello\" = 'hello'", "i = TRUE", "i <> FALSE",
        "NOT (i > 0 AND (k < 0 OR t IS NULL))", "x'41' = b", "i IN ()", "i = -7", "i = 0x7",
        "t = u COLLATE BINARY", "t COLLATE BINARY = u", "u COLLATE BINARY IN ('ABC')", "i = 'x'", "i < 'x'",
        "s > '2024-01-01'", "rowid > 0", "i << 70 = 0", "k >> -1 = 2", "(i, t) = (7, 'abc')",
        "(i, k) < (7, 1)",
        "max(t, u) = 'abc'", "nullif(t, 'abc') IS NULL", "sign(r) = 1", "unicode(t) = 97", "b < 'x'",
        "CASE u WHEN 'ABC' THEN 1 END", "u BETWEEN 'ABB' AND 'ABD'", "u <> 'ABC' COLLATE BINARY",
    ]

    @Test func `mean the same in both engines`() async throws {
        let source = try Source("\(Self.table);INSERT INTO g VALUES \(Self.rows.joined(separator: ","));")
        var schema = try source.schema()
        let expressions = Self.carried
        for (number, text) in expressions.enumerated() {
            let check = TableConstraint(.check(try Parser.parseExpression(text), nil), name: "e\(number)")
            schema.tables[0].definition.constraints.append(check)
        }
        let plan = Translator.plan(for: schema, options: PlanOptions.native)
        let lost = plan.findings.filter { $0.code == "check-not-carried" }
        #expect(lost.isEmpty, "\(lost.map { "\($0.sql ?? ""): \($0.message)" })")
        let checks = plan.target.tables[0].checks
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        try await database.execute(PostgresDDL(schema: "public").createTable(plan.target.tables[0]))
        let rows = Self.rows.map(Self.forPostgres).joined(separator: ",")
        try await database.execute("INSERT INTO public.g VALUES \(rows)")
        let connection = try await database.connect()
        for check in checks {
            let number = Int(check.name.dropFirst()) ?? 0
            let sql =
                "SELECT coalesce((\(PostgresDDL(schema: "public").render(check.expression)))::int::text, 'n') "
                + "FROM public.g ORDER BY id"
            let target = try await connection.run { connection in
                try connection.query(sql).rows.map { try $0.text("coalesce") }
            }
            let wanted = try SQLiteShell.run(
                "SELECT CASE WHEN (\(expressions[number])) THEN '1' WHEN NOT (\(expressions[number])) THEN '0' "
                    + "ELSE 'n' END FROM g ORDER BY id;",
                on: source.path)
            // `Implied` may read NULL as true: a CHECK cannot tell the two.
            #expect(
                target.joined() == wanted.split(separator: "\n").joined(),
                "\(expressions[number]) → \(PostgresDDL(schema: "public").render(check.expression))")
        }
        await connection.close()
        #expect(checks.count >= 140)
    }

    private static func forPostgres(_ row: String) -> String {
        var values = row.dropFirst().dropLast().components(separatedBy: ", ")
        // The seventh column before the last but four is a blob; the ninth a boolean.
        if values[8].hasPrefix("x'") { values[8] = "'\\x\(values[8].dropFirst(2).dropLast())'" }
        if let flag = ["0": "false", "1": "true"][values[9]] { values[9] = flag }
        return "(\(values.joined(separator: ", ")))"
    }

    @Test(arguments: [
        "t = r", "t + 1 > 0", "t", "n / 2 > 0", "t REGEXP 'x'", "t MATCH 'x'", "t LIKE u",
        "t GLOB '[z-a]'",
        "t GLOB '[a'", "t LIKE 'a' ESCAPE 'a'", "j = '{}'", "j -> '$.a' = 1", "json_extract(j, '$.a') = 1",
        "strftime('%Y', s) = '2024'", "d > 'today'", "substr(d, 1) = 'x'", "random() > 0",
        "i IN (SELECT 1)", "CURRENT_DATE > d", "CAST(t AS INTEGER) = 1", "CAST(r AS INTEGER) = 1",
        "round(r, 1) = 0.5", "substr(t, -1) = 'c'", "i << k = 1", "t COLLATE other = 'x'", "count(*) > 1",
        "coalesce(i, 'x') = 1", "missing = 1", "other.i = 1", "typeof(n) = 'real'", "r % 2 = 1",
        "hex(b) = '00'",
    ])
    func `are refused where the meaning would change`(_ text: String) throws {
        var schema = try Source("\(Self.table);").schema()
        schema.tables[0].definition.constraints = [
            TableConstraint(.check(try Parser.parseExpression(text), nil))
        ]
        let plan = Translator.plan(for: schema, options: PlanOptions.native)
        #expect(plan.target.tables[0].checks.isEmpty)
        #expect(plan.findings.filter { $0.code == "check-not-carried" }.count == 1)
    }

    @Test func `too deep for any stack are refused`() throws {
        let text = String(repeating: "NOT ", count: 400) + "i"
        var schema = try Source("\(Self.table);").schema()
        schema.tables[0].definition.constraints = [
            TableConstraint(.check(try Parser.parseExpression(text), nil))
        ]
        let plan = Translator.plan(for: schema, options: PlanOptions.native)
        #expect(plan.findings.contains { $0.code == "check-not-carried" })
    }
}
