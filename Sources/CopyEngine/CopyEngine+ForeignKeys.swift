package import Diagnostics
package import PostgresClient
internal import PostgresDDL
package import Schema

// `--data-only`: rows arrive table by table, in no order that foreign keys would allow.
extension CopyEngine {
    /// Drops the plan's foreign keys that stand in the target, all or none, and returns them.
    package func setForeignKeysAside(_ connection: isolated PostgresConnection) throws -> [TargetForeignKey] {
        let ddl = PostgresDDL(schema: plan.target.name)
        let standing = try connection.query(
            """
            SELECT t.relname || '.' || c.conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
            JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = $1 AND c.contype = 'f'
            """, [plan.target.name])
        let names = Set(standing.rows.compactMap { $0[0] })
        let keys = plan.target.foreignKeys.filter { names.contains("\($0.table).\($0.name)") }
        try connection.withTransaction {
            for key in keys { try connection.execute(ddl.dropConstraint(key.name, of: key.table)) }
        }
        return keys
    }

    /// Puts them back after a failure, for new rows: NOT VALID, without a look at those that have arrived.
    package func putBack(_ keys: [TargetForeignKey], _ connection: isolated PostgresConnection) throws {
        let ddl = PostgresDDL(schema: plan.target.name)
        try connection.withTransaction {
            for key in keys { try connection.execute(ddl.addForeignKey(key, notValid: true)) }
        }
    }

    /// Puts them back and checks the rows against them; a key that rows break is left NOT VALID, as a loss.
    package func restore(
        _ keys: [TargetForeignKey], _ connection: isolated PostgresConnection
    ) throws -> [Finding] {
        var narrowed = plan
        narrowed.target.foreignKeys = keys
        let work = FinishingWork(plan: narrowed, isWanted: true)
        var findings = try work.addForeignKeys(connection)
        for group in work.validationGroups.indices { findings += try work.validate(group, connection) }
        return findings
    }
}
