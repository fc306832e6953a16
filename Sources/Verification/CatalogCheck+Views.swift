internal import PostgresClient
internal import Schema

// What has no rows of its own: views, and the functions that they call.
extension CatalogCheck {
    /// Each view stands, with the columns that it was planned with.
    func checkViews(_ connection: isolated PostgresConnection) throws -> [CatalogDifference] {
        guard !plan.target.views.isEmpty else { return [] }
        let result = try connection.query(
            """
            SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
            WHERE n.nspname = $1 AND c.relkind = 'v' ORDER BY c.relname, a.attnum
            """, [plan.target.name])
        var standing: [String: [String]] = [:]
        for row in result.rows {
            standing[row[0] ?? "", default: []].append("\(row[1] ?? "") \(row[2] ?? "")")
        }
        return plan.target.views.compactMap { view in
            guard !excused.contains(view.source) else { return nil }
            guard let columns = standing[view.name] else {
                return CatalogDifference(
                    kind: .missingView, table: view.name, name: view.name, message: "The view is missing.")
            }
            let planned = view.columns.map { "\($0.name) \($0.type.catalogName)" }
            guard planned != columns else { return nil }
            return CatalogDifference(
                kind: .view, table: view.name, name: view.name,
                message: "The view has other columns than were planned.")
        }
    }

    /// Every function that was planned stands in its schema; which overloads it has is not looked at.
    func checkFunctions(_ connection: isolated PostgresConnection) throws -> [CatalogDifference] {
        let planned = plan.target.compatibilityFunctions
        guard !planned.isEmpty else { return [] }
        let schema = plan.target.compatibilitySchema
        let result = try connection.query(
            """
            SELECT DISTINCT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
            WHERE n.nspname = $1
            """, [schema])
        let standing = Set(result.rows.compactMap { $0[0] })
        return planned.subtracting(standing).sorted().map { name in
            CatalogDifference(
                kind: .missingFunction, table: schema, name: name, message: "The function is missing.")
        }
    }
}
