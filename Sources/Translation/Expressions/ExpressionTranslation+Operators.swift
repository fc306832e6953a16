import SQLiteSyntax
import Schema

extension ExpressionTranslation {
    func binary(
        _ left: Expression, _ sign: BinaryOperator, _ right: Expression, depth: Int
    ) throws(Untranslatable) -> Typed {
        switch sign {
        case .and, .or:
            let one = try truth(of: typed(left, depth: depth))
            let other = try truth(of: typed(right, depth: depth))
            return Typed(.infix(one, sign.rawValue, other), .truth)
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
            return try compare(typed(left, depth: depth), sign.rawValue, typed(right, depth: depth))
        case .is, .isNotDistinctFrom: return try identity(left, right, negated: false, depth: depth)
        case .isNot, .isDistinctFrom: return try identity(left, right, negated: true, depth: depth)
        case .add, .subtract, .multiply, .divide, .modulo, .bitwiseAnd, .bitwiseOr:
            return try arithmetic(typed(left, depth: depth), sign, typed(right, depth: depth))
        case .shiftLeft, .shiftRight:
            return try shift(typed(left, depth: depth), sign, typed(right, depth: depth))
        case .concatenate:
            let one = try text(typed(left, depth: depth))
            let other = try text(typed(right, depth: depth))
            return Typed(.infix(one, "||", other), .text)
        case .extract, .extractText: throw Untranslatable("\(sign.rawValue) on JSON differs in Postgres")
        }
    }

    /// `IS`: equality in which NULL is a value; `IS TRUE` asks for the truth.
    private func identity(
        _ left: Expression, _ right: Expression, negated: Bool, depth: Int
    ) throws(Untranslatable) -> Typed {
        let one = try typed(left, depth: depth)
        if case .literal(.boolean(let value)) = right {
            let words = "IS \(negated ? "NOT " : "")\(value ? "TRUE" : "FALSE")"
            return Typed(.postfix(try truth(of: one), words), .truth)
        }
        let other = try typed(right, depth: depth)
        let test = negated ? "IS NOT NULL" : "IS NULL"
        if other.isNullLiteral { return Typed(.postfix(one.sql, test), .truth) }
        if one.isNullLiteral { return Typed(.postfix(other.sql, test), .truth) }
        let sign = negated ? "IS DISTINCT FROM" : "IS NOT DISTINCT FROM"
        return try compare(one, sign, other)
    }

    private func arithmetic(
        _ left: Typed, _ sign: BinaryOperator, _ right: Typed
    ) throws(Untranslatable) -> Typed {
        var one = try number(left)
        var other = try number(right)
        if one.isNarrow, other.isNarrow { one = widened(one) }
        let isInteger = one.kind == .integer && other.kind == .integer
        switch sign {
        case .bitwiseAnd, .bitwiseOr, .modulo:
            guard isInteger else { throw Untranslatable("\(sign.rawValue) is applied to reals") }
        case .divide:
            guard left.kind != .decimal, right.kind != .decimal else {
                throw Untranslatable("a division of decimals depends on whether each value is whole")
            }
        default: break
        }
        if sign == .divide || sign == .modulo, !other.isNonZeroLiteral {
            other.sql = .call("nullif", [other.sql, .integer(0)])
        }
        var result = Typed(.infix(one.sql, sign.rawValue, other.sql), isInteger ? .integer : .real)
        if isInteger { result.magnitude = try Self.magnitude(one, sign, other) }
        return result
    }

    private static func magnitude(
        _ left: Typed, _ sign: BinaryOperator, _ right: Typed
    ) throws(Untranslatable) -> Double? {
        guard let one = left.magnitude, let other = right.magnitude else { return nil }
        switch sign {
        case .add, .subtract: return try storable(one + other)
        case .multiply: return try storable(one * other)
        case .divide, .modulo: return one
        default: return nil
        }
    }

    /// Where integers overflow, SQLite goes on with a real and Postgres refuses the row.
    static func storable(_ magnitude: Double?) throws(Untranslatable) -> Double? {
        if let magnitude, magnitude >= 0x1p63 {
            throw Untranslatable("its integers would exceed bigint for values that are there")
        }
        return magnitude
    }

    private func shift(_ left: Typed, _ sign: BinaryOperator, _ right: Typed) throws(Untranslatable) -> Typed
    {
        let number = widened(try number(left))
        guard number.kind == .integer, case .integer(let count)? = right.literal, (0..<64).contains(count)
        else {
            throw Untranslatable("a shift is carried only for a constant count below 64")
        }
        return Typed(.infix(number.sql, sign.rawValue, .integer(count)), .integer)
    }

