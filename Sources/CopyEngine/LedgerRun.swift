internal import CopyEncoding
internal import Diagnostics
package import PostgresClient
internal import PostgresDDL
internal import Schema

/// One run as the ledger has it.
package struct LedgerRun: Sendable, Hashable {
    package enum State: String, Sendable, Hashable { case running, complete, stopped }

    package var id: Int64
    package var source: String
    package var sourceStamp: String
    package var targetSchema: String
    package var state: State
    package var startedAt: String
    package var planText: String
    package var partCount: Int64
    package var rowCount: Int64
}

/// A relation of the target that a run made, by the name and the oid it had then.
package struct LedgerObject: Sendable, Hashable {
    package var name: String
    package var oid: String
    package var isView: Bool
}

extension Ledger {
    /// Begins a run and returns its id.
    package func begin(
        _ connection: isolated PostgresConnection, toolVersion: String, source: String, sourceStamp: String,
        targetSchema: String, plan: String, hashKey: String, findings: [FindingRow]
    ) throws -> Int64 {
        let id = try connection.scalar(
            """
            INSERT INTO \(table("run")) (tool_version, source, source_stamp, target_schema, plan, hash_key, state)
            VALUES ($1, $2, $3, $4, $5, $6, 'running') RETURNING id::text
            """, [toolVersion, source, sourceStamp, targetSchema, plan, hashKey])
        guard let id = id.flatMap(Int64.init) else {
            throw OutgrowError.defect("The ledger gave the run no id.")
        }
        try add(findings, to: id, connection)
        return id
    }

    package typealias FindingRow = (severity: String, code: String, location: String, message: String)

    package func add(_ findings: [FindingRow], to run: Int64, _ connection: isolated PostgresConnection)
        throws
    {
        for finding in findings {
            _ = try connection.query(
                "INSERT INTO \(table("finding")) VALUES ($1::bigint, $2, $3, $4, $5)",
                ["\(run)", finding.severity, finding.code, finding.location, finding.message])
        }
    }

    /// Notes the tables and views just made, in the transaction that made them.
    func note(
        relations: [String], in schema: String, of run: Int64, _ connection: isolated PostgresConnection
    ) throws {
        let names = relations.map(PostgresDDL.literal).joined(separator: ", ")
        try connection.execute(
            """
            INSERT INTO \(table("object")) (run_id, name, relation)
            SELECT \(run), c.relname, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = \(PostgresDDL.literal(schema)) AND c.relname IN (\(names)) AND c.relkind IN ('r', 'v')
            """)
    }

    /// Notes a part, in the transaction of its rows.
    func note(
        _ part: Part, of plan: TablePlan, rows: Int64, sum: String, run: Int64,
        _ connection: isolated PostgresConnection
    ) throws {
        _ = try connection.query(
            """
            INSERT INTO \(table("part")) (run_id, source_table, number, lower, upper, row_count, row_sum)
            VALUES ($1::bigint, $2, $3::integer, $4::bigint, $5::bigint, $6::bigint, $7)
            """,
            [
                "\(run)", plan.source, "\(part.number)", part.lower.map { "\($0)" },
                part.upper.map { "\($0)" },
                "\(rows)", sum,
            ])
    }

    package func finish(
        _ run: Int64, as state: LedgerRun.State, report: String?, _ connection: isolated PostgresConnection
    ) throws {
        _ = try connection.query(
            "UPDATE \(table("run")) SET state = $2, finished_at = clock_timestamp(), report = $3 WHERE id = $1::bigint",
            ["\(run)", state.rawValue, report])
    }

    /// All runs, the newest first.
    package func runs(_ connection: isolated PostgresConnection) throws -> [LedgerRun] {
        guard try exists(connection) else { return [] }
        let result = try connection.query(
            """
            SELECT r.id::text AS id, r.source, r.source_stamp, r.target_schema, r.state, r.plan,
              to_char(r.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC' AS started_at,
              (SELECT count(*) FROM \(table("part")) p WHERE p.run_id = r.id)::text AS parts,
              (SELECT coalesce(sum(row_count), 0) FROM \(table("part")) p WHERE p.run_id = r.id)::text AS rows
            FROM \(table("run")) r ORDER BY r.id DESC
            """)
        return try result.rows.map { row in
            LedgerRun(
                id: try row.int64("id") ?? 0, source: try row.text("source"),
                sourceStamp: try row.text("source_stamp"),
                targetSchema: try row.text("target_schema"),
                state: LedgerRun.State(rawValue: try row.text("state")) ?? .stopped,
                startedAt: try row.text("started_at"), planText: try row.text("plan"),
                partCount: try row.int64("parts") ?? 0, rowCount: try row.int64("rows") ?? 0)
        }
    }

    /// Tables and views in `schema` that our runs made and that are still the same.
    package func standingRelations(in schema: String, _ connection: isolated PostgresConnection) throws
        -> [LedgerObject]
    {
        guard try exists(connection) else { return [] }
        let result = try connection.query(
            """
            SELECT DISTINCT c.relname AS name, c.oid::text AS oid, c.relkind = 'v' AS is_view
            FROM \(table("object")) o
            JOIN pg_class c ON c.oid = o.relation AND c.relname = o.name AND c.relkind IN ('r', 'v')
            JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 ORDER BY 1
            """, [schema])
        return try result.rows.map {
            LedgerObject(
                name: try $0.text("name"), oid: try $0.text("oid"), isView: try $0.text("is_view") == "t")
        }
    }

