import SQLiteSyntax
import Testing

/// CREATE TABLE texts of every shape: what we read is what SQLite made of them.
@Suite struct TableAgreementTests {
    static let tables: [String] = [
        "CREATE TABLE t(a)",
        "CREATE TABLE t(a, b, c);",
        "create table t ( a int , b text ) ;",
        "CREATE TABLE \"t x\"(\"a b\" INT, `c d` TEXT, [e f] BLOB, 'g h' REAL)",
        "CREATE TABLE \"a\"\"b\"(\"c\"\"d\", `e``f`, 'g''h', [i\"j])",
        "CREATE TABLE t(a UNSIGNED BIG INT, b DOUBLE PRECISION, c NATIVE CHARACTER(70), d VARYING CHARACTER(255))",
        "CREATE TABLE t(a VARCHAR(255), b DECIMAL(10, -2), c NUMERIC(+5), d FLOAT(1.5, 2e3))",
        "CREATE TABLE t(a \"quoted type\", b [my type], c `back tick`, d 'a string', e int \"x\")",
        "CREATE TABLE t(a \"int); DROP TABLE t; --\", b [a\"b])",
        "CREATE TABLE t(a ACTION KEY NO OF, b key, c text key, d WITHOUT, e TEMP VIEW)",
        "CREATE TABLE t(\"INTEGER\" \"INTEGER\" PRIMARY KEY)",
        "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, x)",
        "CREATE TABLE t(id integer primary key asc on conflict replace autoincrement, x)",
        "CREATE TABLE t(id INTEGER PRIMARY KEY DESC)",
        "CREATE TABLE t(id INT PRIMARY KEY)",
        "CREATE TABLE t(id INTEGER, PRIMARY KEY(id DESC))",
        "CREATE TABLE t(id INTEGER, x, PRIMARY KEY(id AUTOINCREMENT))",
        "CREATE TABLE t(id INTEGER, PRIMARY KEY(id ASC AUTOINCREMENT) ON CONFLICT IGNORE)",
        "CREATE TABLE t(a, b, PRIMARY KEY(b, a))",
        "CREATE TABLE t(a TEXT, b, PRIMARY KEY(b COLLATE NOCASE DESC, 'a', \"a\"))",
        "CREATE TABLE t(a TEXT PRIMARY KEY, b) WITHOUT ROWID",
        "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT) WITHOUT ROWID, STRICT",
        "CREATE TABLE t(a INTEGER PRIMARY KEY, b ANY) STRICT, without rowid",
        "CREATE TABLE t(a TEXT PRIMARY KEY), WITHOUT ROWID",
        "CREATE TABLE t(a INT, b INTEGER, c REAL, d TEXT, e BLOB, f ANY) STRICT",
        "CREATE TABLE t(a NOT NULL, b NULL, c NOT NULL ON CONFLICT FAIL, d NULL ON CONFLICT ABORT)",
        "CREATE TABLE t(a UNIQUE, b UNIQUE ON CONFLICT ROLLBACK, UNIQUE(a, b DESC) ON CONFLICT REPLACE)",
        "CREATE TABLE t(a NOT NULL UNIQUE DEFAULT 5 CHECK(a > 0) NOT NULL COLLATE nocase DEFAULT 6)",
        "CREATE TABLE t(a DEFAULT -5, b DEFAULT +5, c DEFAULT (1 + 2), d DEFAULT id, e DEFAULT \"x\", f DEFAULT 'y')",
        "CREATE TABLE t(a DEFAULT true, b DEFAULT NULL, c DEFAULT CURRENT_TIMESTAMP, d DEFAULT x'00ff', e DEFAULT 0x10)",
        "CREATE TABLE t(a TEXT DEFAULT '{\"a\": [1, 2, \"it''s\"]}' NOT NULL, b DEFAULT (json('{}')))",
        "CREATE TABLE t(a DEFAULT 1 NOT NULL, b DEFAULT .5, c DEFAULT 1e5, d DEFAULT 9223372036854775808)",
        "CREATE TABLE t(a CONSTRAINT x NOT NULL CONSTRAINT y UNIQUE CONSTRAINT z)",
        "CREATE TABLE t(a CONSTRAINT x CONSTRAINT y CHECK(a) CONSTRAINT \"d e\" DEFAULT 1)",
        "CREATE TABLE t(a, b, CONSTRAINT p PRIMARY KEY(a) CONSTRAINT u UNIQUE(b) CHECK(a > b) UNIQUE(a, b))",
        "CREATE TABLE t(a, CONSTRAINT q, CONSTRAINT r CHECK(a) CONSTRAINT z UNIQUE(a) CONSTRAINT dangling)",
        "CREATE TABLE t(a, b, CHECK(a > b) ON CONFLICT IGNORE, CHECK(a <> 'x,)(' OR b IN (1, 2)))",
        "CREATE TABLE t(a REFERENCES p)",
        "CREATE TABLE t(a INT REFERENCES p(x) ON DELETE CASCADE ON UPDATE SET NULL, b)",
        "CREATE TABLE t(a REFERENCES p(x) MATCH FULL ON DELETE SET DEFAULT MATCH \"x\" ON UPDATE NO ACTION)",
        "CREATE TABLE t(a REFERENCES p ON DELETE RESTRICT ON DELETE CASCADE ON INSERT CASCADE)",
        "CREATE TABLE t(a REFERENCES p NOT NULL DEFERRABLE INITIALLY DEFERRED UNIQUE)",
        "CREATE TABLE t(a REFERENCES p(x) NOT DEFERRABLE INITIALLY IMMEDIATE, b REFERENCES q DEFERRABLE)",
        "CREATE TABLE t(a, b, FOREIGN KEY(a, b) REFERENCES p(x, y) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED)",
        "CREATE TABLE t(a, b, FOREIGN KEY(a) REFERENCES p FOREIGN KEY(b) REFERENCES \"q r\"(\"s t\") MATCH SIMPLE)",
        "CREATE TABLE t(a INT, b INT GENERATED ALWAYS AS (a + 1) STORED, c AS (a || 'x'))",
        "CREATE TABLE t(a, b TEXT AS (a) VIRTUAL NOT NULL, c DECIMAL(5,2) GENERATED ALWAYS AS (a * 2) VIRTUAL UNIQUE)",
        "CREATE TABLE t(b generated always as (a), a, c NOT NULL GENERATED ALWAYS AS (1) STORED)",
        "CREATE TABLE t(a INT GENERATED, b ALWAYS, c generated int)",
        "CREATE TABLE t(\n  a INT, -- the first\n  /* the\n second */ b TEXT -- last, )\n)",
        "CREATE TABLE t/**/(a/* x */INT,b--\n,c)",
        "CREATE TABLE IF NOT EXISTS t(a)",
        "CREATE TABLE main.t(a INT)",
        "CREATE TABLE t(\u{00E4} INT, \u{1F600} TEXT, a$b, _c, \"\u{00C4}\" REAL)",
        "CREATE TABLE t(abort, action, key, desc, match, replace, rowid, oid, _rowid_)",
        "CREATE TABLE t(over, filter, window, left, cross, indexed, current_date, cast, raise, end)",
        "CREATE TABLE t(id, type TEXT, \"order\" INT, \"group\", [table], `index`, 'select')",
        "CREATE TABLE t(date DATE, time TIME, year YEAR, text TEXT, int INT, blob BLOB)",
        "CREATE TABLE t(\"\" INT, \" \" TEXT)",
        "CREATE TABLE t(a COLLATE \"rtrim\" COLLATE [nocase], b TEXT COLLATE 'binary')",
        "CREATE TABLE t(a CHECK(typeof(a) = 'integer' AND a BETWEEN 0 AND 9), b CHECK(b IS NULL OR length(b) < 5))",
        "CREATE TABLE t(a CHECK(a IN ('x', 'y''z', \"w\")), b CHECK(b LIKE '%!%' ESCAPE '!' AND NOT b GLOB '*[0-9]'))",
        "CREATE TABLE t(a CHECK(CASE WHEN a > 1 THEN 1 ELSE CAST(a AS VARCHAR(10)) END), b CHECK(json_valid(b)))",
        "CREATE TABLE t(a, b, UNIQUE(\"a\", 'b'), UNIQUE(b COLLATE NOCASE, a), UNIQUE(a COLLATE x COLLATE nocase DESC))",
        "CREATE TABLE t(a TEXT, b TEXT, PRIMARY KEY(a), FOREIGN KEY(b) REFERENCES t(a) ON DELETE SET NULL) WITHOUT ROWID",
        "CREATE TABLE t(a INTEGER NOT NULL PRIMARY KEY, b INTEGER NULL DEFAULT NULL REFERENCES t(a))",
        "CREATE TABLE t(a LONG INTEGER PRIMARY KEY, b INTEGER(10), c tinyint(1) DEFAULT '0', d bool DEFAULT FALSE)",
        "CREATE TABLE t(a INT DEFAULT 1 CHECK(a <> 2), b INT CHECK(b & 1 = 1 OR ~b << 2 > 3), c AS (-a), d AS (a->>'$.x'))",
        "CREATE TABLE t(a REFERENCES p, b INT DEFERRABLE INITIALLY DEFERRED)",
    ]

