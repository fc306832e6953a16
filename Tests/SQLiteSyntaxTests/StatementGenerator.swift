import SQLiteSyntax

// Statements in the form in which the parser returns them.
extension ExpressionGenerator {
    mutating func statement(depth: Int) -> Statement {
        switch next(below: 7) {
        case 0, 1: return .query(query(depth: depth))
        case 2: return .insert(insert(depth, inTrigger: false))
        case 3: return .update(update(depth, inTrigger: false))
        case 4: return .delete(delete(depth, inTrigger: false))
        case 5:
            var view = CreateView(
                schema: flip() ? "main" : nil, name: pick(Self.names), columns: names(upTo: 2),
                query: query(depth: depth))
            view.isTemporary = flip()
            view.ifNotExists = flip()
            return .schema(.createView(view, sql: SQLPrinter.print(view)))
        default:
            let trigger = trigger(depth)
            return .schema(.createTrigger(trigger, sql: SQLPrinter.print(trigger)))
        }
    }

    private mutating func trigger(_ depth: Int) -> CreateTrigger {
        let actions: [CreateTrigger.Action] = (0...next(below: 2)).map { _ in
            switch next(below: 4) {
            case 0: .insert(insert(depth, inTrigger: true))
            case 1: .update(update(depth, inTrigger: true))
            case 2: .delete(delete(depth, inTrigger: true))
            default: .select(query(depth: depth))
            }
        }
        var result = CreateTrigger(
            schema: flip() ? "main" : nil, name: pick(Self.names),
            timing: pick([.before, .after, .insteadOf]),
            event: pick([.insert, .delete, .update(of: []), .update(of: ["a", pick(Self.names)])]),
            on: pick(Self.names),
            when: flip() ? expression(depth: depth) : nil, actions: actions)
        result.isTemporary = flip()
        result.ifNotExists = flip()
        return result
    }

    private mutating func resolution() -> ConflictResolution? {
        pick([nil, nil, .rollback, .abort, .fail, .ignore, .replace])
    }

    private mutating func changed(inTrigger: Bool) -> TableSource {
        inTrigger
            ? TableSource(pick(Self.names))
            : TableSource(
                schema: flip() ? "main" : nil, pick(Self.names), alias: flip() ? pick(Self.names) : nil)
    }

    private mutating func insert(_ depth: Int, inTrigger: Bool) -> Insert {
        var result = Insert(
            with: inTrigger || flip() ? nil : with(depth - 1), or: resolution(),
            into: changed(inTrigger: inTrigger),
            columns: names(upTo: 2), rows: nil)
        if !inTrigger, next(below: 6) == 0 { return result }
        var rows = query(depth: depth)
        // Behind a FROM clause that is the last thing, ON would be that of a join.
        if case .select(let select) = rows.compounds.last?.core ?? rows.first, select.from != nil {
            rows.limit = .literal(.integer(1))
        }
        result.rows = rows
        for _ in 0..<next(below: 3) {
            result.upserts.append(
                Upsert(
                    target: [IndexedColumn(.column(ColumnReference(name: "a")))],
                    targetFilter: flip() ? expression(depth: 1) : nil,
                    flip()
                        ? .nothing
                        : .update(assignments(depth), filter: flip() ? expression(depth: depth) : nil)))
        }
        if flip() { result.upserts.append(Upsert(.nothing)) }
        if !inTrigger, flip() { result.returning = columns(depth) }
        return result
    }

    private mutating func assignments(_ depth: Int) -> [Assignment] {
        (0...next(below: 2)).map { _ in
            flip()
                ? Assignment([pick(Self.names)], value: expression(depth: depth))
                : Assignment(["a", pick(Self.names)], isRow: true, value: .subquery(query(depth: depth)))
        }
    }

    private mutating func update(_ depth: Int, inTrigger: Bool) -> Update {
        var table = changed(inTrigger: inTrigger)
        if !inTrigger { table.indexHint = pick([nil, .notIndexed, .indexedBy("i")]) }
        var result = Update(
            with: inTrigger || flip() ? nil : with(depth - 1), or: resolution(), table,
            assignments: assignments(depth),
            from: flip() ? from(depth) : nil, filter: flip() ? expression(depth: depth) : nil)
        guard !inTrigger else { return result }
        if flip() { result.returning = columns(depth) }
        if flip() { result.orderBy = terms(depth) }
        result.limit = flip() ? expression(depth: depth) : nil
        result.offset = result.limit != nil && flip() ? expression(depth: depth) : nil
        return result
    }

    private mutating func delete(_ depth: Int, inTrigger: Bool) -> Delete {
        var table = changed(inTrigger: inTrigger)
        if !inTrigger { table.indexHint = pick([nil, .notIndexed, .indexedBy("i")]) }
        var result = Delete(
            with: inTrigger || flip() ? nil : with(depth - 1), from: table,
            filter: flip() ? expression(depth: depth) : nil)
        guard !inTrigger else { return result }
        if flip() { result.returning = columns(depth) }
        if flip() { result.orderBy = terms(depth) }
        result.limit = flip() ? expression(depth: depth) : nil
        result.offset = result.limit != nil && flip() ? expression(depth: depth) : nil
        return result
    }
}
