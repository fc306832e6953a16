internal import CopyEngine
package import Diagnostics
internal import PostgresClient
internal import PostgresDDL
internal import Schema

/// What the target is and what we may do there, before anything is done.
package struct TargetFacts: Sendable, Hashable {
    package var description: String
    /// As `server_version_num`.
    package var version: Int
    package var encoding: String
    package var collationIsC: Bool
    package var user: String
    package var schemaExists: Bool
    package var mayCreateInSchema: Bool
    package var mayCreateSchemas: Bool
    package var ledgerSchemaExists: Bool
    package var mayCreateInLedgerSchema: Bool

    package var majorVersion: Int { version / 10_000 }

    static let oldestVersion = 12

    static func read(
        _ connection: isolated PostgresConnection, schema: String, ledgerSchema: String
    ) throws -> TargetFacts {
        let row = try connection.query(
            """
            SELECT current_user::text AS role, pg_encoding_to_char(d.encoding) AS encoding,
              (d.datcollate IN ('C', 'POSIX'))::text AS is_c,
              has_database_privilege(d.oid, 'CREATE')::text AS create_schemas,
              EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)::text AS has_schema,
              (SELECT has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE')
               FROM pg_namespace WHERE nspname = $1)::text AS create_in_schema,
              EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $2)::text AS has_ledger,
              (SELECT has_schema_privilege(oid, 'CREATE') AND has_schema_privilege(oid, 'USAGE')
               FROM pg_namespace WHERE nspname = $2)::text AS create_in_ledger
            FROM pg_database d WHERE d.datname = current_database()
            """, [schema, ledgerSchema]
        ).firstRow
        func flag(_ name: String) -> Bool { row?[name] == "true" }
        return TargetFacts(
            description: "\(connection.endpoint)", version: connection.serverVersion,
            encoding: row?["encoding"] ?? "",
            collationIsC: flag("is_c"), user: row?["role"] ?? "", schemaExists: flag("has_schema"),
            mayCreateInSchema: flag("create_in_schema"), mayCreateSchemas: flag("create_schemas"),
            ledgerSchemaExists: flag("has_ledger"), mayCreateInLedgerSchema: flag("create_in_ledger"))
    }

    /// The first reason why this target cannot take a migration.
    package func obstacle(schema: String, ledgerSchema: String, database: String) -> OutgrowError? {
        if majorVersion < Self.oldestVersion {
            return OutgrowError(
                "target-too-old", .target,
                "The server is PostgreSQL \(majorVersion); \(Self.oldestVersion) is the oldest that works.",
                at: description, fix: "Upgrade the server, or migrate into a newer one.")
        }
        if encoding != "UTF8" {
            return OutgrowError(
                "target-not-utf8", .target,
                "The database has the encoding \(encoding), which cannot hold every text.",
                at: description,
                fix: "Create one that can: CREATE DATABASE name TEMPLATE template0 ENCODING 'UTF8'")
        }
        let role = PostgresDDL.identifier(user)
        if schemaExists ? !mayCreateInSchema : !mayCreateSchemas {
            let what = schemaExists ? "in schema \(schema)" : "a schema"
            let grant =
                schemaExists
                ? "GRANT CREATE, USAGE ON SCHEMA \(PostgresDDL.identifier(schema)) TO \(role)"
                : "GRANT CREATE ON DATABASE \(PostgresDDL.identifier(database)) TO \(role)"
            return missingRight("create tables \(what)".replacingTables(schemaExists), grant)
        }
        if ledgerSchemaExists ? !mayCreateInLedgerSchema : !mayCreateSchemas {
            let grant =
                ledgerSchemaExists
                ? "GRANT CREATE, USAGE ON SCHEMA \(PostgresDDL.identifier(ledgerSchema)) TO \(role)"
                : "GRANT CREATE ON DATABASE \(PostgresDDL.identifier(database)) TO \(role)"
            var error = missingRight("make the ledger in schema \(ledgerSchema)", grant)
            error.remedy += "; or keep the ledger in a schema you own: --ledger-schema \(schema)"
            return error
        }
        return nil
    }

    /// Why the text search configuration of `--fts` cannot be used.
    func obstacle(configuration: String, _ connection: isolated PostgresConnection) throws -> OutgrowError? {
        let parts = configuration.split(separator: ".").map(String.init)
        let found = try connection.scalar(
            """
            SELECT 1 FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace
            WHERE n.nspname = $1 AND c.cfgname = $2
            """, [parts.count == 2 ? parts[0] : "pg_catalog", parts.last ?? ""])
        guard found == nil else { return nil }
        return OutgrowError(
            "text-search-configuration-missing", .usage,
            "The server has no text search configuration \(configuration).", at: description,
            fix:
                "Name one that psql shows with \\dF, with its schema when that is not pg_catalog: --fts simple"
        )
    }

    private func missingRight(_ what: String, _ grant: String) -> OutgrowError {
        OutgrowError(
            "target-right-missing", .target, "Role \(user) may not \(what).", at: description,
            fix: "Have an administrator run: \(grant)", causeCode: "42501")
    }
}

extension String {
    /// "create tables a schema" reads badly.
    fileprivate func replacingTables(_ schemaExists: Bool) -> String {
        schemaExists ? self : "create a schema"
    }
}

/// Relations of the plan that stand in the target already.
struct TargetOccupation {
    let plan: MigrationPlan

    /// Names that the plan needs and somebody has taken, in the order of the catalog.
    func conflicts(
        _ connection: isolated PostgresConnection, except ours: [LedgerObject]
    ) throws -> [(name: String, kind: String)] {
        let wanted = Set(plannedNames)
        let ourTables = Set(ours.map(\.oid))
        let result = try connection.query(
            """
            SELECT c.relname AS name, c.relkind::text AS kind,
              coalesce((SELECT indrelid FROM pg_index WHERE indexrelid = c.oid),
                (SELECT refobjid FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass
                 AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('i', 'a') LIMIT 1), c.oid)::text AS owner
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1
            UNION ALL
            SELECT t.typname, 'type', t.oid::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
            WHERE n.nspname = $1 AND t.typtype <> 'c' AND t.typelem = 0
            ORDER BY 1
            """, [plan.target.name])
        return result.rows.compactMap { row in
            guard let name = row["name"], wanted.contains(name), !ourTables.contains(row["owner"] ?? "")
            else { return nil }
            return (name, Self.kinds[row["kind"] ?? ""] ?? "relation")
        }
    }

    private var plannedNames: [String] {
        plan.target.tables.flatMap { table in
            [table.name] + ([table.primaryKey].compactMap(\.self) + table.uniques).map(\.name)
                + table.columns.compactMap(\.sequenceName)
        } + plan.target.indexes.map(\.name) + plan.target.views.map(\.name)
    }

    private static let kinds = [
        "r": "table", "p": "table", "v": "view", "m": "materialized view", "i": "index", "S": "sequence",
        "f": "foreign table", "c": "type", "type": "type",
    ]
}