    @Test(arguments: tables) func `a table is read as SQLite reads it`(sql: String) throws {
        let table = try #require(try stored(sql))
        let info = try SQLite3.rows(sql + ";\nPRAGMA table_xinfo(\(SQLPrinter.name(table.name)));")
        let theirs = info.map { [$0[1], Self.folded($0[2]), $0[3], $0[4].isEmpty ? "0" : "1", $0[5], $0[6]] }
        #expect(Self.shape(of: table) == theirs)
    }

    @Test(arguments: tables) func `a printed table is the same table to SQLite`(sql: String) throws {
        guard case .createTable(let table) = try Parser.parseStatement(sql) else { return }
        let printed = SQLPrinter.print(table)
        #expect(try Parser.parseStatement(printed) == .createTable(table))
        #expect(try traits(of: printed, named: table.name) == traits(of: sql, named: table.name))
    }

    @Test(arguments: tables) func `the rowid alias is the one SQLite has`(sql: String) throws {
        guard case .createTable(let table) = try Parser.parseStatement(sql), let name = table.rowIDName else {
            return
        }
        let literal = SQLPrinter.print(.string(table.name))
        let key = try SQLite3.rows(
            "\(sql);\nSELECT name FROM pragma_table_info(\(literal)) WHERE pk = 1;"
        )
        let first = key.first?.first
        // A table whose key is the rowid needs no index for it.
        let indexes = try SQLite3.rows(
            "\(sql);\nSELECT count(*) FROM pragma_index_list(\(literal)) WHERE origin = 'pk';"
        )
        #expect(table.rowIDAliasColumn?.name == (indexes == [["0"]] ? first : nil))
        #expect(SQLite3.accepts("\(sql);\nSELECT \(name) FROM \(SQLPrinter.name(table.name));"))
    }

