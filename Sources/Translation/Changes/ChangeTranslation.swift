import SQLiteSyntax
import Schema

/// INSERT, UPDATE and DELETE in Postgres' form.
struct ChangeTranslation: Sendable {
    /// Its outer scope is what the statement sees beside its own tables.
    let environment: QueryEnvironment
    /// What the triggers and foreign keys of a changed table would do.
    let effects: ChangeEffects

    /// Names that an alias would hide.
    static let reservedAliases: Set<String> = ["new", "old", "excluded", "row_", "rows_"]

    init(environment: QueryEnvironment, effects: ChangeEffects) {
        var environment = environment
        environment.takenAliases.formUnion(Self.reservedAliases)
        self.environment = environment
        self.effects = effects
    }

    func update(_ update: Update) throws(Untranslatable) -> [TargetAction] {
        let environment = try self.environment(with: update.with)
        try refuseOrder(update.orderBy, update.limit, "UPDATE")
        let relation = try changed(update.table, environment)
        var from = FromTranslation(environment: environment)
        let (alias, item) = try item(update.table, relation, environment)
        var items = [item]
        var sources: [TargetFrom] = []
        if let source = update.from {
            var inner = environment
            inner.takenAliases.insert(alias)
            from = FromTranslation(environment: inner)
            sources = [try from.translated(source)]
            items += from.items
        }
        let scope = SelectScope(items: items, environment: environment)
        let translation = environment.expressions(in: scope)
        var result = TargetUpdate(
            relation.target, alias: alias,
            assignments: try assignments(update.assignments, of: relation, translation))
        try refuseResolution(update.resolution, relation, changing: result.assignments.flatMap(\.columns))
        result.from = sources
        result.filter = try update.filter.map { (filter) throws(Untranslatable) in
            try translation.condition(filter)
        }
        return [.update(result)]
    }

    func delete(_ delete: Delete) throws(Untranslatable) -> [TargetAction] {
        let environment = try self.environment(with: delete.with)
        try refuseOrder(delete.orderBy, delete.limit, "DELETE")
        let relation = try changed(delete.table, environment)
        let (alias, item) = try item(delete.table, relation, environment)
        let translation = environment.expressions(in: SelectScope(items: [item], environment: environment))
        let filter = try delete.filter.map { (filter) throws(Untranslatable) in
            try translation.condition(filter)
        }
        return [.delete(TargetDelete(from: relation.target, alias: alias, filter: filter))]
    }

    // MARK: Parts

    private func environment(with: WithClause?) throws(Untranslatable) -> QueryEnvironment {
        guard with == nil else { throw Untranslatable("it changes rows behind a WITH clause") }
        return environment
    }

    private func refuseOrder(
        _ order: [OrderingTerm], _ limit: Expression?, _ word: String
    ) throws(Untranslatable) {
        guard order.isEmpty, limit == nil else { throw Untranslatable("its \(word) has a LIMIT") }
    }

    func changed(
        _ source: TableSource, _ environment: QueryEnvironment
    ) throws(Untranslatable) -> ChangedRelation {
        if let schema = source.schema, SQLiteName.folded(schema) != "main" {
            throw Untranslatable("it changes the database \(schema)")
        }
        let relation = try ChangedRelation(named: source.name, in: environment)
        if relation.table == nil, !effects.hasTriggers(on: relation.source) {
            throw Untranslatable("it changes the view \(relation.source)")
        }
        return relation
    }

    func item(
        _ source: TableSource, _ relation: ChangedRelation, _ environment: QueryEnvironment
    ) throws(Untranslatable) -> (alias: String, item: ScopeItem) {
        var namer = Namer(taken: environment.takenAliases)
        let alias = namer.take(source.alias ?? relation.target)
        let item = relation.item(
            named: source.alias ?? source.name, alias: alias, options: environment.options)
        return (alias, item)
    }

    func assignments(
        _ assignments: [Assignment], of relation: ChangedRelation, _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> [TargetAssignment] {
        let rules = AssignmentTranslation(translation: translation, relation: relation)
        // Of several assignments to one column SQLite takes the last.
        var result: [(positions: [Int], assignment: TargetAssignment)] = []
        func add(_ positions: [Int], _ value: TargetExpression) {
            let names = positions.map { relation.columns[$0].target }
            result.removeAll { $0.positions == positions }
            result.append((positions, TargetAssignment(names, value: value)))
        }
        for assignment in assignments {
            var positions: [Int] = []
            for name in assignment.columns { positions.append(try relation.position(ofColumn: name)) }
            if positions.count == 1, case let expression = assignment.value {
                let value = try translation.value(expression)
                add(positions, try rules.assigned(value, written: expression, to: positions[0]))
            } else if case .row(let items) = assignment.value, items.count == positions.count {
                for (position, item) in zip(positions, items) {
                    let value = try translation.value(item)
                    add([position], try rules.assigned(value, written: item, to: position))
                }
            } else if case .subquery(let query) = assignment.value {
                add(positions, .subquery(try row(query, positions, rules, translation)))
            } else {
                throw Untranslatable("it assigns \(positions.count) columns at once")
            }
        }
        let all = result.flatMap(\.positions)
        guard Set(all).count == all.count else { throw Untranslatable("it assigns to a column twice") }
        return result.map(\.assignment)
    }

    /// The first row of a query, each column for one of the assigned.
    private func row(
        _ query: Query, _ positions: [Int], _ rules: AssignmentTranslation,
        _ translation: ExpressionTranslation
    ) throws(Untranslatable) -> TargetQuery {
        let translated = try translation.scope.subquery(query)
        guard translated.columns.count == positions.count else {
            throw Untranslatable("a query gives \(translated.columns.count) columns for \(positions.count)")
        }
        var result = try translated.converted { (column, value) throws(Untranslatable) in
            var value = value
            value.sql = try rules.assigned(value, written: nil, to: positions[column])
            return value
        }
        if result.query.limit == nil { result.query.limit = .integer(1) }
        return result.query
    }

    private func refuseResolution(
        _ resolution: ConflictResolution?, _ relation: ChangedRelation, changing columns: [String]
    ) throws(Untranslatable) {
        guard resolution == .ignore || resolution == .replace, let table = relation.table else { return }
        let positions = Set(relation.columns.indices.filter { columns.contains(relation.columns[$0].target) })
        let touchesKey =
            relation.keys.contains { !positions.isDisjoint(with: $0) } || !relation.hasOnlyPlainKeys
        guard touchesKey || relation.hasChecks || positions.contains(where: table.requiresValue) else {
            return
        }
        throw Untranslatable("UPDATE OR \(resolution?.rawValue ?? "") decides by constraints row for row")
    }
}

/// What happens beside a change itself, by folded names of the source.
struct ChangeEffects: Sendable {
    /// Tables and views with triggers, each with the events that have one.
    var triggers: [String: Set<String>] = [:]
    /// Tables that foreign keys point at, with what is done when their rows go.
    var references: [String: [ForeignKeyClause.Action?]] = [:]

    func hasTriggers(on relation: String) -> Bool { triggers[SQLiteName.folded(relation)] != nil }

    func hasTriggers(on relation: String, for event: String) -> Bool {
        triggers[SQLiteName.folded(relation)]?.contains(event) ?? false
    }

    /// Rows of other tables go or change with its rows.
    func cascades(from relation: String) -> Bool {
        (references[SQLiteName.folded(relation)] ?? []).contains {
            $0 == .cascade || $0 == .setNull || $0 == .setDefault
        }
    }

    func isReferenced(_ relation: String) -> Bool { references[SQLiteName.folded(relation)] != nil }
}