    /// As many as a transaction may lock in a server at its defaults, indexes and TOAST tables counted.
    private static let tablesPerDrop = 200

    /// Drops what our runs made in `schema`, and forgets those runs. Never CASCADE.
    ///
    /// All or nothing up to some hundred tables. Beyond that a server has no room for the locks, so tables go in
    /// batches, each with its lines in the ledger: a run that stops in between can be repeated.
    package func replace(in schema: String, _ connection: isolated PostgresConnection) throws -> [String] {
        let relations = try standingRelations(in: schema, connection)
        let tables = relations.filter { !$0.isView }
        let views = relations.filter(\.isView)
        let others = try dependents(on: relations, connection)
        guard others.isEmpty else {
            let more = others.count > 5 ? " and \(others.count - 5) more" : ""
            throw OutgrowError(
                "replace-refused", .blocked,
                "What --replace would drop is used by what outgrow did not make: "
                    + others.prefix(5).joined(separator: ", ") + more + ".",
                at: "\(connection.endpoint)",
                fix: "Drop or detach these yourself, then run again; nothing was dropped.")
        }
        if tables.count > Self.tablesPerDrop {
            try connection.withTransaction { try drop(views, in: schema, connection) }
            for start in stride(from: 0, to: tables.count, by: Self.tablesPerDrop) {
                let batch = Array(tables[start..<min(start + Self.tablesPerDrop, tables.count)])
                try connection.withTransaction {
                    try dropForeignKeys(on: batch, connection)
                    try drop(batch, in: schema, connection)
                    let oids = batch.map(\.oid).joined(separator: ", ")
                    try connection.execute("DELETE FROM \(table("object")) WHERE relation IN (\(oids))")
                }
            }
        }
        try connection.withTransaction {
            if tables.count <= Self.tablesPerDrop {
                try drop(views, in: schema, connection)
                try drop(tables, in: schema, connection)
            }
            let runs = "(SELECT id FROM \(table("run")) WHERE target_schema = \(PostgresDDL.literal(schema)))"
            for name in ["finding", "part", "object"] {
                try connection.execute("DELETE FROM \(table(name)) WHERE run_id IN \(runs)")
            }
            try connection.execute("DELETE FROM \(table("run")) WHERE id IN \(runs)")
        }
        return relations.map(\.name)
    }
}

extension Ledger {
    /// Tables, or views: what they need of one another goes with them.
    private func drop(
        _ relations: [LedgerObject], in schema: String, _ connection: isolated PostgresConnection
    ) throws {
        guard let first = relations.first else { return }
        let names = relations.map { PostgresDDL.qualified(schema, $0.name) }.joined(separator: ", ")
        try connection.execute("DROP \(first.isView ? "VIEW" : "TABLE") \(names)")
    }

    /// Keys of tables of ours in other batches: `dependents` has found no others.
    private func dropForeignKeys(on tables: [LedgerObject], _ connection: isolated PostgresConnection) throws
    {
        let oids = tables.map(\.oid).joined(separator: ", ")
        let keys = try connection.query(
            """
            SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) FROM pg_constraint
            WHERE contype = 'f' AND confrelid IN (\(oids)) AND conrelid NOT IN (\(oids))
            """)
        for key in keys.rows.compactMap({ $0[0] }) { try connection.execute(key) }
    }

    /// What would go, or stop the DROP, with `tables` and belongs to none of them: views, foreign keys of others.
    private func dependents(
        on tables: [LedgerObject], _ connection: isolated PostgresConnection
    ) throws -> [String] {
        guard !tables.isEmpty else { return [] }
        let ours = tables.map(\.oid).joined(separator: ", ")
        return try connection.query(
            """
            SELECT DISTINCT coalesce('view ' || w.ev_class::regclass::text,
              pg_describe_object(d.classid, d.objid, d.objsubid)) AS what
            FROM pg_depend d
            LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
            LEFT JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND k.oid = d.objid
            WHERE d.deptype = 'n' AND (d.refclassid = 'pg_class'::regclass AND d.refobjid IN (\(ours))
              OR d.refclassid = 'pg_type'::regclass AND d.refobjid IN (SELECT reltype FROM pg_class WHERE oid IN (\(ours))))
              AND (w.oid IS NOT NULL AND w.ev_class NOT IN (\(ours)) OR k.oid IS NOT NULL AND k.conrelid NOT IN (\(ours))
                OR d.classid IN ('pg_proc'::regclass, 'pg_class'::regclass) AND d.objid NOT IN (\(ours)))
            ORDER BY 1
            """
        ).rows.compactMap { $0["what"] }
    }

    /// Where the findings of a run lie: what is known to be missing is no news to `verify`.
    package func findingLocations(of run: Int64, _ connection: isolated PostgresConnection) throws -> [String]
    {
        try connection.query("SELECT location FROM \(table("finding")) WHERE run_id = $1::bigint", ["\(run)"])
            .rows.compactMap { $0[0] }
    }
}
