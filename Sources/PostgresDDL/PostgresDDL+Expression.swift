package import Schema

extension PostgresDDL {
    /// Returns `expression` as SQL. Every compound operand stands in parentheses, so
    /// no operator's precedence can change what was meant.
    package static func render(_ expression: TargetExpression) -> String {
        switch expression {
        case .column(let name): return identifier(name)
        case .null: return "NULL"
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return integer(value)
        case .number(let text): return text
        case .string(let text): return literal(text)
        case .bytes(let bytes): return literal(bytes)
        case .keyword(let word): return word
        case .cast(let operand, let type): return "\(operandText(operand))::\(type.name)"
        case .prefix(let sign, let operand):
            return sign.last?.isLetter == true
                ? "\(sign) \(operandText(operand))" : "\(sign)\(operandText(operand))"
        case .infix(let left, let sign, let right): return infix(left, sign, right)
        case .postfix(let operand, let words):
            return operandText(operand) + (words.hasPrefix("::") ? "" : " ") + words
        case .like(let operand, let pattern, let escape, let negated):
            let ending = escape.map { " ESCAPE \(operandText($0))" } ?? ""
            return "\(operandText(operand)) \(negated ? "NOT " : "")LIKE \(operandText(pattern))\(ending)"
        case .inList(let operand, let items, let negated):
            let list = items.map(render).joined(separator: ", ")
            return "\(operandText(operand)) \(negated ? "NOT " : "")IN (\(list))"
        case .between(let operand, let low, let high, let negated):
            let range = "\(operandText(low)) AND \(operandText(high))"
            return "\(operandText(operand)) \(negated ? "NOT " : "")BETWEEN \(range)"
        case .call(let name, let arguments):
            return "\(name)(\(arguments.map(render).joined(separator: ", ")))"
        case .collate(let operand, let collation):
            return "\(operandText(operand)) COLLATE \(quotedName(collation))"
        case .conditional(let operand, let branches, let otherwise):
            return conditional(operand, branches, otherwise)
        case .first(let array): return "(\(render(array)))[1]"
        case .compatibility, .qualified, .row, .array, .aggregate, .subquery, .exists, .inQuery:
            return queryPart(expression)
        }
    }

    /// As a DEFAULT or an index expression takes it: in parentheses unless it is one token or call.
    static func renderClosed(_ expression: TargetExpression) -> String { operandText(expression) }

    private static func infix(_ left: TargetExpression, _ sign: String, _ right: TargetExpression) -> String {
        // A chain of the same AND, OR or || reads better flat.
        func side(_ operand: TargetExpression) -> String {
            if ["AND", "OR"].contains(sign), case .infix(_, sign, _) = operand { return render(operand) }
            return operandText(operand)
        }
        return "\(side(left)) \(sign) \(side(right))"
    }

    private static func conditional(
        _ operand: TargetExpression?, _ branches: [TargetExpression.Branch], _ otherwise: TargetExpression?
    ) -> String {
        var words = ["CASE"]
        if let operand { words.append(operandText(operand)) }
        for branch in branches {
            words.append("WHEN \(render(branch.condition)) THEN \(render(branch.result))")
        }
        if let otherwise { words.append("ELSE \(render(otherwise))") }
        return (words + ["END"]).joined(separator: " ")
    }

    static func operandText(_ expression: TargetExpression) -> String {
        isClosed(expression) ? render(expression) : "(\(render(expression)))"
    }

    private static func isClosed(_ expression: TargetExpression) -> Bool {
        switch expression {
        case .column, .null, .boolean, .string, .bytes, .keyword, .call, .conditional: true
        case .compatibility, .qualified, .row, .first, .subquery: true
        case .aggregate(let call): call.filter == nil && call.over == nil
        case .integer(let value): value >= 0
        case .number(let text): !text.hasPrefix("-")
        case .cast(let operand, _): isClosed(operand)
        default: false
        }
    }

    /// `-9223372036854775808` would be read as the negative of a number beyond bigint.
    private static func integer(_ value: Int64) -> String {
        value == .min ? "'\(value)'::bigint" : String(value)
    }

    /// Collations are always quoted: `"C"`.
    private static func quotedName(_ name: String) -> String {
        let text = identifier(name)
        return text.hasSuffix("\"") ? text : "\"\(text)\""
    }
}
