package import Schema

extension PostgresDDL {
    /// Returns `expression` as SQL. Every compound operand stands in parentheses, so
    /// no operator's precedence can change what was meant.
    package func render(_ expression: TargetExpression) -> String {
        switch expression {
        case .column(let name): return Self.identifier(name)
        case .qualified(let alias, let column):
            return "\(Self.identifier(alias)).\(Self.identifier(column))"
        case .null: return "NULL"
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return Self.integer(value)
        case .number(let text): return text
        case .string(let text): return Self.literal(text)
        case .bytes(let bytes): return Self.literal(bytes)
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
            return "\(operandText(operand)) \(negated ? "NOT " : "")IN (\(list(items)))"
        case .between(let operand, let low, let high, let negated):
            let range = "\(operandText(low)) AND \(operandText(high))"
            return "\(operandText(operand)) \(negated ? "NOT " : "")BETWEEN \(range)"
        case .call(let name, let arguments):
            return "\(name)(\(list(arguments)))"
        case .collate(let operand, let collation):
            return "\(operandText(operand)) COLLATE \(Self.quotedName(collation))"
        case .conditional(let operand, let branches, let otherwise):
            return conditional(operand, branches, otherwise)
        case .compatibility(let name, let arguments):
            return "\(compatibilityName(name))(\(list(arguments)))"
        case .row(let items): return "ROW(\(list(items)))"
        case .array(let items, let type): return "ARRAY[\(list(items))]::\(type.name)[]"
        case .first(let array): return "(\(render(array)))[1]"
        case .aggregate(let call): return render(call)
        case .subquery(let query): return "(\(render(query)))"
        case .exists(let query, let negated): return "\(negated ? "NOT " : "")EXISTS (\(render(query)))"
        case .inQuery(let operand, let query, let negated):
            return "\(operandText(operand)) \(negated ? "NOT " : "")IN (\(render(query)))"
        }
    }

    /// As a DEFAULT or an index expression takes it: in parentheses unless it is one token or call.
    func renderClosed(_ expression: TargetExpression) -> String { operandText(expression) }

    private func infix(_ left: TargetExpression, _ sign: String, _ right: TargetExpression) -> String {
        // A chain of the same AND, OR or || reads better flat.
        func side(_ operand: TargetExpression) -> String {
            if ["AND", "OR"].contains(sign), case .infix(_, sign, _) = operand { return render(operand) }
            return operandText(operand)
        }
        return "\(side(left)) \(sign) \(side(right))"
    }

    private func conditional(
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

    func operandText(_ expression: TargetExpression) -> String {
        Self.isClosed(expression) ? render(expression) : "(\(render(expression)))"
    }

    func list(_ items: [TargetExpression]) -> String { items.map(render).joined(separator: ", ") }

    private static func isClosed(_ expression: TargetExpression) -> Bool {
        switch expression {
        case .column, .null, .boolean, .string, .bytes, .keyword, .call, .conditional: true
        case .qualified, .compatibility, .row, .first, .subquery: true
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
