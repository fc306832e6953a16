import Outgrow
import TestSupport
import Testing
import Verification

/// Tables cut into many parts, and tables that cannot be cut.
@Suite(.serialized) struct PartTests {
    static let source = """
        CREATE TABLE big (id INTEGER PRIMARY KEY, n INTEGER, t TEXT);
        WITH RECURSIVE i (i) AS (VALUES (-150000) UNION ALL SELECT i + 1 FROM i WHERE i < 149999)
        INSERT INTO big SELECT i, i * 7, 'row ' || i FROM i;
        CREATE TABLE wide (id INTEGER PRIMARY KEY, t TEXT);
        WITH RECURSIVE i (i) AS (VALUES (-2000) UNION ALL SELECT i + 1 FROM i WHERE i < 1999)
        INSERT INTO wide SELECT i * 4611686018427387, 'row ' || i FROM i;
        INSERT INTO wide VALUES (-9223372036854775808, 'least'), (9223372036854775807, 'largest'), (-1, 'minus one');
        CREATE TABLE keyless (t TEXT);
        INSERT INTO keyless SELECT t FROM big WHERE id % 50 = 0;
        CREATE TABLE rowless (a TEXT, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
        INSERT INTO rowless SELECT t, n FROM big WHERE id % 50 = 0;
        CREATE TABLE hidden_once (rowid TEXT, n INTEGER);
        INSERT INTO hidden_once SELECT 'not a number ' || n, n FROM big WHERE id % 50 = 0;
        CREATE TABLE hidden_twice ("RowID" TEXT, _rowid_ INTEGER);
        INSERT INTO hidden_twice SELECT * FROM hidden_once;
        CREATE TABLE hidden (rowid TEXT, oid INTEGER, _rowid_ TEXT);
        INSERT INTO hidden SELECT 'x', n, 'y' FROM hidden_once;
        CREATE TABLE empty (id INTEGER PRIMARY KEY AUTOINCREMENT, t TEXT);
        CREATE TABLE mostly_computed (seed INTEGER, twice INTEGER AS (seed * 2) STORED, thrice INTEGER AS (seed * 3));
        INSERT INTO mostly_computed (seed) SELECT n FROM hidden_once;
        """

    @Test func `every row travels in exactly one part`() async throws {
        let source = try SourceFile(Self.source)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let report = try await migrate(source.path, into: database) {
            $0.jobs = 4
            $0.partByteCount = 15_000
        }
        #expect(report.outcome == .complete, "\(report.findingLines)")
        let again = try await compare(source.path, with: database) { $0.jobs = 4 }
        #expect(again.verification.matches)
        let parts = try await database.column(
            """
            SELECT source_table || ' ' || (count(*) > 1)::text || ' ' || sum(row_count) FROM outgrow.outgrow_part
            GROUP BY source_table ORDER BY source_table COLLATE "C"
            """)
        #expect(
            parts == [
                "big true 300000", "empty false 0", "hidden false 6000", "hidden_once true 6000",
                "hidden_twice true 6000",
                "keyless true 6000", "mostly_computed true 6000", "rowless false 6000", "wide true 4003",
            ])
        let count = try await database.scalar(
            "SELECT count(*) >= 50 FROM outgrow.outgrow_part WHERE source_table = 'big'")
        #expect(count == "t")
        let sums = try await database.scalar(
            "SELECT count(*) || ' ' || sum(n) || ' ' || min(id) || ' ' || max(id) FROM big")
        #expect(sums == "300000 -1050000 -150000 149999")
        let edges = try await database.scalar("SELECT min(id) || ' ' || max(id) FROM wide")
        #expect(edges == "-9223372036854775808 9223372036854775807")
        #expect(try await database.scalar("SELECT sum(thrice - twice - seed) FROM mostly_computed") == "0")
        #expect(try await database.scalar("INSERT INTO empty (t) VALUES ('first') RETURNING id") == "1")
        #expect(try await database.scalar("INSERT INTO big (n) VALUES (0) RETURNING id") == "150000")
    }
}
