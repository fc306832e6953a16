import Compatibility
import PostgresClient
import PostgresDDL
import TestSupport
import Testing

@Suite("Compatibility functions in a dump")
struct RestoreTests {
    /// A dump sets the search path to nothing, and creates functions before what uses them.
    @Test func `are restored with what uses them, and nothing fails`() async throws {
        let source = try await EphemeralPostgres.shared.emptyDatabase()
        let target = try await EphemeralPostgres.shared.emptyDatabase()
        let names = Set(CompatibilityCatalog.standard.functions.map(\.name))
        try await source.execute(
            (PostgresDDL.installCompatibility(names) + [Self.users]).joined(separator: "\n"))
        let folder = try TemporaryFolder()
        let script = folder.file("dump.sql")
        try Program.run("pg_dump", Self.place(of: source) + ["-f", script])
        try Program.run("psql", Self.place(of: target) + ["-v", "ON_ERROR_STOP=1", "-qXf", script])
        #expect(try await Self.rows(source) == Self.rows(target))
        try await target.execute("INSERT INTO public.t(id, a) VALUES (3, '2024-05-31')")
        #expect(try await Self.rows(target).contains("3 2024-07-01 2024-05-31 5"))
    }

    private static func place(of database: TestDatabase) -> [String] {
        let conninfo = database.conninfo
        return ["-h", conninfo.host ?? "", "-p", conninfo.port, "-U", conninfo.user, "-d", database.name]
    }

    private static let users = """
        CREATE TABLE public.t (
          id bigint PRIMARY KEY, a text COLLATE "C",
          later text GENERATED ALWAYS AS (sqlite.date_text(a, '+1 month')) STORED,
          CHECK (sqlite.to_integer(a) >= 0));
        CREATE INDEX ON public.t (sqlite.nocase(a), (sqlite.sort_key(sqlite.to_any(a))));
        CREATE VIEW public.v AS SELECT id, later, a, sqlite.strftime('%m', a)::int AS month,
          sqlite.printf('%05.1f', sqlite.to_any(id)) AS padded FROM public.t;
        CREATE VIEW public.totals AS SELECT sqlite.group_concat(a ORDER BY id), sqlite.total(id::double precision)
          FROM public.t;
        INSERT INTO public.t(id, a) VALUES (1, '2024-01-31'), (2, '7x');
        """

    private static func rows(_ database: TestDatabase) async throws -> [String] {
        let connection = try await database.connect()
        let rows = try await connection.run { connection in
            try connection.query(
                "SELECT id || ' ' || coalesce(later, '-') || ' ' || a || ' ' || coalesce(month, 0) FROM public.v ORDER BY id"
            )
            .rows.compactMap { $0[0] }
                + connection.query("SELECT totals::text FROM public.totals").rows.compactMap { $0[0] }
        }
        await connection.close()
        return rows
    }
}
