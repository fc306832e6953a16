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
    /// A window that the statement names.
    func window(named name: String) -> Window?
}

extension NameScope {
    func subquery(_ query: Query) throws(Untranslatable) -> TranslatedQuery {
        throw Untranslatable("it holds a subquery")
    }

    func window(named name: String) -> Window? { nil }
}

/// A query's Postgres form, with what is known of its columns.
struct TranslatedQuery: Sendable {
    struct Column: Sendable {
        /// As SQLite names it.
        var name: String
        /// Kind, affinity, collation and canonical form; its `sql` is the expression inside of the query.
        var value: Typed
    }
    var query: TargetQuery
    var columns: [Column]
}
