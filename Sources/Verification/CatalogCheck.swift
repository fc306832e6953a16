internal import PostgresClient
internal import PostgresDDL
package import Schema

/// Whether all that was planned beside the rows stands, is valid, and lets the next row in.
struct CatalogCheck {
    let plan: MigrationPlan
    /// `table.name` of constraints and indexes that the run itself reported as missing or NOT VALID.
    let excused: Set<String>

    private var ddl: PostgresDDL { PostgresDDL(schema: plan.target.name) }

    func check(_ connection: isolated PostgresConnection) throws -> [CatalogDifference] {
        var found: [CatalogDifference] = []
        let constraints = try standingConstraints(connection)
        let indexes = try standingIndexes(connection)
        let columns = try standingColumns(connection)
        for table in plan.target.tables {
            guard let standing = columns[table.name] else {
                found.append(
                    CatalogDifference(
                        kind: .missingTable, table: table.name, name: table.name,
                        message: "The table is missing."))
                continue
            }
            found += compare(table, with: standing)
            found += compareConstraints(of: table, with: constraints)
        }
        for index in plan.target.indexes where columns[index.table] != nil {
            found += compare(index.name, of: index.table, with: indexes)
        }
        for table in plan.tables where columns[table.target] != nil {
            found += try checkIdentity(of: table, connection)
        }
        return try found + checkViews(connection) + checkFunctions(connection) + checkTriggers(connection)
    }

    private func compareConstraints(
        of table: TargetTable, with constraints: [String: [String: Bool]]
    ) -> [CatalogDifference] {
        let standing = constraints[table.name] ?? [:]
        let keys = ([table.primaryKey].compactMap(\.self) + table.uniques).map {
            (name: $0.name, isNotValid: false)
        }
        let checks = table.checks.map { (name: $0.name, isNotValid: $0.isNotValid) }
        let foreignKeys = plan.target.foreignKeys.filter { $0.table == table.name }
            .map { (name: $0.name, isNotValid: $0.isNotValid) }
        return (keys + checks + foreignKeys).compactMap { planned in
            guard !excused.contains("\(table.name).\(planned.name)") else { return nil }
            guard let isValid = standing[planned.name] else {
                return CatalogDifference(
                    kind: .missingConstraint, table: table.name, name: planned.name,
                    message: "The constraint is missing.")
            }
            guard isValid || planned.isNotValid else {
                return CatalogDifference(
                    kind: .invalidConstraint, table: table.name, name: planned.name,
                    message: "The constraint is NOT VALID: old rows are not held to it.")
            }
            return nil
        }
    }

    private func compare(_ index: String, of table: String, with standing: [String: Bool])
        -> [CatalogDifference]
    {
        guard !excused.contains("\(table).\(index)") else { return [] }
        switch standing[index] {
        case nil:
            return [
                CatalogDifference(
                    kind: .missingIndex, table: table, name: index, message: "The index is missing.")
            ]
        case false?:
            return [
                CatalogDifference(
                    kind: .invalidIndex, table: table, name: index,
                    message: "The index is invalid: queries do not use it.")
            ]
        case true?: return []
        }
    }

    private func compare(_ table: TargetTable, with standing: [String: ColumnState]) -> [CatalogDifference] {
        table.columns.compactMap { column in
            let problem: String? =
                switch standing[column.name] {
                case nil: "The column is missing."
                case let state? where state.type != column.type.catalogName:
                    "The column is \(state.type), not \(column.type.name)."
                case let state? where column.isNotNull && !state.isNotNull:
                    "The column has lost its NOT NULL."
                case let state? where column.isIdentity && !state.isIdentity:
                    "The column is no identity column."
                case let state?
                where (column.defaultValue != nil || column.generated != nil) && !state.hasDefault:
                    "The column has lost its \(column.generated == nil ? "DEFAULT" : "generation expression")."
                default: nil
                }
            return problem.map {
                CatalogDifference(kind: .column, table: table.name, name: column.name, message: $0)
            }
        }
    }

