import Diagnostics
import Foundation
import Outgrow
import PostgresClient
import Schema
import TestSupport
import Testing
import Verification

/// What a migration may and may not do to a target that somebody else uses too.
///
/// The tests' role is called like the ledger's schema, which its search path therefore has first: names are qualified.
@Suite(.serialized) struct TargetTests {
    private func make() async throws -> (SourceFile, TestDatabase) {
        (try SourceFile(OptionTests.shop), try await EphemeralPostgres.shared.emptyDatabase())
    }

    @Test func `a second migration is blocked and touches nothing`() async throws {
        let (source, database) = try await make()
        _ = try await migrate(source.path, into: database)
        let before = try await database.relations()
        let result = try await Tool.run(["migrate", source.path, database.argument])
        #expect(result.status == 12)
        #expect(result.output.contains("target-has-earlier-run"))
        #expect(result.output.contains("holds a complete migration"))
        #expect(try await database.relations() == before)
        #expect(try await database.scalar("SELECT count(*) FROM outgrow.outgrow_run") == "1")
    }

    @Test(arguments: [
        "CREATE TABLE orders (x text)", "CREATE VIEW orders AS SELECT 1",
        "CREATE TABLE other (x text); CREATE INDEX orders_by_note ON other (x)",
        "CREATE TYPE audit AS ENUM ('a')",
    ])
    func `a name that is taken blocks, even when nothing is in it`(_ sql: String) async throws {
        let (source, database) = try await make()
        try await database.execute(sql)
        let before = try await database.relations()
        for arguments in [[], ["--replace"]] {
            let result = try await Tool.run(["migrate", source.path, database.argument] + arguments)
            #expect(result.status == 12, "\(result.errors)")
            #expect(result.output.contains("target-occupied"))
            #expect(try await database.relations() == before)
        }
    }

    @Test func `--replace drops only what the ledger says we made`() async throws {
        let (source, database) = try await make()
        _ = try await migrate(source.path, into: database)
        try await database.execute(
            """
            SET search_path = public;
            CREATE TABLE theirs (x text); INSERT INTO theirs VALUES ('kept');
            CREATE VIEW their_view AS SELECT * FROM theirs;
            DROP TABLE audit; CREATE VIEW audit_of_theirs AS SELECT x FROM theirs;
            """)
        let result = try await Tool.run(["migrate", source.path, database.argument, "--replace"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await database.scalar("SELECT x FROM their_view") == "kept")
        #expect(try await database.scalar("SELECT count(*) FROM audit") == "2")
        #expect(try await database.scalar("SELECT count(*) FROM outgrow.outgrow_run") == "1")
    }

    /// The same name, but not the table that we made.
    @Test func `--replace leaves a table that only bears our name`() async throws {
        let (source, database) = try await make()
        _ = try await migrate(source.path, into: database)
        try await database.execute(
            "DROP TABLE public.audit; CREATE TABLE public.audit (theirs text); INSERT INTO public.audit VALUES ('kept')"
        )
        let result = try await Tool.run(["migrate", source.path, database.argument, "--replace"])
        #expect(result.status == 12, "\(result.errors)")
        #expect(try await database.scalar("SELECT theirs FROM audit") == "kept")
        #expect(try await database.scalar("SELECT count(*) FROM orders") == "2")
    }

    @Test(arguments: [
        "CREATE VIEW public.their_view AS SELECT note FROM orders",
        "CREATE FUNCTION public.their_function(orders) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'",
        "CREATE TABLE public.their_line (id bigint REFERENCES orders (id))",
    ])
    func `--replace refuses when something of somebody's depends on our tables`(_ sql: String) async throws {
        let (source, database) = try await make()
        _ = try await migrate(source.path, into: database)
        try await database.execute(sql)
        let before = try await database.relations()
        let result = try await Tool.run(["migrate", source.path, database.argument, "--replace"])
        #expect(result.status == 12, "\(result.errors)")
        let name = try #require(["their_view", "their_line", "their_function"].first { sql.contains($0) })
        #expect(result.errors.contains("replace-refused"))
        #expect(result.errors.contains(name))
        #expect(result.lastLine.hasPrefix("state: nothing; "))
        #expect(try await database.relations() == before)
        #expect(try await database.scalar("SELECT count(*) FROM orders") == "2")
        #expect(
            try await database.scalar("SELECT count(*) FROM outgrow.outgrow_run WHERE state = 'complete'")
                == "1")
    }

