package import Diagnostics
package import PostgresClient
internal import PostgresDDL
internal import Schema

extension CopyEngine {
    /// Makes the views, each in a transaction of its own: one that Postgres refuses stops none but those that read it.
    package func createViews(_ connection: isolated PostgresConnection) throws -> [Finding] {
        let ddl = PostgresDDL(for: plan.target)
        var findings: [Finding] = []
        var missing: Set<String> = []
        for view in plan.target.views {
            let statement = ddl.createView(view)
            if let cause = view.query.relations.first(where: missing.contains) {
                missing.insert(view.name)
                findings.append(
                    Finding(
                        "view-not-carried", .loss, at: Location(view.source),
                        "The view is missing: it reads \(cause), which Postgres refused.",
                        fix: "Mend that view, then run the statement.", sql: statement))
                continue
            }
            do {
                try connection.withTransaction {
                    try connection.execute(statement)
                    try ledger.note(relations: [view.name], in: plan.target.name, of: run, connection)
                }
            } catch let error as OutgrowError {
                guard let state = error.causeCode, state.count == 5, connection.isOpen else { throw error }
                missing.insert(view.name)
                findings.append(
                    Finding(
                        "view-refused", .loss, at: Location(view.source),
                        "Postgres refuses the view (SQLSTATE \(state)): \(error.cause ?? error.summary)",
                        fix: "Mend the statement and run it; please report it, too.", sql: statement))
            }
        }
        return findings
    }
}
