// Replaces expressions inside of expressions and queries.
extension TargetExpression {
    /// The expressions directly within; those of a subquery are in `query`.
    package var parts: [TargetExpression] {
        switch self {
        case .column, .null, .boolean, .integer, .number, .string, .bytes, .keyword, .qualified: []
        case .cast(let operand, _), .prefix(_, let operand), .postfix(let operand, _),
            .collate(let operand, _),
            .first(let operand), .inQuery(let operand, _, _):
            [operand]
        case .infix(let left, _, let right): [left, right]
        case .like(let operand, let pattern, let escape, _): [operand, pattern] + [escape].compactMap(\.self)
        case .inList(let operand, let items, _): [operand] + items
        case .between(let operand, let low, let high, _): [operand, low, high]
        case .call(_, let arguments), .compatibility(_, let arguments), .row(let arguments),
            .array(let arguments, _):
            arguments
        case .conditional(let operand, let branches, let otherwise):
            [operand].compactMap(\.self) + branches.flatMap { [$0.condition, $0.result] }
                + [otherwise].compactMap(\.self)
        case .aggregate(let call): call.parts
        case .subquery, .exists: []
        }
    }

    package var query: TargetQuery? {
        switch self {
        case .subquery(let query), .exists(let query, _), .inQuery(_, let query, _): query
        default: nil
        }
    }

    /// Replaces from the outside in; what `replacement` returns is not looked into.
    package func rewritten(_ replacement: (TargetExpression) -> TargetExpression?) -> TargetExpression {
        if let result = replacement(self) { return result }
        func each(_ items: [TargetExpression]) -> [TargetExpression] {
            items.map { $0.rewritten(replacement) }
        }
        func one(_ item: TargetExpression) -> TargetExpression { item.rewritten(replacement) }
        switch self {
        case .column, .null, .boolean, .integer, .number, .string, .bytes, .keyword, .qualified: return self
        case .cast(let operand, let type): return .cast(one(operand), type)
        case .prefix(let sign, let operand): return .prefix(sign, one(operand))
        case .postfix(let operand, let words): return .postfix(one(operand), words)
        case .collate(let operand, let name): return .collate(one(operand), name)
        case .first(let operand): return .first(one(operand))
        case .infix(let left, let sign, let right): return .infix(one(left), sign, one(right))
        case .like(let operand, let pattern, let escape, let negated):
            return .like(one(operand), pattern: one(pattern), escape: escape.map(one), negated: negated)
        case .inList(let operand, let items, let negated):
            return .inList(one(operand), each(items), negated: negated)
        case .between(let operand, let low, let high, let negated):
            return .between(one(operand), low: one(low), high: one(high), negated: negated)
        case .call(let name, let arguments): return .call(name, each(arguments))
        case .compatibility(let name, let arguments): return .compatibility(name, each(arguments))
        case .row(let items): return .row(each(items))
        case .array(let items, let type): return .array(each(items), type)
        case .conditional(let operand, let branches, let otherwise):
            return .conditional(
                operand: operand.map(one),
                branches: branches.map { Branch(when: one($0.condition), then: one($0.result)) },
                otherwise: otherwise.map(one))
        case .aggregate(let call): return .aggregate(call.rewritten(replacement))
        case .subquery(let query): return .subquery(query.rewritten(replacement))
        case .exists(let query, let negated): return .exists(query.rewritten(replacement), negated: negated)
        case .inQuery(let operand, let query, let negated):
            return .inQuery(one(operand), query.rewritten(replacement), negated: negated)
        }
    }
}

extension TargetAggregate {
    package var parts: [TargetExpression] {
        arguments + orderBy.map(\.expression) + [filter].compactMap(\.self) + (over?.parts ?? [])
    }

    package func rewritten(_ replacement: (TargetExpression) -> TargetExpression?) -> TargetAggregate {
        var result = self
        result.arguments = arguments.map { $0.rewritten(replacement) }
        result.orderBy = orderBy.map { $0.rewritten(replacement) }
        result.filter = filter?.rewritten(replacement)
        result.over = over?.rewritten(replacement)
        return result
    }
}

extension TargetOrdering {
    package func rewritten(_ replacement: (TargetExpression) -> TargetExpression?) -> TargetOrdering {
        TargetOrdering(expression.rewritten(replacement), isDescending: isDescending, nullsFirst: nullsFirst)
    }
}

extension TargetWindow {
    package var parts: [TargetExpression] {
        let bounds = frame.map { [$0.start, $0.end] } ?? []
        return partitionBy + orderBy.map(\.expression) + bounds.compactMap(\.distance)
    }

