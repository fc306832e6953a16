import SQLiteSyntax
import Schema

/// The names that a SELECT's expressions can use: its FROM clause, its result columns' aliases, and all that
/// is around it (https://sqlite.org/lang_select.html).
struct SelectScope: NameScope {
    let items: [ScopeItem]
    /// What result columns are called with AS; a column of FROM of that name comes first.
    var aliases: [(name: String, expression: Expression)] = []
    var windows: [NamedWindow] = []
    let environment: QueryEnvironment

    func column(_ reference: ColumnReference) throws(Untranslatable) -> Typed? {
        if let found = try own(reference) { return found }
        return try environment.outer?.column(reference)
    }

    /// nil when only the queries around this one can know it.
    func own(_ reference: ColumnReference) throws(Untranslatable) -> Typed? {
        if let schema = reference.schema, SQLiteName.folded(schema) != "main" {
            throw Untranslatable("it reads the database \(schema)")
        }
        let owners = items.filter { item in
            guard let table = reference.table else { return true }
            return item.name.map { SQLiteName.equal($0, table) } ?? false
        }
        let found = try matches(of: reference, in: owners)
        guard found.count < 2 else { throw Untranslatable("the column \(reference.name) is ambiguous") }
        if let first = found.first { return first }
        if let rowID = try rowID(reference, owners) { return rowID }
        guard reference.table == nil,
            let alias = aliases.first(where: { SQLiteName.equal($0.name, reference.name) })
        else { return nil }
        var scope = self
        // An alias cannot mean itself.
        scope.aliases = []
        return try environment.expressions(in: scope).value(alias.expression)
    }

    private func matches(of reference: ColumnReference, in owners: [ScopeItem]) throws(Untranslatable)
        -> [Typed]
    {
        var found: [Typed] = []
        for item in owners {
            guard let position = item.position(ofColumn: reference.name) else {
                if let reason = item.refused[SQLiteName.folded(reference.name)] {
                    throw Untranslatable(reason)
                }
                continue
            }
            let column = item.columns[position]
            if reference.table == nil, item.merged.contains(SQLiteName.folded(column.name)) { continue }
            if let refusal = column.refusal { throw Untranslatable(refusal) }
            found.append(reference.table == nil ? column.unqualified : column.value)
        }
        return found
    }

    private func rowID(_ reference: ColumnReference, _ owners: [ScopeItem]) throws(Untranslatable) -> Typed? {
        guard owners.count == 1, ["rowid", "_rowid_", "oid"].contains(SQLiteName.folded(reference.name))
        else {
            return nil
        }
        switch owners[0].rowID {
        case .none: return nil
        case .column(let position): return owners[0].columns[position].value
        case .hidden: throw Untranslatable("it uses the rowid of \(owners[0].name ?? "a table")")
        }
    }

    var rowOrder: [TargetOrdering] {
        items.allSatisfy { !$0.rowOrder.isEmpty } ? items.flatMap(\.rowOrder) : []
    }

    func subquery(_ query: Query) throws(Untranslatable) -> TranslatedQuery {
        let inner = try environment.inner(within: self, aliases: Set(items.map(\.alias)))
        return try QueryTranslation(environment: inner).translated(query)
    }

    func parameter(_ name: String) throws(Untranslatable) -> Typed {
        guard let outer = environment.outer else { throw Untranslatable("it holds a parameter") }
        return try outer.parameter(name)
    }

    func window(named name: String) -> Window? {
        windows.first { SQLiteName.equal($0.name, name) }?.window ?? environment.outer?.window(named: name)
    }
}
