import SQLiteSyntax
import Schema

/// Comparisons, by SQLite's rules for affinity and collation
/// (https://sqlite.org/datatype3.html#comparison_expressions).
extension ExpressionTranslation {
    func compare(_ left: Typed, _ sign: String, _ right: Typed) throws(Untranslatable) -> Typed {
        if left.kind == .null || right.kind == .null {
            return Typed(.infix(left.sql, sign, right.sql), .truth)
        }
        let affinity = Affinity.ofComparison(left.affinity, right.affinity)
        let one = try applying(affinity, to: left, beside: right)
        let other = try applying(affinity, to: right, beside: left)
        if let result = try compareTruth(one, sign, other) { return result }
        if let result = try compareTruth(other, Self.mirrored(sign), one) { return result }
        if let result = Self.compareDay(one, sign, other) { return result }
        if let result = Self.compareDay(other, Self.mirrored(sign), one) { return result }
        switch try comparison(of: one, with: other) {
        case .native(let a, let b, let isText):
            let isOrder = !Self.equalities.contains(sign)
            guard isText else { return Typed(.infix(a, sign, b), .truth) }
            let rule = try comparable(Self.collation(left, right))
            return Typed(
                .infix(
                    folded(a, by: rule, isOrder && !one.isBytewise), sign,
                    folded(b, by: rule, isOrder && !other.isBytewise && other.literal == nil)), .truth)
        case .byKey(let a, let b):
            return Typed(.infix(try key(a, one, other), sign, try key(b, one, other)), .truth)
        case .byClass(let order):
            return try constant(Self.holds(sign, order), sign, one, other)
        }
    }

