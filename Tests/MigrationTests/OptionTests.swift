import Diagnostics
import Foundation
import Outgrow
import PostgresClient
import Schema
import TestSupport
import Testing
import Verification

/// Each option of `migrate`, by what stands in the server afterwards.
@Suite(.serialized) struct OptionTests {
    static let shop = """
        CREATE TABLE "Customer" ("CustomerId" INTEGER PRIMARY KEY, "FullName" TEXT NOT NULL);
        INSERT INTO "Customer" VALUES (1, 'Ada'), (2, 'Björn');
        CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES "Customer" ("CustomerId"),
          placed_at DATETIME, total INTEGER, note TEXT);
        INSERT INTO orders VALUES (1, 1, '2024-03-04 05:06:07', 10, 'x'), (2, 2, NULL, 20, 'y');
        CREATE INDEX orders_by_note ON orders (note);
        CREATE TABLE audit (what TEXT, n INTEGER);
        INSERT INTO audit VALUES ('made', 1), ('made', 1);
        """

    private func make(locale: String = "C") async throws -> (SourceFile, TestDatabase) {
        (try SourceFile(Self.shop), try await EphemeralPostgres.shared.emptyDatabase(locale: locale))
    }

    private static let tables = """
        SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'outgrow') ORDER BY 1
        """

    private static let columnTypes = """
        SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 1
        """

