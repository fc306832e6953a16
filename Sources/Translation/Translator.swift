package import SQLiteSyntax
package import Schema

/// Makes the plan: what every object of a SQLite database becomes in Postgres, and what the report says
/// about it.
///
/// Pure: the same source and the same options give the same plan, byte for byte.
/// Nothing in a source makes it fail; what cannot be carried is a finding.
package enum Translator {
    /// What the declared types propose, in the order of the columns; nil for those that hold no values.
    /// The scan checks every value against it: also the stored values of generated columns, which are
    /// what is copied when the expression does not translate.
    package static func proposals(for table: CreateTable, options: PlanOptions) -> [ColumnProposal?] {
        table.columns.map { column in
            column.isVirtual ? nil : TypeRules.firstChoice(for: column, in: table, options: options)
        }
    }

    package static func plan(for source: SourceSchema, options: PlanOptions) -> MigrationPlan {
        var builder = PlanBuilder(source: source, options: options)
        return builder.build()
    }

    /// The views whose columns' classes only their rows can tell: whoever has the source asks them
    /// (`SourceObject.observed`), and plans again.
    package static func openViews(in source: SourceSchema, options: PlanOptions) -> [String] {
        guard !source.views.isEmpty else { return [] }
        var builder = PlanBuilder(source: source, options: options)
        _ = builder.build()
        return builder.openViews
    }

    /// The table patterns of the options that match no table.
    package static func unmatchedPatterns(in source: SourceSchema, options: PlanOptions) -> [String] {
        let names = source.tables.map(\.givenName) + source.virtualTables.map(\.definition.name)
        return (options.includedTables + options.excludedTables).filter { text in
            let pattern = TablePattern(text)
            return !names.contains { pattern.matches($0) }
        }
    }

    /// What a mapping says of tables and columns which do not exist, with the places that say it.
    package static func unmatchedMappings(
        in source: SourceSchema, options: PlanOptions
    ) -> [(name: String, place: String)] {
        let columns = options.mappings.flatMap(\.columns).filter { mapped in
            let columns = source.table(named: mapped.table)?.givenDefinition.columns ?? []
            return !columns.contains { SQLiteName.equal($0.name, mapped.column) }
        }
        let tables = options.mappings.flatMap(\.tables).filter { source.table(named: $0.table) == nil }
        return columns.map { ("column \($0.table).\($0.column)", $0.place) }
            + tables.map { ("table \($0.table)", $0.place) }
    }

    /// The overrides that name a table or a column which does not exist.
    package static func unmatchedOverrides(in source: SourceSchema, options: PlanOptions) -> [ColumnOverride]
    {
        options.overrides.filter { override in
            let columns = source.table(named: override.table)?.givenDefinition.columns ?? []
            return !columns.contains { SQLiteName.equal($0.name, override.column) }
        }
    }
}
