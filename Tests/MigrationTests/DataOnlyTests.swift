import Outgrow
import PostgresClient
import TestSupport
import Testing

/// `--data-only` into tables that have foreign keys.
@Suite struct DataOnlyTests {
    @Test func `foreign keys that were set aside come back when the copy fails`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        try SQLiteShell.run(
            """
            CREATE TABLE p (id INTEGER PRIMARY KEY);
            CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p(id));
            INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1);
            """, on: path)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        var options = MigrationOptions(source: path, target: database.conninfo, jobs: 1)
        options.scope = .schemaOnly
        #expect(try await Migration(options).run().outcome == .complete)
        try await database.execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON c FOR EACH ROW EXECUTE FUNCTION refuse();
            """)
        options.scope = .dataOnly
        let failing = options
        let failure = try await #require(throws: MigrationFailure.self) { try await Migration(failing).run() }
        #expect(failure.isPartial)
        let connection = try await database.connect()
        let keys = try await connection.run {
            try $0.scalar(
                "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'c'::regclass")
        }
        #expect(keys == "1")
        await connection.close()
    }
}
