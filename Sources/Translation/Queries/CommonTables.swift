import SQLiteSyntax
import Schema

/// The common tables of a WITH clause, in the order in which they need one another.
///
/// In SQLite they see one another whatever their order, and a table that names itself is recursive with
/// and without the word.
struct CommonTables: Sendable {
    private(set) var environment: QueryEnvironment
    private(set) var tables: [TargetQuery.CommonTable] = []
    private(set) var isRecursive = false
    private var pending: [CommonTable] = []
    private var names: Namer

    init(environment: QueryEnvironment) {
        self.environment = environment
        names = Namer(taken: Set(environment.commonTables.map(\.target)))
    }

    /// A table that nobody reads is not looked at by SQLite either.
    mutating func add(_ with: WithClause, usedBy query: Query) throws(Untranslatable) {
        pending = with.tables
        var body = query
        body.with = nil
        for name in with.tables.map(\.name) where body.tableNames.contains(SQLiteName.folded(name)) {
            try addTable(named: name, path: [])
        }
    }

    private mutating func addTable(named name: String, path: [String]) throws(Untranslatable) {
        guard let position = pending.firstIndex(where: { SQLiteName.equal($0.name, name) }) else { return }
        let table = pending[position]
        let folded = SQLiteName.folded(name)
        let needed = table.query.tableNames
        for other in pending.map(\.name) where needed.contains(SQLiteName.folded(other)) {
            guard SQLiteName.folded(other) != folded else { continue }
            guard !path.contains(SQLiteName.folded(other)) else {
                throw Untranslatable("the common tables \(name) and \(other) need each other")
            }
            try addTable(named: other, path: path + [folded])
        }
        pending.removeAll { SQLiteName.equal($0.name, name) }
        if needed.contains(folded), table.query.namesItself(folded) {
            try addRecursive(table)
        } else {
            try addPlain(table)
        }
    }

    private mutating func addPlain(_ table: CommonTable) throws(Untranslatable) {
        let inner = try environment.inner(within: environment.outer)
        var result = try QueryTranslation(environment: inner).translated(table.query)
        try rename(&result, table)
        let target = names.take(table.name)
        tables.append(
            TargetQuery.CommonTable(
                target, columns: result.columns.map(\.output), isMaterialized: table.isMaterialized,
                query: result.query))
        environment.commonTables.append(
            CommonRelation(name: table.name, target: target, columns: result.columns))
    }

    private func rename(_ result: inout TranslatedQuery, _ table: CommonTable) throws(Untranslatable) {
        guard !table.columns.isEmpty else { return }
        guard table.columns.count == result.columns.count else {
            throw Untranslatable("the common table \(table.name) has another number of columns")
        }
        var outputs = Namer()
        for (position, name) in ResultNames.unique(table.columns).enumerated() {
            result.columns[position].name = name
            result.columns[position].output = outputs.take(name)
        }
    }

    private mutating func addRecursive(_ table: CommonTable) throws(Untranslatable) {
        let target = names.take(table.name)
        let recursion = Recursion(table: table, target: target, environment: environment)
        let result = try recursion.translated()
        isRecursive = true
        let columns = result.columns.map(\.output)
        guard let limit = Limit(table.query) else {
            tables.append(TargetQuery.CommonTable(target, columns: columns, query: result.query))
            environment.commonTables.append(
                CommonRelation(name: table.name, target: target, columns: result.columns))
            return
        }
        // The rows are made as they are asked for, so the limit ends the recursion from outside.
        let rows = names.take(table.name + "_rows")
        var renamed = recursion
        renamed.target = rows
        let all = try renamed.translated()
        tables.append(TargetQuery.CommonTable(rows, columns: columns, query: all.query))
        var select = TargetSelect(
            all.columns.map { TargetSelect.Column(.qualified(rows, column: $0.output), as: $0.output) })
        select.from = [.common(rows, alias: nil)]
        let limited = try TranslatedQuery(query: TargetQuery(.select(select)), columns: all.columns)
            .limited(by: limit, recursion.translation)
        tables.append(TargetQuery.CommonTable(target, columns: columns, query: limited.query))
        environment.commonTables.append(
            CommonRelation(name: table.name, target: target, columns: all.columns))
    }
}

/// `WITH t AS (seed UNION ALL step over t)`.
///
/// Postgres takes the columns' types from the seed alone; SQLite has none. So both parts are brought to
/// types that hold what either gives.
private struct Recursion: Sendable {
    let table: CommonTable
    var target: String
    let environment: QueryEnvironment

    /// Types only widen, and there are few steps to the widest.
    private static let roundLimit = 4

    var translation: ExpressionTranslation { CompoundTranslation(environment: environment).translation }

