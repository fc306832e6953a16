internal import Diagnostics
package import PostgresClient
internal import PostgresDDL

/// Our own tables in the target: what we made there, and how far we came.
///
/// "Part N is copied" commits in the transaction of its rows, so the ledger is right after
/// any crash. It stays after the run as evidence, until `outgrow clean`.
package struct Ledger: Sendable {
    package static let defaultSchema = "outgrow"

    /// May be a schema of the user's: every table carries our name.
    package let schema: String

    package init(schema: String = Ledger.defaultSchema) { self.schema = schema }

    func table(_ name: String) -> String { PostgresDDL.qualified(schema, "outgrow_" + name) }

    static let tables = ["finding", "object", "part", "run"]

    /// Makes the ledger where it is missing.
    package func install(_ connection: isolated PostgresConnection) throws {
        let exists = try connection.scalar("SELECT 1 FROM pg_namespace WHERE nspname = $1", [schema]) != nil
        if !exists { try connection.execute("CREATE SCHEMA \(PostgresDDL.identifier(schema))") }
        for statement in definitions { try connection.execute(statement) }
    }

    package func exists(_ connection: isolated PostgresConnection) throws -> Bool {
        try connection.scalar(
            """
            SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND c.relname = 'outgrow_run'
            """, [schema]) != nil
    }

    private var definitions: [String] {
        [
            """
            CREATE TABLE IF NOT EXISTS \(table("run")) (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                tool_version text NOT NULL, source text NOT NULL, source_stamp text NOT NULL,
                target_schema text NOT NULL, plan text NOT NULL, hash_key text NOT NULL,
                state text NOT NULL CHECK (state IN ('running', 'complete', 'stopped')),
                started_at timestamptz NOT NULL DEFAULT clock_timestamp(), finished_at timestamptz,
                report text)
            """,
            """
            CREATE TABLE IF NOT EXISTS \(table("object")) (
                run_id bigint NOT NULL REFERENCES \(table("run")), name text NOT NULL, relation oid NOT NULL,
                PRIMARY KEY (run_id, relation))
            """,
            """
            CREATE TABLE IF NOT EXISTS \(table("part")) (
                run_id bigint NOT NULL REFERENCES \(table("run")), source_table text NOT NULL, number integer NOT NULL,
                lower bigint, upper bigint, row_count bigint NOT NULL, row_sum text NOT NULL,
                copied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                PRIMARY KEY (run_id, source_table, number))
            """,
            """
            CREATE TABLE IF NOT EXISTS \(table("finding")) (
                run_id bigint NOT NULL REFERENCES \(table("run")), severity text NOT NULL, code text NOT NULL,
                location text NOT NULL, message text NOT NULL)
            """,
        ]
    }

    /// Takes the lock that keeps two migrations with this ledger apart, for the life of the session.
    package func lock(_ connection: isolated PostgresConnection) throws {
        let key = "hashtextextended('outgrow:' || \(PostgresDDL.literal(schema)), 0)"
        guard try connection.scalar("SELECT pg_try_advisory_lock(\(key))") != "t" else { return }
        let holder = try connection.query(
            """
            SELECT a.pid::text AS pid, coalesce(a.client_addr::text, 'a local socket') AS client
            FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database
              WHERE datname = current_database()) AND (l.classid::bigint << 32 | l.objid::bigint) = \(key)
            """
        ).firstRow
        let who = holder.map { " (server process \($0["pid"] ?? "?") from \($0["client"] ?? "?"))" } ?? ""
        throw OutgrowError(
            "migration-running", .blocked, "Another migration into this database is running\(who).",
            at: "\(connection.endpoint)", fix: "Wait until it has ended, or use another --ledger-schema.")
    }

    /// Removes the ledger, and its schema when nothing else is in it.
    package func remove(_ connection: isolated PostgresConnection) throws {
        try connection.withTransaction {
            for name in Self.tables { try connection.execute("DROP TABLE IF EXISTS \(table(name))") }
            let others = try connection.scalar(
                "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 LIMIT 1",
                [schema])
            let isOurs = try connection.scalar(
                "SELECT 1 FROM pg_namespace WHERE nspname = $1 AND pg_has_role(nspowner, 'USAGE')", [schema])
            guard others == nil, isOurs != nil, schema == Self.defaultSchema else { return }
            try connection.execute("DROP SCHEMA \(PostgresDDL.identifier(schema))")
        }
    }
}