    /// The statement as SQLite stores it, which must be the one that was given.
    private func stored(_ sql: String) throws -> CreateTable? {
        let text = try SQLite3.rows(
            sql + ";\nSELECT sql FROM sqlite_schema WHERE type = 'table' AND name <> 'sqlite_sequence';")
        guard case .createTable(var given) = try Parser.parseStatement(sql),
            case .createTable(let table) = try Parser.parseStatement(text[0][0])
        else { return nil }
        given.schema = nil
        given.ifNotExists = false
        #expect(given == table)
        return table
    }

    private func traits(of sql: String, named name: String) throws -> [[String]] {
        let name = SQLPrinter.print(.string(name))
        return try SQLite3.rows(
            """
            \(sql);
            SELECT 'column', name, replace(upper(type), ' ', ''), "notnull", dflt_value IS NULL, pk, hidden
            FROM pragma_table_xinfo(\(name));
            SELECT 'key', id, seq, "table", "from", "to", on_update, on_delete
            FROM pragma_foreign_key_list(\(name));
            SELECT 'index', l.seq, l."unique", l.origin, i.seqno, i.cid, i.desc, i.coll, i.key
            FROM pragma_index_list(\(name)) l, pragma_index_xinfo(l.name) i;
            SELECT 'list', type, ncol, wr, strict FROM pragma_table_list(\(name));
            """)
    }

    /// Per column what `PRAGMA table_xinfo` says: name, type, NOT NULL, default, place in the key, hidden.
    static func shape(of table: CreateTable) -> [[String]] {
        table.columns.map { column in
            [
                column.name, folded(column.declaredType ?? ""), isNotNull(column, in: table) ? "1" : "0",
                hasDefault(column) ? "1" : "0", String(keyPosition(column, in: table)), hidden(column),
            ]
        }
    }

    static func folded(_ type: String) -> String { SQLiteName.folded(type).filter { $0 != " " } }

    private static func isNotNull(_ column: ColumnDefinition, in table: CreateTable) -> Bool {
        if table.isWithoutRowID, keyPosition(column, in: table) > 0 { return true }
        return column.constraints.contains { if case .notNull = $0.kind { true } else { false } }
    }

    private static func hasDefault(_ column: ColumnDefinition) -> Bool {
        column.constraints.contains { if case .default = $0.kind { true } else { false } }
    }

    private static func keyPosition(_ column: ColumnDefinition, in table: CreateTable) -> Int {
        let names = table.primaryKeyColumns.map { SQLiteName.folded($0.columnName ?? "") }
        return (names.firstIndex(of: SQLiteName.folded(column.name)) ?? -1) + 1
    }

    private static func hidden(_ column: ColumnDefinition) -> String {
        for constraint in column.constraints {
            if case .generated(_, let storage) = constraint.kind { return storage == .stored ? "3" : "2" }
        }
        return "0"
    }
}
