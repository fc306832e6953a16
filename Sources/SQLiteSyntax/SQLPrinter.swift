/// Writes statements and expressions as canonical SQL of SQLite.
///
/// What `Parser` has read comes back equal: `parse(print(x)) == x`. Words are
/// upper case, names are quoted only where they must be, and parentheses stand
/// only where precedence needs them.
package enum SQLPrinter {
    package static func print(_ statement: SchemaStatement) -> String {
        switch statement {
        case .createTable(let table): print(table)
        case .createIndex(let index): print(index)
        case .createVirtualTable(let table): print(table)
        case .createView(_, let sql), .createTrigger(_, let sql): sql
        }
    }

    package static func print(_ table: CreateTable) -> String {
        let kind = table.isTemporary ? "CREATE TEMP TABLE " : "CREATE TABLE "
        let items = table.columns.map(print) + table.constraints.map(print)
        let options = [table.isWithoutRowID ? "WITHOUT ROWID" : nil, table.isStrict ? "STRICT" : nil]
            .compactMap { $0 }.joined(separator: ", ")
        return kind + (table.ifNotExists ? "IF NOT EXISTS " : "") + qualified(table.schema, table.name)
            + "(" + items.joined(separator: ", ") + ")" + (options.isEmpty ? "" : " " + options)
    }

    package static func print(_ index: CreateIndex) -> String {
        (index.isUnique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ")
            + (index.ifNotExists ? "IF NOT EXISTS " : "")
            + qualified(index.schema, index.name) + " ON " + name(index.table) + "(" + list(index.columns)
            + ")"
            + (index.filter.map { " WHERE " + print($0) } ?? "")
    }

    package static func print(_ table: CreateVirtualTable) -> String {
        let arguments = table.arguments.isEmpty ? "" : "(" + table.arguments.joined(separator: ", ") + ")"
        return "CREATE VIRTUAL TABLE " + name(table.name) + " USING " + name(table.module) + arguments
    }

    package static func print(_ column: ColumnDefinition) -> String {
        let type = column.declaredType.map { " " + typeName($0) } ?? ""
        return name(column.name) + type + column.constraints.map { " " + print($0) }.joined()
    }

    package static func print(_ constraint: ColumnConstraint) -> String {
        let body =
            switch constraint.kind {
            case .primaryKey(let order, let resolution, let isAutoincrement):
                "PRIMARY KEY" + suffix(order) + suffix(resolution) + (isAutoincrement ? " AUTOINCREMENT" : "")
            case .notNull(let resolution): "NOT NULL" + suffix(resolution)
            case .null(let resolution): "NULL" + suffix(resolution)
            case .unique(let resolution): "UNIQUE" + suffix(resolution)
            case .check(let condition, let resolution):
                "CHECK (" + print(condition) + ")" + suffix(resolution)
            case .default(let value): "DEFAULT " + defaultValue(value)
            case .collate(let collation): "COLLATE " + name(collation)
            case .foreignKey(let clause): print(clause)
            case .generated(let expression, let storage):
                "GENERATED ALWAYS AS (" + print(expression) + ") " + storage.rawValue
            }
        return prefix(constraint.name) + body
    }

    package static func print(_ constraint: TableConstraint) -> String {
        let body =
            switch constraint.kind {
            case .primaryKey(let columns, let resolution, let isAutoincrement):
                "PRIMARY KEY (" + list(columns) + (isAutoincrement ? " AUTOINCREMENT)" : ")")
                    + suffix(resolution)
            case .unique(let columns, let resolution): "UNIQUE (" + list(columns) + ")" + suffix(resolution)
            case .check(let condition, let resolution):
                "CHECK (" + print(condition) + ")" + suffix(resolution)
            case .foreignKey(let columns, let clause):
                "FOREIGN KEY (" + columns.map(name).joined(separator: ", ") + ") " + print(clause)
            }
        return prefix(constraint.name) + body
    }

    package static func print(_ clause: ForeignKeyClause) -> String {
        var result = "REFERENCES " + name(clause.table)
        if let columns = clause.columns { result += "(" + columns.map(name).joined(separator: ", ") + ")" }
        if let action = clause.onDelete { result += " ON DELETE " + action.rawValue }
        if let action = clause.onUpdate { result += " ON UPDATE " + action.rawValue }
        if let match = clause.match { result += " MATCH " + name(match) }
        return clause.isDeferred ? result + " DEFERRABLE INITIALLY DEFERRED" : result
    }

    package static func print(_ column: IndexedColumn) -> String {
        let expression = column.collation.map { Expression.collate(column.expression, collation: $0) }
        return print(expression ?? column.expression) + suffix(column.order)
    }
}

// Pieces.
extension SQLPrinter {
    private static func list(_ columns: [IndexedColumn]) -> String {
        columns.map(print).joined(separator: ", ")
    }

    private static func prefix(_ constraintName: String?) -> String {
        constraintName.map { "CONSTRAINT " + name($0) + " " } ?? ""
    }

    private static func suffix(_ order: SortOrder?) -> String { order.map { " " + $0.rawValue } ?? "" }

    private static func suffix(_ resolution: ConflictResolution?) -> String {
        resolution.map { " ON CONFLICT " + $0.rawValue } ?? ""
    }

    /// Literals stand as they are, all else needs parentheses.
    private static func defaultValue(_ value: Expression) -> String {
        switch value {
        case .literal, .unary(.minus, .literal(.integer(0...))), .unary(.minus, .literal(.real)): print(value)
        default: "(" + print(value) + ")"
        }
    }

    static func qualified(_ schema: String?, _ name: String) -> String {
        schema.map { Self.name($0) + "." + Self.name(name) } ?? Self.name(name)
    }

    /// A declared type as it is, when it reads as one; else within quotes.
    static func typeName(_ type: String) -> String {
        Parser.readsAsType(type) ? type : quoted(type, by: "\"")
    }

    /// A name, in double quotes where it needs them.
    package static func name(_ name: String) -> String {
        isPlain(name) ? name : quoted(name, by: "\"")
    }

    static func quoted(_ text: String, by quote: Character) -> String {
        var result = String(quote)
        for scalar in text.unicodeScalars {
            result.unicodeScalars.append(scalar)
            if Character(scalar) == quote { result.append(quote) }
        }
        result.append(quote)
        return result
    }

    /// Whether the name can stand without quotes anywhere a name can.
    static func isPlain(_ name: String) -> Bool {
        guard hasPlainShape(name) else { return false }
        return !(Keyword(spelling: ArraySlice(name.utf8))?.needsQuotes ?? false)
    }

    static func hasPlainShape(_ name: String) -> Bool {
        guard let first = name.utf8.first, !Lexer.isDigit(first), first != UInt8(ascii: "$") else {
            return false
        }
        // A byte order mark counts as white space.
        return name.utf8.allSatisfy(Lexer.isNameByte) && !name.unicodeScalars.contains("\u{FEFF}")
    }
}
