import SQLiteSyntax
import Schema

/// UNION, INTERSECT and EXCEPT: from left to right and alike, as SQLite binds them.
struct CompoundTranslation: Sendable {
    let environment: QueryEnvironment

    func translated(_ query: Query) throws(Untranslatable) -> TranslatedQuery {
        let parts = QueryTranslation(environment: environment)
        var translated = [try parts.core(query.first)]
        for part in query.compounds { translated.append(try parts.core(part.core)) }
        let names = aliases(of: query)
        let result = try combined(translated, query.compounds.map(\.operation))
        guard !query.orderBy.isEmpty else { return try result.limited(by: Limit(query), translation) }
        var terms: [(column: Int?, term: OrderingTerm)] = []
        for term in query.orderBy { terms.append((try position(of: term, query, names, result), term)) }
        return try result.sorted(by: terms, Limit(query), translation)
    }

    var translation: ExpressionTranslation {
        environment.expressions(in: SelectScope(items: [], environment: environment))
    }

    /// All parts in the same types, put together.
    func combined(
        _ parts: [TranslatedQuery], _ operators: [CompoundOperator]
    ) throws(Untranslatable) -> TranslatedQuery {
        let width = parts[0].columns.count
        guard parts.allSatisfy({ $0.columns.count == width }) else {
            throw Untranslatable("the parts of a compound are of different widths")
        }
        var columns = parts[0].columns
        var converted = parts
        var expressions: [[TargetExpression]] = []
        for position in 0..<width {
            let (values, result) = try Unification(translation).unify(
                parts.map { $0.columns[position].value })
            expressions.append(values)
            columns[position].value = result
            columns[position].value.sql = .column(columns[position].output)
        }
        for part in parts.indices {
            let kinds = columns.map(\.value)
            converted[part] = try self.converted(parts[part], to: kinds, expressions.map { $0[part] })
        }
        return try joined(converted, operators, columns)
    }

    /// Left alone when every column is of its type already.
    private func converted(
        _ part: TranslatedQuery, to kinds: [Typed], _ expressions: [TargetExpression]
    ) throws(Untranslatable) -> TranslatedQuery {
        let isSame = part.columns.indices.allSatisfy { part.columns[$0].value.sql == expressions[$0] }
        if isSame { return part }
        if case .select(let select) = part.query.body, select.distinct == nil {
            return try part.converted { position, value in
                var result = value
                result.sql = expressions[position]
                return result
            }
        }
        return try part.converted { (position, value) throws(Untranslatable) in
            // A sample of the type that is wanted, so that the two are unified alike.
            var sample = kinds[position]
            sample.sql = .null
            let unified = try Unification(translation).unify([value, sample])
            var result = kinds[position]
            result.sql = unified.expressions[0]
            return result
        }
    }

    private func joined(
        _ parts: [TranslatedQuery], _ operators: [CompoundOperator], _ columns: [TranslatedQuery.Column]
    ) throws(Untranslatable) -> TranslatedQuery {
        var result = parts[0].query
        let folded = columns.filter(\.value.isFolded)
        for column in columns where operators.contains(where: { $0 != .unionAll }) {
            _ = try translation.equalityKey(column.value)
        }
        for (part, sign) in zip(parts.dropFirst(), operators) {
            if let example = folded.first, sign != .unionAll {
                guard sign == .union else {
                    throw Untranslatable("\(sign.rawValue) compares \(example.name) by a collation")
                }
                result = try foldedUnion(result, part.query, columns, example.name)
            } else {
                result = TargetQuery(.compound(result, sign.rawValue, part.query))
            }
        }
        return TranslatedQuery(query: result, columns: columns)
    }

    /// UNION keeps one of the rows that the collation holds for equal.
    private func foldedUnion(
        _ left: TargetQuery, _ right: TargetQuery, _ columns: [TranslatedQuery.Column], _ example: String
    ) throws(Untranslatable) -> TargetQuery {
        let all = TranslatedQuery(
            query: TargetQuery(.compound(left, CompoundOperator.unionAll.rawValue, right)), columns: columns)
        var (select, inner, _) = all.wrapped()
        var keys: [TargetExpression] = []
        for column in inner { if let key = try translation.equalityKey(column.value) { keys.append(key) } }
        select.distinct = .on(keys)
        var query = TargetQuery(.select(select))
        query.orderBy = keys.map { TargetOrdering($0, nullsFirst: true) }
        query.remarks = [.representative(example)]
        return query
    }

    /// The explicit and the implied names of each part's columns.
    private func aliases(of query: Query) -> [[String?]] {
        ([query.first] + query.compounds.map(\.core)).map { core in
            guard case .select(let select) = core else { return [] }
            return select.columns.map { column in
                guard case .expression(let expression, let alias, _) = column else { return nil }
                return alias ?? ResultNames.plainColumn(expression)?.name
            }
        }
    }

    /// In a compound a term of ORDER BY must be a result column: by position, by name, or as written.
    private func position(
        of term: OrderingTerm, _ query: Query, _ names: [[String?]], _ result: TranslatedQuery
    ) throws(Untranslatable) -> Int? {
        let expression = term.expression.withoutCollation
        switch expression {
        case .literal(.integer(let position)):
            guard (1...Int64(result.columns.count)).contains(position) else {
                throw Untranslatable("ORDER BY \(position) is no column of the result")
            }
            return Int(position) - 1
        case .column(let reference) where reference.table == nil:
            if let position = result.columns.firstIndex(where: { SQLiteName.equal($0.name, reference.name) })
            {
                return position
            }
            for part in names {
                let found = part.firstIndex { $0.map { SQLiteName.equal($0, reference.name) } ?? false }
                if let found, part.count == result.columns.count { return found }
            }
            return nil
        default:
            for core in [query.first] + query.compounds.map(\.core) {
                guard case .select(let select) = core, select.columns.count == result.columns.count else {
                    continue
                }
                let found = select.columns.firstIndex { column in
                    if case .expression(expression, _, _) = column { true } else { false }
                }
                if let found { return found }
            }
            return nil
        }
    }
}
