import SQLiteSyntax

extension Expression {
    /// The expressions directly within, those of queries excepted.
    var parts: [Expression] {
        switch self {
        case .literal, .column, .bindParameter, .subquery, .exists, .raise: []
        case .unary(_, let operand), .nullTest(let operand, _), .cast(let operand, _),
            .collate(let operand, _),
            .inQuery(let operand, _, _):
            [operand]
        case .binary(let left, _, let right): [left, right]
        case .match(let operand, _, let pattern, let escape, _):
            [operand, pattern] + [escape].compactMap(\.self)
        case .between(let operand, let low, let high, _): [operand, low, high]
        case .inList(let operand, let items, _): [operand] + items
        case .inTable(let operand, let source, _): [operand] + (source.arguments ?? [])
        case .call(let call): call.parts
        case .conditional(let operand, let branches, let otherwise):
            [operand].compactMap(\.self) + branches.flatMap { [$0.condition, $0.result] }
                + [otherwise].compactMap(\.self)
        case .row(let items): items
        }
    }

    /// The aggregates in it that are not of a query within.
    var aggregates: [FunctionCall] {
        var result: [FunctionCall] = []
        if case .call(let call) = self, call.isAggregate { result.append(call) }
        for part in parts { result += part.aggregates }
        return result
    }
}

extension FunctionCall {
    var parts: [Expression] {
        var result = arguments + orderBy.map(\.expression) + [filter].compactMap(\.self)
        if case .window(let window) = over {
            result += window.partitionBy + window.orderBy.map(\.expression)
        }
        return result
    }

    /// It gathers rows, and is no window function.
    var isAggregate: Bool {
        guard over == nil else { return false }
        let name = SQLiteName.folded(self.name)
        return isExtreme || Self.aggregateNames.contains(name)
    }

    /// `min(x)` and `max(x)`, which also decide what bare columns beside them show.
    var isExtreme: Bool {
        over == nil && arguments.count == 1 && ["min", "max"].contains(SQLiteName.folded(name))
    }

    private static let aggregateNames: Set<String> = [
        "avg", "count", "group_concat", "json_group_array", "json_group_object", "median", "percentile",
        "percentile_cont", "percentile_disc", "string_agg", "sum", "total",
    ]
}

extension Query {
    /// The tables that it reads by name, at any depth, folded; common tables included.
    var tableNames: Set<String> {
        var result: Set<String> = []
        collectTables(into: &result)
        return result
    }

    private func collectTables(into result: inout Set<String>) {
        for table in with?.tables ?? [] { table.query.collectTables(into: &result) }
        for core in [first] + compounds.map(\.core) {
            switch core {
            case .values(let rows): for item in rows.joined() { item.collectTables(into: &result) }
            case .select(let select):
                for column in select.columns {
                    if case .expression(let expression, _, _) = column {
                        expression.collectTables(into: &result)
                    }
                }
                select.from?.collectTables(into: &result)
                let others = [select.filter, select.having].compactMap(\.self) + select.groupBy
                for expression in others { expression.collectTables(into: &result) }
            }
        }
        for expression in orderBy.map(\.expression) + [limit, offset].compactMap(\.self) {
            expression.collectTables(into: &result)
        }
    }
}

extension FromItem {
    fileprivate func collectTables(into result: inout Set<String>) {
        switch self {
        case .table(let source):
            result.insert(SQLiteName.folded(source.name))
            for argument in source.arguments ?? [] { argument.collectTables(into: &result) }
        case .query(let query, _): result.formUnion(query.tableNames)
        case .parenthesized(let item, _): item.collectTables(into: &result)
        case .join(let left, _, let right, let constraint):
            left.collectTables(into: &result)
            right.collectTables(into: &result)
            if case .on(let condition) = constraint { condition.collectTables(into: &result) }
        }
    }
}

extension Expression {
    fileprivate func collectTables(into result: inout Set<String>) {
        switch self {
        case .subquery(let query), .exists(let query), .inQuery(_, let query, _):
            result.formUnion(query.tableNames)
        case .inTable(_, let source, _): result.insert(SQLiteName.folded(source.name))
        default: break
        }
        for part in parts { part.collectTables(into: &result) }
    }
}
