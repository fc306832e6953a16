import SQLiteSyntax
import Schema

/// Comparisons, by SQLite's rules for affinity and collation
/// (https://sqlite.org/datatype3.html#comparison_expressions).
extension ExpressionTranslation {
    func compare(_ left: Typed, _ sign: String, _ right: Typed) throws(Untranslatable) -> Typed {
        if left.kind == .null || right.kind == .null {
            return Typed(.infix(left.sql, sign, right.sql), .truth)
        }
        if let result = try compareTruth(left, sign, right) { return result }
        if let result = try compareTruth(right, Self.mirrored(sign), left) { return result }
        let (one, other) = try matched(left, right)
        if one.kind == .text {
            // A COLLATE counts before a column's rule, the left operand before the right.
            let isRight = right.hasExplicitCollation && !left.hasExplicitCollation
            let given = isRight ? right.collation : left.collation ?? right.collation
            let rule = try comparable(given ?? .binary)
            let isOrder = !["=", "<>"].contains(sign) && !sign.hasPrefix("IS")
            return Typed(
                .infix(folded(one.sql, by: rule, isOrder), sign, folded(other.sql, by: rule, isOrder)), .truth
            )
        }
        return Typed(.infix(one.sql, sign, other.sql), .truth)
    }

    func comparable(_ collation: SourceCollation) throws(Untranslatable) -> SourceCollation {
        if case .custom(let name) = collation {
            throw Untranslatable("Postgres does not know the collation \(name)")
        }
        return collation
    }

    /// The text that SQLite compares under a collation.
    func folded(_ text: TargetExpression, by collation: SourceCollation, _ isOrder: Bool = false)
        -> TargetExpression
    {
        switch collation {
        case .nocase:
            if case .string(let value) = text { return .string(SQLiteName.folded(value)) }
            return .call("lower", [.collate(text, "C")])
        case .rtrim:
            return ordered(.call("rtrim", [text, .string(" ")]), isOrder)
        default: return ordered(text, isOrder)
        }
    }

    private func ordered(_ text: TargetExpression, _ isOrder: Bool) -> TargetExpression {
        guard isOrder, !options.sortsBytewise else { return text }
        return .collate(text, "C")
    }

    /// `flag = 1` is `flag`, `flag = 0` is `NOT flag`.
    private func compareTruth(_ left: Typed, _ sign: String, _ right: Typed) throws(Untranslatable) -> Typed?
    {
        guard left.kind == .truth, left.literal == nil else { return nil }
        if let value = right.zeroOrOne {
            switch sign {
            case "=": return Typed(value ? left.sql : .prefix("NOT", left.sql), .truth)
            case "<>": return Typed(value ? .prefix("NOT", left.sql) : left.sql, .truth)
            default: return Typed(.infix(left.sql, sign, .boolean(value)), .truth)
            }
        }
        if right.kind == .truth { return Typed(.infix(left.sql, sign, right.sql), .truth) }
        guard right.kind.isNumber else {
            throw Untranslatable("it compares a truth value with \(right.kind.words)")
        }
        return Typed(.infix(Self.zeroOrOne(left.sql), sign, right.sql), .truth)
    }

    /// Both sides in one type, where SQLite would compare them within one storage class.
    private func matched(_ left: Typed, _ right: Typed) throws(Untranslatable) -> (Typed, Typed) {
        let one = plainNumber(left)
        let other = plainNumber(right)
        if one.kind.isNumber, other.kind.isNumber { return (one, other) }
        if one.kind == other.kind {
            if one.kind == .text { try checkTextAffinity(one, other) }
            try checkForm(one, other)
            return (one, other)
        }
        if let adapted = try adapt(other, to: one) { return (one, adapted) }
        if let adapted = try adapt(one, to: other) { return (adapted, other) }
        throw Untranslatable("it compares \(one.kind.words) with \(other.kind.words)")
    }

    /// TRUE and FALSE are the numbers 1 and 0.
    private func plainNumber(_ operand: Typed) -> Typed {
        guard operand.kind == .truth, case .integer(let value)? = operand.literal else { return operand }
        var result = operand
        result.sql = .integer(value)
        result.kind = .integer
        return result
    }

