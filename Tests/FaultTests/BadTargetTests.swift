import Diagnostics
import Foundation
import LocalPostgres
import PostgresClient
import TestSupport
import Testing

@testable import Outgrow

@Suite("A target that cannot take a migration")
struct BadTargetTests {
    private let folder: TemporaryFolder
    private let source: String

    init() throws {
        folder = try TemporaryFolder()
        source = try makeDatabase(in: folder)
    }

    private func migrate(
        _ target: String, _ flags: String..., environment: [String: String?] = [:]
    ) throws -> OutgrowProgram.Outcome {
        try OutgrowProgram.run(["migrate", source, target] + flags, environment: environment)
    }

    @Test(arguments: [
        ("host=127.0.0.1 port=1 dbname=app user=ada password=s3cret-word", "target-unreachable"),
        ("postgres://ada:s3cret-word@127.0.0.1:1/app", "target-unreachable"),
        ("host=/nonexistent dbname=app password=s3cret-word", "target-unreachable"),
        ("host=no-such-host.invalid dbname=app password=s3cret-word", "target-unreachable"),
        ("service=no_such_service password=s3cret-word", "target-service"),
    ])
    func `does not answer`(_ target: String, _ code: String) throws {
        let outcome = try migrate(target)
        expectFailure(outcome, status: 11, code: code, hiding: ["s3cret-word"])
    }

    @Test func `is misspelled`() throws {
        for target in [
            "host=x bogus=1 password=s3cret-word", "postgres://ada:s3cret-word@h:notaport/x",
            "dbname='unclosed",
        ] {
            let outcome = try migrate(target)
            #expect([11, 64].contains(outcome.status), "\(outcome)")
            #expect(!outcome.errors.contains("s3cret-word"), "\(outcome)")
            #expect(outcome.lastErrorLine.hasPrefix("state: nothing; next: "))
        }
    }

