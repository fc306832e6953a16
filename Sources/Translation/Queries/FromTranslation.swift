import SQLiteSyntax
import Schema

/// A FROM clause in Postgres' form, with the names that it brings.
///
/// Joins become a tree of joins: Postgres' comma binds looser than JOIN, SQLite's does not.
struct FromTranslation: Sendable {
    let environment: QueryEnvironment
    private(set) var items: [ScopeItem] = []
    private var aliases: Set<String>

    init(environment: QueryEnvironment) {
        self.environment = environment
        aliases = environment.takenAliases
    }

    mutating func translated(_ item: FromItem) throws(Untranslatable) -> TargetFrom {
        switch item {
        case .table(let source): return try table(source)
        case .query(let query, let alias): return try derived(query, named: alias)
        case .parenthesized(let inner, nil): return try translated(inner)
        case .parenthesized(let inner, let alias?):
            return try derived(Query(.select(Select(columns: [.all], from: inner))), named: alias)
        case .join(let left, let sign, let right, let constraint):
            return try join(left, sign, right, constraint)
        }
    }

    private mutating func takeAlias(_ wanted: String) -> String {
        var namer = Namer(taken: aliases)
        let alias = namer.take(wanted.isEmpty ? "t" : wanted)
        aliases.insert(alias)
        return alias
    }

    private mutating func table(_ source: TableSource) throws(Untranslatable) -> TargetFrom {
        if let schema = source.schema, SQLiteName.folded(schema) != "main" {
            throw Untranslatable("it reads the database \(schema)")
        }
        let name = source.alias ?? source.name
        if source.schema == nil, source.arguments == nil,
            let common = environment.commonTable(named: source.name)
        {
            let alias = takeAlias(source.alias ?? common.target)
            items.append(ScopeItem(common.columns, named: name, alias: alias))
            return .common(common.target, alias: alias)
        }
        if source.arguments != nil || TableFunction.isFunction(source.name) {
            return try function(source, named: name)
        }
        switch try environment.relations.relation(named: source.name) {
        case .table(let table):
            let alias = takeAlias(source.alias ?? table.target)
            items.append(ScopeItem(table, named: name, alias: alias, options: environment.options))
            return .relation(table.target, alias: alias)
        case .view(let view):
            let alias = takeAlias(source.alias ?? view.target)
            items.append(ScopeItem(view.columns, named: name, alias: alias))
            return .relation(view.target, alias: alias)
        }
    }

    private mutating func function(_ source: TableSource, named name: String) throws(Untranslatable)
        -> TargetFrom
    {
        var arguments: [Typed] = []
        let scope = SelectScope(items: items, environment: environment)
        let translation = environment.expressions(in: scope)
        for argument in source.arguments ?? [] { arguments.append(try translation.value(argument)) }
        let function = try TableFunction(source.name, arguments, translation)
        let alias = takeAlias(name)
        items.append(ScopeItem(function.columns, named: name, alias: alias))
        return .function(
            function.call, alias: alias, columns: function.columns.map(\.output), isLateral: !items.isEmpty)
    }

    private mutating func derived(_ query: Query, named name: String?) throws(Untranslatable) -> TargetFrom {
        // A query in FROM does not see its neighbours.
        let inner = try environment.inner(within: environment.outer)
        let result = try QueryTranslation(environment: inner).translated(query)
        let alias = takeAlias(name ?? "q")
        var item = ScopeItem(result.columns, named: name, alias: alias)
        item.rowOrder = result.rowOrder(as: alias)
        items.append(item)
        return .query(result.query, alias: alias, columns: result.columns.map(\.output), isLateral: false)
    }

