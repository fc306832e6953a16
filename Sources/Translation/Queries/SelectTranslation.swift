import SQLiteSyntax
import Schema

/// One SELECT with the ORDER BY and LIMIT that belong to it.
struct SelectTranslation: Sendable {
    let select: Select
    let orderBy: [OrderingTerm]
    let limit: Limit?
    let environment: QueryEnvironment
    private var items: [ScopeItem] = []
    private var source: TargetFrom?

    init(
        _ select: Select, orderBy: [OrderingTerm] = [], limit: Limit? = nil, environment: QueryEnvironment
    ) throws(Untranslatable) {
        self.select = select
        self.orderBy = orderBy
        self.limit = limit
        self.environment = environment
        guard let from = select.from else { return }
        var translation = FromTranslation(environment: environment)
        source = try translation.translated(from)
        items = translation.items
    }

    func translated() throws(Untranslatable) -> TranslatedQuery {
        var scope = SelectScope(items: items, windows: select.windows, environment: environment)
        var columns = try resultColumns(scope)
        scope.aliases = select.columns.compactMap { column in
            guard case .expression(let expression, let alias?, _) = column else { return nil }
            return (alias, expression)
        }
        let translation = environment.expressions(in: scope)
        let filter = try select.filter.map { (filter) throws(Untranslatable) in
            try translation.condition(filter)
        }
        var having = try select.having.map { (having) throws(Untranslatable) in
            try translation.condition(having)
        }
        var terms = try sortTerms(columns, translation)
        var groupBy: [TargetExpression] = []
        var remarks: [QueryRemark] = []
        if isAggregate {
            var grouping = try self.grouping(columns, filter, translation)
            for position in columns.indices {
                columns[position].value.sql = grouping.shown(columns[position].value.sql)
            }
            having = having.map { grouping.shown($0) }
            terms = terms.map { term in
                SortTerm(
                    column: term.column,
                    ordering: term.ordering.map { ordering in
                        TargetOrdering(
                            grouping.shown(ordering.expression), isDescending: ordering.isDescending,
                            nullsFirst: ordering.nullsFirst)
                    }, term: term.term)
            }
            groupBy = grouping.keys
            remarks = grouping.remarks
            if !select.groupBy.isEmpty, groupBy.isEmpty {
                // Grouped by constants: one group, or none without rows.
                let isThere = TargetExpression.infix(.aggregate(.countOfRows), ">", .integer(0))
                having = having.map { .infix(isThere, "AND", $0) } ?? isThere
            }
        }
        var target = TargetSelect([])
        target.from = source.map { [$0] } ?? []
        target.filter = filter
        target.groupBy = groupBy
        target.having = having
        return try finish(columns, target, terms, remarks, translation)
    }
}

// Result columns.
extension SelectTranslation {
    private func resultColumns(_ scope: SelectScope) throws(Untranslatable) -> [TranslatedQuery.Column] {
        var found: [(name: String, value: Typed)] = []
        let translation = environment.expressions(in: scope)
        for column in select.columns {
            switch column {
            case .all:
                guard !items.isEmpty else { throw Untranslatable("there is no table for *") }
                for item in items { found += try all(of: item, hidesMerged: true) }
            case .allOf(let table):
                let owners = items.filter { $0.name.map { SQLiteName.equal($0, table) } ?? false }
                guard !owners.isEmpty else {
                    throw Untranslatable("there is no table \(table) for \(table).*")
                }
                for item in owners { found += try all(of: item, hidesMerged: false) }
            case .expression(let expression, let alias, let spelling):
                let name = alias ?? ResultNames.plainColumn(expression).flatMap(declaredName) ?? spelling.text
                found.append((name, try translation.value(expression)))
            }
        }
        guard found.count <= PlanBuilder.columnLimit else {
            throw Untranslatable("it has \(found.count) columns, and Postgres takes 1,600")
        }
        let names = ResultNames.unique(found.map(\.name))
        var outputs = Namer()
        return zip(found, names).map { column, name in
            TranslatedQuery.Column(
                name: name, output: outputs.take(name.isEmpty ? "column" : name), value: column.value)
        }
    }

    private func all(
        of item: ScopeItem, hidesMerged: Bool
    ) throws(Untranslatable) -> [(name: String, value: Typed)] {
        var found: [(name: String, value: Typed)] = []
        for column in item.shown {
            if hidesMerged, item.merged.contains(SQLiteName.folded(column.name)) { continue }
            if let refusal = column.refusal { throw Untranslatable(refusal) }
            found.append((column.name, hidesMerged ? column.unqualified : column.value))
        }
        return found
    }

    /// As the table declares it, whatever the case of the reference.
    private func declaredName(_ reference: ColumnReference) -> String? {
        for item in items {
            if let table = reference.table, !(item.name.map { SQLiteName.equal($0, table) } ?? false) {
                continue
            }
            if let position = item.position(ofColumn: reference.name) { return item.columns[position].name }
            if case .column(let position) = item.rowID,
                ["rowid", "_rowid_", "oid"].contains(SQLiteName.folded(reference.name))
            {
                return item.columns[position].name
            }
        }
        return reference.isDoubleQuoted ? nil : reference.name
    }
}

// Groups.
extension SelectTranslation {
    private var isAggregate: Bool { !select.groupBy.isEmpty || !aggregates.isEmpty }

