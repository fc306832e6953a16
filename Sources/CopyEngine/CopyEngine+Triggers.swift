package import Diagnostics
package import PostgresClient
internal import PostgresDDL
internal import Schema

extension CopyEngine {
    /// Makes the triggers, each in a transaction of its own, when every row is where it belongs: none of them
    /// sees the copy.
    package func createTriggers(_ connection: isolated PostgresConnection) throws -> [Finding] {
        let ddl = PostgresDDL(for: plan.target)
        var findings: [Finding] = []
        for trigger in plan.target.triggers {
            let standing = try remark(onFunction: trigger.function, connection)
            let isOurs = standing == ddl.triggerRemark(trigger)
            let statements = ddl.createTrigger(trigger, replaces: isOurs)
            do {
                try connection.withTransaction {
                    for statement in statements { try connection.execute(statement) }
                }
            } catch let error as OutgrowError {
                guard let state = error.causeCode, state.count == 5, connection.isOpen else { throw error }
                findings.append(
                    Finding(
                        "trigger-refused", .loss, at: Location(trigger.source),
                        "Postgres refuses the trigger (SQLSTATE \(state)): \(error.cause ?? error.summary)",
                        fix: "Mend the statements and run them; please report it, too.",
                        sql: statements.joined(separator: "\n")))
            }
        }
        return findings
    }

    /// What is said of a function that stands already; a function of somebody else is never replaced.
    private func remark(
        onFunction name: String, _ connection: isolated PostgresConnection
    ) throws -> String? {
        try connection.scalar(
            """
            SELECT obj_description(p.oid, 'pg_proc') FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = $1 AND p.proname = $2 AND p.pronargs = 0
            """, [plan.target.name, name])
    }
}