    private static let equalities = ["=", "<>", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"]

    /// A COLLATE counts before a column's rule, the left operand before the right.
    private static func collation(_ left: Typed, _ right: Typed) -> SourceCollation {
        let isRight = right.hasExplicitCollation && !left.hasExplicitCollation
        return (isRight ? right.collation : left.collation ?? right.collation) ?? .binary
    }

    func comparable(_ collation: SourceCollation) throws(Untranslatable) -> SourceCollation {
        if case .custom(let name) = collation {
            throw Untranslatable("Postgres does not know the collation \(name)")
        }
        return collation
    }

    /// The text that SQLite compares under a collation.
    ///
    /// - Parameter needsBytes: its order counts, and Postgres would not sort it by bytes by itself.
    func folded(_ text: TargetExpression, by collation: SourceCollation, _ needsBytes: Bool = false)
        -> TargetExpression
    {
        switch collation {
        case .nocase:
            if case .string(let value) = text { return .string(SQLiteName.folded(value)) }
            return .call("lower", [.collate(text, "C")])
        case .rtrim:
            return bytewise(.call("rtrim", [text, .string(" ")]), needsBytes)
        default: return bytewise(text, needsBytes)
        }
    }

    private func bytewise(_ text: TargetExpression, _ needsBytes: Bool) -> TargetExpression {
        guard needsBytes, !options.databaseCollationIsC else { return text }
        return .collate(text, "C")
    }

    // MARK: What is compared

    enum Comparison {
        /// Postgres' own operators on these two say the same; texts still need their collation.
        case native(TargetExpression, TargetExpression, isText: Bool)
        /// The keys of two values of any class.
        case byKey(TargetExpression, TargetExpression)
        /// Every value of the left sorts before (-1) or after (1) every value of the right.
        case byClass(Int)
    }

    func comparison(of left: Typed, with right: Typed) throws(Untranslatable) -> Comparison {
        let one = plainNumber(left)
        let other = plainNumber(right)
        if one.kind.isNumber, other.kind.isNumber { return try numbers(one, other) }
        if one.kind.isDynamic || other.kind.isDynamic {
            return .byKey(try dynamic(one), try dynamic(other))
        }
        guard let first = one.kind.rank, let second = other.kind.rank else {
            throw Untranslatable("it compares \(one.kind.words) with \(other.kind.words)")
        }
        if first != second { return .byClass(first < second ? -1 : 1) }
        if one.kind == .bytes { return .native(one.sql, other.sql, isText: false) }
        if one.kind == .text, other.kind == .text { return .native(one.sql, other.sql, isText: true) }
        return try texts(one, other)
    }

    /// Postgres compares an integer with a double as doubles, SQLite exactly.
    private func numbers(_ left: Typed, _ right: Typed) throws(Untranslatable) -> Comparison {
        let (one, other) = (exactLiteral(left), exactLiteral(right))
        let hasDouble =
            one.kind == .real && one.literal == nil || other.kind == .real && other.literal == nil
        let isExact = !hasDouble || one.kind == .real && other.kind == .real
        if isExact || (isSafeInDouble(one) && isSafeInDouble(other)) {
            return .native(one.sql, other.sql, isText: false)
        }
        return .byKey(try dynamic(left), try dynamic(right))
    }

    /// A whole real as an integer, which is the same number in any comparison.
    private func exactLiteral(_ number: Typed) -> Typed {
        guard case .real(let text)? = number.literal, let value = Double(text), value.magnitude >= 0x1p53,
            let whole = Int64(exactly: value)
        else { return number }
        var result = Typed(.integer(whole), .integer)
        result.literal = .integer(whole)
        return result
    }

    /// Texts, one of which became a type of its own: natively where the two orders agree, else as text.
    private func texts(_ left: Typed, _ right: Typed) throws(Untranslatable) -> Comparison {
        if left.kind == right.kind, left.kind != .json, left.kind != .timestamptz, left.isCanonical,
            right.isCanonical
        {
            return .native(left.sql, right.sql, isText: false)
        }
        for (mapped, beside) in [(left, right), (right, left)] {
            guard mapped.kind.isMapped, mapped.isCanonical, case .string(let text)? = beside.literal,
                CanonicalForm.matches(text, mapped.kind)
            else { continue }
            return .native(left.sql, right.sql, isText: false)
        }
        guard left.kind != .json, right.kind != .json else {
            throw Untranslatable("it compares JSON as text, and jsonb writes it in another form")
        }
        return .native(try text(left), try text(right), isText: true)
    }

    /// TRUE and FALSE are the numbers 1 and 0.
    private func plainNumber(_ operand: Typed) -> Typed {
        guard operand.kind == .truth else { return operand }
        var result = operand
        if case .integer(let value)? = operand.literal {
            result.sql = .integer(value)
        } else {
            result.sql = Self.zeroOrOne(operand.sql)
        }
        result.magnitude = 1
        result.kind = .integer
        return result
    }

    private func key(
        _ value: TargetExpression, _ left: Typed, _ right: Typed
    ) throws(Untranslatable) -> TargetExpression {
        switch try comparable(Self.collation(left, right)) {
        case .nocase: try compatibility("sort_key", [value, .string("NOCASE")])
        case .rtrim: try compatibility("sort_key", [value, .string("RTRIM")])
        default: try compatibility("sort_key", [value])
        }
    }

    // MARK: Affinity

    /// The operand with the affinity of the comparison applied.
    func applying(
        _ affinity: Affinity?, to operand: Typed, beside other: Typed
    ) throws(Untranslatable) -> Typed {
        var result = operand
        switch affinity {
        case .text:
            guard other.kind.mayBeText,
                operand.kind.isNumber || operand.kind == .truth || operand.kind == .any
            else { return operand }
            if operand.kind == .any {
                result.sql = try compatibility("apply_text_affinity", [operand.sql])
                return result
            }
            if case .integer(let value)? = operand.literal {
                result.sql = .string(String(value))
                result.literal = .string(String(value))
            } else {
                result.sql = try text(operand)
                result.literal = nil
                if case .string(let text) = result.sql { result.literal = .string(text) }
            }
            result.kind = .text
            return result
        case .integer, .real, .numeric: return try applyingNumeric(to: operand)
        default: return operand
        }
    }

    private func applyingNumeric(to operand: Typed) throws(Untranslatable) -> Typed {
        var result = operand
        switch operand.kind {
        case .any: result.sql = try compatibility("apply_numeric_affinity", [operand.sql])
        case .text:
            if case .string(let text)? = operand.literal {
                guard let literal = SQLiteValue.text(text).applying(.numeric).numberLiteral else {
                    return operand
                }
                var number = try self.literal(literal)
                number.affinity = operand.affinity
                return number
            }
            // What a column of a numeric affinity holds as text is no number.
            if operand.affinity?.isNumeric == true || operand.isNeverNumeric { return operand }
            result.sql = try compatibility("apply_numeric_affinity", [try argument(operand)])
            result.kind = .any
        case .uuid where operand.affinity?.isNumeric != true:
            result.sql = try compatibility("apply_numeric_affinity", [try text(operand)])
            result.kind = .any
        default: break
        }
        return result
    }

    // MARK: Special forms

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
        return nil
    }

