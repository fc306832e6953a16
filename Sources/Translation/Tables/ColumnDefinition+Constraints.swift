import SQLiteSyntax

/// A column's constraints, looked up by kind. SQLite lets a kind stand twice; the last one counts.
extension ColumnDefinition {
    var generated: (expression: Expression, storage: GeneratedStorage)? {
        for constraint in constraints.reversed() {
            if case .generated(let expression, let storage) = constraint.kind { return (expression, storage) }
        }
        return nil
    }

    var defaultExpression: Expression? {
        for constraint in constraints.reversed() {
            if case .default(let expression) = constraint.kind { return expression }
        }
        return nil
    }

    var collation: SourceCollation {
        for constraint in constraints.reversed() {
            if case .collate(let name) = constraint.kind { return SourceCollation(name) }
        }
        return .binary
    }

    /// `ANY` and nothing have no affinity in a STRICT table; elsewhere the name alone decides.
    func affinity(in table: CreateTable) -> Affinity {
        if table.isStrict, SQLiteName.folded(declaredType ?? "") == "any" { return .blob }
        return Affinity(declaredType: declaredType)
    }
}

extension CreateTable {
    func isRowIDAlias(_ column: ColumnDefinition) -> Bool {
        rowIDAliasColumn.map { SQLiteName.equal($0.name, column.name) } ?? false
    }

    /// Every ON CONFLICT clause that changes what happens, with the constraint it stands at.
    var conflictClauses: [(column: String?, constraint: String, resolution: ConflictResolution)] {
        var result: [(column: String?, constraint: String, resolution: ConflictResolution)] = []
        func add(_ column: String?, _ constraint: String, _ resolution: ConflictResolution?) {
            guard let resolution, resolution != .abort else { return }
            result.append((column, constraint, resolution))
        }
        for column in columns {
            for constraint in column.constraints {
                switch constraint.kind {
                case .primaryKey(_, let resolution, _): add(column.name, "PRIMARY KEY", resolution)
                case .notNull(let resolution): add(column.name, "NOT NULL", resolution)
                case .unique(let resolution): add(column.name, "UNIQUE", resolution)
                case .check(_, let resolution): add(column.name, "CHECK", resolution)
                default: break
                }
            }
        }
        for constraint in constraints {
            switch constraint.kind {
            case .primaryKey(_, let resolution, _): add(nil, "PRIMARY KEY", resolution)
            case .unique(_, let resolution): add(nil, "UNIQUE", resolution)
            case .check(_, let resolution): add(nil, "CHECK", resolution)
            case .foreignKey: break
            }
        }
        return result
    }
}

/// How SQLite compares a column's text (https://sqlite.org/datatype3.html#collating_sequences).
enum SourceCollation: Sendable, Hashable {
    case binary, nocase, rtrim
    /// Made by the application; its rules are not in the file.
    case custom(String)

    init(_ name: String) {
        switch SQLiteName.folded(name) {
        case "binary": self = .binary
        case "nocase": self = .nocase
        case "rtrim": self = .rtrim
        default: self = .custom(name)
        }
    }
}
