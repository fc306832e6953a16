extension SQLPrinter {
    package static func print(_ expression: Expression) -> String {
        var output = ""
        write(expression, atLeast: .or, to: &output)
        return output
    }

    /// Writes the expression, in parentheses when it binds more loosely than `level`.
    private static func write(_ expression: Expression, atLeast level: Precedence, to output: inout String) {
        let needsParentheses = expression.precedence < level
        if needsParentheses { output += "(" }
        switch expression {
        case .binary: writeChain(expression, to: &output)
        case .unary(let operation, let operand): write(operation, operand, to: &output)
        case .collate(let operand, let collation):
            write(operand, atLeast: .collation, to: &output)
            output += " COLLATE " + name(collation)
        case .nullTest, .match, .between, .inList, .inQuery, .inTable: writePredicate(expression, to: &output)
        default: writeOperand(expression, to: &output)
        }
        if needsParentheses { output += ")" }
    }

    /// Writes a chain of operators from its innermost left operand on, without recursion to the left.
    private static func writeChain(_ expression: Expression, to output: inout String) {
        var links: [(BinaryOperator, Expression)] = []
        var leftmost = expression
        var level = expression.precedence
        while case .binary(let left, let operation, let right) = leftmost, operation.precedence >= level {
            links.append((operation, right))
            level = operation.precedence
            leftmost = left
        }
        write(leftmost, atLeast: level, to: &output)
        for (operation, right) in links.reversed() {
            output += " " + operation.rawValue + " "
            write(right, atLeast: operation.precedence.next, to: &output)
        }
    }

    private static func write(_ operation: UnaryOperator, _ operand: Expression, to output: inout String) {
        output += operation.rawValue
        var text = ""
        write(operand, atLeast: operation == .not ? .not : .prefix, to: &text)
        // Two minus signs would begin a comment.
        if operation == .not || (operation == .minus && text.hasPrefix("-")) { output += " " }
        output += text
    }

    private static func writePredicate(_ expression: Expression, to output: inout String) {
        switch expression {
        case .nullTest(let operand, let negated):
            write(operand, atLeast: .equality, to: &output)
            output += negated ? " IS NOT NULL" : " IS NULL"
        case .match(let operand, let operation, let pattern, let escape, let negated):
            write(operand, atLeast: .equality, to: &output)
            output += (negated ? " NOT " : " ") + operation.rawValue + " "
            write(pattern, atLeast: .comparison, to: &output)
            guard let escape else { return }
            output += " ESCAPE "
            write(escape, atLeast: .comparison, to: &output)
        case .between(let operand, let low, let high, let negated):
            write(operand, atLeast: .equality, to: &output)
            output += negated ? " NOT BETWEEN " : " BETWEEN "
            write(low, atLeast: .comparison, to: &output)
            output += " AND "
            write(high, atLeast: .comparison, to: &output)
        case .inList(let operand, let list, let negated):
            write(operand, atLeast: .equality, to: &output)
            output += negated ? " NOT IN " : " IN "
            writeList(list, to: &output)
        case .inQuery(let operand, let query, let negated):
            write(operand, atLeast: .equality, to: &output)
            output += (negated ? " NOT IN (" : " IN (") + print(query) + ")"
        case .inTable(let operand, let table, let negated):
            write(operand, atLeast: .equality, to: &output)
            output += (negated ? " NOT IN " : " IN ") + print(table)
        default: break
        }
    }

    private static func writeList(_ list: [Expression], to output: inout String) {
        output += "("
        for (index, element) in list.enumerated() {
            if index > 0 { output += ", " }
            write(element, atLeast: .or, to: &output)
        }
        output += ")"
    }

    private static func writeOperand(_ expression: Expression, to output: inout String) {
        switch expression {
        case .literal(let literal): output += print(literal)
        case .column(let reference): output += print(reference)
        case .bindParameter(let text): output += text
        case .call(let call): write(call, to: &output)
        case .row(let elements): writeList(elements, to: &output)
        case .subquery(let query): output += "(" + print(query) + ")"
        case .exists(let query): output += "EXISTS (" + print(query) + ")"
        case .raise(.ignore): output += "RAISE(IGNORE)"
        case .raise(.failure(let resolution, let message)):
            output += "RAISE(" + resolution.rawValue + ", " + print(message) + ")"
        case .cast(let operand, let type):
            output += "CAST("
            write(operand, atLeast: .or, to: &output)
            output += " AS " + (type.isEmpty ? "" : typeName(type)) + ")"
        case .conditional(let operand, let branches, let otherwise):
            writeConditional(operand, branches, otherwise, to: &output)
        default: break
        }
    }

    private static func writeConditional(
        _ operand: Expression?, _ branches: [Expression.WhenBranch], _ otherwise: Expression?,
        to output: inout String
    ) {
        output += "CASE"
        if let operand {
            output += " "
            write(operand, atLeast: .or, to: &output)
        }
        for branch in branches {
            output += " WHEN "
            write(branch.condition, atLeast: .or, to: &output)
            output += " THEN "
            write(branch.result, atLeast: .or, to: &output)
        }
        if let otherwise {
            output += " ELSE "
            write(otherwise, atLeast: .or, to: &output)
        }
        output += " END"
    }

    private static func write(_ call: FunctionCall, to output: inout String) {
        output += functionName(call.name)
        if call.isStar {
            output += "(*)"
        } else {
            var arguments = ""
            writeList(call.arguments, to: &arguments)
            output += call.isDistinct ? "(DISTINCT " + arguments.dropFirst() : arguments
            if !call.orderBy.isEmpty {
                output.removeLast()
                output += (call.arguments.isEmpty ? "ORDER BY " : " ORDER BY ") + terms(call.orderBy) + ")"
            }
        }
        if let filter = call.filter { output += " FILTER (WHERE " + print(filter) + ")" }
        if let over = call.over { output += " OVER " + print(over) }
    }

    /// Words like `replace` are no trouble before a parenthesis.
    private static func functionName(_ name: String) -> String {
        guard hasPlainShape(name) else { return quoted(name, by: "\"") }
        guard let keyword = Keyword(spelling: ArraySlice(name.utf8)) else { return name }
        let needsQuotes = keyword.isReserved || keyword.opensExpression || keyword.isJoinWord
        return needsQuotes ? quoted(name, by: "\"") : name
    }
}

// Literals and columns.
extension SQLPrinter {
    package static func print(_ literal: Literal) -> String {
        switch literal {
        case .null: "NULL"
        case .integer(let value): String(value)
        case .hexadecimal(let text, _): text
        case .real(let text): text
        case .string(let text): quoted(text, by: "'")
        case .blob(let bytes): "X'" + bytes.map(hexadecimal).joined() + "'"
        case .boolean(let value): value ? "TRUE" : "FALSE"
        case .currentDate: "CURRENT_DATE"
        case .currentTime: "CURRENT_TIME"
        case .currentTimestamp: "CURRENT_TIMESTAMP"
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return byte < 16 ? "0" + digits : digits
    }

    /// A name that was not in double quotes never gets them: they could make a string of it.
    private static func print(_ reference: ColumnReference) -> String {
        if let table = reference.table {
            let path = [reference.schema, table, reference.name].compactMap { $0 }
            return path.map(name).joined(separator: ".")
        }
        if reference.isDoubleQuoted { return quoted(reference.name, by: "\"") }
        let isTruth = ["true", "false"].contains(SQLiteName.folded(reference.name))
        return isPlain(reference.name) && !isTruth ? reference.name : quoted(reference.name, by: "`")
    }
}
