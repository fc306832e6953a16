import SQLiteSyntax
import Testing

@Suite struct ExpressionTests {
    /// What is written, and what the printer makes of it: fewest parentheses, canonical words.
    static let canonical: [(written: String, printed: String)] = [
        ("a==b", "a = b"), ("a!=b", "a <> b"), ("a ISNULL", "a IS NULL"), ("a NOT NULL", "a IS NOT NULL"),
        ("a IS NOT DISTINCT FROM null", "a IS NULL"), ("a IS DISTINCT FROM 1", "a IS DISTINCT FROM 1"),
        ("((a+b))*c", "(a + b) * c"), ("a+(b*c)", "a + b * c"), ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("a||(b->c)", "a || (b -> c)"), ("a*b||c", "a * b || c"), ("(a*b)||c", "(a * b) || c"),
        ("-a COLLATE x", "-a COLLATE x"), ("-(a COLLATE x)", "-(a COLLATE x)"), ("- -a", "- -a"),
        ("~-+a", "~-+a"),
        ("NOT a = b", "NOT a = b"), ("(NOT a) = b", "(NOT a) = b"), ("a = NOT b = c", "a = (NOT b = c)"),
        ("NOT a AND b", "NOT a AND b"), ("NOT (a AND b)", "NOT (a AND b)"),
        ("a OR (b AND c)", "a OR b AND c"),
        ("(a OR b) AND c", "(a OR b) AND c"), ("a BETWEEN b AND c AND d", "a BETWEEN b AND c AND d"),
        ("a BETWEEN 1 AND 2 = b", "a BETWEEN 1 AND 2 = b"),
        ("a = (b BETWEEN 1 AND 2)", "a = (b BETWEEN 1 AND 2)"),
        ("a NOT IN ()", "a NOT IN ()"), ("a IN (1,(2),'x')", "a IN (1, 2, 'x')"),
        ("a IN (select 1 -- one\n)", "a IN (SELECT 1)"), ("a IN main.\"t\"", "a IN main.t"),
        ("a IN f(1, (2))", "a IN f(1, 2)"), ("(a, b) IN ((1,2))", "(a, b) IN ((1, 2))"),
        ("a like b escape c", "a LIKE b ESCAPE c"), ("a NOT GLOB b", "a NOT GLOB b"),
        ("a MATCH b || c", "a MATCH b || c"),
        ("like(a, b)", "like(a, b)"), ("replace(a, 'x', '')", "replace(a, 'x', '')"),
        ("\"count\"(*)", "count(*)"),
        ("count ( DISTINCT a )", "count(DISTINCT a)"), ("f(ALL a)", "f(a)"), ("f()", "f()"),
        (
            "group_concat(a, ',' ORDER BY b DESC) FILTER (WHERE a > 1) OVER (PARTITION BY c)",
            "group_concat(a, ',' ORDER BY b DESC) FILTER (WHERE a > 1) OVER (PARTITION BY c)"
        ),
        ("sum(a) over w", "sum(a) OVER w"), ("cast(a as varchar (10))", "CAST(a AS varchar(10))"),
        ("CASE a WHEN 1 THEN 2 END", "CASE a WHEN 1 THEN 2 END"),
        ("case when a then end else c end", "CASE WHEN a THEN end ELSE c END"),
        ("exists (select 1)", "EXISTS (SELECT 1)"), ("(select max(x) from t)", "(SELECT max(x) FROM t)"),
        ("RAISE(ABORT, 'no')", "RAISE(ABORT, 'no')"), ("?1 + :a + @b + $c::d(e)", "?1 + :a + @b + $c::d(e)"),
        ("x'00fF'", "X'00FF'"), ("0X1f", "0X1f"), ("1_000.5_0", "1000.50"), (".5e-3", ".5e-3"), ("1.", "1."),
        ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
        ("'it''s'", "'it''s'"), ("\"a\"\"b\"", "\"a\"\"b\""), ("[a b]", "`a b`"), ("`select`", "`select`"),
        ("main.t.\"a b\"", "main.t.\"a b\""), ("'t'.'a'", "t.a"), ("true IS NOT False", "TRUE IS NOT FALSE"),
        ("[true]", "`true`"), ("t.true", "t.true"), ("current_date", "CURRENT_DATE"),
        ("a -- x\n + /* y */ b", "a + b"),
        ("left(a, 1)", "\"left\"(a, 1)"), ("a->>'$.x' = 1", "a ->> '$.x' = 1"),
        ("a<<b&c|d", "a << b & c | d"),
    ]

    @Test(arguments: canonical) func `an expression is printed in its canonical form`(
        written: String, printed: String
    ) throws {
        let expression = try Parser.parseExpression(written)
        #expect(SQLPrinter.print(expression) == printed)
        #expect(try Parser.parseExpression(printed) == expression)
    }

