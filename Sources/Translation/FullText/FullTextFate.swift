import SQLiteSyntax
package import Schema

/// What becomes of one full-text table that is carried.
enum FullTextFate: Sendable {
    /// A table of its own.
    case table
    /// A generated column of the table that holds its text; `columns` are those it indexes, by that table's names.
    case column(of: String, columns: [String])

    static let lost = "is a virtual table and is not carried"

    /// Why nothing can read it; nil where it can be read.
    var reason: String? {
        switch self {
        case .table: nil
        case .column(let table, _): "is a full-text table that becomes a tsvector column of \(table)"
        }
    }

    /// The columns that SQLite gives a full-text table beside its own, folded. Quoted, they would be taken for strings.
    static func refusedNames(of table: FullTextNames) -> [String: String] {
        let search = "MATCH searches a full-text table, which Postgres does by tsvector @@ tsquery"
        return [
            SQLiteName.folded(table.table): search, "rank": "rank orders by bm25(); Postgres has ts_rank()",
        ]
    }
}

extension Translator {
    /// With `--fts`, a full-text table that keeps its own text is a table among the others: its rows are those of
    /// its `_content` table, under the names that the application knows.
    ///
    /// The number of a row comes last: an INSERT without a list of columns means the same ones as before.
    package static func carryingFullText(_ source: SourceSchema, options: PlanOptions) -> SourceSchema {
        guard options.fullTextConfiguration != nil else { return source }
        var result = source
        for (position, table) in source.virtualTables.enumerated()
        where options.includes(table.definition.name) {
            guard let definition = FullTextDefinition(table.definition), definition.refusal == nil else {
                continue
            }
            if case .external(let name) = definition.content {
                let columns = definition.columns.filter(\.isIndexed).map(\.name)
                result.virtualTables[position].text = FullTextSource(table: name, columns: columns)
            }
            guard definition.content == .own, var content = table.content,
                content.definition.columns.count == definition.columns.count + 1
            else { continue }
            result.virtualTables[position].text = FullTextSource(
                table: content.name, columns: content.definition.columns.dropFirst().map(\.name))
            content.definition.columns.append(content.definition.columns.removeFirst())
            content.fullText = FullTextNames(
                table: definition.name, columns: definition.columns.map(\.name) + [definition.rowIDName])
            result.tables.append(content)
        }
        return result
    }
}

extension FullTextDefinition {
    /// Why its text cannot be read, or there is none.
    var refusal: String? {
        if content == .none { return "it keeps no text (content=''), so there is nothing to build it from" }
        for (option, words) in Self.obstacles where options[option] != nil { return words }
        return nil
    }

    private static let obstacles = [
        ("compress", "its text is compressed by a function of the application"),
        ("languageid", "its rows are in several languages (languageid)"),
        ("locale", "its text is kept with locales"),
    ]
}
