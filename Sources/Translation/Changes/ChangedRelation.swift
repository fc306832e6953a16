import SQLiteSyntax
import Schema

/// The table or view that a statement changes.
struct ChangedRelation: Sendable {
    /// Its name in SQLite and in Postgres.
    var source: String
    var target: String
    var columns: [Column]
    /// nil for a view.
    var table: TableDraft?
    /// The columns as a view has them; empty for a table.
    var viewColumns: [TranslatedQuery.Column] = []
    /// What `rowid` means beside a column of that name.
    private var rowID: Int?

    struct Column: Sendable {
        var name: String
        var target: String
        /// With whatever SQL it was described by.
        var value: Typed
        /// nil for a view's column.
        var draft: ColumnDraft?
        /// Not in the target, with the reason.
        var refusal: String?

        var isGenerated: Bool { draft.map { $0.isComputed || $0.definition.isGenerated } ?? false }

        /// The column's value, named `sql`.
        func typed(_ sql: TargetExpression) -> Typed {
            var result = value
            result.sql = sql
            if case .inScale(let number) = result.numberClass, let plain = draft?.target {
                let renamed = number.rewritten { $0 == .column(plain) ? sql : nil }
                result.numberClass = .inScale(of: renamed)
            }
            return result
        }
    }

    init(_ table: TableDraft, options: PlanOptions) {
        source = table.name
        target = table.target
        self.table = table
        columns = table.columns.map { column in
            do throws(Untranslatable) {
                return Column(
                    name: column.name, target: column.target,
                    value: try column.typed(.column(column.target), options: options), draft: column)
            } catch {
                return Column(
                    name: column.name, target: column.target, value: Typed(.null, .null), draft: column,
                    refusal: error.reason)
            }
        }
        rowID = table.columns.firstIndex(where: \.isRowIDAlias)
    }

    init(_ view: ViewDraft) {
        source = view.name
        target = view.target
        viewColumns = view.columns
        columns = view.columns.map { column in
            Column(name: column.name, target: column.output, value: column.asColumn(of: "new"))
        }
    }

    init(named name: String, in environment: QueryEnvironment) throws(Untranslatable) {
        switch try environment.relations.relation(named: name) {
        case .table(let table): self.init(table, options: environment.options)
        case .view(let view): self.init(view)
        }
    }

    func column(named name: String) throws(Untranslatable) -> Column {
        columns[try position(ofColumn: name)]
    }

    func position(ofColumn name: String) throws(Untranslatable) -> Int {
        let found = columns.firstIndex { SQLiteName.equal($0.name, name) }
        let isRowID = ["rowid", "_rowid_", "oid"].contains(SQLiteName.folded(name))
        guard let position = found ?? (isRowID ? rowID : nil) else {
            throw Untranslatable(
                isRowID ? "it uses the rowid of \(source)" : "\(source) has no column \(name)")
        }
        if let refusal = columns[position].refusal { throw Untranslatable(refusal) }
        return position
    }

    /// How a statement that changes it sees its columns.
    func item(named name: String, alias: String, options: PlanOptions) -> ScopeItem {
        if let table { return ScopeItem(table, named: name, alias: alias, options: options) }
        return ScopeItem(viewColumns, named: name, alias: alias)
    }
}

extension ChangedRelation {
    /// The columns of each unique key, and of each unique index that is on plain columns.
    var keys: [[Int]] {
        guard let table else { return [] }
        return table.keys.map(\.columns)
            + table.source.indexes.compactMap { index in
                guard index.definition.isUnique, index.definition.filter == nil else { return nil }
                let positions = index.definition.columns.compactMap {
                    $0.namedColumn.flatMap(table.position(ofColumn:))
                }
                return positions.count == index.definition.columns.count ? positions : nil
            }
    }

    /// Every unique rule is a key on plain columns that compares bytes.
    var hasOnlyPlainKeys: Bool {
        guard let table else { return false }
        let unique = table.source.indexes.filter(\.definition.isUnique)
        return table.keys.count + unique.count == keys.count
            && keys.joined().allSatisfy { table.columns[$0].collation == .binary }
            && unique.allSatisfy { index in index.definition.columns.allSatisfy { $0.collation == nil } }
    }

    var hasChecks: Bool {
        guard let definition = table?.definition else { return false }
        let ofTable = definition.constraints.contains { if case .check = $0.kind { true } else { false } }
        return ofTable
            || definition.columns.flatMap(\.constraints).contains {
                if case .check = $0.kind { true } else { false }
            }
    }
}