    private mutating func join(
        _ left: FromItem, _ sign: JoinOperator, _ right: FromItem, _ constraint: JoinConstraint?
    ) throws(Untranslatable) -> TargetFrom {
        let start = items.count
        let leftSide = try translated(left)
        let middle = items.count
        let rightSide = try translated(right)
        var condition: TargetExpression?
        switch constraint {
        case .on(let expression)?: condition = try onCondition(expression)
        case .using(let names)?: condition = try merge(names, start, middle, sign.kind)
        case nil where sign.isNatural:
            let names = commonNames(start, middle)
            if !names.isEmpty { condition = try merge(names, start, middle, sign.kind) }
        case nil: break
        }
        if sign.kind == .left || sign.kind == .full {
            for item in items.indices.dropFirst(middle) { items[item].mayBeMissing() }
        }
        if sign.kind == .right || sign.kind == .full {
            for item in start..<middle { items[item].mayBeMissing() }
        }
        let isOuter = [.left, .right, .full].contains(sign.kind)
        let words = isOuter ? sign.kind.rawValue : condition == nil ? "CROSS JOIN" : "JOIN"
        if sign.kind == .full { try FullJoin.check(condition, start, middle, items) }
        return .join(leftSide, words, rightSide, on: condition ?? (isOuter ? .boolean(true) : nil))
    }

    private func onCondition(_ expression: Expression) throws(Untranslatable) -> TargetExpression {
        let scope = SelectScope(items: items, environment: environment)
        return try environment.expressions(in: scope).condition(expression)
    }

    private func commonNames(_ start: Int, _ middle: Int) -> [String] {
        let left = items[start..<middle].flatMap { item in
            item.shown.filter { !item.merged.contains(SQLiteName.folded($0.name)) }.map(\.name)
        }
        let known = Set(left.map(SQLiteName.folded))
        return items[middle...].flatMap(\.shown).map(\.name).filter {
            known.contains(SQLiteName.folded($0))
        }
    }

    /// `USING (…)`: the columns on the right are hidden behind those on the left.
    private mutating func merge(
        _ names: [String], _ start: Int, _ middle: Int, _ kind: JoinOperator.Kind
    ) throws(Untranslatable) -> TargetExpression? {
        var condition: TargetExpression?
        for name in names {
            let left = try usable(name, in: start..<middle)
            let right = try usable(name, in: middle..<items.count)
            let one = items[left.item].columns[left.column].unqualified
            let other = items[right.item].columns[right.column].unqualified
            let scope = SelectScope(items: items, environment: environment)
            let translation = environment.expressions(in: scope)
            let test = try translation.compare(one, "=", other).sql
            condition = condition.map { .infix($0, "AND", test) } ?? test
            items[right.item].merged.insert(SQLiteName.folded(name))
            guard kind == .right || kind == .full else { continue }
            let (values, result) = try translation.unified([one, other])
            var merged = result
            merged.sql = .call("coalesce", values)
            (merged.affinity, merged.collation) = (one.affinity, one.collation)
            items[left.item].columns[left.column].merged = merged
        }
        return condition
    }

    private func usable(_ name: String, in range: Range<Int>) throws(Untranslatable) -> (
        item: Int, column: Int
    ) {
        for item in range where !items[item].merged.contains(SQLiteName.folded(name)) {
            guard let column = items[item].position(ofColumn: name) else { continue }
            if let refusal = items[item].columns[column].refusal { throw Untranslatable(refusal) }
            return (item, column)
        }
        throw Untranslatable("the column \(name) of USING is not on both sides")
    }
}

/// Postgres joins in full only by equalities between the two sides; it says so only when the query runs.
private enum FullJoin {
    static func check(
        _ condition: TargetExpression?, _ start: Int, _ middle: Int, _ items: [ScopeItem]
    ) throws(Untranslatable) {
        let left = Set(items[start..<middle].map(\.alias))
        let right = Set(items[middle...].map(\.alias))
        guard let condition else { return }
        for part in condition.conjuncts {
            guard case .infix(let one, "=", let other) = part else { continue }
            let (first, second) = (one.aliases, other.aliases)
            if !first.isEmpty, !second.isEmpty,
                first.isSubset(of: left) && second.isSubset(of: right)
                    || first.isSubset(of: right) && second.isSubset(of: left)
            {
                return
            }
        }
        throw Untranslatable("Postgres makes a FULL JOIN only by an equality between both sides")
    }
}

extension TargetExpression {
    /// The parts of a chain of ANDs.
    var conjuncts: [TargetExpression] {
        if case .infix(let left, "AND", let right) = self { return left.conjuncts + right.conjuncts }
        return [self]
    }

    /// The aliases whose columns it uses, also inside of subqueries.
    var aliases: Set<String> {
        var result: Set<String> = []
        visit { if case .qualified(let alias, _) = $0 { result.insert(alias) } }
        return result
    }
}
