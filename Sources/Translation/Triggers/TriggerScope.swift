import SQLiteSyntax
import Schema

/// What a trigger's expressions see beside their own queries: the row before and after the change.
struct TriggerScope: NameScope {
    let environment: QueryEnvironment
    let relation: ChangedRelation
    let hasOld: Bool
    let hasNew: Bool
    /// Postgres computes generated columns after its BEFORE triggers.
    let isBefore: Bool

    func column(_ reference: ColumnReference) throws(Untranslatable) -> Typed? {
        guard let table = reference.table, reference.schema == nil else { return nil }
        let row = SQLiteName.folded(table)
        guard row == "new" || row == "old" else { return nil }
        guard row == "new" ? hasNew : hasOld else {
            throw Untranslatable("it uses \(row.uppercased()), which this event does not have")
        }
        let column = try relation.column(named: reference.name)
        if isBefore, row == "new", column.isGenerated {
            throw Untranslatable("it uses a generated column of NEW, which Postgres computes later")
        }
        return column.typed(.qualified(row, column: column.target))
    }

    func subquery(_ query: Query) throws(Untranslatable) -> TranslatedQuery {
        var inner = try environment.inner(within: self)
        inner.outer = self
        return try QueryTranslation(environment: inner).translated(query)
    }
}