    /// Where precedence, associativity and odd corners decide the value.
    static let constants: [String] = [
        "2*3||4", "-2||3", "NOT 1=2", "1 BETWEEN 0 AND 2 = 1", "1 = 1 BETWEEN 0 AND 0", "2-1-1", "2-(1-1)",
        "8/4/2",
        "7%4*2", "1||2+3", "1+2||3", "-1||-1", "~1+1", "~(1+1)", "1<2<3", "3>2>1", "1=1=1", "2=2=1", "1<2=1",
        "1=1<2",
        "1 IS 1 = 1", "NULL IS NULL = 1", "1 IS NOT NULL = 1", "0 = NOT 0 = 1", "1 + NOT 0 = 1", "- NOT 0",
        "NOT - 1",
        "NOT NOT 5", "1 & 3 << 1", "1 | 2 & 3", "1 << 1 + 1", "6 & 3 = 2", "1 OR 0 AND 0", "(1 OR 0) AND 0",
        "NOT 1 OR 1", "NOT (1 OR 1)", "NOT 0 AND 0", "1 IN (1) = 1", "1 = 1 IN (1)", "2 IN (1, 2) + 0",
        "1 IN ()",
        "1 NOT IN () = 1", "'a' LIKE 'A' = 1", "'a' LIKE 'a' || '%'", "'a%' LIKE 'a!%' ESCAPE '!' = 1",
        "1 LIKE 1 LIKE 1", "'b' > 'a' LIKE 1", "1 NOT BETWEEN 0 AND 2", "NOT 1 BETWEEN 0 AND 2",
        "1 BETWEEN NOT 1 AND 2",
        "1 BETWEEN 0 AND NOT 0 = 1", "5 BETWEEN 1 AND 2 OR 3", "1 BETWEEN 0 = 0 AND 1",
        "'A' = 'a' COLLATE nocase",
        "'A' COLLATE nocase = 'a'", "'x' || 'A' COLLATE nocase = 'Xa'", "-'5' COLLATE nocase", "1 ISNULL = 0",
        "1 NOTNULL NOTNULL", "1 NOT NULL NOT NULL", "NULL NOT NULL = 0", "NULL IS NOT DISTINCT FROM NULL",
        "1 IS DISTINCT FROM 2 = 1", "CASE 1 WHEN 1 THEN 2 ELSE 3 END + 1", "CASE WHEN 0 THEN 1 END IS NULL",
        "CAST('12' AS INT) + 1", "CAST(1 AS \"text\") || 1", "CAST(1.5 AS integer)", "typeof(CAST(1 AS ))",
        "'{\"a\":{\"b\":5}}' -> 'a' ->> 'b'", "'[1,2]' ->> 1 || 'x'", "'[7' || ']' ->> 0",
        "typeof(-9223372036854775808)",
        "typeof(-(9223372036854775808))", "typeof(9223372036854775808)", "-+9223372036854775808",
        "0xFFFFFFFFFFFFFFFF",
        "-0x10", "x'414243' || ''", "quote(x'00')", "'it''s'", ".5 + 1.e1 + 1E-1", "1.5e3", "- - 5",
        "5 - - 5", "5 - -5",
        "true + TRUE", "NOT false", "true IS 2", "5 IS TRUE", "0 IS NOT true", "(1, 2) = (1, 2)",
        "(1, 2) < (1, 3)",
        "(1, 2) IN (SELECT 1, 2)", "(2) IN (SELECT 2)", "EXISTS (SELECT 1) + 1", "(SELECT 1) + (SELECT 2)",
        "max(1, 2) + min(3, 4)", "coalesce(NULL, 1 = 1 AND 0)",
        "(SELECT count(*) FILTER (WHERE 0) FROM (SELECT 1))",
        "1 <> 2 != 3", "1 == 1", "1 >= 1 <= 0", "'a' GLOB '[a-c]' + 0", "10 % 4 / 2", "1 - 1 || 1", "2 * -3",
    ]

    @Test func `a printed constant has the value of the written one`() throws {
        let pairs = try Self.constants.map { ($0, SQLPrinter.print(try Parser.parseExpression($0))) }
        let script = pairs.map { "SELECT quote(\($0)), quote(\($1));" }.joined(separator: "\n")
        let rows = try SQLite3.rows(script)
        try #require(rows.count == pairs.count)
        for (pair, row) in zip(pairs, rows) {
            #expect(row[0] == row[1], "\(pair.0) became \(pair.1)")
        }
    }

    static let defaults = [
        "-5", "+5", "id", "\"x y\"", "[x]", "'y'", "true", "\"true\"", "FALSE", "NULL", "x'00ff'", "0x10",
        "- 0x10",
        "9223372036854775808", "-9223372036854775808", "(1 + 2)", "('a' || 'b')", "if", "key", "-1.5",
        "(-(5))",
        "+'abc'", "-'12'", "'{\"a\": 1}'", "(max(1, 2))", "-NULL",
    ]

    @Test(arguments: defaults) func `a default has the value that SQLite gives it`(text: String) throws {
        let sql = "CREATE TABLE t(a INT, b DEFAULT \(text) NOT NULL ON CONFLICT REPLACE)"
        let printed = SQLPrinter.print(try Parser.parseStatement(sql)).replacing(
            "CREATE TABLE t(", with: "CREATE TABLE u(")
        let rows = try SQLite3.rows(
            """
            \(sql.replacing(" NOT NULL ON CONFLICT REPLACE", with: ""));
            \(printed.replacing(" NOT NULL ON CONFLICT REPLACE", with: ""));
            INSERT INTO t(a) VALUES (1); INSERT INTO u(a) VALUES (1);
            SELECT quote(t.b), typeof(t.b), quote(u.b), typeof(u.b) FROM t, u;
            """)
        #expect(Array(rows[0][0...1]) == Array(rows[0][2...3]), "\(printed)")
    }
}
