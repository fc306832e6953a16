import SQLiteSyntax
import Schema

/// `LIMIT … OFFSET …`.
struct Limit: Sendable {
    var limit: Expression?
    var offset: Expression?

    init?(_ query: Query) {
        guard query.limit != nil || query.offset != nil else { return nil }
        limit = query.limit
        offset = query.offset
    }
}

extension TranslatedQuery {
    /// A negative LIMIT is none in SQLite, a negative OFFSET is 0.
    func limited(by limit: Limit?, _ translation: ExpressionTranslation) throws(Untranslatable)
        -> TranslatedQuery
    {
        guard let limit else { return self }
        var result = self
        // Neither sees a column, but a subquery in them sees the tables.
        var environment =
            (translation.scope as? SelectScope)?.environment
            ?? QueryEnvironment(relations: Relations(tables: []), options: translation.options)
        environment.outer = nil
        let plain = environment.expressions(in: SelectScope(items: [], environment: environment))
        if let expression = limit.limit {
            let value = try Self.count(expression, plain)
            if case .integer(let number)? = value.literal {
                if number >= 0 { result.query.limit = .integer(number) }
            } else {
                let isLimit = TargetExpression.infix(value.sql, ">=", .integer(0))
                result.query.limit = .conditional(
                    operand: nil, branches: [.init(when: isLimit, then: value.sql)], otherwise: nil)
            }
        }
        if let expression = limit.offset {
            let value = try Self.count(expression, plain)
            if case .integer(let number)? = value.literal {
                if number > 0 { result.query.offset = .integer(number) }
            } else {
                result.query.offset = .call("greatest", [value.sql, .integer(0)])
            }
        }
        return result
    }

    private static func count(
        _ expression: Expression, _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> Typed {
        let value = try translation.value(expression)
        guard value.kind != .integer else { return value }
        // A constant that is a whole number counts as that.
        let whole: Int64? =
            switch value.literal {
            case .real(let text): Double(text).flatMap { Int64(exactly: $0) }
            case .string(let text): Int64(text)
            default: nil
            }
        guard let whole else { throw Untranslatable("its LIMIT is \(value.kind.words)") }
        return try translation.value(.literal(.integer(whole)))
    }

    /// `SELECT … FROM (this) AS q`: so that columns can be converted, sorted and picked by their names.
    func wrapped(as alias: String = "q") -> (select: TargetSelect, columns: [Column], from: TargetFrom) {
        let inner = columns.map { column in
            var column = column
            column.value = column.asColumn(of: alias)
            return column
        }
        let from = TargetFrom.query(query, alias: alias, columns: columns.map(\.output), isLateral: false)
        var select = TargetSelect(inner.map { TargetSelect.Column($0.value.asOutput.sql, as: $0.output) })
        select.from = [from]
        return (select, inner, from)
    }

    /// Sorted by result columns; nil is a term that is none of them.
    func sorted(
        by terms: [(column: Int?, term: OrderingTerm)], _ limit: Limit?, _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> TranslatedQuery {
        let (select, columns, _) = wrapped()
        var query = TargetQuery(.select(select))
        for (column, term) in terms {
            guard let column else { throw Untranslatable("it sorts by what is no column of its result") }
            var value = columns[column].value
            if case .collate(_, let name) = term.expression { value.collation = SourceCollation(name) }
            if let ordering = try translation.ordering(value, term) { query.orderBy.append(ordering) }
        }
        return try TranslatedQuery(query: query, columns: columns).limited(by: limit, translation)
    }

    /// The same rows, each column as `convert` has it.
    func converted(
        _ convert: (_ column: Int, _ value: Typed) throws(Untranslatable) -> Typed
    ) throws(Untranslatable) -> TranslatedQuery {
        if case .select(var select) = query.body, select.distinct == nil {
            var result = self
            for position in columns.indices {
                let value = try convert(position, columns[position].value)
                select.columns[position].expression = value.sql
                result.columns[position].value = value
            }
            result.query.body = .select(select)
            return result
        }
        var (select, columns, _) = wrapped()
        for position in columns.indices {
            let value = try convert(position, columns[position].value)
            select.columns[position].expression = value.sql
            columns[position].value = value
        }
        return TranslatedQuery(query: TargetQuery(.select(select)), columns: columns)
    }

    /// The order of the rows when the query states one by columns that it shows.
    func rowOrder(as alias: String) -> [TargetOrdering] {
        var result: [TargetOrdering] = []
        for term in query.orderBy {
            var expression = term.expression
            if case .collate(let operand, _) = expression { expression = operand }
            guard let column = columns.first(where: { $0.value.sql == expression }) else { return [] }
            var key = TargetExpression.qualified(alias, column: column.output)
            if case .collate(_, let name) = term.expression { key = .collate(key, name) }
            result.append(TargetOrdering(key, isDescending: term.isDescending, nullsFirst: term.nullsFirst))
        }
        return result
    }
}

/// DISTINCT under the columns' collations.
struct Distinct: Sendable {
    let columns: [TranslatedQuery.Column]
    let items: [ScopeItem]
    let translation: ExpressionTranslation

    /// Values that are equal and written in several ways: the first one that SQLite meets stays.
    func apply(to select: TargetSelect, isGrouped: Bool) throws(Untranslatable) -> TranslatedQuery {
        var target = select
        var keys: [TargetExpression] = []
        for column in columns { if let key = try translation.equalityKey(column.value) { keys.append(key) } }
        let outputs = columns.map { column in
            var column = column
            column.value = column.value.asOutput
            return column
        }
        let folded = columns.filter(\.value.isFolded)
        guard let example = folded.first else {
            target.distinct = .rows
            return TranslatedQuery(query: TargetQuery(.select(target)), columns: outputs)
        }
        target.distinct = .on(keys)
        var query = TargetQuery(.select(target))
        query.orderBy = keys.map { TargetOrdering($0, nullsFirst: true) }
        if !isGrouped { query.orderBy += items.flatMap(\.rowOrder) }
        query.remarks = [.representative(example.name)]
        return TranslatedQuery(query: query, columns: outputs)
    }
}