    @Test func `--schema makes a missing schema and fills it`() async throws {
        let (source, database) = try await make()
        let report = try await migrate(source.path, into: database) { $0.plan.schema = "Shop Data" }
        #expect(report.outcome == .complete)
        #expect(
            try await database.column(Self.tables) == [
                "Shop Data.Customer", "Shop Data.audit", "Shop Data.orders",
            ])
        let again = try await compare(source.path, with: database) { $0.plan.schema = "Shop Data" }
        #expect(again.verification.matches)
    }

    @Test func `--table and --exclude-table choose tables by pattern`() async throws {
        let (source, database) = try await make()
        let report = try await migrate(source.path, into: database) {
            $0.plan.includedTables = ["*u*", "orders"]
            $0.plan.excludedTables = ["aud??"]
        }
        #expect(report.outcome == .complete)
        #expect(try await database.column(Self.tables) == ["public.Customer", "public.orders"])
    }

    @Test func `a pattern that matches nothing is a usage error`() async throws {
        let (source, database) = try await make()
        let result = try await Tool.run(["migrate", source.path, database.argument, "--table", "nope*"])
        #expect(result.status == 64)
        #expect(result.errors.contains("pattern-matches-nothing"))
    }

    @Test(arguments: [ForeignKeyPolicy.carry, .omit])
    func `--schema-only makes everything but rows, and --data-only brings them`(
        _ policy: ForeignKeyPolicy
    ) async throws {
        let (source, database) = try await make()
        let made = try await migrate(source.path, into: database) {
            $0.scope = .schemaOnly
            $0.plan.foreignKeys = policy
        }
        #expect(made.outcome == .complete, "\(made.findingLines)")
        let rows = "SELECT (SELECT count(*) FROM public.orders) + (SELECT count(*) FROM public.audit)"
        #expect(try await database.scalar(rows) == "0")
        let others = """
            SELECT conname || ' ' || convalidated::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1
            """
        let before = try await database.column(others)
        #expect(before.count == (policy == .carry ? 6 : 5))
        let filled = try await migrate(source.path, into: database) {
            $0.scope = .dataOnly
            $0.plan.foreignKeys = policy
        }
        #expect(filled.outcome == .complete, "\(filled.findingLines)")
        #expect(try await database.scalar(rows) == "4")
        #expect(try await database.column(others) == before)
        #expect(
            try await database.scalar("INSERT INTO public.orders (note) VALUES ('new') RETURNING id") == "3")
    }

    @Test func `--data-only into tables that hold rows already is blocked`() async throws {
        let (source, database) = try await make()
        _ = try await migrate(source.path, into: database)
        let report = try await migrate(source.path, into: database) { $0.scope = .dataOnly }
        #expect(report.outcome == .blocked)
        #expect(report.finding("target-not-ready") != nil)
        #expect(try await database.scalar("SELECT count(*) FROM public.orders") == "2")
    }

    @Test func `--dry-run touches nothing`() async throws {
        let (source, database) = try await make()
        let before = try await database.relations()
        let result = try await Tool.run(["migrate", source.path, database.argument, "--dry-run"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("Would migrate "))
        #expect(try await database.relations() == before)
        #expect(
            try await database.scalar("SELECT count(*) FROM pg_namespace WHERE nspname = 'outgrow'") == "0")
    }

    @Test func `--save-plan pins decisions for --plan`() async throws {
        let (source, database) = try await make()
        let file = source.folder.file("plan.json")
        let saved = try await Tool.run([
            "migrate", source.path, database.argument, "--dry-run", "--save-plan", file, "--column",
            "orders.total=numeric",
            "--names", "snake",
        ])
        #expect(saved.status == 0, "\(saved.errors)")
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try SQLiteShell.run("INSERT INTO orders VALUES (3, 1, NULL, 30, 'after the plan');", on: source.path)
        let report = try await migrate(source.path, into: database) { try $0.pin(planFile: file) }
        #expect(report.outcome == .complete, "\(report.findingLines)")
        #expect(try await database.scalar("SELECT sum(total) FROM orders") == "60")
        let types = try await database.column(Self.columnTypes)
        #expect(types.contains("orders.total numeric"))
        #expect(types.contains("customer.full_name text"))
    }

    @Test(
        arguments: [
            ("the schema", "ALTER TABLE audit ADD extra TEXT", nil),
            ("a value", "UPDATE orders SET total = 'ten'", "orders.total"),
        ] as [(String, String, String?)])
    func `a plan that no longer fits blocks`(_ what: String, _ change: String, _ place: String?) async throws
    {
        let (source, database) = try await make()
        let file = source.folder.file("plan.json")
        _ = try await migrate(source.path, into: database) {
            $0.isDryRun = true
            $0.planDestination = file
        }
        try SQLiteShell.run(change + ";", on: source.path)
        let report = try await migrate(source.path, into: database) { try $0.pin(planFile: file) }
        #expect(report.outcome == .blocked)
        #expect(report.finding("plan-outdated")?.location.description == place ?? "")
        #expect(try await database.column(Self.tables) == [])
    }

    @Test func `--column chooses a type that fits, and blocks one that does not`() async throws {
        let (source, database) = try await make()
        let blocked = try await Tool.run([
            "migrate", source.path, database.argument, "--column", "orders.note=bigint",
        ])
        #expect(blocked.status == 12, "\(blocked.errors)")
        #expect(blocked.output.contains("orders.note"))
        #expect(try await database.column(Self.tables) == [])
        let report = try await migrate(source.path, into: database) {
            $0.plan.overrides = [try OptionParsing.override("orders.total=double precision")]
        }
        #expect(report.outcome == .complete)
        #expect(try await database.column(Self.columnTypes).contains("orders.total double precision"))
    }

    @Test(arguments: [
        (NamePolicy.preserve, "Customer.CustomerId"), (.lower, "customer.customerid"),
        (.snake, "customer.customer_id"),
    ])
    func `--names spells every name`(_ policy: NamePolicy, _ expected: String) async throws {
        let (source, database) = try await make()
        let report = try await migrate(source.path, into: database) { $0.plan.names = policy }
        #expect(report.outcome == .complete)
        #expect(try await database.column(Self.columnTypes).contains("\(expected) bigint"))
        #expect(try await compare(source.path, with: database).verification.matches)
    }

    @Test(arguments: [(TextCollation.bytewise, "C"), (.default, "default")])
    func `--text-collation is the same for every text column`(_ collation: TextCollation, _ name: String)
        async throws
    {
        let (source, database) = try await make(locale: "C.UTF-8")
        let report = try await migrate(source.path, into: database) { $0.plan.textCollation = collation }
        #expect(report.outcome == .complete, "\(report.findingLines)")
        let names = try await database.column(
            """
            SELECT DISTINCT l.collname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_collation l ON l.oid = a.attcollation
            WHERE n.nspname = 'public' AND c.relkind = 'r'
            """)
        #expect(names == [name])
    }

    @Test func `--timezone says where clocks without zone stood`() async throws {
        let (source, database) = try await make()
        let report = try await migrate(source.path, into: database) {
            $0.plan.assumedOffset = try OptionParsing.offset("+02:00")
        }
        #expect(report.outcome == .complete, "\(report.findingLines)")
        #expect(
            try await database.column(Self.columnTypes).contains("orders.placed_at timestamp with time zone"))
        let utc = try await database.scalar("SELECT placed_at AT TIME ZONE 'UTC' FROM orders WHERE id = 1")
        #expect(utc == "2024-03-04 03:06:07")
    }

    @Test(arguments: [(ForeignKeyPolicy.carry, ["true"]), (.notValid, ["false"]), (.omit, [])])
    func `--foreign-keys decides what becomes of them`(_ policy: ForeignKeyPolicy, _ validity: [String])
        async throws
    {
        let (source, database) = try await make()
        let report = try await migrate(source.path, into: database) { $0.plan.foreignKeys = policy }
        #expect(report.outcome == .complete)
        #expect(
            try await database.column(
                "SELECT convalidated::text FROM pg_constraint WHERE contype = 'f'"
                    + " AND connamespace = 'public'::regnamespace") == validity)
        #expect(try await compare(source.path, with: database).verification.matches)
    }

    @Test(arguments: [1, 4])
    func `--jobs changes nothing but the time`(_ jobs: Int) async throws {
        let (source, database) = try await make()
        let report = try await migrate(source.path, into: database) { $0.jobs = jobs }
        #expect(report.outcome == .complete)
        #expect(report.rowCount == 6)
    }

    @Test func `--json is one document of the promised schema`() async throws {
        let (source, database) = try await make()
        let result = try await Tool.run(["migrate", source.path, database.argument, "--json", "--quiet"])
        #expect(result.status == 0, "\(result.errors)")
        let report = try JSONReport(result.output)
        #expect(report["schema"] as? String == "outgrow.migrate/1")
        #expect(report["outcome"] as? String == "complete")
        #expect((report["tables"] as? [[String: Any]])?.compactMap { $0["rows"] as? Int } == [2, 2, 2])
        #expect(!result.output.contains("\u{1B}"))
    }

    @Test func `what translate prints runs in psql`() async throws {
        let (source, database) = try await make()
        let result = try await Tool.run(["translate", source.path])
        #expect(result.status == 0, "\(result.errors)")
        let script = try source.folder.write(result.output, to: "app.sql")
        try Program.run("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database.argument, "-f", script])
        #expect(
            try await database.column(Self.tables) == ["public.Customer", "public.audit", "public.orders"])
        #expect(try await database.scalar("SELECT count(*) FROM pg_constraint WHERE contype = 'f'") == "1")
    }
}
