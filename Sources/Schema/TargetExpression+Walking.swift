extension TargetExpression {
    /// The names of the compatibility functions that it calls, also in queries inside of it.
    package var compatibilityFunctions: Set<String> {
        var result: Set<String> = []
        visit { part in
            switch part {
            case .compatibility(let name, _): result.insert(name)
            case .aggregate(let call) where call.isCompatibility: result.insert(call.name)
            default: break
            }
        }
        return result
    }

    /// How many nodes it has, as a measure of the text that it becomes.
    package var nodeCount: Int {
        var count = 0
        visit { _ in count += 1 }
        return count
    }

    /// Calls `body` for the expression and every one inside of it, also in queries.
    package func visit(_ body: (TargetExpression) -> Void) {
        body(self)
        switch self {
        case .column, .qualified, .null, .boolean, .integer, .number, .string, .bytes, .keyword: break
        case .cast(let operand, _), .prefix(_, let operand), .postfix(let operand, _),
            .collate(let operand, _), .first(let operand):
            operand.visit(body)
        case .infix(let left, _, let right):
            left.visit(body)
            right.visit(body)
        case .like(let operand, let pattern, let escape, _):
            operand.visit(body)
            pattern.visit(body)
            escape?.visit(body)
        case .inList(let operand, let items, _): for item in [operand] + items { item.visit(body) }
        case .between(let operand, let low, let high, _):
            for item in [operand, low, high] { item.visit(body) }
        case .call(_, let items), .compatibility(_, let items), .row(let items), .array(let items, _):
            for item in items { item.visit(body) }
        case .conditional(let operand, let branches, let otherwise):
            operand?.visit(body)
            for branch in branches {
                branch.condition.visit(body)
                branch.result.visit(body)
            }
            otherwise?.visit(body)
        case .aggregate(let call): call.visitParts(body)
        case .subquery(let query), .exists(let query, _): query.visit(body)
        case .inQuery(let operand, let query, _):
            operand.visit(body)
            query.visit(body)
        }
    }
}

extension TargetAggregate {
    fileprivate func visitParts(_ body: (TargetExpression) -> Void) {
        for item in arguments { item.visit(body) }
        for item in orderBy { item.expression.visit(body) }
        filter?.visit(body)
        guard let over else { return }
        for item in over.partitionBy { item.visit(body) }
        for item in over.orderBy { item.expression.visit(body) }
        for bound in [over.frame?.start, over.frame?.end] {
            switch bound {
            case .preceding(let distance), .following(let distance): distance.visit(body)
            default: break
            }
        }
    }
}

extension TargetQuery {
    /// The names of the compatibility functions that it calls.
    package var compatibilityFunctions: Set<String> {
        TargetExpression.subquery(self).compatibilityFunctions
    }

    /// Calls `body` for every expression of the query.
    package func visit(_ body: (TargetExpression) -> Void) {
        for table in with { table.query.visit(body) }
        switch self.body {
        case .select(let select): select.visit(body)
        case .values(let rows): for item in rows.joined() { item.visit(body) }
        case .compound(let left, _, let right):
            left.visit(body)
            right.visit(body)
        }
        for item in orderBy { item.expression.visit(body) }
        limit?.visit(body)
        offset?.visit(body)
    }
}

extension TargetSelect {
    fileprivate func visit(_ body: (TargetExpression) -> Void) {
        if case .on(let keys) = distinct { for key in keys { key.visit(body) } }
        for column in columns { column.expression.visit(body) }
        for item in from { item.visit(body) }
        filter?.visit(body)
        for key in groupBy { key.visit(body) }
        having?.visit(body)
    }
}

extension TargetFrom {
    fileprivate func visit(_ body: (TargetExpression) -> Void) {
        switch self {
        case .relation, .common: break
        case .query(let query, _, _, _): query.visit(body)
        case .function(let call, _, _, _): call.visit(body)
        case .join(let left, _, let right, let condition):
            left.visit(body)
            right.visit(body)
            condition?.visit(body)
        }
    }
}
