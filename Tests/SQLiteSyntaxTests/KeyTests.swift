import SQLiteSyntax
import Testing

@Suite struct KeyTests {
    static let types: [(type: String?, affinity: Affinity)] = [
        (nil, .blob), ("INT", .integer), ("tinyint", .integer), ("CHARINT", .integer), ("POINT", .integer),
        ("FLOATING POINT", .integer), ("VARCHAR(255)", .text), ("CLOB", .text), ("text", .text),
        ("BLOBTEXT", .text),
        ("BLOB", .blob), ("REALBLOB", .blob), ("REAL", .real), ("DOUBLE PRECISION", .real), ("FLOAT", .real),
        ("NUMERIC", .numeric), ("DECIMAL(10,2)", .numeric), ("BOOLEAN", .numeric), ("DATE", .numeric),
        ("STRING", .numeric), ("\u{130}NT", .numeric),
    ]

    @Test(arguments: types) func `a declared type has SQLite's affinity`(type: String?, affinity: Affinity)
        throws
    {
        #expect(Affinity(declaredType: type) == affinity)
        let name = type.map { " \"\($0)\"" } ?? ""
        // How a column turns '1', '1.5e0' and 1.0 tells its affinity.
        let rows = try SQLite3.rows(
            """
            CREATE TABLE t(a\(name)); INSERT INTO t VALUES ('1'), (1.5), (1.0), (1);
            SELECT group_concat(typeof(a)) FROM t;
            CREATE TABLE u AS SELECT a FROM t; SELECT type FROM pragma_table_info('u');
            """)
        let expected: [Affinity: [String]] = [
            .integer: ["integer,real,integer,integer", "INT"], .text: ["text,text,text,text", "TEXT"],
            .blob: ["text,real,real,integer", ""], .real: ["real,real,real,real", "REAL"],
            .numeric: ["integer,real,integer,integer", "NUM"],
        ]
        #expect(rows.map { $0[0] } == expected[affinity])
    }

    @Test func `an empty type is no type`() {
        #expect(Affinity(declaredType: "") == .blob)
    }

    @Test func `the rowid is reached by a name that no column took`() throws {
        for (columns, name) in [
            ("a", "rowid"), ("ROWID", "_rowid_"), ("rowid, _RowID_", "oid"), ("rowid, oid, _rowid_", nil),
            ("oid", "rowid"),
        ] as [(String, String?)] {
            guard case .createTable(let table) = try Parser.parseStatement("CREATE TABLE t(\(columns))")
            else { return }
            #expect(table.rowIDName == name)
        }
    }

    @Test func `key columns come in the order of the key`() throws {
        let sql = "CREATE TABLE t(a, b TEXT, c, PRIMARY KEY (c DESC, 'a' COLLATE nocase)) WITHOUT ROWID"
        guard case .createTable(let table) = try Parser.parseStatement(sql) else { return }
        #expect(table.primaryKeyColumns.map(\.columnName) == ["c", "a"])
        #expect(table.primaryKeyColumns.map(\.order) == [.descending, nil])
        #expect(table.primaryKeyColumns.map(\.collation) == [nil, "nocase"])
        #expect(table.rowIDName == nil)
        #expect(table.rowIDAliasColumn == nil)
    }
}
