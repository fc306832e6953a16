import SQLiteSyntax
import Schema

/// What names mean at one place of a statement.
///
/// Expressions are translated without knowing where they stand: a CHECK sees one
/// table's columns, an expression of a query sees its FROM clause and those of the
/// queries around it, a trigger sees OLD and NEW too.
protocol NameScope: Sendable {
    /// The column with what is known of its values; nil when no column has that name, so that `"x"` can be a string.
    func column(_ reference: ColumnReference) throws(Untranslatable) -> Typed?
    /// A query inside an expression; this scope is the one around it.
    func subquery(_ query: Query) throws(Untranslatable) -> TranslatedQuery
    /// A parameter of the statement.
    func parameter(_ name: String) throws(Untranslatable) -> Typed
    /// A window that the statement names.
    func window(named name: String) -> Window?
    /// The order in which SQLite meets the rows, as far as it is known: for aggregates whose result shows it.
    var rowOrder: [TargetOrdering] { get }
}

extension NameScope {
    func subquery(_ query: Query) throws(Untranslatable) -> TranslatedQuery {
        throw Untranslatable("it holds a subquery")
    }

    func window(named name: String) -> Window? { nil }

    func parameter(_ name: String) throws(Untranslatable) -> Typed {
        throw Untranslatable("it holds a parameter")
    }

    var rowOrder: [TargetOrdering] { [] }
}

/// A query's Postgres form, with what is known of its columns.
struct TranslatedQuery: Sendable {
    struct Column: Sendable {
        /// As SQLite names it.
        var name: String
        /// Its name in Postgres.
        var output: String
        /// Kind, affinity, collation and canonical form; its `sql` is the expression inside of the query.
        var value: Typed
    }
    var query: TargetQuery
    var columns: [Column]
}

/// What an expression may hold where it stands.
struct ExpressionSettings: Sendable {
    /// Functions of the compatibility schema may be called (`--no-compat` says no).
    var allowsCompatibility = false
    /// It stands in a generated column or an index.
    var mustBeImmutable = false
    var allowsSubqueries = false
    var allowsAggregates = false
    var allowsWindows = false

    /// For the columns, conditions and orders of a query.
    static func query(allowsCompatibility: Bool) -> ExpressionSettings {
        ExpressionSettings(
            allowsCompatibility: allowsCompatibility, allowsSubqueries: true, allowsAggregates: true,
            allowsWindows: true)
    }
}

/// One table's columns: what a CHECK, a generated column or an index sees.
struct TableScope: NameScope {
    let table: TableDraft
    let options: PlanOptions
    /// Postgres lets no generated column use another: that one's expression takes its place.
    var inlinesGenerated = false

    func column(_ reference: ColumnReference) throws(Untranslatable) -> Typed? {
        if let owner = reference.table, !SQLiteName.equal(owner, table.name) {
            throw Untranslatable("it names another table")
        }
        guard let position = table.position(ofColumn: reference.name) else {
            guard ["rowid", "_rowid_", "oid"].contains(SQLiteName.folded(reference.name)) else { return nil }
            guard let alias = table.columns.first(where: \.isRowIDAlias) else {
                throw Untranslatable("it uses the rowid")
            }
            return try alias.typed(.column(alias.target), options: options)
        }
        let column = table.columns[position]
        if inlinesGenerated, case .expression(let expression, _) = column.generation {
            return try column.typed(expression, options: options)
        }
        return try column.typed(.column(column.target), options: options)
    }
}

extension ColumnDraft {
    /// What is known of the column's values; `sql` is how it is named where it stands.
    func typed(_ sql: TargetExpression, options: PlanOptions) throws(Untranslatable) -> Typed {
        if case .omitted = generation { throw Untranslatable("it uses a column that is not carried") }
        if !isComputed, codec.hidesStoredForm {
            throw Untranslatable(
                "\(name) becomes \(codec.type.name), and SQLite computes with the form it stores")
        }
        var result = Typed(sql, isComputed ? type.kind : codec.kind)
        if case .narrowInteger = codec { result.isNarrow = true }
        result.affinity = affinity
        result.collation = collation
        result.isCanonical = isCanonical
        if codec == .timestamp, let candidate = observed?.candidate, candidate.codec == codec,
            !candidate.hasOtherForms
        {
            result.momentLength = candidate.momentLength
        }
        result.magnitude = result.kind.isNumber ? magnitude : nil
        // Only what holds for later rows too; that there is no NULL today does not.
        result.isNeverNull = isRowIDAlias
        result.isBytewise = options.sortsBytewise
        if result.kind == .decimal || (result.kind == .real && affinity != .real) {
            result.numberClass = numberClass(of: sql)
        }
        return result
    }

    /// In a column of NUMERIC or INTEGER affinity a number that is whole is an INTEGER.
    private func numberClass(of sql: TargetExpression) -> Typed.NumberClass {
        let isTold = affinity == .integer || affinity == .numeric
        if isTold || hasReals == false || (hasIntegers == false && hasOnlyFractions) {
            let number = codec == .double ? TargetExpression.compatibility("to_number", [sql]) : sql
            return .inScale(of: .compatibility("number_value", [number]))
        }
        if codec == .double, hasIntegers == false { return .ofKind }
        return .lost
    }

    private var hasReals: Bool { (observed?.reals ?? 1) > 0 }
    private var hasIntegers: Bool { (observed?.integers ?? 1) > 0 }
    private var hasOnlyFractions: Bool { observed.map { $0.reals == $0.fractionalReals } ?? false }
}
