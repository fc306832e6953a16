package import Schema

// Queries. Every side of a compound and every subquery stands in parentheses.
extension PostgresDDL {
    package static func render(_ query: TargetQuery) -> String {
        var words: [String] = []
        if !query.with.isEmpty {
            let tables = query.with.map { table in
                let hint = table.isMaterialized.map { $0 ? "MATERIALIZED " : "NOT MATERIALIZED " } ?? ""
                return "\(alias(table.name, table.columns)) AS \(hint)(\(render(table.query)))"
            }
            words.append((query.isRecursive ? "WITH RECURSIVE " : "WITH ") + tables.joined(separator: ", "))
        }
        words.append(render(query.body))
        if !query.orderBy.isEmpty { words.append("ORDER BY " + ordering(query.orderBy)) }
        if let limit = query.limit { words.append("LIMIT " + operandText(limit)) }
        if let offset = query.offset { words.append("OFFSET " + operandText(offset)) }
        return words.joined(separator: " ")
    }

    private static func render(_ body: TargetQuery.Body) -> String {
        switch body {
        case .select(let select): render(select)
        case .values(let rows):
            "VALUES " + rows.map { "(\(renderList($0)))" }.joined(separator: ", ")
        case .compound(let left, let operation, let right):
            "(\(render(left))) \(operation) (\(render(right)))"
        }
    }

    private static func render(_ select: TargetSelect) -> String {
        var words = ["SELECT"]
        switch select.distinct {
        case .rows: words.append("DISTINCT")
        case .on(let expressions): words.append("DISTINCT ON (\(renderList(expressions)))")
        case nil: break
        }
        let columns = select.columns.map { column in
            render(column.expression) + (column.name.map { " AS \(identifier($0))" } ?? "")
        }
        words.append(columns.joined(separator: ", "))
        if !select.from.isEmpty { words.append("FROM " + select.from.map(render).joined(separator: ", ")) }
        if let filter = select.filter { words.append("WHERE " + render(filter)) }
        if !select.groupBy.isEmpty { words.append("GROUP BY " + renderList(select.groupBy)) }
        if let having = select.having { words.append("HAVING " + render(having)) }
        return words.joined(separator: " ")
    }

    private static func render(_ item: TargetFrom) -> String {
        switch item {
        case .relation(let name, let alias), .common(let name, let alias):
            return identifier(name) + (alias.map { " AS \(identifier($0))" } ?? "")
        case .query(let query, let name, let columns, let isLateral):
            return "\(isLateral ? "LATERAL " : "")(\(render(query))) AS \(alias(name, columns))"
        case .function(let call, let name, let columns, let isLateral):
            return "\(isLateral ? "LATERAL " : "")\(render(call)) AS \(alias(name, columns))"
        case .join(let left, let words, let right, let condition):
            var result = "\(render(left)) \(words) "
            if case .join = right { result += "(\(render(right)))" } else { result += render(right) }
            return result + (condition.map { " ON \(render($0))" } ?? "")
        }
    }

    private static func alias(_ name: String, _ columns: [String]) -> String {
        identifier(name)
            + (columns.isEmpty ? "" : "(\(columns.map(identifier).joined(separator: ", ")))")
    }

    private static func ordering(_ terms: [TargetOrdering]) -> String {
        terms.map { term in
            operandText(term.expression) + (term.isDescending ? " DESC" : "")
                + (term.nullsFirst ? " NULLS FIRST" : " NULLS LAST")
        }.joined(separator: ", ")
    }

    private static func renderList(_ expressions: [TargetExpression]) -> String {
        expressions.map { render($0) }.joined(separator: ", ")
    }
}

// What only queries hold.
extension PostgresDDL {
    static func queryPart(_ expression: TargetExpression) -> String {
        switch expression {
        case .compatibility(let name, let arguments): "sqlite.\(identifier(name))(\(renderList(arguments)))"
        case .qualified(let alias, let column): "\(identifier(alias)).\(identifier(column))"
        case .row(let elements): "ROW(\(renderList(elements)))"
        case .array(let elements, let type): "ARRAY[\(renderList(elements))]::\(type.name)[]"
        case .aggregate(let call): render(call)
        case .subquery(let query): "(\(render(query)))"
        case .exists(let query, let negated): "\(negated ? "NOT " : "")EXISTS (\(render(query)))"
        case .inQuery(let operand, let query, let negated):
            "\(operandText(operand)) \(negated ? "NOT " : "")IN (\(render(query)))"
        default: render(expression)
        }
    }

    private static func render(_ call: TargetAggregate) -> String {
        var result = call.isCompatibility ? "sqlite.\(identifier(call.name))(" : "\(call.name)("
        result += call.isDistinct ? "DISTINCT " : ""
        result += call.isStar ? "*" : renderList(call.arguments)
        if !call.orderBy.isEmpty { result += " ORDER BY " + ordering(call.orderBy) }
        result += ")"
        if let filter = call.filter { result += " FILTER (WHERE \(render(filter)))" }
        if let over = call.over { result += " OVER (\(render(over)))" }
        return result
    }

    private static func render(_ window: TargetWindow) -> String {
        var words: [String] = []
        if !window.partitionBy.isEmpty { words.append("PARTITION BY " + renderList(window.partitionBy)) }
        if !window.orderBy.isEmpty { words.append("ORDER BY " + ordering(window.orderBy)) }
        if let frame = window.frame {
            words.append("\(frame.unit) BETWEEN \(render(frame.start)) AND \(render(frame.end))")
            if let exclusion = frame.exclusion { words.append(exclusion) }
        }
        return words.joined(separator: " ")
    }

    private static func render(_ bound: TargetWindow.Bound) -> String {
        switch bound {
        case .unboundedPreceding: "UNBOUNDED PRECEDING"
        case .currentRow: "CURRENT ROW"
        case .unboundedFollowing: "UNBOUNDED FOLLOWING"
        case .preceding(let distance): "\(operandText(distance)) PRECEDING"
        case .following(let distance): "\(operandText(distance)) FOLLOWING"
        }
    }
}
