import Diagnostics
import SQLiteSyntax
import Schema

extension PlanBuilder {
    mutating func translateIndexes(of table: Int) {
        for index in tables[table].source.indexes {
            do throws(Untranslatable) {
                var result = try translated(index.definition, of: tables[table])
                result.name = names.index(index.definition.name, of: tables[table], columns: [])
                target.indexes.append(result)
                guard result.isUnique else { continue }
                let plain = index.definition.columns.compactMap(\.namedColumn)
                noteEquivalence(
                    plain.compactMap { tables[table].position(ofColumn: $0) }, of: tables[table])
            } catch {
                findings.append(
                    Finding(
                        "index-not-carried", .loss, at: Location(index.definition.name),
                        "The index on \(tables[table].name) is not carried because \(error.reason).",
                        sql: index.sql))
            }
        }
    }

    private func translated(_ index: CreateIndex, of table: TableDraft) throws(Untranslatable) -> TargetIndex
    {
        guard index.columns.count <= Self.keyColumnLimit else {
            throw Untranslatable("it has \(index.columns.count) columns and Postgres takes 32")
        }
        var columns: [TargetIndex.Column] = []
        for item in index.columns {
            columns.append(
                TargetIndex.Column(try element(item, of: table), isDescending: item.order == .descending))
        }
        let translation = ExpressionTranslation(table: table, options: options)
        let filter = try index.filter.map { (filter) throws(Untranslatable) in
            try translation.condition(filter)
        }
        return TargetIndex(
            name: index.name, table: table.target, isUnique: index.isUnique, columns: columns, filter: filter)
    }

    private func element(_ item: IndexedColumn, of table: TableDraft) throws(Untranslatable)
        -> TargetExpression
    {
        let translation = ExpressionTranslation(table: table, options: options)
        let given = item.collation.map(SourceCollation.init)
        if let name = item.namedColumn, let position = table.position(ofColumn: name) {
            let column = table.columns[position]
            if column.isOmitted { throw Untranslatable("the column \(name) is not carried") }
            guard column.type.isCollatable else { return .column(column.target) }
            return translation.folded(
                .column(column.target), by: try translation.comparable(given ?? column.collation))
        }
        let value = try translation.value(item.expression)
        guard value.literal == nil else { throw Untranslatable("it indexes a constant") }
        guard value.kind == .text else { return value.sql }
        return translation.folded(
            value.sql, by: try translation.comparable(given ?? value.collation ?? .binary))
    }
}
