import SQLiteSyntax
import Schema

/// A trigger of the source with its parsed text.
struct TriggerSource: Sendable {
    let object: SourceObject
    let parsed: Result<CreateTrigger, Untranslatable>

    init(_ object: SourceObject) {
        self.object = object
        do throws(SyntaxError) {
            guard case .createTrigger(let definition, _) = try object.definition() else {
                parsed = .failure(Untranslatable("its text is no CREATE TRIGGER"))
                return
            }
            parsed = .success(definition)
        } catch {
            parsed = .failure(Untranslatable("its text is not understood: \(error)"))
        }
    }

    var definition: CreateTrigger? {
        if case .success(let definition) = parsed { definition } else { nil }
    }

    /// Folded.
    var relation: String { SQLiteName.folded(definition?.table ?? object.table ?? "") }
}

extension CreateTrigger {
    /// `INSERT`, `UPDATE` or `DELETE`.
    var eventName: String {
        switch event {
        case .insert: "INSERT"
        case .delete: "DELETE"
        case .update: "UPDATE"
        }
    }

    /// The tables and views that it changes, folded.
    var changedNames: Set<String> {
        Set(actions.compactMap { $0.changed.map { SQLiteName.folded($0.name) } })
    }

    /// The trigger can see or touch other rows of its own table than the one it runs for.
    func seesOwnRows(through views: (String) -> Set<String>, key: Set<String>) -> Bool {
        let own = SQLiteName.folded(table)
        var names: Set<String> = []
        func add(_ expression: Expression?) {
            guard let expression else { return }
            names.formUnion(
                Query(.select(Select(columns: [], filter: expression))).tableNames)
        }
        add(condition)
        for action in actions {
            switch action {
            case .select(let query): names.formUnion(query.tableNames)
            case .insert(let insert):
                names.insert(SQLiteName.folded(insert.table.name))
                if let rows = insert.rows { names.formUnion(rows.tableNames) }
            case .update(let update):
                if !isOwnRow(update.filter, key) || update.from != nil {
                    names.insert(SQLiteName.folded(update.table.name))
                }
                add(update.filter)
                for assignment in update.assignments { add(assignment.value) }
                if let from = update.from {
                    names.formUnion(Query(.select(Select(columns: [.all], from: from))).tableNames)
                }
            case .delete(let delete):
                if !isOwnRow(delete.filter, key) { names.insert(SQLiteName.folded(delete.table.name)) }
                add(delete.filter)
            }
        }
        return names.contains(own) || names.contains { views($0).contains(own) }
    }

    /// The last thing that it does is `RAISE(IGNORE)` in any case, and of its own table it has updated at most
    /// the row that it ran for.
    func onlyRewritesItsRow(key: Set<String>) -> Bool {
        guard case .select(let query)? = actions.last, query == Self.ignoringRow else { return false }
        return actions.allSatisfy { action in
            guard let changed = action.changed, SQLiteName.equal(changed.name, table) else { return true }
            guard case .update(let update) = action, update.from == nil else { return false }
            return isOwnRow(update.filter, key)
        }
    }

    private static let ignoringRow = Query(
        .select(
            Select(
                columns: [
                    .expression(.raise(.ignore), alias: nil, spelling: Spelling("RAISE(IGNORE)"))
                ])))

    /// `key = NEW.key`, alone or with more.
    private func isOwnRow(_ filter: Expression?, _ key: Set<String>) -> Bool {
        switch filter {
        case .binary(let left, .and, let right)?: return isOwnRow(left, key) || isOwnRow(right, key)
        case .binary(.column(let one), .equal, .column(let other))?:
            func isRow(_ reference: ColumnReference) -> Bool {
                ["new", "old"].contains(SQLiteName.folded(reference.table ?? ""))
            }
            guard isRow(one) != isRow(other), key.contains(SQLiteName.folded(one.name)) else { return false }
            return key.contains(SQLiteName.folded(other.name))
        default: return false
        }
    }
}

extension TableDraft {
    /// Folded names of columns that each tell one row from all others.
    var rowKeyNames: Set<String> {
        var names: Set<String> = []
        if let columns = primaryKey?.columns, columns.count == 1 {
            names.insert(SQLiteName.folded(self.columns[columns[0]].name))
        }
        if definition.rowIDName != nil { names.formUnion(["rowid", "_rowid_", "oid"]) }
        if let alias = columns.first(where: \.isRowIDAlias) { names.insert(SQLiteName.folded(alias.name)) }
        return names
    }
}

extension CreateTrigger.Action {
    var changed: TableSource? {
        switch self {
        case .insert(let insert): insert.table
        case .update(let update): update.table
        case .delete(let delete): delete.table
        case .select: nil
        }
    }
}
