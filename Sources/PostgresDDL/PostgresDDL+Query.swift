package import Schema

extension PostgresDDL {
    /// Returns a query as SQL on one line, as it stands inside of expressions and of FROM.
    package func render(_ query: TargetQuery) -> String { clauses(of: query).joined(separator: " ") }

    /// One element for each clause.
    private func clauses(of query: TargetQuery) -> [String] {
        var clauses: [String] = []
        if !query.with.isEmpty {
            clauses.append(
                "WITH \(query.isRecursive ? "RECURSIVE " : "")"
                    + query.with.map(common).joined(separator: ", "))
        }
        switch query.body {
        case .select(let select): clauses += self.clauses(of: select)
        case .values(let rows):
            clauses.append("VALUES " + rows.map { "(\(list($0)))" }.joined(separator: ", "))
        case .compound(let left, let sign, let right):
            clauses += ["(\(render(left)))", sign, "(\(render(right)))"]
        }
        if !query.orderBy.isEmpty { clauses.append("ORDER BY \(ordering(query.orderBy))") }
        if let limit = query.limit { clauses.append("LIMIT \(operandText(limit))") }
        if let offset = query.offset { clauses.append("OFFSET \(operandText(offset))") }
        return clauses
    }

    private func common(_ table: TargetQuery.CommonTable) -> String {
        let materialized = table.isMaterialized.map { $0 ? "MATERIALIZED " : "NOT MATERIALIZED " } ?? ""
        return
            "\(Self.identifier(table.name))\(columnList(table.columns)) AS \(materialized)(\(render(table.query)))"
    }

    private func clauses(of select: TargetSelect) -> [String] {
        var words = "SELECT"
        switch select.distinct {
        case .rows: words += " DISTINCT"
        case .on(let keys): words += " DISTINCT ON (\(list(keys)))"
        case nil: break
        }
        let columns = select.columns.map { column in
            render(column.expression) + columnName(column)
        }
        if !columns.isEmpty { words += " " + columns.joined(separator: ", ") }
        var clauses = [words]
        if !select.from.isEmpty {
            clauses.append("FROM \(select.from.map { source($0) }.joined(separator: ", "))")
        }
        if let filter = select.filter { clauses.append("WHERE \(render(filter))") }
        if !select.groupBy.isEmpty {
            clauses.append("GROUP BY \(select.groupBy.map(groupKey).joined(separator: ", "))")
        }
        if let having = select.having { clauses.append("HAVING \(render(having))") }
        return clauses
    }

    /// A column keeps its own name without being told.
    private func columnName(_ column: TargetSelect.Column) -> String {
        guard let name = column.name else { return "" }
        if case .qualified(_, name) = column.expression { return "" }
        return " AS \(Self.identifier(name))"
    }

    /// A plain number would be the position of a column.
    private func groupKey(_ key: TargetExpression) -> String { operandText(key) }

    func renderFrom(_ items: [TargetFrom]) -> String { items.map { source($0) }.joined(separator: ", ") }

    private func source(_ item: TargetFrom, isNested: Bool = false) -> String {
        switch item {
        case .relation(let table, let alias): return name(table) + aliasText(alias, unless: table)
        case .common(let table, let alias): return Self.identifier(table) + aliasText(alias, unless: table)
        case .query(let query, let alias, let columns, let isLateral):
            return
                "\(isLateral ? "LATERAL " : "")(\(render(query))) AS \(Self.identifier(alias))\(columnList(columns))"
        case .function(let call, let alias, let columns, let isLateral):
            return
                "\(isLateral ? "LATERAL " : "")\(render(call)) AS \(Self.identifier(alias))\(columnList(columns))"
        case .join(let left, let words, let right, let condition):
            let text =
                "\(source(left)) \(words) \(source(right, isNested: true))"
                + (condition.map { " ON \(render($0))" } ?? "")
            return isNested ? "(\(text))" : text
        }
    }

    private func aliasText(_ alias: String?, unless name: String) -> String {
        guard let alias, alias != name else { return "" }
        return " AS \(Self.identifier(alias))"
    }

    private func columnList(_ columns: [String]) -> String {
        columns.isEmpty ? "" : "(\(columns.map(Self.identifier).joined(separator: ", ")))"
    }

    func ordering(_ terms: [TargetOrdering]) -> String {
        terms.map { term in
            operandText(term.expression) + (term.isDescending ? " DESC" : "")
                + (term.nullsFirst == term.isDescending
                    ? "" : term.nullsFirst ? " NULLS FIRST" : " NULLS LAST")
        }.joined(separator: ", ")
    }

    func compatibilityName(_ function: String) -> String { Self.qualified(compatibilitySchema, function) }

    func render(_ call: TargetAggregate) -> String {
        var arguments = call.isStar ? "*" : list(call.arguments)
        if call.isDistinct { arguments = "DISTINCT " + arguments }
        if !call.orderBy.isEmpty { arguments += " ORDER BY \(ordering(call.orderBy))" }
        var text = "\(call.isCompatibility ? compatibilityName(call.name) : call.name)(\(arguments))"
        if let filter = call.filter { text += " FILTER (WHERE \(render(filter)))" }
        if let window = call.over { text += " OVER (\(render(window)))" }
        return text
    }

    private func render(_ window: TargetWindow) -> String {
        var clauses: [String] = []
        if !window.partitionBy.isEmpty { clauses.append("PARTITION BY \(list(window.partitionBy))") }
        if !window.orderBy.isEmpty { clauses.append("ORDER BY \(ordering(window.orderBy))") }
        if let frame = window.frame {
            let bounds = "BETWEEN \(render(frame.start)) AND \(render(frame.end))"
            clauses.append("\(frame.unit) \(bounds)" + (frame.exclusion.map { " \($0)" } ?? ""))
        }
        return clauses.joined(separator: " ")
    }

    private func render(_ bound: TargetWindow.Bound) -> String {
        switch bound {
        case .unboundedPreceding: "UNBOUNDED PRECEDING"
        case .currentRow: "CURRENT ROW"
        case .unboundedFollowing: "UNBOUNDED FOLLOWING"
        case .preceding(let distance): "\(operandText(distance)) PRECEDING"
        case .following(let distance): "\(operandText(distance)) FOLLOWING"
        }
    }

    package func createView(_ view: TargetView) -> String {
        let columns =
            view.columns.isEmpty
            ? "" : " (\(view.columns.map { Self.identifier($0.name) }.joined(separator: ", ")))"
        let body = clauses(of: view.query).map { "    " + $0 }.joined(separator: "\n")
        return "CREATE VIEW \(name(view.name))\(columns) AS\n\(body);"
    }

    package func dropView(_ view: String) -> String { "DROP VIEW IF EXISTS \(name(view));" }
}