    @Test func `--role owns everything that is made`() async throws {
        let (source, database) = try await make()
        let role = "owner_of_\(database.name)"
        try await database.execute(
            """
            CREATE ROLE \(role); GRANT CREATE ON DATABASE \(database.name) TO \(role);
            GRANT CREATE, USAGE ON SCHEMA public TO \(role)
            """)
        let report = try await migrate(source.path, into: database) {
            $0.role = role
            $0.plan.schema = "made"
        }
        #expect(report.outcome == .complete)
        let owners = try await database.column(
            """
            SELECT DISTINCT pg_get_userbyid(relowner)::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('made', 'outgrow')
            UNION SELECT pg_get_userbyid(nspowner)::text FROM pg_namespace WHERE nspname IN ('made', 'outgrow')
            """)
        #expect(owners == [role])
    }

    @Test
    func `a plain owner of a schema is told what is missing, and needs nothing more with --ledger-schema`()
        async throws
    {
        let (source, database) = try await make()
        let role = "plain_\(database.name)"
        try await database.execute("CREATE ROLE \(role) LOGIN; CREATE SCHEMA own AUTHORIZATION \(role)")
        let target = database.conninfo.setting("user", to: role).redacted
        let before = try await database.relations()
        let refused = try await Tool.run(["migrate", source.path, target, "--schema", "own"])
        #expect(refused.status == 11, "\(refused.errors)")
        #expect(refused.errors.contains("GRANT CREATE ON DATABASE \(database.name) TO \(role)"))
        #expect(refused.errors.contains("--ledger-schema own"))
        #expect(try await database.relations() == before)
        let done = try await Tool.run([
            "migrate", source.path, target, "--schema", "own", "--ledger-schema", "own",
        ])
        #expect(done.status == 0, "\(done.errors)")
        let verified = try await Tool.run([
            "verify", source.path, target, "--schema", "own", "--ledger-schema", "own",
        ])
        #expect(verified.status == 0, "\(verified.errors)")
        let replaced = try await Tool.run(
            ["migrate", source.path, target, "--schema", "own", "--ledger-schema", "own", "--replace"])
        #expect(replaced.status == 0, "\(replaced.errors)")
        let cleaned = try await Tool.run(["clean", target, "--ledger-schema", "own"])
        #expect(cleaned.status == 0, "\(cleaned.errors)")
        #expect(
            try await database.scalar("SELECT count(*) FROM pg_class WHERE relname LIKE 'outgrow%'") == "0")
        #expect(try await database.scalar("SELECT count(*) FROM own.orders") == "2")
    }

    @Test func `clean removes the ledger and nothing else`() async throws {
        let (source, database) = try await make()
        _ = try await migrate(source.path, into: database)
        let result = try await Tool.run(["clean", database.argument])
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            try await database.scalar("SELECT count(*) FROM pg_namespace WHERE nspname = 'outgrow'") == "0")
        #expect(try await database.scalar("SELECT count(*) FROM orders") == "2")
        // Without the ledger verification plans anew.
        #expect(try await compare(source.path, with: database).verification.matches)
    }

    @Test func `clean refuses while a run is not complete, unless forced`() async throws {
        let (source, database) = try await make()
        _ = try await migrate(source.path, into: database)
        try await database.execute("UPDATE outgrow.outgrow_run SET state = 'running'")
        let refused = try await Tool.run(["clean", database.argument])
        #expect(refused.status == 12)
        #expect(refused.errors.contains("run-not-complete"))
        #expect(try await database.scalar("SELECT count(*) FROM outgrow.outgrow_run") == "1")
        #expect(try await Tool.run(["clean", database.argument, "--force"]).status == 0)
    }

    @Test func `verify exits 4 when something differs, and 3 when the source moved`() async throws {
        let (source, database) = try await make()
        _ = try await migrate(source.path, into: database)
        try await database.execute("UPDATE orders SET note = 'changed' WHERE id = 2")
        let different = try await Tool.run(["verify", source.path, database.argument])
        #expect(different.status == 4, "\(different.errors)")
        #expect(different.output.contains("values-differ  id=2  column note"))
        try await database.execute("UPDATE orders SET note = 'y' WHERE id = 2")
        try SQLiteShell.run("UPDATE orders SET note = note;", on: source.path)
        let moved = try await Tool.run(["verify", source.path, database.argument])
        #expect(moved.status == 3, "\(moved.errors)")
        #expect(moved.output.contains("source-moved"))
    }
}
