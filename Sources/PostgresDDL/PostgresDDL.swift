package import Schema

/// Renders a `TargetSchema` as SQL: statement by statement for the engine, and as one script for `psql -f`.
///
/// Every name is qualified by the schema, every name and value is quoted here, and
/// nothing is taken over from the source as text.
package struct PostgresDDL: Sendable {
    /// The Postgres schema that holds everything.
    package let schema: String
    /// The schema of the compatibility functions.
    package let compatibilitySchema: String

    package init(schema: String, compatibilitySchema: String = "sqlite") {
        self.schema = schema
        self.compatibilitySchema = compatibilitySchema
    }

    package init(for target: TargetSchema) {
        self.init(schema: target.name, compatibilitySchema: target.compatibilitySchema)
    }

    package func createSchema() -> String { "CREATE SCHEMA IF NOT EXISTS \(Self.identifier(schema));" }

    /// Columns with their NOT NULL, DEFAULT, identity and generation; keys and checks come after the rows.
    package func createTable(_ table: TargetTable) -> String {
        guard !table.columns.isEmpty else { return "CREATE TABLE \(name(table.name)) ();" }
        let names = table.columns.map { Self.identifier($0.name) }
        let types = table.columns.map(\.type.name)
        let nameWidth = names.map(\.count).max() ?? 0
        let typeWidth = types.map(\.count).max() ?? 0
        let lines = zip(table.columns, zip(names, types)).map { column, texts in
            let clauses = clauses(of: column)
            let start = "    \(padded(texts.0, to: nameWidth)) "
            return clauses.isEmpty ? start + texts.1 : start + padded(texts.1, to: typeWidth) + " " + clauses
        }
        return "CREATE TABLE \(name(table.name)) (\n\(lines.joined(separator: ",\n"))\n);"
    }

    /// nil when the table has no primary key.
    package func addPrimaryKey(of table: TargetTable) -> String? {
        table.primaryKey.map { add("PRIMARY KEY", $0, to: table) }
    }

    package func addUnique(_ key: TargetKey, to table: TargetTable) -> String {
        add("UNIQUE", key, to: table)
    }

    package func addUniques(of table: TargetTable) -> [String] {
        table.uniques.map { addUnique($0, to: table) }
    }

    package func addCheck(_ check: TargetCheck, to table: TargetTable) -> String {
        "\(addConstraint(check.name, to: table.name)) CHECK (\(render(check.expression)))"
            + (check.isNotValid ? " NOT VALID;" : ";")
    }

    package func addChecks(of table: TargetTable) -> [String] { table.checks.map { addCheck($0, to: table) } }

    /// All checks in one statement, which looks at the rows once.
    package func addAllChecks(of table: TargetTable) -> String {
        let clauses = table.checks.map { check in
            "ADD CONSTRAINT \(Self.identifier(check.name)) CHECK (\(render(check.expression)))"
                + (check.isNotValid ? " NOT VALID" : "")
        }
        return "ALTER TABLE \(name(table.name)) \(clauses.joined(separator: ", "));"
    }

    package func createIndex(_ index: TargetIndex) -> String {
        let columns = index.columns.map { column in
            indexElement(column.expression) + (column.isDescending ? " DESC" : "")
        }
        let filter = index.filter.map { " WHERE \(render($0))" } ?? ""
        return "CREATE \(index.isUnique ? "UNIQUE " : "")INDEX \(Self.identifier(index.name)) "
            + "ON \(name(index.table))\(index.method.map { " USING \($0.rawValue)" } ?? "") (\(columns.joined(separator: ", ")))\(filter);"
    }

    /// `notValid` nil does what the plan says; the engine passes its own to add first and validate later.
    package func addForeignKey(_ key: TargetForeignKey, notValid: Bool? = nil) -> String {
        var text =
            "\(addConstraint(key.name, to: key.table)) FOREIGN KEY (\(list(key.columns))) "
            + "REFERENCES \(name(key.parentTable)) (\(list(key.parentColumns)))"
        if let action = key.onUpdate { text += " ON UPDATE \(action.rawValue)" }
        if let action = key.onDelete { text += " ON DELETE \(action.rawValue)" }
        if key.isDeferred { text += " DEFERRABLE INITIALLY DEFERRED" }
        if notValid ?? key.isNotValid { text += " NOT VALID" }
        return text + ";"
    }

    package func validateConstraint(_ constraint: String, of table: String) -> String {
        "ALTER TABLE \(name(table)) VALIDATE CONSTRAINT \(Self.identifier(constraint));"
    }

    package func dropConstraint(_ constraint: String, of table: String) -> String {
        "ALTER TABLE \(name(table)) DROP CONSTRAINT \(Self.identifier(constraint));"
    }

    package func dropTable(_ table: String) -> String { "DROP TABLE IF EXISTS \(name(table));" }

    package func analyze(_ table: String) -> String { "ANALYZE \(name(table));" }

    /// The next id is one more than `lastUsed`, or 1.
    package func setSequencePosition(_ identity: IdentityPlan, of table: String) -> String {
        let sequence =
            "pg_get_serial_sequence(\(Self.literal(plainName(table))), \(Self.literal(identity.column)))"
        guard let lastUsed = identity.lastUsed else { return "SELECT setval(\(sequence), 1, false);" }
        return "SELECT setval(\(sequence), \(lastUsed), true);"
    }

    package func name(_ relation: String) -> String { Self.qualified(schema, relation) }

    private func clauses(of column: TargetColumn) -> String {
        var words: [String] = []
        if let collation = column.collation { words.append("COLLATE \"\(collation)\"") }
        if column.isNotNull { words.append("NOT NULL") }
        if column.isIdentity {
            let sequence = column.sequenceName.map { " (SEQUENCE NAME \(name($0)))" } ?? ""
            words.append("GENERATED BY DEFAULT AS IDENTITY\(sequence)")
        }
        if let value = column.defaultValue { words.append("DEFAULT \(renderClosed(value))") }
        if let expression = column.generated {
            words.append("GENERATED ALWAYS AS (\(render(expression))) STORED")
        }
        return words.joined(separator: " ")
    }

    private func add(_ words: String, _ key: TargetKey, to table: TargetTable) -> String {
        "\(addConstraint(key.name, to: table.name)) \(words) (\(list(key.columns)));"
    }

    private func addConstraint(_ constraint: String, to table: String) -> String {
        "ALTER TABLE \(name(table)) ADD CONSTRAINT \(Self.identifier(constraint))"
    }

    private func indexElement(_ expression: TargetExpression) -> String {
        switch expression {
        case .column(let column): Self.identifier(column)
        default: "(\(render(expression)))"
        }
    }

    /// As `regclass` and the text functions of Postgres read a name, which do not know `U&"…"`: for a parameter.
    package func plainName(_ relation: String) -> String {
        [schema, relation].map { part in
            "\"" + part.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                + "\""
        }.joined(separator: ".")
    }

    private func list(_ columns: [String]) -> String { columns.map(Self.identifier).joined(separator: ", ") }

    private func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
