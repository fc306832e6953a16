internal import Foundation
internal import TestSupport
internal import Testing

@testable internal import OutgrowStorage

@Suite struct PortabilityTests {
    /// For each rule, statements that it refuses; each of them fails on one of the engines or has another
    /// answer there.
    static let examples: [(rule: String, statements: [SQL])] = [
        ("? and :name placeholders", ["SELECT id FROM t WHERE id = ?", "SELECT :name", "SELECT @name"]),
        ("[name] and `name`", ["SELECT [id] FROM t", "SELECT `id` FROM t"]),
        ("ANY(array)", ["SELECT id FROM t WHERE id = ANY('{1,2}')"]),
        ("x'…', E'…' and B'…'", ["SELECT x'41'", "SELECT E'\\n'"]),
        ("$$ strings", ["SELECT $$a$$"]),
        (
            "INSERT OR …, UPDATE OR …, REPLACE INTO",
            [
                "INSERT OR IGNORE INTO t (id) VALUES (1)", "INSERT OR REPLACE INTO t (id) VALUES (1)",
                "UPDATE OR IGNORE t SET id = 1", "REPLACE INTO t (id) VALUES (1)",
            ]
        ),
        ("ON CONFLICT DO UPDATE", ["INSERT INTO t (id) VALUES (1) ON CONFLICT DO UPDATE SET n = 1"]),
        (
            "INSERT … SELECT … ON CONFLICT without WHERE",
            ["INSERT INTO t (id) SELECT id FROM t ON CONFLICT (id) DO UPDATE SET n = 5 RETURNING 1"]
        ),
        ("ON CONSTRAINT", ["INSERT INTO t (id) VALUES (1) ON CONFLICT ON CONSTRAINT t_pkey DO NOTHING"]),
        (
            "last_insert_rowid(), changes()",
            ["SELECT last_insert_rowid()", "SELECT changes()", "SELECT lastval()"]
        ),
        ("rowid, ctid", ["SELECT rowid FROM t", "SELECT ctid FROM t"]),
        ("FOR UPDATE", ["SELECT id FROM t FOR UPDATE", "SELECT id FROM t FOR UPDATE SKIP LOCKED"]),
        (
            "UPDATE … FROM ONLY, DELETE … USING, MERGE",
            ["DELETE FROM t USING t AS u WHERE t.id = u.id AND u.id = 99"]
        ),
        (
            "now(), CURRENT_TIMESTAMP",
            [
                "SELECT now()", "SELECT CURRENT_TIMESTAMP",
                "SELECT length(CAST(CURRENT_DATE AS TEXT) || localtime)",
            ]
        ),
        (
            "datetime(), strftime(), date()",
            ["SELECT datetime('now')", "SELECT strftime('%s', 'now')", "SELECT julianday('now')"]
        ),
        (
            "interval, extract(), date_trunc()",
            [
                "SELECT extract(year FROM at) FROM t", "SELECT date_trunc('day', at) FROM t",
                "SELECT at + INTERVAL '1 day' FROM t",
            ]
        ),
        ("LIKE", ["SELECT id FROM t WHERE name LIKE 'ADA'", "SELECT id FROM t WHERE name ILIKE 'ADA'"]),
        (
            "GLOB, MATCH, REGEXP, SIMILAR TO, ~",
            [
                "SELECT id FROM t WHERE name GLOB 'a*'", "SELECT id FROM t WHERE name ~ 'a'",
                "SELECT id FROM t WHERE name SIMILAR TO 'a%'",
            ]
        ),
        (
            "COLLATE",
            ["SELECT id FROM t ORDER BY name COLLATE NOCASE", "SELECT id FROM t ORDER BY name COLLATE \"C\""]
        ),
        (
            "group_concat(), string_agg()",
            ["SELECT group_concat(name) FROM t", "SELECT string_agg(name, ',') FROM t"]
        ),
        (
            "instr(), strpos(), position()",
            ["SELECT instr(name, 'a') FROM t", "SELECT strpos(name, 'a') FROM t"]
        ),
        ("substr() from the end", ["SELECT substr(name, -2) FROM t"]),
        (
            "printf(), format(), concat(), left(), quote(), hex(), encode()",
            [
                "SELECT printf('%d', 1)", "SELECT concat('a', 'b')", "SELECT left(name, 1) FROM t",
                "SELECT hex(b) FROM t", "SELECT format('%d', 1)",
            ]
        ),
        (
            "json_extract() and other JSON functions",
            [
                "SELECT json_extract(j, '$.a') FROM t", "SELECT j @> '{}' FROM t",
                "SELECT jsonb_typeof(j) FROM t", "SELECT json_type(j) FROM t",
            ]
        ),
        ("->>", ["SELECT j ->> 'yes' FROM t WHERE id = 1"]),
        ("::", ["SELECT id::text FROM t"]),
        ("==", ["SELECT id FROM t WHERE id == 1"]),
        ("IS with a value", ["SELECT id FROM t WHERE id IS 1", "SELECT id FROM t WHERE id IS NOT 1"]),
        ("ifnull(), nvl(), iif()", ["SELECT ifnull(n, 0) FROM t", "SELECT iif(id = 1, 2, 3) FROM t"]),
        (
            "greatest(), least(), max(a, b), min(a, b)",
            [
                "SELECT greatest(id, n) FROM t", "SELECT max(id, n) FROM t",
                "SELECT min(coalesce(id, 1), 2) FROM t",
            ]
        ),
        ("random()", ["SELECT random()", "SELECT gen_random_uuid()"]),
        ("typeof()", ["SELECT typeof(id) FROM t", "SELECT pg_typeof(id) FROM t"]),
        ("total()", ["SELECT total(id) FROM t"]),
        (
            "LIMIT a, b and LIMIT -1",
            ["SELECT id FROM t LIMIT 1, 1", "SELECT id FROM t LIMIT -1", "SELECT id FROM t LIMIT ALL"]
        ),
        (
            "OFFSET without LIMIT, FETCH FIRST",
            ["SELECT id FROM t OFFSET 1", "SELECT id FROM t FETCH FIRST 1 ROW ONLY"]
        ),
        (
            "DISTINCT ON, LATERAL",
            ["SELECT DISTINCT ON (n) id FROM t", "SELECT * FROM t, LATERAL (SELECT 1) AS x"]
        ),
        (
            "generate_series(), unnest()",
            ["SELECT * FROM unnest(string_to_array('1', ','))", "SELECT * FROM generate_series(1, 2)"]
        ),
        ("INDEXED BY, NOT INDEXED", ["SELECT id FROM t NOT INDEXED"]),
        ("BEGIN, COMMIT, ROLLBACK, SAVEPOINT", []),
        (
            "PRAGMA, VACUUM, ATTACH, SET, COPY, …",
            ["PRAGMA user_version", "SET search_path TO public", "REINDEX t", "TRUNCATE t"]
        ),
        (
            "sqlite_master, pg_catalog, information_schema",
            [
                "SELECT name FROM sqlite_master", "SELECT 1 FROM pg_class",
                "SELECT 1 FROM information_schema.tables",
            ]
        ),
        (
            "AUTOINCREMENT, SERIAL, IDENTITY",
            [
                "CREATE TABLE a1 (id INTEGER PRIMARY KEY AUTOINCREMENT)",
                "CREATE TABLE a3 (id bigint GENERATED ALWAYS AS IDENTITY)",
            ]
        ),
        (
            "WITHOUT ROWID, STRICT",
            ["CREATE TABLE a4 (id INTEGER PRIMARY KEY) WITHOUT ROWID", "CREATE TABLE a5 (id INTEGER) STRICT"]
        ),
        (
            "CREATE VIRTUAL TABLE, TYPE, EXTENSION, FUNCTION, SEQUENCE, TRIGGER",
            ["CREATE TYPE color AS ENUM ('red')", "CREATE SEQUENCE s1"]
        ),
        (
            "ALTER COLUMN, ADD CONSTRAINT",
            ["ALTER TABLE t ALTER COLUMN n SET DEFAULT 1", "CREATE INDEX CONCURRENTLY i1 ON t (n)"]
        ),
        (
            "blob, bytea, timestamptz, jsonb, … as a type",
            ["CREATE TABLE a6 (b BLOB)", "CREATE TABLE a7 (at DATETIME)"]
        ),
    ]

