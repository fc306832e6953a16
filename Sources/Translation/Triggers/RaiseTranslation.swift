import SQLiteSyntax
import Schema

/// A SELECT of a trigger: it has no effect but that of the RAISE in it.
///
/// `SELECT RAISE(…) WHERE …` and `SELECT CASE WHEN … THEN RAISE(…) END` become IF.
/// A RAISE anywhere else is refused, since what SQLite evaluates first is not stated.
struct RaiseTranslation: Sendable {
    let environment: QueryEnvironment
    let scope: TriggerScope
    /// What RAISE(IGNORE) does here.
    let ignoring: @Sendable () throws(Untranslatable) -> TargetAction

    func actions(of query: Query) throws(Untranslatable) -> [TargetAction] {
        guard query.holdsRaise else {
            // It is translated only to know that it calls nothing with an effect of its own.
            let inner = try environment.inner(within: scope)
            _ = try QueryTranslation(environment: inner).translated(query)
            return []
        }
        guard query.with == nil, query.compounds.isEmpty, query.limit == nil,
            case .select(let select) = query.first,
            select.groupBy.isEmpty, select.having == nil, select.columns.count == 1,
            case .expression(let expression, _, _) = select.columns[0],
            !(select.filter?.holdsRaise ?? false)
        else { throw Untranslatable("it holds RAISE in a query that is more than a condition") }
        guard select.from == nil else { return try overRows(select, expression) }
        let actions = try self.actions(of: expression)
        guard let filter = select.filter else { return actions }
        let condition = try environment.expressions(in: scope).condition(filter)
        return [.when([.init(when: condition, then: actions)])]
    }

    /// RAISE for any row that the query finds.
    private func overRows(_ select: Select, _ expression: Expression) throws(Untranslatable) -> [TargetAction]
    {
        var found = select
        var raised = expression
        if case .conditional(nil, let branches, let otherwise) = expression, branches.count == 1,
            !(otherwise?.holdsRaise ?? false), !branches[0].condition.holdsRaise
        {
            let condition = branches[0].condition
            found.filter = select.filter.map { .binary($0, .and, condition) } ?? condition
            raised = branches[0].result
        }
        guard case .raise = raised else { throw Untranslatable("it holds RAISE within another expression") }
        found.columns = [.expression(.literal(.integer(1)), alias: nil, spelling: Spelling("1"))]
        let inner = try environment.inner(within: scope)
        let query = try QueryTranslation(environment: inner).translated(Query(.select(found))).query
        return [.when([.init(when: .exists(query, negated: false), then: try actions(of: raised))])]
    }

    private func actions(of expression: Expression) throws(Untranslatable) -> [TargetAction] {
        switch expression {
        case .raise(let raise): return [try action(raise)]
        case .conditional(let operand, let branches, let otherwise):
            var result: [TargetAction.Branch] = []
            for branch in branches {
                guard !branch.condition.holdsRaise else {
                    throw Untranslatable("it holds RAISE in a condition")
                }
                let test = operand.map { .binary($0, .equal, branch.condition) } ?? branch.condition
                let condition = try environment.expressions(in: scope).condition(test)
                result.append(.init(when: condition, then: try actions(of: branch.result)))
            }
            if let otherwise, otherwise.holdsRaise {
                result.append(.init(when: .boolean(true), then: try actions(of: otherwise)))
            }
            return [.when(result)]
        case .call(let call)
        where ["iif", "if"].contains(SQLiteName.folded(call.name)) && call.arguments.count >= 2:
            let otherwise = call.arguments.count == 3 ? call.arguments[2] : nil
            let branch = Expression.WhenBranch(when: call.arguments[0], then: call.arguments[1])
            return try actions(of: .conditional(operand: nil, branches: [branch], otherwise: otherwise))
        default:
            guard !expression.holdsRaise else {
                throw Untranslatable("it holds RAISE within another expression")
            }
            _ = try environment.expressions(in: scope).value(expression)
            return []
        }
    }

    private func action(_ raise: Raise) throws(Untranslatable) -> TargetAction {
        switch raise {
        case .ignore: return try ignoring()
        case .failure(_, let message):
            let translation = environment.expressions(in: scope)
            return .fail(message: try translation.text(try translation.value(message)))
        }
    }
}

// Where RAISE stands.
extension Expression {
    /// RAISE is in it, also in queries within.
    var holdsRaise: Bool {
        switch self {
        case .raise: true
        case .subquery(let query), .exists(let query): query.holdsRaise
        case .inQuery(let operand, let query, _): operand.holdsRaise || query.holdsRaise
        default: parts.contains(where: \.holdsRaise)
        }
    }

    /// RAISE(FAIL, …) is in it.
    var holdsFail: Bool {
        if case .raise(.failure(.fail, _)) = self { return true }
        return parts.contains(where: \.holdsFail)
    }
}

extension Query {
    var holdsRaise: Bool { expressions.contains(where: \.holdsRaise) }
    var holdsFail: Bool { expressions.contains(where: \.holdsFail) }

    /// Those of its own clauses; of queries in FROM and WITH, too.
    var expressions: [Expression] {
        var result = orderBy.map(\.expression) + [limit, offset].compactMap(\.self)
        for table in with?.tables ?? [] { result.append(.subquery(table.query)) }
        for core in [first] + compounds.map(\.core) {
            switch core {
            case .values(let rows): result += rows.joined()
            case .select(let select):
                for column in select.columns {
                    if case .expression(let expression, _, _) = column { result.append(expression) }
                }
                result += [select.filter, select.having].compactMap(\.self) + select.groupBy
                result += select.from?.expressions ?? []
            }
        }
        return result
    }
}

extension FromItem {
    fileprivate var expressions: [Expression] {
        switch self {
        case .table(let source): return source.arguments ?? []
        case .query(let query, _): return [.subquery(query)]
        case .parenthesized(let item, _): return item.expressions
        case .join(let left, _, let right, let constraint):
            var result = left.expressions + right.expressions
            if case .on(let condition) = constraint { result.append(condition) }
            return result
        }
    }
}
