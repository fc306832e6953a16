import Outgrow
import PostgresClient
import TestSupport
import Testing
import Verification

/// One change behind the product's back.
struct Tampering: Sendable, CustomTestStringConvertible {
    var what: String
    var sql: String
    /// By table, as `line` of the differences; empty when only the catalog differs.
    var rows: [String: [String]] = [:]
    /// Kind, table and name.
    var catalog: [Expected] = []

    struct Expected: Hashable, Sendable {
        var kind: CatalogDifference.Kind
        var table: String
        var name: String
        init(_ kind: CatalogDifference.Kind, _ table: String, _ name: String) {
            self.kind = kind
            self.table = table
            self.name = name
        }
    }

    var testDescription: String { what }

    init(_ what: String, _ sql: String, rows: [String: [String]] = [:], catalog: [Expected] = []) {
        self.what = what
        self.sql = sql
        self.rows = rows
        self.catalog = catalog
    }

    /// A change of columns in rows of `reading`.
    init(_ what: String, _ change: String, ids: [Int] = [5], column: String) {
        let list = ids.map { "\($0)" }.joined(separator: ", ")
        self.init(
            what, "UPDATE reading SET \(change) WHERE id IN (\(list))",
            rows: ["reading": ids.map { "values-differ id=\($0) column \(column)" }])
    }
}

@Suite(.serialized) struct VerifyFindsTests {
    static let source = """
        CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        INSERT INTO place VALUES (1, 'attic'), (2, 'cellar');
        CREATE TABLE reading (id INTEGER PRIMARY KEY, value REAL, note TEXT NOT NULL DEFAULT 'none', label TEXT,
          taken_at DATETIME, payload BLOB, extra JSON, place INTEGER,
          CONSTRAINT reading_positive CHECK (id > 0),
          CONSTRAINT reading_place FOREIGN KEY (place) REFERENCES place (id));
        WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 300)
        INSERT INTO reading SELECT i, CASE i WHEN 5 THEN 0.1 WHEN 7 THEN 0.0 ELSE i * 0.37 END, 'note ' || i,
          CASE WHEN i = 6 THEN NULL WHEN i = 8 THEN '' ELSE 'label' END,
          '2024-05-06 07:08:09.123456', x'000102030405', '{"n": ' || i || '}', 1 + i % 2 FROM n;
        CREATE INDEX reading_by_note ON reading (note);
        CREATE TABLE keyless (a TEXT, b INTEGER);
        INSERT INTO keyless VALUES ('one', 1), ('two', 2), ('three', 3), ('two', 2);
        CREATE TABLE pair (a TEXT, b INTEGER, v REAL, PRIMARY KEY (b, a)) WITHOUT ROWID;
        INSERT INTO pair VALUES ('x', 1, 0.5), ('y', 1, 0.5), ('x', 2, 0.5);
        CREATE VIEW pairs AS SELECT b, hex(a) AS code FROM pair;
        CREATE TRIGGER pair_gone AFTER DELETE ON pair BEGIN DELETE FROM keyless WHERE a = OLD.a; END;
        """

