import SQLiteSyntax

/// A trigger that keeps a full-text table up to date with the table that holds its text.
///
/// In Postgres the column is generated, so there is nothing to keep; but only when the trigger does nothing else and
/// hands over the very columns, of every row.
struct FullTextTrigger: Sendable {
    let trigger: CreateTrigger
    /// By folded name.
    let fates: [String: FullTextFate]

    /// The full-text tables that it writes, when it is not needed.
    var keptTables: [String]? {
        guard trigger.condition == nil, !trigger.actions.isEmpty else { return nil }
        var names: [String] = []
        for action in trigger.actions {
            guard let changed = action.changed, keepsPace(action, in: changed.name) else { return nil }
            names.append(changed.name)
        }
        return names
    }

    private func keepsPace(_ action: CreateTrigger.Action, in name: String) -> Bool {
        guard case .column(let table, let columns)? = fates[SQLiteName.folded(name)],
            SQLiteName.equal(table, trigger.table), trigger.timing != .insteadOf
        else { return false }
        if case .update(let changed) = trigger.event, !changed.isEmpty {
            // An UPDATE of another column that is indexed would leave the index behind.
            let heard = Set(changed.map(SQLiteName.folded))
            guard columns.allSatisfy({ heard.contains(SQLiteName.folded($0)) }) else { return false }
        }
        switch action {
        case .insert(let insert):
            // A column of the table's own name holds a command, such as 'delete'.
            let named = Set(insert.columns.map(SQLiteName.folded))
            let isWhole =
                named.contains(SQLiteName.folded(name))
                || columns.allSatisfy { named.contains(SQLiteName.folded($0)) }
            return isWhole && handsOver(insert, columns)
        case .delete: return true
        case .update(let update):
            return update.from == nil
                && update.assignments.allSatisfy { assignment in
                    assignment.columns.count == 1 && isSame(assignment.columns[0], assignment.value, columns)
                }
        case .select: return false
        }
    }

    private func handsOver(_ insert: Insert, _ columns: [String]) -> Bool {
        guard let rows = insert.rows, rows.compounds.isEmpty, rows.with == nil else { return false }
        let values: [Expression]
        switch rows.first {
        case .values(let lists):
            guard lists.count == 1 else { return false }
            values = lists[0]
        case .select(let select):
            guard select.from == nil, select.filter == nil else { return false }
            values = select.columns.compactMap {
                if case .expression(let expression, _, _) = $0 { expression } else { nil }
            }
        }
        guard insert.columns.count == values.count else { return false }
        return zip(insert.columns, values).allSatisfy { isSame($0, $1, columns) }
    }

    /// An indexed column takes `NEW`'s or `OLD`'s of the same name; the others are the module's own.
    private func isSame(_ name: String, _ value: Expression, _ columns: [String]) -> Bool {
        guard columns.contains(where: { SQLiteName.equal($0, name) }) else { return true }
        guard case .column(let reference) = value, SQLiteName.equal(reference.name, name) else {
            return false
        }
        return ["new", "old"].contains(SQLiteName.folded(reference.table ?? ""))
    }
}
