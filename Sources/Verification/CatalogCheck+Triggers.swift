internal import PostgresClient
internal import Schema

extension CatalogCheck {
    /// Each trigger stands on its table or view and is switched on; what its function does is not looked at.
    func checkTriggers(_ connection: isolated PostgresConnection) throws -> [CatalogDifference] {
        guard !plan.target.triggers.isEmpty else { return [] }
        let result = try connection.query(
            """
            SELECT c.relname, t.tgname, t.tgenabled <> 'D'
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = $1 AND NOT t.tgisinternal
            """, [plan.target.name])
        var standing: [String: [String: Bool]] = [:]
        for row in result.rows { standing[row[0] ?? "", default: [:]][row[1] ?? ""] = row[2] == "t" }
        return plan.target.triggers.compactMap { trigger in
            guard !excused.contains(trigger.source) else { return nil }
            switch standing[trigger.relation]?[trigger.name] {
            case nil:
                return CatalogDifference(
                    kind: .missingTrigger, table: trigger.relation, name: trigger.name,
                    message: "The trigger is missing.")
            case false?:
                return CatalogDifference(
                    kind: .disabledTrigger, table: trigger.relation, name: trigger.name,
                    message: "The trigger is switched off.")
            case true?: return nil
            }
        }
    }
}
