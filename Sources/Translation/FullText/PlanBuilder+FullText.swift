import Diagnostics
import SQLiteSyntax
import Schema

extension PlanBuilder {
    /// Full-text tables that `--fts` carries: each a generated `tsvector` column with a GIN index.
    mutating func translateFullText() {
        guard let configuration = options.fullTextConfiguration else { return }
        for table in source.virtualTables where options.includes(table.definition.name) {
            guard let definition = FullTextDefinition(table.definition) else { continue }
            do throws(Untranslatable) {
                fullText[SQLiteName.folded(definition.name)] = try carry(table, definition, configuration)
                findings +=
                    FullTextDifferences(
                        definition: definition, configuration: configuration, options: options,
                        isBeyondASCII: table.text?.isBeyondASCII
                    ).findings
            } catch {
                loseVirtualTable(table, "because \(error.reason)", fix: Self.plainTableFix)
            }
        }
    }

    private mutating func carry(
        _ table: SourceVirtualTable, _ definition: FullTextDefinition, _ configuration: String
    ) throws(Untranslatable) -> FullTextFate {
        if let refusal = definition.refusal { throw Untranslatable(refusal) }
        let position = try holder(of: definition)
        let draft = tables[position]
        var names = definition.columns.filter(\.isIndexed).map(\.name)
        if definition.columns.isEmpty { names = draft.columns.map(\.name) }
        var column = FullTextColumn(of: draft, configuration: configuration)
        for name in names {
            guard let source = draft.position(ofColumn: name) else {
                throw Untranslatable("\(draft.name) has no column \(name)")
            }
            column.add(source)
        }
        note(column, of: definition)
        let holder = definition.content == .own ? nil : draft.name
        guard !column.isEmpty else {
            if holder == nil { return .table }
            throw Untranslatable("none of its columns becomes text")
        }
        let target = add(column, to: position)
        noteCarried(definition, as: target, of: holder)
        guard let holder else { return .table }
        noteRows(of: table, draft)
        return .column(of: holder, columns: names)
    }

    /// The table whose rows it indexes, by position.
    private func holder(of definition: FullTextDefinition) throws(Untranslatable) -> Int {
        guard case .external(let name) = definition.content else {
            let own = tables.firstIndex { $0.source.fullText?.table == definition.name }
            guard let own else {
                throw Untranslatable("its table \(definition.name)_content is not as it should be")
            }
            return own
        }
        let found = tables.firstIndex { $0.source.fullText == nil && SQLiteName.equal($0.name, name) }
        if let found { return found }
        if source.views.contains(where: { SQLiteName.equal($0.name, name) }) {
            throw Untranslatable("its text comes from the view \(name)")
        }
        throw Untranslatable(
            source.table(named: name) == nil
                ? "there is no table \(name), which holds its text"
                : "\(name), which holds its text, is left out")
    }

    /// - Returns: the column's name.
    private mutating func add(_ column: FullTextColumn, to position: Int) -> String {
        var taken = Namer(taken: Set(target.tables[position].columns.map(\.name)))
        let name = taken.take("tsv")
        var result = TargetColumn(name: name, type: .tsvector)
        result.generated = column.expression
        target.tables[position].columns.append(result)
        var index = TargetIndex(
            name: names.index(nil, of: tables[position], columns: [name], suffix: "idx"),
            table: tables[position].target, columns: [TargetIndex.Column(.column(name))])
        index.method = .gin
        target.indexes.append(index)
        return name
    }

    static let plainTableFix =
        "Copy its rows into an ordinary table in the source, or build the search anew in Postgres."
}

// What the report says.
extension PlanBuilder {
    private mutating func noteCarried(_ definition: FullTextDefinition, as column: String, of table: String?)
    {
        let configuration = options.fullTextConfiguration ?? ""
        let form = "\(column) @@ websearch_to_tsquery('\(configuration)', 'words')"
        findings.append(
            Finding(
                "full-text-carried", .info, at: Location(definition.name),
                table.map {
                    "The full-text table becomes the generated column \(column) of \($0), which SELECT * shows, too, "
                        + "with a GIN index."
                }
                    ?? "The full-text table becomes a table with the generated column \(column) and a GIN index.",
                fix:
                    "Write MATCH 'words' as \(form), prefixes with to_tsquery('\(configuration)', 'word:*'), "
                    + "bm25() and rank as ts_rank(), snippet() and highlight() as ts_headline()."))
    }

    private mutating func note(_ column: FullTextColumn, of definition: FullTextDefinition) {
        for (position, reason) in column.skipped {
            findings.append(
                Finding(
                    "full-text-column-not-searched", .loss, at: column.table.location(position),
                    "No search of \(definition.name) finds the column's text in Postgres because \(reason).",
                    fix: "Use --column to make it text, if that is what it holds."))
        }
        guard let excess = column.excess else { return }
        findings.append(
            Finding(
                "full-text-cut", .loss, at: Location(definition.name),
                "Rows may have up to \(grouped(excess)) bytes of text, and a tsvector holds 1 MB: a search finds the "
                    + "first \(grouped(FullTextColumn.safeCharacterCount)) characters of a row.",
                fix: "Divide long texts into several rows."))
    }

    /// The application decides what an index on another table's text knows.
    private mutating func noteRows(of table: SourceVirtualTable, _ draft: TableDraft) {
        guard let indexed = table.indexedRowCount, let all = draft.source.observed?.rowCount, indexed != all
        else { return }
        findings.append(
            Finding(
                "full-text-rows-differ", .loss, at: Location(table.definition.name),
                "The index knows \(rows(indexed)), and \(draft.name) has \(grouped(all)): in Postgres all of these are found.",
                fix: "Rebuild the index in the source, or narrow the search by a condition.",
                rowCount: indexed))
    }
}
