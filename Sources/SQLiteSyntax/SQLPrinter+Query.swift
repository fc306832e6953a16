// Queries: SELECT, VALUES, FROM, windows.
extension SQLPrinter {
    package static func print(_ query: Query) -> String {
        var result = query.with.map { print($0) + " " } ?? ""
        result += print(query.first)
        for part in query.compounds { result += " " + part.operation.rawValue + " " + print(part.core) }
        return result + ordering(query.orderBy) + limit(query.limit, query.offset)
    }

    package static func print(_ with: WithClause) -> String {
        let tables = with.tables.map { table in
            let hint = table.isMaterialized.map { $0 ? "MATERIALIZED " : "NOT MATERIALIZED " } ?? ""
            return name(table.name) + columns(table.columns) + " AS " + hint + "(" + print(table.query) + ")"
        }
        return (with.isRecursive ? "WITH RECURSIVE " : "WITH ") + tables.joined(separator: ", ")
    }

    private static func print(_ core: QueryCore) -> String {
        switch core {
        case .select(let select): print(select)
        case .values(let rows): "VALUES " + rows.map { "(" + list($0) + ")" }.joined(separator: ", ")
        }
    }

    private static func print(_ select: Select) -> String {
        var result = "SELECT " + (select.isDistinct ? "DISTINCT " : "") + print(select.columns)
        if let from = select.from { result += " FROM " + print(from) }
        result += clause("WHERE", select.filter)
        if !select.groupBy.isEmpty { result += " GROUP BY " + list(select.groupBy) }
        result += clause("HAVING", select.having)
        guard !select.windows.isEmpty else { return result }
        let windows = select.windows.map { name($0.name) + " AS " + print($0.window) }
        return result + " WINDOW " + windows.joined(separator: ", ")
    }

    static func print(_ columns: [ResultColumn]) -> String {
        columns.map { column in
            switch column {
            case .all: "*"
            case .allOf(let table): name(table) + ".*"
            case .expression(let expression, let alias, _): print(expression) + self.alias(alias)
            }
        }.joined(separator: ", ")
    }

    private static func print(_ item: FromItem) -> String {
        switch item {
        case .table(let table): return print(table)
        case .query(let query, let alias): return "(" + print(query) + ")" + self.alias(alias)
        case .parenthesized(let inner, let alias): return "(" + print(inner) + ")" + self.alias(alias)
        case .join: return joins(item)
        }
    }

    /// Writes a chain of joins without recursion to the left.
    private static func joins(_ item: FromItem) -> String {
        var parts: [String] = []
        var leftmost = item
        while case .join(let left, let operation, let right, let constraint) = leftmost {
            var part = print(operation)
            if case .join = right { part += "(" + print(right) + ")" } else { part += print(right) }
            switch constraint {
            case .on(let condition): part += " ON " + print(condition)
            case .using(let names): part += " USING" + columns(names)
            case nil: break
            }
            parts.append(part)
            leftmost = left
        }
        return print(leftmost) + parts.reversed().joined()
    }

    private static func print(_ operation: JoinOperator) -> String {
        guard operation.kind != .comma else { return ", " }
        return (operation.isNatural ? " NATURAL " : " ") + operation.kind.rawValue + " "
    }

    static func from(_ item: FromItem?) -> String { item.map { " FROM " + print($0) } ?? "" }

    package static func print(_ table: TableSource) -> String {
        let arguments = table.arguments.map { "(" + list($0) + ")" } ?? ""
        let hint =
            switch table.indexHint {
            case .indexedBy(let index): " INDEXED BY " + name(index)
            case .notIndexed: " NOT INDEXED"
            case nil: ""
            }
        return qualified(table.schema, table.name) + arguments + alias(table.alias) + hint
    }
}

// Windows.
extension SQLPrinter {
    static func print(_ over: Over) -> String {
        switch over {
        case .named(let name): self.name(name)
        case .window(let window): print(window)
        }
    }

    private static func print(_ window: Window) -> String {
        var parts: [String] = []
        if let base = window.base { parts.append(name(base)) }
        if !window.partitionBy.isEmpty { parts.append("PARTITION BY " + list(window.partitionBy)) }
        if !window.orderBy.isEmpty { parts.append("ORDER BY " + terms(window.orderBy)) }
        if let frame = window.frame { parts.append(print(frame)) }
        return "(" + parts.joined(separator: " ") + ")"
    }

    private static func print(_ frame: Window.Frame) -> String {
        let bounds =
            frame.end.map { "BETWEEN " + print(frame.start) + " AND " + print($0) } ?? print(frame.start)
        return frame.unit.rawValue + " " + bounds + (frame.exclusion.map { " " + $0.rawValue } ?? "")
    }

    private static func print(_ bound: Window.Bound) -> String {
        switch bound {
        case .unboundedPreceding: "UNBOUNDED PRECEDING"
        case .preceding(let distance): print(distance) + " PRECEDING"
        case .currentRow: "CURRENT ROW"
        case .following(let distance): print(distance) + " FOLLOWING"
        case .unboundedFollowing: "UNBOUNDED FOLLOWING"
        }
    }
}

// Pieces that queries and changes share.
extension SQLPrinter {
    static func list(_ expressions: [Expression]) -> String {
        expressions.map { print($0) }.joined(separator: ", ")
    }

    /// `(a, b)`; nothing for no names.
    static func columns(_ names: [String]) -> String {
        names.isEmpty ? "" : "(" + names.map(name).joined(separator: ", ") + ")"
    }

    static func alias(_ alias: String?) -> String { alias.map { " AS " + name($0) } ?? "" }

    static func clause(_ word: String, _ expression: Expression?) -> String {
        expression.map { " " + word + " " + print($0) } ?? ""
    }

    static func ordering(_ terms: [OrderingTerm]) -> String {
        terms.isEmpty ? "" : " ORDER BY " + self.terms(terms)
    }

    static func terms(_ terms: [OrderingTerm]) -> String {
        terms.map { term in
            print(term.expression) + (term.order.map { " " + $0.rawValue } ?? "")
                + (term.nulls.map { " " + $0.rawValue } ?? "")
        }.joined(separator: ", ")
    }

    static func limit(_ limit: Expression?, _ offset: Expression?) -> String {
        clause("LIMIT", limit) + clause("OFFSET", offset)
    }
}
