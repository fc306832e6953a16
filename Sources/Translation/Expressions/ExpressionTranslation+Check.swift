import SQLiteSyntax
import Schema

// A CHECK may refuse a row by an error as well as by being false. That lets servers before Postgres 16, which
// cannot ask whether a text is JSON, refuse one that is not.
extension ExpressionTranslation {
    /// The condition of a CHECK.
    func check(_ expression: Expression, depth: Int = 0) throws(Untranslatable) -> TargetExpression {
        if let column = Self.columnAskedForJSON(expression), try value(column).kind == .json {
            // Whether NULL is valid JSON depends on the version of SQLite, so NULL passes.
            return .boolean(true)
        }
        guard depth < 100, options.targetVersion < 16 else { return try condition(expression) }
        switch expression {
        case .binary(let left, .and, let right):
            // Both must hold, so an error for one of them refuses no row that the other would let in.
            return .infix(try check(left, depth: depth + 1), "AND", try check(right, depth: depth + 1))
        case .binary(let left, .or, let right):
            guard let column = jsonOrNull(left, right) ?? jsonOrNull(right, left) else { break }
            return try isNullOrJSON(column)
        case .call:
            guard let column = Self.columnAskedForJSON(expression) else { break }
            return try isNullOrJSON(column)
        default: break
        }
        return try condition(expression)
    }

    /// `json_valid(x) OR x IS NULL`, as Django writes it. Beside any other condition the error would go too far.
    private func jsonOrNull(_ question: Expression, _ test: Expression) -> Expression? {
        guard let column = Self.columnAskedForJSON(question), test == .nullTest(column, negated: false) else {
            return nil
        }
        return column
    }

    /// The column of a `json_valid(column)`.
    static func columnAskedForJSON(_ expression: Expression) -> Expression? {
        guard case .call(let call) = expression, SQLiteName.equal(call.name, "json_valid"),
            call.arguments.count == 1,
            case .column = call.arguments[0]
        else { return nil }
        return call.arguments[0]
    }

    private func isNullOrJSON(_ column: Expression) throws(Untranslatable) -> TargetExpression {
        let operand = try value(column)
        if operand.kind == .json { return .boolean(true) }
        guard operand.kind == .text else {
            return try condition(.call(FunctionCall("json_valid", [column])))
        }
        return .infix(.postfix(operand.sql, "IS NULL"), "OR", .postfix(operand.sql, "::json IS NOT NULL"))
    }
}
