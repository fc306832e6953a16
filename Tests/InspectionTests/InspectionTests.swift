import Diagnostics
import Foundation
import Inspection
import SQLiteClient
import SQLiteSyntax
import Schema
import TestSupport
import Testing

@Suite("What is seen in a source")
struct InspectionTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("app.db") }

    init() throws { folder = try TemporaryFolder() }

    private func inspect<Result>(
        _ sql: String, candidate: ValueCodec? = nil, _ body: (Inspector, SourceSchema) throws -> Result
    ) throws -> Result {
        try SQLiteShell.run(sql, on: path)
        let reader = try SourceReader.open(try SourceFiles.look(at: path)) { _, _ in folder.path }
        defer { reader.finish() }
        let inspector = Inspector(
            reader,
            proposals: { table in
                table.columns.map { _ in
                    candidate.map { ColumnProposal(codec: $0, rule: "test", isOverride: false) }
                }
            })
        return try body(inspector, inspector.scan(inspector.readSchema()))
    }

    @Test func `every storage class is counted, with sample rowids`() throws {
        let observed = try inspect(
            """
            CREATE TABLE t(v BLOB);
            INSERT INTO t(rowid, v) VALUES(10, NULL), (20, 0), (30, 1), (40, 7), (50, 9007199254740993), (60, -1), (70, 1.5),
              (80, -0.0), (90, 9e999), (100, 2.0), (110, 'text'), (120, '12'), (130, CAST(x'610062' AS TEXT)),
              (140, CAST(x'FF' AS TEXT)), (150, x'0102'), (160, x'');
            """
        ) { try #require($1.table(named: "t")?.observed) }
        let column = try #require(observed.columns.first ?? nil)
        #expect(observed.rowCount == 16)
        #expect(observed.minRowID == 10)
        #expect(observed.maxRowID == 160)
        #expect(
            [column.nulls, column.integers, column.reals, column.texts, column.blobs] == [1, 5, 4, 4, 2])
        #expect(column.minInteger == -1)
        #expect(column.maxInteger == 9_007_199_254_740_993)
        #expect(column.integersBeyondBoolean == 3)
        #expect(column.integersBeyondDouble == 1)
        #expect(column.negativeZeros == 1)
        #expect(column.infinities == 1)
        #expect(column.fractionalReals == 2)
        #expect(column.textsWithNUL == 1)
        #expect(column.textsInvalidUTF8 == 1)
        #expect(column.textsLookingNumeric == 1)
        #expect(column.maxByteCount == 4)
        #expect(column.samples[.null] == [10])
        #expect(column.samples[.bigInteger] == [50])
        #expect(column.samples[.negativeZero] == [80])
        #expect(column.samples[.infinity] == [90])
        #expect(column.samples[.nul] == [130])
        #expect(column.samples[.invalidUTF8] == [140])
        #expect(column.samples[.blob] == [150, 160])
    }

    @Test func `rows are counted in every kind of table`() throws {
        let schema = try inspect(
            """
            CREATE TABLE empty(a);
            CREATE TABLE keyed(a TEXT, b INT, PRIMARY KEY(a, b)) WITHOUT ROWID;
            INSERT INTO keyed VALUES('x', 1), ('x', 2);
            CREATE TABLE strict(a INTEGER PRIMARY KEY, b ANY) STRICT;
            INSERT INTO strict VALUES(-5, 1), (5, 'x');
            CREATE TABLE hidden(rowid TEXT, _rowid_ TEXT, oid TEXT);
            INSERT INTO hidden VALUES('a', 'b', 'c');
            """
        ) { $1 }
        #expect(schema.tables.map { $0.observed?.rowCount } == [0, 2, 2, 1])
        #expect(schema.table(named: "strict")?.observed?.minRowID == -5)
        #expect(schema.table(named: "keyed")?.observed?.minRowID == nil)
        #expect(schema.table(named: "hidden")?.observed?.minRowID == nil)
    }

    @Test func `tables that virtual tables keep their content in are not the application's`() throws {
        let schema = try inspect(
            """
            CREATE TABLE real_one(a);
            CREATE VIRTUAL TABLE five USING fts5(body);
            CREATE VIRTUAL TABLE four USING fts4(body);
            CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1);
            CREATE TABLE five_notes(a);
            INSERT INTO five VALUES('one'), ('two');
            INSERT INTO four VALUES('one');
            INSERT INTO boxes VALUES(1, 0, 1), (2, 0, 1), (3, 0, 1);
            CREATE TABLE counted(id INTEGER PRIMARY KEY AUTOINCREMENT);
            ANALYZE;
            """
        ) { $1 }
        #expect(schema.tables.map(\.name).sorted() == ["counted", "five_notes", "real_one"])
        #expect(schema.virtualTables.map(\.definition.name) == ["five", "four", "boxes"])
        #expect(schema.virtualTables.map(\.rowCount) == [2, 1, 3])
    }

    /// SQLite calls all of them shadow tables, by their names alone.
    @Test func `an application's own table is not taken for a module's`() throws {
        let schema = try inspect(
            """
            CREATE TABLE page_content(id INTEGER PRIMARY KEY, body TEXT);
            CREATE VIRTUAL TABLE page USING fts5(body, content='page_content', content_rowid='id');
            CREATE TABLE bare_content(id INTEGER PRIMARY KEY, c0);
            CREATE VIRTUAL TABLE bare USING fts5(body, content='');
            CREATE VIRTUAL TABLE three USING fts3(body);
            CREATE TABLE three_stat(day TEXT, hits INTEGER);
            CREATE VIRTUAL TABLE small USING fts5(body, columnsize=0);
            CREATE TABLE small_docsize(name TEXT, bytes INTEGER);
            INSERT INTO page(rowid, body) VALUES(1, 'one'), (2, 'two');
            CREATE VIRTUAL TABLE five USING fts5(body);
            """
        ) { $1 }
        #expect(
            schema.tables.map(\.name).sorted() == [
                "bare_content", "page_content", "small_docsize", "three_stat",
            ])
        #expect(schema.virtualTables.map(\.indexedRowCount) == [2, 0, nil, nil, nil])
        #expect(
            schema.virtualTables.map { $0.content?.name } == [
                nil, nil, "three_content", "small_content", "five_content",
            ])
    }

    @Test func `positions of AUTOINCREMENT outlive the rows`() throws {
        let schema = try inspect(
            """
            CREATE TABLE Gone(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO Gone VALUES(41); DELETE FROM Gone;
            CREATE TABLE never(id INTEGER PRIMARY KEY AUTOINCREMENT);
            CREATE TABLE odd(id INTEGER PRIMARY KEY AUTOINCREMENT);
            INSERT INTO odd VALUES(3); UPDATE sqlite_sequence SET seq = 'x' WHERE name = 'odd';
            """
        ) { $1 }
        #expect(schema.tables.map(\.sequencePosition) == [41, nil, nil])
    }

    @Test func `orphans are found by the position of their key`() throws {
        let orphans = try inspect(
            """
            CREATE TABLE p(id INTEGER PRIMARY KEY, a INT, b INT, UNIQUE(a, b));
            INSERT INTO p VALUES(1, 1, 1);
            CREATE TABLE c(id INTEGER PRIMARY KEY, one INT REFERENCES p, two INT REFERENCES p(id), x INT, y INT,
              self INT REFERENCES c(id), FOREIGN KEY(x, y) REFERENCES p(a, b));
            INSERT INTO c VALUES(1, 1, 1, 1, 1, 1), (2, 9, 1, NULL, 9, NULL), (3, 1, 9, 1, 2, 7), (4, 8, 9, 1, 1, 1);
            CREATE TABLE w(k TEXT PRIMARY KEY, r INT REFERENCES p) WITHOUT ROWID;
            INSERT INTO w VALUES('a', 1), ('b', 5);
            CREATE TABLE m(r INT REFERENCES p(a)); INSERT INTO m VALUES(1);
            """
        ) { try $0.checkIntegrity(of: $1).orphans }
        #expect(orphans["c"]?[0] == OrphanObservation(rowCount: 2, examples: [2, 4]))
        #expect(orphans["c"]?[1] == OrphanObservation(rowCount: 2, examples: [3, 4]))
        #expect(orphans["c"]?[2] == OrphanObservation(rowCount: 1, examples: [3]))
        #expect(orphans["c"]?[3] == OrphanObservation(rowCount: 1, examples: [3]))
        #expect(orphans["c"]?.count == 4)
        #expect(orphans["w"]?[0]?.rowCount == 1)
        #expect(orphans["m"] == nil)
    }

    @Test func `a NOT NULL generated column is not evaluated by the check`() throws {
        let report = try inspect(
            """
            CREATE TABLE g(id INTEGER PRIMARY KEY, big AS (hex(zeroblob(450000000))) NOT NULL); INSERT INTO g VALUES(1);
            CREATE TABLE t(a);
            """
        ) { try $0.checkIntegrity(of: $1) }
        #expect(report.uncheckedTables == ["g"])
    }
}