    /// A numeric affinity on one side would turn number-like text of the other into a number.
    private func checkTextAffinity(_ left: Typed, _ right: Typed) throws(Untranslatable) {
        for (one, other) in [(left, right), (right, left)] {
            guard let affinity = one.affinity, affinity.isNumeric else { continue }
            if let affinity = other.affinity, affinity.isNumeric { continue }
            guard case .string(let text)? = other.literal, SQLiteValue.text(text).applying(affinity).isText
            else {
                throw Untranslatable("a numeric affinity would convert one side")
            }
        }
    }

    private func checkForm(_ left: Typed, _ right: Typed) throws(Untranslatable) {
        switch left.kind {
        case .json, .mixed, .timestamptz: throw Untranslatable("it compares \(left.kind.words)")
        case .date, .time, .timestamp, .uuid:
            guard left.isCanonical, right.isCanonical else {
                throw Untranslatable("SQLite compares the text of values that are written in several forms")
            }
        default: break
        }
    }

    /// A literal in the type of the column beside it; nil when `operand` is no literal that can become one.
    private func adapt(_ operand: Typed, to column: Typed) throws(Untranslatable) -> Typed? {
        guard let literal = operand.literal, let affinity = column.affinity else { return nil }
        switch (column.kind, literal) {
        case (.integer, .string(let text)), (.real, .string(let text)), (.decimal, .string(let text)):
            guard affinity.isNumeric, let number = SQLiteValue.text(text).applying(affinity).numberExpression
            else {
                return nil
            }
            return Typed(number, .decimal)
        case (.text, .integer(let value)):
            return affinity == .text ? Typed(.string(String(value)), .text) : nil
        case (.date, .string(let text)), (.time, .string(let text)), (.timestamp, .string(let text)),
            (.uuid, .string(let text)):
            guard column.isCanonical, CanonicalForm.matches(text, column.kind) else { return nil }
            return Typed(.string(text), column.kind)
        default: return nil
        }
    }

    static func mirrored(_ sign: String) -> String {
        switch sign {
        case "<": ">"
        case "<=": ">="
        case ">": "<"
        case ">=": "<="
        default: sign
        }
    }

    func between(
        _ operand: Expression, _ low: Expression, _ high: Expression, negated: Bool, depth: Int
    ) throws(Untranslatable) -> Typed {
        let value = try typed(operand, depth: depth)
        let lower = try compare(value, ">=", typed(low, depth: depth))
        let upper = try compare(value, "<=", typed(high, depth: depth))
        let range: TargetExpression
        if case .infix(let one, ">=", let from) = lower.sql, case .infix(let two, "<=", let to) = upper.sql,
            one == two
        {
            return Typed(.between(one, low: from, high: to, negated: negated), .truth)
        } else {
            range = .infix(lower.sql, "AND", upper.sql)
        }
        return Typed(negated ? .prefix("NOT", range) : range, .truth)
    }

    /// The items are compared without their own affinity, as `+item` would be.
    func inList(
        _ operand: Typed, _ items: [Expression], negated: Bool, depth: Int
    ) throws(Untranslatable) -> Typed {
        guard !items.isEmpty else { return Typed(.boolean(negated), .truth) }
        var subject: TargetExpression?
        var list: [TargetExpression] = []
        for item in items {
            var value = try typed(item, depth: depth)
            value.affinity = nil
            value.collation = nil
            value.hasExplicitCollation = false
            if operand.kind == .truth, let truth = value.zeroOrOne { value = Typed(.boolean(truth), .truth) }
            let comparison = try compareInList(operand, value)
            guard case .infix(let one, "=", let other) = comparison, subject == nil || subject == one else {
                throw Untranslatable("the items of IN are of different types")
            }
            subject = one
            list.append(other)
        }
        return Typed(.inList(subject ?? operand.sql, list, negated: negated), .truth)
    }

    private func compareInList(_ operand: Typed, _ item: Typed) throws(Untranslatable) -> TargetExpression {
        if operand.kind == .truth, item.kind == .truth { return .infix(operand.sql, "=", item.sql) }
        // Under NOCASE a NULL must not change how the subject is written.
        if item.kind == .null, operand.kind == .text {
            return .infix(folded(operand.sql, by: try comparable(operand.collation ?? .binary)), "=", .null)
        }
        return try compare(operand, "=", item).sql
    }
}

extension PlanOptions {
    /// Text sorts by bytes in the target, by its columns' collation or the database's own.
    var sortsBytewise: Bool { databaseCollationIsC || textCollation == .bytewise }
}

extension Affinity {
    var isNumeric: Bool { self == .integer || self == .real || self == .numeric }
}