    private var aggregates: [FunctionCall] {
        let columns = select.columns.compactMap { column -> Expression? in
            if case .expression(let expression, _, _) = column { expression } else { nil }
        }
        let all = columns + [select.having].compactMap(\.self) + orderBy.map(\.expression)
        return all.flatMap(\.aggregates)
    }

    private func grouping(
        _ columns: [TranslatedQuery.Column], _ filter: TargetExpression?, _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> Grouping {
        var keys: [TargetExpression] = []
        for expression in select.groupBy {
            let value = try groupValue(expression, columns, translation)
            if let key = try translation.equalityKey(value) { keys.append(key) }
        }
        return Grouping(
            keys: keys, items: items, from: source, filter: filter, extreme: try extreme(translation))
    }

    /// A number is the position of a result column; a name is a column's before it is an alias.
    private func groupValue(
        _ expression: Expression, _ columns: [TranslatedQuery.Column], _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> Typed {
        if case .literal(.integer(let position)) = expression {
            guard (1...Int64(columns.count)).contains(position) else {
                throw Untranslatable("GROUP BY \(position) is no column of the result")
            }
            return columns[Int(position) - 1].value
        }
        return try translation.value(expression)
    }

    /// The only min() or max(); with two, SQLite's choice is not stated.
    private func extreme(
        _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> (order: TargetOrdering, filter: TargetExpression?)? {
        let extremes = Set(aggregates.filter(\.isExtreme))
        guard extremes.count == 1, let call = extremes.first else { return nil }
        let isMaximum = SQLiteName.folded(call.name) == "max"
        let term = OrderingTerm(
            call.arguments[0], order: isMaximum ? .descending : .ascending, nulls: .last)
        guard let order = try translation.ordering(translation.value(call.arguments[0]), term) else {
            return nil
        }
        let filter = try call.filter.map { (filter) throws(Untranslatable) in
            try translation.condition(filter)
        }
        return (order, filter)
    }
}

// Order, DISTINCT, LIMIT.
extension SelectTranslation {
    /// One term of ORDER BY: the result column that it is, if it is one, and its own form beside the columns.
    fileprivate struct SortTerm {
        var column: Int?
        /// nil for a constant.
        var ordering: TargetOrdering?
        var term: OrderingTerm
    }

    /// An alias counts before a column in ORDER BY, and not otherwise.
    private func sortTerms(
        _ columns: [TranslatedQuery.Column], _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> [SortTerm] {
        var terms: [SortTerm] = []
        for term in orderBy {
            let position = try self.position(of: term, columns)
            var value: Typed
            if let position {
                value = columns[position].value
                // COLLATE around an alias or a position.
                if case .collate(_, let name) = term.expression {
                    value.collation = SourceCollation(name)
                }
            } else {
                value = try translation.value(term.expression)
            }
            let same = position ?? columns.firstIndex { $0.value.sql == value.sql }
            let ordering = try translation.ordering(value, term)
            terms.append(SortTerm(column: same, ordering: ordering, term: term))
        }
        return terms
    }

    private func position(of term: OrderingTerm, _ columns: [TranslatedQuery.Column]) throws(Untranslatable)
        -> Int?
    {
        let expression = term.expression.withoutCollation
        if case .literal(.integer(let position)) = expression {
            guard (1...Int64(columns.count)).contains(position) else {
                throw Untranslatable("ORDER BY \(position) is no column of the result")
            }
            return Int(position) - 1
        }
        guard case .column(let reference) = expression, reference.table == nil else { return nil }
        var position = 0
        for column in select.columns {
            switch column {
            case .all: position += items.reduce(0) { $0 + $1.shown.count - $1.merged.count }
            case .allOf(let table):
                for item in items where item.name.map({ SQLiteName.equal($0, table) }) ?? false {
                    position += item.shown.count
                }
            case .expression(_, let alias, _):
                if let alias, SQLiteName.equal(alias, reference.name) { return position }
                position += 1
            }
        }
        return nil
    }

    private func finish(
        _ columns: [TranslatedQuery.Column], _ select: TargetSelect, _ terms: [SortTerm],
        _ remarks: [QueryRemark], _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> TranslatedQuery {
        var target = select
        let orderings = terms.compactMap(\.ordering)
        target.columns = columns.map { TargetSelect.Column($0.value.asOutput.sql, as: $0.output) }
        var query = TargetQuery(.select(target))
        query.remarks = remarks
        if self.select.isDistinct {
            let distinct = Distinct(columns: columns, items: items, translation: translation)
            var result = try distinct.apply(to: target, isGrouped: !target.groupBy.isEmpty)
            result.query.remarks += remarks
            guard !orderBy.isEmpty else { return try result.limited(by: limit, translation) }
            return try result.sorted(by: terms.map { ($0.column, $0.term) }, limit, translation)
        }
        query.orderBy = orderings
        let outputs = columns.map { column in
            var column = column
            column.value = column.value.asOutput
            return column
        }
        return try TranslatedQuery(query: query, columns: outputs).limited(by: limit, translation)
    }
}

extension Expression {
    var withoutCollation: Expression {
        if case .collate(let operand, _) = self { operand.withoutCollation } else { self }
    }
}

extension TargetAggregate {
    /// `count(*)`.
    static var countOfRows: TargetAggregate {
        var call = TargetAggregate("count", [])
        call.isStar = true
        return call
    }
}
