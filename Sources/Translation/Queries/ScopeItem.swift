import SQLiteSyntax
import Schema

/// One table, view or query of a FROM clause: by which names SQLite finds its columns, and what they are in
/// Postgres.
struct ScopeItem: Sendable {
    /// The alias, or else the table's name; nil for a query without alias.
    var name: String?
    /// Its name in Postgres.
    var alias: String
    var columns: [ScopeColumn]
    /// What `rowid` is.
    var rowID: RowID = .none
    /// Columns that no two rows share, by position: the primary key first. None of them is ever NULL.
    var keys: [[Int]] = []
    /// The order in which SQLite reads the rows when nothing else decides.
    var rowOrder: [TargetOrdering] = []
    /// Columns that an unqualified name does not mean, folded: USING has merged them with a column to the left.
    var merged: Set<String> = []
    /// Names that only SQLite has in a table of its kind, folded, with the reason.
    var refused: [String: String] = [:]

    enum RowID: Sendable {
        case none
        case column(Int)
        /// There is one in SQLite, and nothing in Postgres has its values.
        case hidden
    }

    func position(ofColumn name: String) -> Int? {
        columns.firstIndex { SQLiteName.equal($0.name, name) }
    }

    /// Those that `*` shows.
    var shown: [ScopeColumn] { columns.filter { !$0.isHidden } }
}

struct ScopeColumn: Sendable {
    /// As SQLite names it.
    var name: String
    var value: Typed
    /// What the name means without a table, when that is more than this column: RIGHT and FULL joins with USING.
    var merged: Typed?
    /// Not in the target, with the reason.
    var refusal: String?
    /// `*` does not show it.
    var isHidden = false

    var unqualified: Typed { merged ?? value }
}

extension ScopeItem {
    init(_ table: TableDraft, named name: String, alias: String, options: PlanOptions) {
        self.name = name
        self.alias = alias
        columns = table.columns.map { column in
            do throws(Untranslatable) {
                let sql = TargetExpression.qualified(alias, column: column.target)
                return ScopeColumn(name: column.name, value: try column.typed(sql, options: options))
            } catch {
                let refusal = "it uses \(table.name).\(column.name), which is not carried"
                return ScopeColumn(name: column.name, value: Typed(.null, .null), refusal: refusal)
            }
        }
        if let fullText = table.source.fullText {
            refused = FullTextFate.refusedNames(of: fullText)
        }
        if let position = table.columns.firstIndex(where: \.isRowIDAlias) {
            columns[position].isHidden = table.source.fullText != nil
            rowID = .column(position)
            keys = [[position]]
        } else if !table.definition.isWithoutRowID {
            rowID = .hidden
        }
        keys += table.keys.map(\.columns).filter { key in
            key.allSatisfy {
                table.requiresValue($0) && !table.columns[$0].hasNulls && columns[$0].refusal == nil
            }
        }
        guard let key = keys.first else { return }
        rowOrder = key.map { TargetOrdering(columns[$0].value.sql, nullsFirst: true) }
    }

    /// The rows of a query, a view or a common table.
    init(_ columns: [TranslatedQuery.Column], named name: String?, alias: String) {
        self.name = name
        self.alias = alias
        self.columns = columns.map { column in
            var value = column.asColumn(of: alias)
            // SQLite's mark for JSON does not leave a query in FROM.
            (value.isJSON, value.hidesJSON) = (false, false)
            return ScopeColumn(name: column.name, value: value)
        }
    }
}

extension ScopeItem {
    /// On the side of an outer join that may be missing.
    mutating func mayBeMissing() {
        for position in columns.indices { columns[position].value.isNeverNull = false }
    }
}

extension TranslatedQuery.Column {
    /// How another query sees it.
    func asColumn(of alias: String) -> Typed {
        var result = value
        result.hasExplicitCollation = false
        if value.kind == .null {
            result.sql = .null
            return result
        }
        result.literal = nil
        result.isNarrow = false
        result.isNeverNull = false
        result.loseEmbedded()
        if result.numberClass != .ofKind { result.numberClass = .lost }
        result.sql = .qualified(alias, column: output)
        return result
    }
}
