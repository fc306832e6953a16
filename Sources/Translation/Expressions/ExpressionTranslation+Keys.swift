import SQLiteSyntax
import Schema

// What Postgres sorts, groups and tells apart as SQLite does.
extension ExpressionTranslation {
    /// An ORDER BY term: NULL sorts before everything, text by its collation.
    func ordering(_ term: OrderingTerm, depth: Int = 0) throws(Untranslatable) -> TargetOrdering {
        try ordering(of: typed(term.expression, depth: depth), order: term.order, nulls: term.nulls)
    }

    /// The same for a value that is translated already.
    func ordering(of value: Typed, order: SortOrder?, nulls: NullsOrder?) throws(Untranslatable)
        -> TargetOrdering
    {
        let isDescending = order == .descending
        return TargetOrdering(
            try orderKey(value), isDescending: isDescending,
            nullsFirst: nulls.map { $0 == .first } ?? !isDescending)
    }

    /// What Postgres sorts as SQLite sorts the value.
    func orderKey(_ value: Typed) throws(Untranslatable) -> TargetExpression {
        switch value.kind {
        case .text, .null:
            let text = try text(value)
            return folded(text, by: try comparable(value.collation ?? .binary), !value.isBytewise)
        case .any, .mixed:
            let key = try dynamic(value)
            switch try comparable(value.collation ?? .binary) {
            case .nocase: return try compatibility("sort_key", [key, .string("NOCASE")])
            case .rtrim: return try compatibility("sort_key", [key, .string("RTRIM")])
            default: return try compatibility("sort_key", [key])
            }
        case .date, .time, .timestamp, .uuid:
            if value.hasOneForm { return value.sql }
            throw Untranslatable("SQLite sorts the text of values that are written in several forms")
        case .timestamptz, .json, .mixedBytes:
            throw Untranslatable("SQLite sorts \(value.kind.words) by its text")
        case .integer, .real:
            // A bare number would be the position of a column.
            return value.literal == nil ? value.sql : .cast(value.sql, value.type)
        default: return value.sql
        }
    }

    /// What Postgres tells apart as SQLite tells the values apart: for GROUP BY, PARTITION BY, DISTINCT.
    func distinctKey(_ value: Typed) throws(Untranslatable) -> TargetExpression {
        switch value.kind {
        case .text, .null: return folded(try text(value), by: try comparable(value.collation ?? .binary))
        default: return try orderKey(value)
        }
    }
}
