import Diagnostics
import SQLiteSyntax
import Schema

/// One table on its way to Postgres: the source's definition beside what was decided so far.
struct TableDraft: Sendable {
    let source: SourceTable
    /// With the names that the application knows.
    let definition: CreateTable
    var columns: [ColumnDraft]
    var target = ""
    /// In the order they are written.
    var keys: [KeyDraft]

    var name: String { definition.name }

    init(_ source: SourceTable, options: PlanOptions) {
        self.source = source
        let definition = source.givenDefinition
        self.definition = definition
        let observed = source.observed?.columns ?? []
        columns = definition.columns.enumerated().map { position, column in
            ColumnDraft(
                column, of: definition, observed: position < observed.count ? observed[position] : nil,
                options: options)
        }
        keys = []
        keys = keyDrafts()
    }

    var primaryKey: KeyDraft? { keys.first { $0.isPrimary } }

    func position(ofColumn name: String) -> Int? {
        columns.firstIndex { SQLiteName.equal($0.name, name) }
    }

    var location: Location { Location(name) }

    func location(_ column: Int) -> Location { Location(name, column: columns[column].name) }

    /// The PRIMARY KEY and each UNIQUE constraint.
    private func keyDrafts() -> [KeyDraft] {
        var result: [KeyDraft] = []
        for (position, column) in columns.enumerated() {
            for constraint in column.definition.constraints {
                let isPrimary: Bool
                switch constraint.kind {
                case .primaryKey: isPrimary = true
                case .unique: isPrimary = false
                default: continue
                }
                let part = KeyDraft.Part(column: position, collation: column.collation)
                result.append(KeyDraft(name: constraint.name, parts: [part], isPrimary: isPrimary))
            }
        }
        for constraint in definition.constraints {
            switch constraint.kind {
            case .primaryKey(let columns, _, _):
                result.append(KeyDraft(name: constraint.name, parts: parts(columns), isPrimary: true))
            case .unique(let columns, _):
                result.append(KeyDraft(name: constraint.name, parts: parts(columns), isPrimary: false))
            default: break
            }
        }
        return result
    }

    private func parts(_ indexed: [IndexedColumn]) -> [KeyDraft.Part] {
        indexed.compactMap { item in
            guard let position = item.namedColumn.flatMap(position(ofColumn:)) else { return nil }
            return KeyDraft.Part(
                column: position,
                collation: item.collation.map(SourceCollation.init) ?? columns[position].collation)
        }
    }
}

extension IndexedColumn {
    /// As `columnName`; a string in the place of a name is a name too.
    var namedColumn: String? {
        if case .literal(.string(let name)) = expression { return name }
        return columnName
    }
}

/// A PRIMARY KEY or UNIQUE constraint of the source.
struct KeyDraft: Sendable, Hashable {
    struct Part: Sendable, Hashable {
        /// Position in the table.
        var column: Int
        var collation: SourceCollation
    }
    var name: String?
    var parts: [Part]
    var isPrimary: Bool

    var columns: [Int] { parts.map(\.column) }
}

struct ColumnDraft: Sendable {
    let definition: ColumnDefinition
    let affinity: Affinity
    let collation: SourceCollation
    let isRowIDAlias: Bool
    let observed: ColumnObservation?
    /// nil for generated columns.
    let proposal: ColumnProposal?
    /// What the declared type would be, for generated columns too.
    let firstChoice: ColumnProposal
    var codec: ValueCodec
    var reason = ""
    var target = ""
    /// What a generated column's expression became.
    var generation = Generation.none

    enum Generation: Sendable {
        /// An ordinary column.
        case none
        /// Generated in Postgres too, with this type.
        case expression(TargetExpression, PostgresType)
        /// Its stored values are copied into an ordinary column.
        case values
        /// Not in the target.
        case omitted
    }

    init(
        _ column: ColumnDefinition, of table: CreateTable, observed: ColumnObservation?, options: PlanOptions
    ) {
        definition = column
        affinity = column.affinity(in: table)
        collation = column.collation
        isRowIDAlias = table.isRowIDAlias(column)
        self.observed = observed
        proposal = TypeRules.proposal(for: column, in: table, options: options)
        firstChoice =
            TypeRules.firstChoice(for: column, in: table, options: options)
            ?? ColumnProposal(codec: .text, rule: TypeRules.byValues)
        codec = firstChoice.codec
    }

    var name: String { definition.name }

    var type: PostgresType {
        if case .expression(_, let type) = generation { type } else { codec.type }
    }

    var isOmitted: Bool { if case .omitted = generation { true } else { false } }

    var isComputed: Bool { if case .expression = generation { true } else { false } }

    var hasNulls: Bool { (observed?.nulls ?? 0) > 0 }
}
