import SQLiteSyntax

// Queries in the form in which the parser returns them.
extension ExpressionGenerator {
    mutating func query(depth: Int) -> Query {
        let below = depth - 1
        var result = Query(core(below))
        if depth > 0, next(below: 4) == 0 { result.with = with(below) }
        while next(below: 5) == 0 {
            let operation: CompoundOperator = pick([.union, .unionAll, .intersect, .except])
            result.compounds.append(CompoundPart(operation, core(below)))
        }
        guard case .select = result.compounds.last?.core ?? result.first else { return result }
        if next(below: 3) == 0 { result.orderBy = terms(below) }
        if next(below: 4) == 0 {
            result.limit = expression(depth: below)
            result.offset = flip() ? expression(depth: below) : nil
        }
        return result
    }

    mutating func with(_ depth: Int) -> WithClause {
        let tables = (0...next(below: 2)).map { _ in
            CommonTable(
                pick(Self.names), columns: names(upTo: 2), isMaterialized: pick([nil, true, false]),
                query: query(depth: depth))
        }
        return WithClause(isRecursive: flip(), tables: tables)
    }

    private mutating func core(_ depth: Int) -> QueryCore {
        if next(below: 5) == 0 {
            return .values(
                (0...next(below: 2)).map { _ in [expression(depth: depth), expression(depth: 0)] })
        }
        var select = Select(isDistinct: flip(), columns: columns(depth))
        if next(below: 4) > 0 { select.from = from(depth) }
        if next(below: 3) == 0 { select.filter = expression(depth: depth) }
        if next(below: 4) == 0 { select.groupBy = [expression(depth: depth), expression(depth: 0)] }
        if next(below: 5) == 0 { select.having = expression(depth: depth) }
        if next(below: 5) == 0 {
            select.windows = (0...next(below: 2)).map { _ in NamedWindow(pick(Self.names), window(depth)) }
        }
        return .select(select)
    }

    mutating func columns(_ depth: Int) -> [ResultColumn] {
        (0...next(below: 3)).map { _ in
            switch next(below: 5) {
            case 0: .all
            case 1: .allOf(table: pick(Self.names))
            default:
                .expression(
                    expression(depth: depth), alias: flip() ? pick(Self.names) : nil, spelling: Spelling(""))
            }
        }
    }

    mutating func from(_ depth: Int) -> FromItem {
        var result = fromElement(depth)
        while next(below: 2) == 0 {
            let kind: JoinOperator.Kind = pick([.comma, .inner, .cross, .left, .right, .full])
            let operation = JoinOperator(kind, isNatural: kind != .comma && next(below: 4) == 0)
            var constraint: JoinConstraint?
            if !operation.isNatural {
                switch next(below: 3) {
                case 0: constraint = .on(expression(depth: depth))
                case 1: constraint = .using(names(upTo: 2) + [pick(Self.names)])
                default: break
                }
            }
            result = .join(result, operation, fromElement(depth), constraint)
        }
        return result
    }

    private mutating func fromElement(_ depth: Int) -> FromItem {
        let alias = flip() ? pick(Self.names) : nil
        if depth > 0, next(below: 4) == 0 { return .query(query(depth: depth - 1), alias: alias) }
        if depth > 0, next(below: 4) == 0 { return .parenthesized(from(depth - 1), alias: alias) }
        var table = TableSource(schema: flip() ? "main" : nil, pick(Self.names), alias: alias)
        switch next(below: 5) {
        case 0: table.arguments = list(depth)
        case 1: table.indexHint = pick([.notIndexed, .indexedBy(pick(Self.names))])
        default: break
        }
        return .table(table)
    }

    mutating func terms(_ depth: Int) -> [OrderingTerm] {
        (0...next(below: 2)).map { _ in
            OrderingTerm(
                expression(depth: depth), order: pick([nil, .ascending, .descending]),
                nulls: pick([nil, .first, .last]))
        }
    }

    mutating func window(_ depth: Int) -> Window {
        var result = Window(base: flip() ? pick(Self.names) : nil)
        if flip() { result.partitionBy = [expression(depth: depth)] }
        if flip() { result.orderBy = terms(depth) }
        guard flip() else { return result }
        let bounds: [Window.Bound] = [
            .currentRow, .preceding(expression(depth: depth)), .following(.literal(.integer(1))),
        ]
        result.frame = Window.Frame(
            pick([.rows, .range, .groups]), from: pick(bounds + [.unboundedPreceding]),
            to: flip() ? pick(bounds + [.unboundedFollowing]) : nil,
            excluding: pick([nil, .noOthers, .currentRow, .group, .ties]))
        return result
    }

    mutating func names(upTo count: Int) -> [String] {
        (0..<next(below: count + 1)).map { _ in pick(Self.names) }
    }
}