    @Test func `refuses the password, which is tried once and never shown`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        try await database.execute(
            "CREATE ROLE lock_tester LOGIN PASSWORD 'right-s3cret' IN ROLE \(EphemeralPostgres.passwordRole)")
        let target = database.conninfo.setting("user", to: "lock_tester").redacted
        for (given, environment) in [
            (target + " password=wrong-s3cret", [:]), (target, ["PGPASSWORD": "wrong-s3cret"]),
        ] as [(String, [String: String?])] {
            let outcome = try migrate(given, environment: environment)
            expectFailure(
                outcome, status: 11, code: "target-authentication", hiding: ["wrong-s3cret", "right-s3cret"])
            let attempts = outcome.errors.split(separator: "\n").filter { $0.contains("28P01") }
            #expect(attempts.count == 1, "\(outcome)")
        }
    }

    @Test func `never sees the password again, not in the report, the plan or the ledger`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        try await database.execute(
            """
            CREATE ROLE ledger_tester LOGIN PASSWORD 'right-s3cret' IN ROLE \(EphemeralPostgres.passwordRole);
            GRANT CREATE ON DATABASE \(database.name) TO ledger_tester;
            """)
        let target =
            database.conninfo.setting("user", to: "ledger_tester").redacted + " password=right-s3cret"
        let outcome = try migrate(target, "--schema", "shop", "--save-plan", folder.file("plan.json"))
        #expect(outcome.status == 0, "\(outcome)")
        #expect(!outcome.errors.contains("right-s3cret"), "\(outcome)")
        #expect(!outcome.output.contains("right-s3cret"), "\(outcome)")
        #expect(
            !(try String(contentsOfFile: folder.file("plan.json"), encoding: .utf8)).contains("right-s3cret"))
        let ledger = try await database.column(
            """
            SELECT query_to_xml(format('SELECT * FROM outgrow.%I', tablename), true, true, '')::text
            FROM pg_tables WHERE schemaname = 'outgrow'
            """)
        #expect(ledger.count >= 3)
        for table in ledger { #expect(table?.contains("right-s3cret") == false) }
    }

    @Test func `lacks the right to create, and the grant is named`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        try await database.execute(
            "CREATE ROLE \"Plain Role\" LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        let target = database.conninfo.setting("user", to: "Plain Role").redacted
        let outcome = try migrate(target)
        expectFailure(outcome, status: 11, code: "target-right-missing")
        #expect(
            outcome.remedy?.contains("GRANT CREATE, USAGE ON SCHEMA public TO \"Plain Role\"") == true,
            "\(outcome)")
        let other = try migrate(target, "--schema", "New One")
        expectFailure(other, status: 11, code: "target-right-missing")
        #expect(
            other.remedy?.contains("GRANT CREATE ON DATABASE \(database.name) TO \"Plain Role\"") == true,
            "\(other)")
        // What the message says is enough, and it is all that is needed.
        try await database.execute("CREATE SCHEMA mine AUTHORIZATION \"Plain Role\"")
        #expect(try migrate(target, "--schema", "mine", "--ledger-schema", "mine").status == 0)
    }

    @Test(arguments: [
        ("table", "CREATE TABLE items()"), ("view", "CREATE VIEW items AS SELECT 1 AS a"),
        ("materialized view", "CREATE MATERIALIZED VIEW items AS SELECT 1 AS a"),
        ("index", "CREATE TABLE other(a int); CREATE INDEX items_pkey ON other(a)"),
        ("index", "CREATE TABLE other(a int); CREATE INDEX items ON other(a)"),
        ("sequence", "CREATE SEQUENCE items"),
        ("type", "CREATE TYPE items AS ENUM ('a')"), ("type", "CREATE TYPE items AS (a int)"),
        ("type", "CREATE DOMAIN items AS text"), ("table", "CREATE TABLE items(a int) PARTITION BY LIST (a)"),
    ])
    func `has a relation of that name, even an empty one`(_ kind: String, _ sql: String) async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        try await database.execute(sql)
        let census = "SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_class WHERE oid >= 16384"
        let before = try await database.column(census)
        let outcome = try migrate(database.argument)
        #expect(outcome.status == 12, "\(outcome)")
        #expect(outcome.output.contains("target-occupied"), "\(outcome)")
        #expect(outcome.output.contains("\(kind) items"), "\(outcome)")
        #expect(outcome.output.contains("fix: "))
        #expect(outcome.lastErrorLine.hasPrefix("state: nothing; next: "))
        #expect(try await database.column(census) == before)
    }

    @Test(arguments: ["SQL_ASCII", "LATIN1"])
    func `cannot hold every text`(_ encoding: String) async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase(encoding: encoding)
        let outcome = try migrate(database.argument)
        expectFailure(outcome, status: 11, code: "target-not-utf8")
        #expect(outcome.remedy?.contains("ENCODING 'UTF8'") == true)
        #expect(try await database.column("SELECT 1 FROM pg_class WHERE oid >= 16384").isEmpty)
    }

    @Test func `has no such database`() async throws {
        let cluster = try await EphemeralPostgres.shared.cluster()
        let outcome = try migrate(cluster.conninfo(database: "no_such_database").redacted)
        expectFailure(outcome, status: 11, code: "target-missing-database")
        #expect(outcome.remedy?.contains("createdb") == true)
    }

    @Test func `has no such role to act as`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let outcome = try migrate(database.argument, "--role", "nobody_like_that")
        #expect(outcome.status == 11, "\(outcome)")
        #expect(outcome.lastErrorLine.hasPrefix("state: nothing; next: "))
    }

    private func facts(version: Int, encoding: String = "UTF8") -> TargetFacts {
        TargetFacts(
            description: "app", version: version, encoding: encoding, collationIsC: true, user: "ada",
            schemaExists: true,
            mayCreateInSchema: true, mayCreateSchemas: true, ledgerSchemaExists: false,
            mayCreateInLedgerSchema: false)
    }

    @Test(arguments: [(90_624, "9"), (100_023, "10"), (110_022, "11")])
    func `is too old`(_ version: Int, _ shown: String) throws {
        let obstacle = try #require(
            facts(version: version).obstacle(schema: "public", ledgerSchema: "outgrow", database: "app"))
        #expect(obstacle.code == "target-too-old")
        #expect(obstacle.kind == .target)
        #expect(obstacle.summary.contains("PostgreSQL \(shown);"))
    }

    @Test(arguments: [120_000, 150_006, 180_001])
    func `is new enough`(_ version: Int) {
        #expect(
            facts(version: version).obstacle(schema: "public", ledgerSchema: "outgrow", database: "app")
                == nil)
    }
}