    /// As an operand of arithmetic: `bigint` or `double precision`.
    func number(_ operand: Typed) throws(Untranslatable) -> Typed {
        switch operand.kind {
        case .integer: return operand
        case .truth:
            var result = Typed(Self.zeroOrOne(operand.sql), .integer)
            result.isNarrow = true
            result.magnitude = 1
            result.literal = operand.literal
            return result
        case .real where operand.literal == nil: return operand
        case .real, .decimal:
            var result = Typed(.cast(operand.sql, .doublePrecision), .real)
            result.literal = operand.literal
            return result
        case .null: return Typed(.cast(.null, .bigint), .integer)
        default: throw Untranslatable("it computes with \(operand.kind.words)")
        }
    }

    /// Wide enough that a result beyond 32 bits is no error.
    func widened(_ number: Typed) -> Typed {
        guard number.isNarrow else { return number }
        var result = number
        result.sql = .cast(number.sql, .bigint)
        result.isNarrow = false
        return result
    }

    /// As an operand of `||`, LIKE, GLOB and text functions.
    func text(_ operand: Typed) throws(Untranslatable) -> TargetExpression {
        switch operand.kind {
        case .text: return operand.sql
        case .integer: return .cast(operand.sql, .text)
        case .truth: return .cast(Self.zeroOrOne(operand.sql), .text)
        case .null: return .cast(.null, .text)
        default: throw Untranslatable("it takes \(operand.kind.words) for text")
        }
    }

    func match(
        _ operand: Typed, _ sign: MatchOperator, pattern: Expression, escape: Expression?
    ) throws(Untranslatable) -> Typed {
        guard case .literal(.string(let pattern)) = pattern else {
            throw Untranslatable("\(sign.rawValue) is carried only for a constant pattern")
        }
        let subject = try text(operand)
        switch sign {
        case .like: return try like(subject, pattern, escape: escape)
        case .glob:
            guard escape == nil else { throw Untranslatable("GLOB has no ESCAPE") }
            let regex = try GlobPattern.regularExpression(for: pattern)
            return Typed(.infix(.collate(subject, "C"), "~", .string(regex)), .truth)
        case .regexp, .match: throw Untranslatable("\(sign.rawValue) is the application's own function")
        }
    }

    /// ASCII letters match in both cases; nothing else does.
    private func like(
        _ subject: TargetExpression, _ pattern: String, escape: Expression?
    ) throws(Untranslatable) -> Typed {
        var ending: TargetExpression? = pattern.contains("\\") ? .string("") : nil
        if let escape {
            guard case .literal(.string(let sign)) = escape, sign.unicodeScalars.count == 1,
                let scalar = sign.first,
                !scalar.isLetter, !"%_".contains(scalar)
            else { throw Untranslatable("LIKE is carried only with a constant ESCAPE that is no letter") }
            var isEscaped = false
            for character in pattern { isEscaped = character == scalar && !isEscaped }
            guard !isEscaped else { throw Untranslatable("the pattern of LIKE ends with its ESCAPE") }
            ending = .string(sign)
        }
        let hasLetters = pattern.utf8.contains { (0x41...0x5A).contains($0 & 0xDF) }
        let folded = hasLetters ? TargetExpression.call("lower", [.collate(subject, "C")]) : subject
        return Typed(
            .like(folded, pattern: .string(SQLiteName.folded(pattern)), escape: ending, negated: false),
            .truth)
    }

    func cast(_ operand: Typed, to type: String) throws(Untranslatable) -> Typed {
        let affinity = Affinity(declaredType: type)
        var result: Typed
        switch (affinity, operand.kind) {
        case (_, .null): result = operand
        case (.integer, .integer), (.numeric, .integer), (.text, .text), (.real, .real), (.blob, .bytes):
            result = operand
        case (.numeric, .decimal), (.numeric, .real): result = operand
        case (.integer, .truth), (.numeric, .truth): result = try number(operand)
        case (.text, .integer), (.text, .truth): result = Typed(try text(operand), .text)
        case (.real, .integer), (.real, .decimal): result = Typed(.cast(operand.sql, .doublePrecision), .real)
        default: throw Untranslatable("CAST from \(operand.kind.words) to \(type) differs in Postgres")
        }
        result.affinity = affinity
        return result
    }
}

extension Typed {
    var isNonZeroLiteral: Bool {
        switch literal {
        case .integer(let value): value != 0
        case .real(let text): Double(text).map { $0 != 0 } ?? false
        default: false
        }
    }
}

extension ColumnDraft {
    /// The largest integer of the column, by its distance from zero; nil without values.
    var magnitude: Double? {
        guard let observed, let low = observed.minInteger, let high = observed.maxInteger else { return nil }
        return Double(max(low.magnitude, high.magnitude))
    }
}