    func translated() throws(Untranslatable) -> TranslatedQuery {
        let (seed, step, sign) = try split()
        let inner = try environment.inner(within: environment.outer)
        var first = try CompoundTranslation(environment: inner).part(seed)
        try rename(&first)
        for position in first.columns.indices { first.columns[position].value.magnitude = nil }
        var columns = first.columns
        for _ in 0..<Self.roundLimit {
            var around = inner
            around.commonTables.append(CommonRelation(name: table.name, target: target, columns: columns))
            let second = try QueryTranslation(environment: around).core(step)
            var combined = try CompoundTranslation(environment: around).combined([first, second], [sign])
            let isSettled = zip(columns, combined.columns).allSatisfy { $0.value.kind == $1.value.kind }
            for position in columns.indices {
                combined.columns[position].name = columns[position].name
                combined.columns[position].output = columns[position].output
                combined.columns[position].value.magnitude = nil
            }
            columns = combined.columns
            guard isSettled else { continue }
            if !table.query.orderBy.isEmpty { combined.query.remarks.append(.recursiveOrder(table.name)) }
            return combined.collated(databaseIsC: environment.options.databaseCollationIsC)
        }
        throw Untranslatable("the types of the recursive table \(table.name) do not settle")
    }

    private func rename(_ result: inout TranslatedQuery) throws(Untranslatable) {
        let names = table.columns.isEmpty ? result.columns.map(\.name) : table.columns
        guard names.count == result.columns.count else {
            throw Untranslatable("the common table \(table.name) has another number of columns")
        }
        var outputs = Namer()
        for (position, name) in ResultNames.unique(names).enumerated() {
            result.columns[position].name = name
            result.columns[position].output = outputs.take(name)
        }
    }

    /// All parts but the last are the seed; Postgres takes one step only.
    private func split() throws(Untranslatable) -> (seed: Query, step: QueryCore, sign: CompoundOperator) {
        let folded = SQLiteName.folded(table.name)
        guard let last = table.query.compounds.last else {
            throw Untranslatable("the recursive table \(table.name) has no start")
        }
        guard last.operation == .union || last.operation == .unionAll else {
            throw Untranslatable("the recursive table \(table.name) ends with \(last.operation.rawValue)")
        }
        var seed = Query(table.query.first, compounds: Array(table.query.compounds.dropLast()))
        seed.with = table.query.with
        guard !seed.tableNames.contains(folded) else {
            throw Untranslatable("the recursive table \(table.name) names itself in several parts")
        }
        guard table.query.with == nil else {
            throw Untranslatable("the recursive table \(table.name) has common tables of its own")
        }
        if !table.query.orderBy.isEmpty, Limit(table.query) != nil {
            throw Untranslatable("the order in which \(table.name) grows decides what its LIMIT leaves")
        }
        return (seed, last.core, last.operation)
    }
}

extension CompoundTranslation {
    /// A part that may itself be a compound.
    func part(_ query: Query) throws(Untranslatable) -> TranslatedQuery {
        try QueryTranslation(environment: environment).translated(query)
    }
}

extension TranslatedQuery {
    /// Text columns of both parts of a compound with the collation said outright: Postgres wants a recursive
    /// column's collation to be the same from the start.
    func collated(databaseIsC: Bool) -> TranslatedQuery {
        guard !databaseIsC, case .compound(let left, let sign, let right) = query.body,
            columns.contains(where: { $0.value.kind == .text })
        else { return self }
        let kinds = columns.map(\.value.kind)
        var result = self
        result.query.body = .compound(left.collated(kinds), sign, right.collated(kinds))
        return result
    }
}

extension TargetQuery {
    fileprivate func collated(_ kinds: [Typed.Kind]) -> TargetQuery {
        var result = self
        func mark(_ expression: TargetExpression, _ column: Int) -> TargetExpression {
            guard kinds.indices.contains(column), kinds[column] == .text else { return expression }
            if case .collate = expression { return expression }
            return .collate(expression, "C")
        }
        switch body {
        case .select(var select):
            for position in select.columns.indices {
                select.columns[position].expression = mark(select.columns[position].expression, position)
            }
            result.body = .select(select)
        case .values(let rows):
            result.body = .values(rows.map { row in row.enumerated().map { mark($1, $0) } })
        case .compound(let left, let sign, let right):
            result.body = .compound(left.collated(kinds), sign, right.collated(kinds))
        }
        return result
    }
}

extension Query {
    /// Whether a FROM clause of one of its parts, or a query within, reads the name that it has itself.
    func namesItself(_ folded: String) -> Bool {
        // A WITH of its own may have another table of that name.
        if let with, with.tables.contains(where: { SQLiteName.folded($0.name) == folded }) { return false }
        return tableNames.contains(folded)
    }
}
