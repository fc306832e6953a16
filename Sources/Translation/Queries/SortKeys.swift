import SQLiteSyntax
import Schema

// What Postgres is to sort and to tell apart by, so that it does so as SQLite would.
extension ExpressionTranslation {
    /// Equal keys where SQLite holds the values for equal; nil for a value that is always the same.
    func equalityKey(_ value: Typed) throws(Untranslatable) -> TargetExpression? {
        if value.isConstant { return nil }
        let isPlain = try comparable(value.collation ?? .binary) == .binary
        switch value.kind {
        // The encoding is equal where the values are; the column itself can then be shown.
        case .any where isPlain, .mixed where isPlain: return value.sql
        default: return try distinctKey(value)
        }
    }

    /// A term of ORDER BY whose value is translated; nil for a constant, which sorts nothing.
    func ordering(_ value: Typed, _ term: OrderingTerm) throws(Untranslatable) -> TargetOrdering? {
        if value.isConstant { return nil }
        return try ordering(of: value, order: term.order, nulls: term.nulls)
    }
}

extension Typed {
    /// The same in every row: Postgres would take an integer for the position of a column, and refuse others.
    fileprivate var isConstant: Bool {
        if kind == .null || literal != nil { return true }
        switch sql {
        case .null, .integer, .number, .string, .boolean: return true
        default: return false
        }
    }

    /// Not compared by bytes, so that values which are written differently can be one.
    var isFolded: Bool { kind == .text && (collation ?? .binary) != .binary }

    /// As a column of a query's result: of a type that the query states itself.
    var asOutput: Typed {
        var result = self
        switch sql {
        case .integer, .number, .string, .null: result.sql = .cast(sql, type)
        default:
            if isNarrow { result.sql = .cast(sql, .bigint) }
            if kind == .real, literal != nil { result.sql = .cast(sql, .doublePrecision) }
        }
        result.isNarrow = false
        if result.numberClass != .ofKind { result.numberClass = .lost }
        if kind != .null { result.literal = nil }
        return result
    }
}
