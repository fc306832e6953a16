import SQLiteSyntax
import Schema

/// A value on its way into a column: what SQLite's affinity would store, in the column's Postgres type.
///
/// Where only the value itself can tell whether it fits, the Postgres form fails at
/// a value that does not; it never rounds or cuts one.
struct AssignmentTranslation: Sendable {
    let translation: ExpressionTranslation
    let relation: ChangedRelation

    /// - Parameter expression: as it was written, where there is such a thing.
    func assigned(
        _ value: Typed, written expression: Expression?, to position: Int
    ) throws(Untranslatable) -> TargetExpression {
        let column = relation.columns[position]
        guard let draft = column.draft, let table = relation.table else {
            return try forView(value, column)
        }
        if column.isGenerated { throw Untranslatable("it assigns to the generated column \(column.name)") }
        if value.kind == .null { return .cast(.null, draft.type) }
        if let constant = Self.constant(value, expression) { return try literal(constant, draft, table) }
        if value.kind == column.value.kind, value.kind != .text { return value.sql }
        let isMoment = expression?.isMoment ?? false
        guard let result = try converted(value, draft, isMoment: isMoment) else {
            throw Untranslatable(
                "it assigns \(value.kind.words) to \(column.name), which is \(draft.type.name)")
        }
        return result
    }

    /// A literal, signed or not.
    private static func constant(_ value: Typed, _ expression: Expression?) -> SQLiteValue? {
        switch expression {
        case .unary(.minus, .literal)?, .unary(.plus, .literal)?: expression.flatMap(SQLiteValue.init)
        default: value.literal.flatMap { SQLiteValue(.literal($0)) }
        }
    }

    private func literal(
        _ constant: SQLiteValue, _ column: ColumnDraft, _ table: TableDraft
    ) throws(Untranslatable) -> TargetExpression {
        let stored = constant.applying(column.affinity)
        if stored == .null { return .cast(.null, column.type) }
        let rules = DefaultTranslation(column: column, table: table, options: translation.options)
        guard let result = rules.literal(stored) else {
            throw Untranslatable(
                "\(column.type.name) does not hold what SQLite would store in \(column.name)")
        }
        return .cast(result, column.type)
    }

    private func forView(
        _ value: Typed, _ column: ChangedRelation.Column
    ) throws(Untranslatable) -> TargetExpression {
        if value.kind == .null { return .cast(.null, column.value.type) }
        guard value.kind == column.value.kind else {
            throw Untranslatable(
                "it assigns \(value.kind.words) to \(column.name), which is \(column.value.kind.words)")
        }
        return value.literal == nil ? value.sql : .cast(value.sql, column.value.type)
    }

    private func converted(
        _ value: Typed, _ column: ColumnDraft, isMoment: Bool
    ) throws(Untranslatable) -> TargetExpression? {
        switch column.codec {
        case .integer, .narrowInteger: return try integer(value)
        case .double: return try number(value, as: .doublePrecision)
        case .numeric(let bounds): return try number(value, as: .numeric(bounds))
        case .boolean:
            // Of all integers only 0 and 1 are booleans to Postgres when they are text.
            return value.kind == .integer ? .cast(.cast(value.sql, .text), .boolean) : nil
        case .text: return try text(value, column, isMoment: isMoment)
        case .textFromNumbers: return value.kind == .bytes ? nil : try translation.text(value)
        case .timestamp:
            return isMoment && value.kind == .text ? .cast(value.sql, .timestamp) : nil
        case .timestampWithTimeZone:
            guard isMoment, value.kind == .text else { return nil }
            return .infix(.cast(value.sql, .timestamp), "AT TIME ZONE", .string("UTC"))
        case .date: return isMoment && value.kind == .text ? .cast(value.sql, .date) : nil
        case .time: return isMoment && value.kind == .text ? .cast(value.sql, .time) : nil
        case .uuid: return value.kind == .text ? .cast(value.sql, .uuid) : nil
        case .json: return value.kind == .text ? .cast(value.sql, .jsonb) : nil
        // What a mapping has made of numbers, dates or bytes takes only its like.
        default: return nil
        }
    }

    private func integer(_ value: Typed) throws(Untranslatable) -> TargetExpression? {
        switch value.kind {
        case .truth: return .cast(ExpressionTranslation.zeroOrOne(value.sql), .bigint)
        case .text: return .cast(value.sql, .bigint)
        case .real, .decimal:
            if value.sql.isVolatile {
                throw Untranslatable("it assigns a random number that may not be whole")
            }
            // A fraction is not rounded: as text it is no integer, which Postgres says.
            let whole = TargetExpression.infix(value.sql, "=", .call("trunc", [value.sql]))
            return .conditional(
                operand: nil, branches: [.init(when: whole, then: .cast(value.sql, .bigint))],
                otherwise: .cast(.cast(value.sql, .text), .bigint))
        default: return nil
        }
    }

    private func number(_ value: Typed, as type: PostgresType) throws(Untranslatable) -> TargetExpression? {
        switch value.kind {
        case .truth: .cast(ExpressionTranslation.zeroOrOne(value.sql), type)
        case .integer, .real, .decimal, .text: .cast(value.sql, type)
        default: nil
        }
    }

    private func text(
        _ value: Typed, _ column: ColumnDraft, isMoment: Bool
    ) throws(Untranslatable) -> TargetExpression? {
        if value.kind == .bytes || value.kind == .mixedBytes { return nil }
        if column.affinity == .text || isMoment || value.affinity == column.affinity {
            return try translation.text(value)
        }
        guard column.affinity != .blob || value.kind == .text else { return nil }
        // A text that looks like a number would become one.
        guard column.affinity == .blob || value.kind.isNumber || value.kind == .truth else { return nil }
        return try translation.text(value)
    }
}

extension Expression {
    /// A call of a function that gives a date or a time in UTC, as text without a zone.
    var isMoment: Bool {
        switch self {
        case .literal(.currentDate), .literal(.currentTime), .literal(.currentTimestamp): true
        case .call(let call): ["date", "datetime", "strftime", "time"].contains(SQLiteName.folded(call.name))
        default: false
        }
    }
}