    /// A timestamp beside a day: every text of a moment of that day is longer, so it sorts after it.
    private static func compareDay(_ left: Typed, _ sign: String, _ right: Typed) -> Typed? {
        guard left.kind == .timestamp, left.isCanonical, case .string(let text)? = right.literal,
            CanonicalForm.matches(text, .date)
        else { return nil }
        let start = TargetExpression.string(text + " 00:00:00")
        switch sign {
        case ">", ">=": return Typed(.infix(left.sql, ">=", start), .truth)
        case "<", "<=": return Typed(.infix(left.sql, "<", start), .truth)
        default: return nil
        }
    }

    /// A comparison whose result depends on nothing but whether its sides are NULL.
    private func constant(
        _ result: Bool, _ sign: String, _ left: Typed, _ right: Typed
    ) throws(Untranslatable) -> Typed {
        let open = [left, right].filter { $0.literal == nil }.map(\.sql)
        if sign.hasPrefix("IS") {
            // Two values that are never equal are not distinct only when both are NULL.
            guard open.count == 2 else { return Typed(.boolean(sign == "IS DISTINCT FROM"), .truth) }
            let bothNull = TargetExpression.infix(
                .postfix(open[0], "IS NULL"), "AND", .postfix(open[1], "IS NULL"))
            return Typed(sign == "IS DISTINCT FROM" ? .prefix("NOT", bothNull) : bothNull, .truth)
        }
        let tests = open.map { TargetExpression.postfix($0, "IS NOT NULL") }
        guard let first = tests.first else { return Typed(.boolean(result), .truth) }
        let all = tests.dropFirst().reduce(first) { .infix($0, "AND", $1) }
        return Typed(
            .conditional(
                operand: nil, branches: [.init(when: all, then: .boolean(result))],
                otherwise: .cast(.null, .boolean)), .truth)
    }

    private static func holds(_ sign: String, _ order: Int) -> Bool {
        switch sign {
        case "<", "<=": order < 0
        case ">", ">=": order > 0
        case "<>", "IS DISTINCT FROM": true
        default: false
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
        if case .row = operand {
            let range = try binary(
                .binary(operand, .greaterOrEqual, low), .and, .binary(operand, .lessOrEqual, high),
                depth: depth)
            return Typed(negated ? .prefix("NOT", range.sql) : range.sql, .truth)
        }
        let value = try typed(operand, depth: depth)
        let lower = try compare(value, ">=", typed(low, depth: depth))
        let upper = try compare(value, "<=", typed(high, depth: depth))
        if case .infix(let one, ">=", let from) = lower.sql, case .infix(let two, "<=", let to) = upper.sql,
            one == two
        {
            return Typed(.between(one, low: from, high: to, negated: negated), .truth)
        }
        if value.sql.isVolatile { throw Untranslatable("its BETWEEN compares a random value twice") }
        let range = TargetExpression.infix(lower.sql, "AND", upper.sql)
        return Typed(negated ? .prefix("NOT", range) : range, .truth)
    }
}

extension Affinity {
    var isNumeric: Bool { self == .integer || self == .real || self == .numeric }

    /// The affinity that is applied to both sides; nil for none.
    static func ofComparison(_ left: Affinity?, _ right: Affinity?) -> Affinity? {
        guard let left, let right else { return left ?? right }
        return left.isNumeric || right.isNumeric ? .numeric : nil
    }
}

extension Typed.Kind {
    /// The order of the storage classes.
    fileprivate var rank: Int? {
        switch self {
        case .truth, .integer, .real, .decimal: 1
        case .text, .date, .time, .timestamp, .timestamptz, .uuid, .json: 2
        case .bytes: 3
        case .mixed, .mixedBytes, .any, .null: nil
        }
    }

    fileprivate var isDynamic: Bool { self == .any || self == .mixed }

    fileprivate var mayBeText: Bool { rank == 2 || self == .any || self == .mixed }
}