    package func rewritten(_ replacement: (TargetExpression) -> TargetExpression?) -> TargetWindow {
        var result = self
        result.partitionBy = partitionBy.map { $0.rewritten(replacement) }
        result.orderBy = orderBy.map { $0.rewritten(replacement) }
        return result
    }
}

extension TargetWindow.Bound {
    package var distance: TargetExpression? {
        switch self {
        case .preceding(let distance), .following(let distance): distance
        default: nil
        }
    }
}

extension TargetQuery {
    package func rewritten(_ replacement: (TargetExpression) -> TargetExpression?) -> TargetQuery {
        var result = self
        for position in with.indices {
            result.with[position].query = with[position].query.rewritten(replacement)
        }
        switch body {
        case .select(let select): result.body = .select(select.rewritten(replacement))
        case .values(let rows):
            result.body = .values(rows.map { row in row.map { $0.rewritten(replacement) } })
        case .compound(let left, let sign, let right):
            result.body = .compound(left.rewritten(replacement), sign, right.rewritten(replacement))
        }
        result.orderBy = orderBy.map { $0.rewritten(replacement) }
        result.limit = limit?.rewritten(replacement)
        result.offset = offset?.rewritten(replacement)
        return result
    }

    /// The relations of the schema that it reads, at any depth.
    package var relations: Set<String> {
        var result: Set<String> = []
        if case .select(let select) = body {
            for item in select.from { item.collectRelations(into: &result) }
        }
        for query in directQueries { result.formUnion(query.relations) }
        return result
    }

    /// The remarks of this query and of all within.
    package var allRemarks: [QueryRemark] {
        var result = remarks
        for query in directQueries { result += query.allRemarks }
        return result
    }

    /// The queries directly within, wherever they stand.
    private var directQueries: [TargetQuery] {
        var result = with.map(\.query)
        var expressions = orderBy.map(\.expression) + [limit, offset].compactMap(\.self)
        switch body {
        case .select(let select):
            expressions += select.ownExpressions
            for item in select.from { item.collect(&result, &expressions) }
        case .values(let rows): expressions += rows.flatMap(\.self)
        case .compound(let left, _, let right): result += [left, right]
        }
        for expression in expressions { expression.collectQueries(into: &result) }
        return result
    }
}

extension TargetExpression {
    fileprivate func collectQueries(into result: inout [TargetQuery]) {
        if let query { result.append(query) }
        for part in parts { part.collectQueries(into: &result) }
    }
}

extension TargetSelect {
    /// All but those of FROM.
    fileprivate var ownExpressions: [TargetExpression] {
        var result = columns.map(\.expression) + [filter, having].compactMap(\.self) + groupBy
        if case .on(let keys) = distinct { result += keys }
        return result
    }

    fileprivate func rewritten(_ replacement: (TargetExpression) -> TargetExpression?) -> TargetSelect {
        func one(_ item: TargetExpression) -> TargetExpression { item.rewritten(replacement) }
        var result = self
        if case .on(let keys) = distinct { result.distinct = .on(keys.map(one)) }
        result.columns = columns.map { Column(one($0.expression), as: $0.name) }
        result.from = from.map { $0.rewritten(replacement) }
        result.filter = filter.map(one)
        result.groupBy = groupBy.map(one)
        result.having = having.map(one)
        return result
    }
}

extension TargetFrom {
    fileprivate func collectRelations(into result: inout Set<String>) {
        switch self {
        case .relation(let name, _): result.insert(name)
        case .join(let left, _, let right, _):
            left.collectRelations(into: &result)
            right.collectRelations(into: &result)
        default: break
        }
    }

    fileprivate func collect(_ queries: inout [TargetQuery], _ expressions: inout [TargetExpression]) {
        switch self {
        case .relation, .common: break
        case .query(let query, _, _, _): queries.append(query)
        case .function(let call, _, _, _): expressions.append(call)
        case .join(let left, _, let right, let condition):
            left.collect(&queries, &expressions)
            right.collect(&queries, &expressions)
            if let condition { expressions.append(condition) }
        }
    }

    fileprivate func rewritten(_ replacement: (TargetExpression) -> TargetExpression?) -> TargetFrom {
        switch self {
        case .relation, .common: self
        case .query(let query, let alias, let columns, let isLateral):
            .query(query.rewritten(replacement), alias: alias, columns: columns, isLateral: isLateral)
        case .function(let call, let alias, let columns, let isLateral):
            .function(call.rewritten(replacement), alias: alias, columns: columns, isLateral: isLateral)
        case .join(let left, let words, let right, let condition):
            .join(
                left.rewritten(replacement), words, right.rewritten(replacement),
                on: condition?.rewritten(replacement))
        }
    }
}