    @Test func `every rule has an example that it refuses and on which the engines differ`() async throws {
        #expect(PortabilityRule.all.map(\.name).sorted() == Self.examples.map(\.rule).sorted())
        let engines = try await Self.engines()
        for (rule, statements) in Self.examples {
            for statement in statements {
                let error = #expect(throws: StorageError.self, "\(statement.description)") {
                    try PortabilityCheck().check(statement)
                }
                #expect(error?.kind == .notPortable)
                #expect(
                    error?.summary.contains(rule) == true, "\(statement.description): \(error?.summary ?? "")"
                )
                try await engines.run("BEGIN")
                let (sqlite, postgres) = await Self.answers(statement, engines)
                try await engines.run("ROLLBACK")
                #expect(sqlite == nil || postgres == nil || sqlite != postgres, "\(statement.description)")
            }
        }
    }

    @Test(
        arguments: [
            "BEGIN", "COMMIT", "rollback;", "SAVEPOINT a", "RELEASE a", "/* a */ BEGIN IMMEDIATE",
            "SELECT 1; COMMIT", "VACUUM",
            "ATTACH 'x' AS y", "LISTEN a", "CREATE TABLE a2 (id bigserial)",
        ] as [SQL])
    func `statements that end the transaction, or the session's state, are refused`(_ statement: SQL) {
        #expect(throws: StorageError.self) { try PortabilityCheck().check(statement) }
    }

    static let ordinary: [SQL] = [
        "SELECT id, name FROM t WHERE name = 'ada' AND n IS NULL ORDER BY id",
        "SELECT name FROM t WHERE name <> 'it''s :odd ? [x] `y` -- no' ORDER BY id",
        "SELECT count(*), max(n), min(id) FROM t -- now() and LIKE in a comment",
        "SELECT /* datetime('now') :: */ id FROM t WHERE (n IS NOT NULL) IS FALSE ORDER BY id DESC NULLS LAST LIMIT 2 OFFSET 1",
        "INSERT INTO t (id, name) VALUES (1, 'new') ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING id, name",
        "INSERT INTO t (id, name) SELECT id, name FROM t WHERE TRUE ON CONFLICT (id) DO NOTHING RETURNING id",
        "INSERT INTO t (id) VALUES (77) ON CONFLICT DO NOTHING RETURNING id",
        "UPDATE t SET n = coalesce(n, 0) + 1 WHERE id = 2 RETURNING n",
        "DELETE FROM t WHERE id = 77 RETURNING id",
        "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 5) SELECT i FROM r",
        "SELECT row_number() OVER (PARTITION BY n ORDER BY id) FROM t ORDER BY id",
        "SELECT substr(name, 2, 1) || upper(name) || length(name) FROM t ORDER BY id",
        "SELECT a.id FROM t a LEFT JOIN t b ON a.id = b.n WHERE b.id IS NULL ORDER BY 1",
        "SELECT CASE WHEN id = 1 THEN 'x' ELSE 'y' END, 7 / 2, -7 / 2, 7 % 3, 1 / nullif(0, 0) FROM t WHERE id = 1",
        "SELECT CAST(id AS TEXT), id FROM t WHERE id BETWEEN 1 AND 2 OR id IN (3, 4) ORDER BY 2",
        "SELECT n, count(*) FROM t GROUP BY n HAVING count(*) >= 1 ORDER BY n NULLS FIRST",
        "SELECT 'a' || NULL",
        "SELECT \"name\" FROM \"t\" WHERE EXISTS (SELECT 1) ORDER BY id",
        "SELECT TRUE AND NOT FALSE IS NULL, 5 & 3 | 8, 1 << 4",
        "SELECT id FROM t WHERE id = \(1) AND id IN \(list: [1, 2])",
        "SELECT length(\(SQL.hex("b"))) FROM t WHERE id = 1",
        "SELECT id FROM t WHERE \(SQL.like("name", "A%", ignoringCase: true)) ORDER BY id",
        "SELECT \(sqlite: "typeof(1) IS NULL", postgres: "pg_typeof(1) IS NULL") IS TRUE",
        "CREATE TABLE IF NOT EXISTS p (id \(SQL.identityKey), at \(SQL.columnType(.date)) NOT NULL DEFAULT \(SQL.now), UNIQUE (at))",
        "CREATE INDEX IF NOT EXISTS p_at ON p (at DESC) WHERE at IS NOT NULL",
        "ALTER TABLE p ADD COLUMN note TEXT",
        "ALTER TABLE p RENAME COLUMN note TO remark", "DROP TABLE p",
    ]

    @Test func `ordinary SQL passes, and is the same on both engines`() async throws {
        let engines = try await Self.engines()
        for statement in Self.ordinary {
            #expect(throws: Never.self, "\(statement)") { try PortabilityCheck().check(statement) }
            let (sqlite, postgres) = await Self.answers(statement, engines)
            #expect(sqlite != nil && postgres != nil, "\(statement)")
            let plain = { (rows: [String]?) in
                rows?.map {
                    $0.split(separator: "|", omittingEmptySubsequences: false).map {
                        ["t": "1", "f": "0"][$0] ?? String($0)
                    }
                }
            }
            #expect(plain(sqlite) == plain(postgres), "\(statement)")
        }
    }

    private static let price = Decimal(10)

    @Test(
        arguments: [
            "SELECT id FROM t WHERE name < \(price)", "SELECT id FROM t WHERE \(price)<=name",
            "SELECT id FROM t WHERE id = \(1) AND name > \(price)", "SELECT \(price) BETWEEN name AND name",
            "SELECT id FROM t WHERE name NOT BETWEEN \(price) AND '9'",
            "SELECT id FROM t WHERE name BETWEEN '1' AND \(price) OR n IN \(list: [1])",
            "SELECT \(price) NOT BETWEEN name AND name",
        ] as [SQL])
    func `a Decimal is not compared by its order`(_ statement: SQL) async throws {
        let error = #expect(throws: StorageError.self) { try PortabilityCheck().check(statement) }
        #expect(error?.kind == .notPortable)
        #expect(error?.remedy.contains("\\(sqlite: ") == true, "\(error?.remedy ?? "")")
    }

    @Test(
        arguments: [
            "SELECT id FROM t WHERE name = \(price)", "SELECT id FROM t WHERE name <> \(price) AND n < \(5)",
            "UPDATE t SET name = \(price) WHERE n > \(5) AND name = \(price)",
            "SELECT id FROM t WHERE \(sqlite: "CAST(name AS REAL) < \(10.0)", postgres: "name < \(price)")",
            "SELECT id FROM t WHERE CAST(name AS REAL) < CAST(\(price) AS REAL)",
        ] as [SQL])
    func `a Decimal may be stored, and compared for being equal`(_ statement: SQL) {
        #expect(throws: Never.self) { try PortabilityCheck().check(statement) }
    }

    @Test(
        arguments: [
            "", "'", "\"", "/*", "--", "$", "'a''", "((((", "max(", "limit", "is", "substr(", "x",
            "select 'é' ~",
        ] as [SQL])
    func `torn text does not trap`(_ statement: SQL) {
        do {
            try PortabilityCheck().check(statement)
        } catch {
            #expect(error is StorageError)
        }
    }

    private static func engines() async throws -> BothEngines {
        let engines = try await BothEngines()
        try await engines.run(
            """
            CREATE TABLE t (id \(sqlite: "INTEGER", postgres: "bigint") PRIMARY KEY, name TEXT, n \(SQL.columnType(.integer)),
            at \(SQL.columnType(.date)), j \(SQL.columnType(.json)), b \(SQL.columnType(.bytes)))
            """)
        for (id, name, n) in [(1, "ada", 5), (2, "Bob", nil), (3, "eve", 1)] as [(Int, String, Int?)] {
            try await engines.run(
                """
                INSERT INTO t VALUES (\(id), \(name), \(n), \(Date(timeIntervalSince1970: 0)), \(["yes": true] as JSON),
                \([1, 2] as [UInt8]))
                """)
        }
        return engines
    }

    private static func answers(_ statement: SQL, _ engines: BothEngines) async -> ([String]?, [String]?) {
        var answers: ([String]?, [String]?) = (nil, nil)
        do {
            answers.0 = try engines.onSQLite(statement)
        } catch {}
        do {
            answers.1 = try await engines.onPostgres(statement)
        } catch {}
        return answers
    }
}
