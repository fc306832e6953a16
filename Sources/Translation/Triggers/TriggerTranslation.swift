import SQLiteSyntax
import Schema

/// One trigger as a function of plpgsql and the trigger that calls it.
///
/// What SQLite does differently and a function can make up for is made up for: a
/// trigger never sets itself off, RAISE(IGNORE) gives up the row. What it cannot
/// is refused with the reason.
struct TriggerTranslation: Sendable {
    let definition: CreateTrigger
    let environment: QueryEnvironment
    let effects: ChangeEffects
    let relation: ChangedRelation
    /// Other triggers of the same relation and event, which RAISE(IGNORE) would keep from running.
    let hasSiblings: Bool

    /// - Returns: the trigger but for its names.
    func translated(source: String) throws(Untranslatable) -> TargetTrigger {
        try refuseWhatPostgresLacks()
        var environment = environment
        environment.takenAliases.formUnion(ChangeTranslation.reservedAliases)
        let isInsert = definition.event == .insert
        let isDelete = definition.event == .delete
        let scope = TriggerScope(
            environment: environment, relation: relation, hasOld: !isInsert, hasNew: !isDelete,
            isBefore: definition.timing == .before)
        environment.outer = scope
        var actions: [TargetAction] = []
        for action in definition.actions { actions += try translated(action, environment, scope) }
        var result = TargetTrigger(
            source: source, name: "", function: "", relation: relation.target, timing: timing,
            event: try event(),
            actions: actions)
        if let condition = definition.condition {
            guard !condition.holdsRaise else { throw Untranslatable("it holds RAISE in its WHEN") }
            result.condition = try environment.expressions(in: scope).condition(condition)
        }
        return result
    }

    private func refuseWhatPostgresLacks() throws(Untranslatable) {
        let isView = relation.table == nil
        guard isView == (definition.timing == .insteadOf) else {
            throw Untranslatable(
                isView
                    ? "it is not INSTEAD OF and stands on a view" : "it is INSTEAD OF and stands on a table")
        }
        if case .update(let columns) = definition.event, isView, !columns.isEmpty {
            throw Untranslatable("Postgres has no UPDATE OF for views")
        }
        guard definition.timing == .before, definition.event != .insert else { return }
        guard definition.changedNames.contains(SQLiteName.folded(definition.table)) else { return }
        // A row that is given up afterwards may have been changed: a delete that only marks.
        guard let table = relation.table, definition.onlyRewritesItsRow(key: table.rowKeyNames) else {
            throw Untranslatable("it changes its own table before the change, which Postgres may refuse")
        }
    }

    private var timing: TargetTrigger.Timing {
        switch definition.timing {
        case .before: .before
        case .after: .after
        case .insteadOf: .insteadOf
        }
    }

    private func event() throws(Untranslatable) -> TargetTrigger.Event {
        switch definition.event {
        case .insert: return .insert
        case .delete: return .delete
        case .update(let columns):
            var names: [String] = []
            for column in columns { names.append(try relation.column(named: column).target) }
            return .update(of: names)
        }
    }

    /// `rowid = NEW.rowid` by the key of a table whose rowid is not carried: it is the row that the trigger runs for.
    private func withoutRowID(_ filter: Expression, in source: TableSource) -> Expression {
        guard SQLiteName.equal(source.name, definition.table), let table = relation.table,
            table.definition.rowIDName != nil, !table.columns.contains(where: \.isRowIDAlias)
        else { return filter }
        switch filter {
        case .binary(let left, .and, let right):
            return .binary(withoutRowID(left, in: source), .and, withoutRowID(right, in: source))
        case .binary(.column(let one), .equal, .column(let other)):
            let (own, row) = one.isOfRow ? (other, one) : (one, other)
            guard row.isOfRow, !own.isOfRow, own.isRowID(of: table), row.isRowID(of: table),
                let test = keyTest(table)
            else { return filter }
            return test
        default: return filter
        }
    }

    /// The key's columns are those of the row as it stands while the trigger runs.
    private func keyTest(_ table: TableDraft) -> Expression? {
        let row: String
        switch (definition.timing, definition.event) {
        case (.after, .insert), (.after, .update): row = "new"
        case (.before, .update), (.before, .delete): row = "old"
        default: return nil
        }
        let key = table.keys.first { key in
            key.parts.allSatisfy { part in
                table.requiresValue(part.column) && !table.columns[part.column].hasNulls
                    && part.collation == .binary
            }
        }
        guard let key else { return nil }
        let tests = key.columns.map { position in
            let name = table.columns[position].name
            return Expression.binary(
                .column(ColumnReference(table: table.name, name: name)), .equal,
                .column(ColumnReference(table: row, name: name)))
        }
        return tests.dropFirst().reduce(tests[0]) { .binary($0, .and, $1) }
    }

    private func translated(
        _ action: CreateTrigger.Action, _ environment: QueryEnvironment, _ scope: TriggerScope
    ) throws(Untranslatable) -> [TargetAction] {
        let changes = ChangeTranslation(environment: environment, effects: effects)
        switch action {
        case .insert(let insert): return try changes.insert(insert)
        case .update(var update):
            update.filter = update.filter.map { withoutRowID($0, in: update.table) }
            return try changes.update(update)
        case .delete(var delete):
            delete.filter = delete.filter.map { withoutRowID($0, in: delete.table) }
            return try changes.delete(delete)
        case .select(let query):
            let isLast = definition.timing != .after || !hasSiblings
            let raise = RaiseTranslation(environment: environment, scope: scope) {
                () throws(Untranslatable) in
                guard isLast else {
                    throw Untranslatable("its RAISE(IGNORE) also gives up the other triggers of the row")
                }
                return .skipRow
            }
            return try raise.actions(of: query)
        }
    }
}

extension ColumnReference {
    /// It names NEW or OLD.
    fileprivate var isOfRow: Bool { ["new", "old"].contains(SQLiteName.folded(table ?? "")) }

    fileprivate func isRowID(of table: TableDraft) -> Bool {
        ["rowid", "_rowid_", "oid"].contains(SQLiteName.folded(name)) && table.position(ofColumn: name) == nil
    }
}