    static let tamperings: [Tampering] = [
        Tampering("one bit of a double", "value = 0.10000000000000002", column: "value"),
        Tampering("the sign of a zero", "value = '-0'", ids: [7], column: "value"),
        Tampering("a trailing space", "note = note || ' '", column: "note"),
        Tampering("NULL to the empty text", "label = ''", ids: [6], column: "label"),
        Tampering("the empty text to NULL", "label = NULL", ids: [8], column: "label"),
        Tampering("two rows' values swapped", "note = 'note ' || (14 - id)", ids: [5, 9], column: "note"),
        Tampering(
            "a timestamp off by 1 µs", "taken_at = taken_at + interval '1 microsecond'", column: "taken_at"),
        Tampering("one byte of a bytea", "payload = set_byte(payload, 5, 4)", column: "payload"),
        Tampering("a JSON value", #"extra = '{"n": 6}'"#, column: "extra"),
        Tampering(
            "a row duplicated while another is deleted",
            "DELETE FROM keyless WHERE b = 1; INSERT INTO keyless VALUES ('three', 3)",
            rows: [
                "keyless": [
                    "missing-in-target rowid 1 1:0",
                    "number-of-copies-differs rowid 3 1:2",
                ]
            ]),
        Tampering(
            "values swapped in rows without a key",
            "UPDATE keyless SET b = 4 - b WHERE b <> 2",
            rows: [
                "keyless": [
                    "missing-in-target rowid 1 1:0", "missing-in-target rowid 3 1:0", "only-in-target ? 0:1",
                    "only-in-target ? 0:1",
                ]
            ]),
        Tampering(
            "a value in a row with a key of two columns", "UPDATE pair SET v = 0.25 WHERE a = 'x' AND b = 2",
            rows: ["pair": ["values-differ (b, a)=(2, 'x') column v"]]),
        Tampering(
            "one more row", "INSERT INTO reading (id, note) VALUES (1000, 'new')",
            rows: ["reading": ["only-in-target id=1000 0:1"]],
            catalog: [.init(.identityBehind, "reading", "id")]),
        Tampering(
            "one row less", "DELETE FROM reading WHERE id = 17",
            rows: ["reading": ["missing-in-target id=17 1:0"]]),
        Tampering(
            "an identity position behind its data",
            "SELECT setval(pg_get_serial_sequence('reading', 'id'), 299)",
            catalog: [.init(.identityBehind, "reading", "id")]),
        Tampering(
            "a missing index", "DROP INDEX reading_by_note",
            catalog: [.init(.missingIndex, "reading", "reading_by_note")]),
        Tampering(
            "an invalid index",
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'reading_by_note'::regclass",
            catalog: [.init(.invalidIndex, "reading", "reading_by_note")]),
        Tampering(
            "a missing primary key", "ALTER TABLE reading DROP CONSTRAINT reading_pkey",
            catalog: [.init(.missingConstraint, "reading", "reading_pkey")]),
        Tampering(
            "a lost identity", "ALTER TABLE reading ALTER id DROP IDENTITY",
            catalog: [.init(.column, "reading", "id")]),
        Tampering(
            "a missing unique constraint", "ALTER TABLE place DROP CONSTRAINT place_name_key",
            catalog: [.init(.missingConstraint, "place", "place_name_key")]),
        Tampering(
            "a foreign key that is not valid",
            """
            ALTER TABLE reading DROP CONSTRAINT reading_place;
            ALTER TABLE reading ADD CONSTRAINT reading_place FOREIGN KEY (place) REFERENCES place (id) NOT VALID
            """, catalog: [.init(.invalidConstraint, "reading", "reading_place")]),
        Tampering(
            "a check that is not valid",
            """
            ALTER TABLE reading DROP CONSTRAINT reading_positive;
            ALTER TABLE reading ADD CONSTRAINT reading_positive CHECK (id > 0) NOT VALID
            """, catalog: [.init(.invalidConstraint, "reading", "reading_positive")]),
        Tampering(
            "a lost NOT NULL", "ALTER TABLE reading ALTER note DROP NOT NULL",
            catalog: [.init(.column, "reading", "note")]),
        Tampering(
            "a lost default", "ALTER TABLE reading ALTER note DROP DEFAULT",
            catalog: [.init(.column, "reading", "note")]),
        Tampering(
            "a changed type", "ALTER TABLE reading ALTER label TYPE varchar(50)",
            catalog: [.init(.column, "reading", "label")]),
        Tampering(
            "a narrower number", "ALTER TABLE keyless ALTER b TYPE integer",
            catalog: [.init(.column, "keyless", "b")]),
        Tampering(
            "a column less", "ALTER TABLE place DROP name",
            rows: ["place": ["values-differ id=1 column name", "values-differ id=2 column name"]],
            catalog: [.init(.column, "place", "name"), .init(.missingConstraint, "place", "place_name_key")]),
        Tampering(
            "a missing table", "DROP TABLE keyless", catalog: [.init(.missingTable, "keyless", "keyless")]),
        Tampering("a missing view", "DROP VIEW pairs", catalog: [.init(.missingView, "pairs", "pairs")]),
        Tampering(
            "another view", "DROP VIEW pairs; CREATE VIEW public.pairs AS SELECT b, b AS code FROM pair",
            catalog: [.init(.view, "pairs", "pairs")]),
        Tampering(
            "a missing function",
            """
            DO $$ DECLARE f regprocedure; BEGIN
              FOR f IN SELECT oid FROM pg_proc WHERE proname = 'hex' AND pronamespace = 'sqlite'::regnamespace LOOP
                EXECUTE 'DROP FUNCTION ' || f || ' CASCADE';
              END LOOP;
            END $$
            """,
            catalog: [.init(.missingView, "pairs", "pairs"), .init(.missingFunction, "sqlite", "hex")]),
        Tampering(
            "a missing trigger", "DROP TRIGGER pair_gone ON pair",
            catalog: [.init(.missingTrigger, "pair", "pair_gone")]),
        Tampering(
            "a trigger that is switched off", "ALTER TABLE pair DISABLE TRIGGER pair_gone",
            catalog: [.init(.disabledTrigger, "pair", "pair_gone")]),
    ]

    @Test func `a copy that nobody touched matches`() async throws {
        let source = try SourceFile(Self.source)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        _ = try await migrate(source.path, into: database)
        let report = try await compare(source.path, with: database)
        #expect(report.verification.matches)
        #expect(report.verification.rowCount == 309)
        #expect(report.verification.catalog == [])
        #expect(report.sourceMoved == nil)
    }

    @Test(arguments: tamperings)
    func `is found and named`(_ tampering: Tampering) async throws {
        let source = try SourceFile(Self.source)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let migrated = try await migrate(source.path, into: database)
        try #require(migrated.outcome == .complete)
        try await database.execute(tampering.sql)
        let verification = try await compare(source.path, with: database).verification
        #expect(!verification.matches)
        var rows: [String: [String]] = [:]
        for table in verification.tables where !table.matches {
            rows[table.table] = table.differences.map(\.line).sorted()
        }
        #expect(rows == tampering.rows)
        let catalog = verification.catalog.map { Tampering.Expected($0.kind, $0.table, $0.name) }
        #expect(catalog == tampering.catalog)
    }
}

extension RowDifference {
    /// Everything in it, as one text.
    fileprivate var line: String {
        let copies = sourceCopies + targetCopies > 0 ? ["\(sourceCopies):\(targetCopies)"] : []
        return ([kind.rawValue, row ?? "?"] + columns.map { "column \($0)" } + copies).joined(separator: " ")
    }
}