    private func checkIdentity(
        of table: TablePlan, _ connection: isolated PostgresConnection
    ) throws -> [CatalogDifference] {
        guard let identity = table.identity else { return [] }
        let column = PostgresDDL.identifier(identity.column)
        let sequence = try connection.scalar(
            """
            SELECT d.objid::regclass::text FROM pg_depend d JOIN pg_attribute a
              ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE d.refobjid = $1::regclass AND a.attname = $2 AND d.classid = 'pg_class'::regclass
              AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'
            """, [ddl.plainName(table.target), identity.column])
        guard let sequence else { return [] }
        let row = try connection.query(
            """
            SELECT (CASE WHEN is_called THEN last_value ELSE last_value - 1 END)::text AS given,
              (SELECT max(\(column)) FROM ONLY \(ddl.name(table.target)))::text AS largest
            FROM \(sequence)
            """
        ).firstRow
        // The last id given, not the next one: after the largest bigint there is none.
        let given = row.flatMap { $0["given"] }.flatMap(Int64.init) ?? 0
        let largest = row.flatMap { $0["largest"] }.flatMap(Int64.init)
        let used = max(largest ?? 0, identity.lastUsed ?? 0)
        guard given < used else { return [] }
        return [
            CatalogDifference(
                kind: .identityBehind, table: table.target, name: identity.column,
                message: "The next id would be \(given + 1), and \(used) is used already.")
        ]
    }
}

// What stands in the target.
extension CatalogCheck {
    struct ColumnState {
        var type: String
        var isNotNull: Bool
        var isIdentity: Bool
        var hasDefault: Bool
    }

    func standingColumns(_ connection: isolated PostgresConnection) throws -> [String: [String: ColumnState]]
    {
        let result = try connection.query(
            """
            SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity <> '',
              a.atthasdef
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')
            """, [plan.target.name])
        var tables: [String: [String: ColumnState]] = [:]
        for row in result.rows {
            let table = row[0] ?? ""
            tables[table] = tables[table] ?? [:]
            guard let column = row[1] else { continue }
            tables[table]?[column] = ColumnState(
                type: row[2] ?? "", isNotNull: row[3] == "t", isIdentity: row[4] == "t",
                hasDefault: row[5] == "t")
        }
        return tables
    }

    /// Validity by table and constraint.
    private func standingConstraints(_ connection: isolated PostgresConnection) throws -> [String: [String:
        Bool]]
    {
        let result = try connection.query(
            """
            SELECT t.relname, c.conname, c.convalidated AND coalesce(x.indisvalid, true)
            FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
            LEFT JOIN pg_index x ON x.indexrelid = c.conindid AND c.contype IN ('p', 'u')
            WHERE n.nspname = $1
            """, [plan.target.name])
        var constraints: [String: [String: Bool]] = [:]
        for row in result.rows { constraints[row[0] ?? "", default: [:]][row[1] ?? ""] = row[2] == "t" }
        return constraints
    }

    private func standingIndexes(_ connection: isolated PostgresConnection) throws -> [String: Bool] {
        let result = try connection.query(
            """
            SELECT i.relname, x.indisvalid AND x.indisready FROM pg_index x
            JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = i.relnamespace WHERE n.nspname = $1
            """, [plan.target.name])
        return Dictionary(result.rows.map { ($0[0] ?? "", $0[1] == "t") }) { first, _ in first }
    }
}

extension PostgresType {
    /// As `format_type` writes it.
    package var catalogName: String {
        switch self {
        case .timestamp: "timestamp without time zone"
        case .timestamptz: "timestamp with time zone"
        case .time: "time without time zone"
        case .varchar(nil): "character varying"
        case .varchar(let limit?): "character varying(\(limit))"
        default: name
        }
    }
}
