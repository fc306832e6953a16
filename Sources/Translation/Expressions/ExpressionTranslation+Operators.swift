import SQLiteSyntax
import Schema

extension ExpressionTranslation {
    func unary(_ sign: UnaryOperator, _ operand: Typed) throws(Untranslatable) -> Typed {
        switch sign {
        case .not: return Typed(.prefix("NOT", try truth(of: operand)), .truth)
        case .plus:
            var result = operand
            result.affinity = nil
            return result
        case .minus: return try negated(operand)
        case .bitwiseNot: return Typed(.prefix("~", widened(try integer(operand)).sql), .integer)
        }
    }

    private func negated(_ operand: Typed) throws(Untranslatable) -> Typed {
        if case .integer(let value)? = operand.literal, value != .min { return try literal(.integer(-value)) }
        if case .real(let text)? = operand.literal {
            return try literal(.real(text.hasPrefix("-") ? String(text.dropFirst()) : "-" + text))
        }
        let number = try number(operand)
        var result = number
        result.literal = nil
        result.affinity = nil
        result.collation = nil
        if number.kind == .integer, let magnitude = number.magnitude, magnitude >= 0x1p63 {
            return Typed(try compatibility("negate", [try argument(number)]), .decimal)
        }
        // 0 - x, as SQLite computes it: the negative of 0.0 is 0.0.
        result.sql =
            number.kind == .real ? .infix(.integer(0), "-", number.sql) : .prefix("-", number.sql)
        if case .inScale(let sql) = number.numberClass {
            result.numberClass = .inScale(of: .prefix("-", sql))
        }
        return result
    }

    func binary(
        _ left: Expression, _ sign: BinaryOperator, _ right: Expression, depth: Int
    ) throws(Untranslatable) -> Typed {
        if case .row(let items) = left { return try rows(items, sign, right, depth: depth) }
        if case .row(let items) = right {
            guard let mirrored = sign.mirrored else { throw Untranslatable("it uses a row value") }
            return try rows(items, mirrored, left, depth: depth)
        }
        switch sign {
        case .and, .or:
            let one = try truth(of: typed(left, depth: depth))
            let other = try truth(of: typed(right, depth: depth))
            return Typed(.infix(one, sign.rawValue, other), .truth)
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
            return try compare(typed(left, depth: depth), sign.rawValue, typed(right, depth: depth))
        case .is, .isNotDistinctFrom: return try identity(left, right, negated: false, depth: depth)
        case .isNot, .isDistinctFrom: return try identity(left, right, negated: true, depth: depth)
        case .add, .subtract, .multiply, .divide, .modulo:
            let (one, other) = (try typed(left, depth: depth), try typed(right, depth: depth))
            var result = try arithmetic(one, sign, other)
            let mayDivideByZero = (sign == .divide || sign == .modulo) && !other.isNonZeroLiteral
            result.isNeverNull = one.isNeverNull && other.isNeverNull && !mayDivideByZero
            return result
        case .bitwiseAnd, .bitwiseOr:
            let one = try integer(typed(left, depth: depth))
            let other = try integer(typed(right, depth: depth))
            let wide = one.isNarrow && other.isNarrow ? widened(one) : one
            var result = Typed(.infix(wide.sql, sign.rawValue, other.sql), .integer)
            if sign == .bitwiseAnd {
                // Not more than a positive literal beside it.
                result.magnitude = [one, other].compactMap(\.nonNegativeLiteral).min()
            }
            return result
        case .shiftLeft, .shiftRight:
            return try shift(typed(left, depth: depth), sign, typed(right, depth: depth))
        case .concatenate:
            let one = try typed(left, depth: depth)
            let other = try typed(right, depth: depth)
            var result = Typed(.infix(try text(one), "||", try text(other)), .text)
            result.isBytewise = one.isBytewise && other.isBytewise
            return result
        case .extract, .extractText:
            return try extract(typed(left, depth: depth), sign, typed(right, depth: depth))
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

    // MARK: Arithmetic

    func arithmetic(
        _ left: Typed, _ sign: BinaryOperator, _ right: Typed
    ) throws(Untranslatable) -> Typed {
        if sign == .modulo { return try remainder(left, right) }
        let one = try number(left)
        let other = try number(right)
        if one.kind == .integer, other.kind == .integer { return try integers(one, sign, other) }
        let isReal = one.isDefinitelyReal || other.isDefinitelyReal
        switch sign {
        case .divide:
            guard isReal else { return try byClass(one, sign, other) }
            let divisor = try double(other)
            let safe = other.isNonZeroLiteral ? divisor : .call("nullif", [divisor, .integer(0)])
            return Typed(.infix(try double(one), "/", safe), .real)
        default: break
        }
        if isReal {
            if let name = Self.guarded[sign], one.sql.isHuge || other.sql.isHuge, settings.allowsCompatibility
            {
                return Typed(try compatibility(name, [try double(one), try double(other)]), .real)
            }
            return Typed(.infix(try operand(one), sign.rawValue, try operand(other)), .real)
        }
        return try mixed(one, sign, other)
    }

    /// Functions that give an infinity where Postgres would give an error.
    private static let guarded: [BinaryOperator: String] = [
        .add: "add", .subtract: "subtract", .multiply: "multiply",
    ]

    /// Of the whole parts, which of a text are its leading digits alone ('1e2' % 7 is 1.0, not 2.0); a REAL
    /// when either side is one as a number.
    private func remainder(_ left: Typed, _ right: Typed) throws(Untranslatable) -> Typed {
        let one = try number(left)
        let other = try number(right)
        if one.kind == .integer, other.kind == .integer { return try integers(one, .modulo, other) }
        let whole = try integers(integer(left), .modulo, integer(right))
        if one.isDefinitelyReal || other.isDefinitelyReal {
            return Typed(.cast(whole.sql, .doublePrecision), .real)
        }
        var result = Typed(.cast(whole.sql, .doublePrecision), .real)
        result.magnitude = whole.magnitude
        result.numberClass = .lost
        guard settings.allowsCompatibility else { return result }
        let isReal = try [one, other].filter { $0.kind != .integer }.map { (side) throws(Untranslatable) in
            try compatibility("is_real", [try classed(side)])
        }
        let either = isReal.dropFirst().reduce(isReal[0]) { .infix($0, "OR", $1) }
        let real = try compatibility("to_number", [result.sql])
        result.numberClass = .inScale(
            of: .conditional(
                operand: nil, branches: [.init(when: either, then: real)],
                otherwise: .cast(whole.sql, .numeric(nil))))
        return result
    }

    /// Beside a real, Postgres converts an integer as SQLite does.
    private func operand(_ number: Typed) throws(Untranslatable) -> TargetExpression {
        number.kind == .integer ? number.sql : try double(number)
    }

    private func integers(
        _ left: Typed, _ sign: BinaryOperator, _ right: Typed
    ) throws(Untranslatable) -> Typed {
        let magnitude = Self.magnitude(left, sign, right)
        // Where integers overflow, SQLite goes on with a real and Postgres refuses the row.
        if let magnitude, magnitude >= 0x1p63 {
            guard settings.allowsCompatibility else {
                throw Untranslatable("its integers would exceed bigint for values that are there")
            }
            return try byClass(left, sign, right)
        }
        let one = left.isNarrow && right.isNarrow ? widened(left) : left
        var other = right
        if sign == .divide || sign == .modulo, !other.isNonZeroLiteral {
            other.sql = .call("nullif", [other.sql, .integer(0)])
        }
        var result = Typed(.infix(one.sql, sign.rawValue, other.sql), .integer)
        result.magnitude = magnitude
        return result
    }

    private static func magnitude(_ left: Typed, _ sign: BinaryOperator, _ right: Typed) -> Double? {
        guard let one = left.magnitude, let other = right.magnitude else { return nil }
        switch sign {
        case .add, .subtract: return one + other
        case .multiply: return one * other
        case .divide, .modulo: return one
        default: return nil
        }
    }

    /// By the class of each value: integers as integers, anything with a real as reals.
    private func byClass(
        _ left: Typed, _ sign: BinaryOperator, _ right: Typed
    ) throws(Untranslatable) -> Typed {
        let names: [BinaryOperator: String] = [
            .add: "add", .subtract: "subtract", .multiply: "multiply", .divide: "divide", .modulo: "modulo",
        ]
        guard let name = names[sign] else { throw Untranslatable("\(sign.rawValue) is no arithmetic") }
        return Typed(try compatibility(name, [try classed(left), try classed(right)]), .decimal)
    }

    /// Sums and products are the same number whether they are computed as integers or as reals, as long
    /// as a double holds the integers; their class is computed beside.
    private func mixed(
        _ left: Typed, _ sign: BinaryOperator, _ right: Typed
    ) throws(Untranslatable) -> Typed {
        let magnitude = Self.magnitude(left, sign, right)
        let isKnown = magnitude != nil || !settings.allowsCompatibility
        guard isKnown, (magnitude ?? 0) <= 0x1p53, isSafeInDouble(left), isSafeInDouble(right) else {
            return try byClass(left, sign, right)
        }
        var result = Typed(.infix(try double(left), sign.rawValue, try double(right)), .real)
        result.magnitude = magnitude
        result.numberClass = .lost
        if settings.allowsCompatibility {
            result.numberClass = .inScale(of: try byClass(left, sign, right).sql)
        }
        return result
    }

    private func shift(_ left: Typed, _ sign: BinaryOperator, _ right: Typed) throws(Untranslatable) -> Typed
    {
        let number = widened(try integer(left))
        let count = try integer(right)
        guard case .integer(var places)? = count.literal else {
            let name = sign == .shiftLeft ? "shift_left" : "shift_right"
            return Typed(
                try compatibility(name, [try argument(number), try argument(count)]), .integer)
        }
        var goesLeft = sign == .shiftLeft
        if places < 0 {
            goesLeft.toggle()
            places = places == .min ? .max : -places
        }
        // All bits are gone; what is left of a negative number is its sign.
        if goesLeft, places >= 64 { return Typed(.infix(number.sql, "&", .integer(0)), .integer) }
        return Typed(
            .infix(number.sql, goesLeft ? "<<" : ">>", .integer(min(places, 63))), .integer)
    }

    /// Wide enough that a result beyond 32 bits is no error.
    func widened(_ number: Typed) -> Typed {
        guard number.isNarrow else { return number }
        var result = number
        result.sql = .cast(number.sql, .bigint)
        result.isNarrow = false
        return result
    }

    // MARK: CAST

    func cast(_ operand: Typed, to type: String) throws(Untranslatable) -> Typed {
        let affinity = Affinity(declaredType: type)
        var result = try converted(operand, to: affinity)
        result.affinity = affinity
        result.collation = operand.collation
        result.hasExplicitCollation = operand.hasExplicitCollation
        if result.kind != operand.kind { result.literal = nil }
        return result
    }

    private func converted(_ operand: Typed, to affinity: Affinity) throws(Untranslatable) -> Typed {
        if operand.kind == .null { return operand }
        switch affinity {
        case .integer:
            if operand.kind == .truth { return try number(operand) }
            return try integer(operand)
        case .text:
            if operand.kind == .text { return operand }
            let text = try text(operand)
            if case .string(let text) = text { return try literal(.string(text)) }
            return Typed(text, .text)
        case .real:
            if operand.kind == .integer || operand.kind == .truth || operand.kind == .decimal
                || operand.kind == .real
            {
                var result = Typed(try double(try number(operand)), .real)
                if operand.kind == .real { result.literal = operand.literal }
                return result
            }
            return Typed(try compatibility("to_real", [try argument(operand)]), .real)
        case .numeric:
            if operand.kind.isNumber || operand.kind == .truth { return try number(operand) }
            return Typed(try compatibility("to_numeric", [try argument(operand)]), .decimal)
        case .blob:
            return Typed(try blob(operand), .bytes)
        }
    }

    // MARK: CASE

    func conditional(
        _ operand: Expression?, _ branches: [Expression.WhenBranch], _ otherwise: Expression?, depth: Int
    ) throws(Untranslatable) -> Typed {
        let subject = try operand.map { (expression) throws(Untranslatable) in
            try typed(expression, depth: depth)
        }
        var conditions: [TargetExpression] = []
        var results: [Typed] = []
        for branch in branches {
            let test = try typed(branch.condition, depth: depth)
            if let subject {
                conditions.append(try compare(subject, "=", test).sql)
            } else {
                conditions.append(try truth(of: test))
            }
            results.append(try typed(branch.result, depth: depth))
        }
        results.append(try typed(otherwise ?? .literal(.null), depth: depth))
        let (common, tests) = Self.withCommonSubject(conditions, subject)
        if subject?.kind == .null {
            return try conditional(nil, falsehoods(branches), otherwise, depth: depth)
        }
        if common == nil, let subject, subject.sql.isVolatile {
            throw Untranslatable("its CASE compares a random value more than once")
        }
        let (values, result) = try unified(results)
        func build(_ values: [TargetExpression]) -> TargetExpression {
            let pairs = zip(tests, values).map { TargetExpression.Branch(when: $0, then: $1) }
            return .conditional(
                operand: common, branches: pairs, otherwise: otherwise == nil ? nil : values.last)
        }
        var choice = withClass(result, of: results, build)
        choice.sql = build(values)
        return choice
    }

    /// Nothing equals NULL.
    private func falsehoods(_ branches: [Expression.WhenBranch]) -> [Expression.WhenBranch] {
        branches.map { .init(when: .literal(.boolean(false)), then: $0.result) }
    }

    /// `CASE x WHEN a …` when every condition is `x = a`, so that x is computed once.
    private static func withCommonSubject(
        _ conditions: [TargetExpression], _ subject: Typed?
    ) -> (TargetExpression?, [TargetExpression]) {
        guard subject != nil, case .infix(let common, "=", _)? = conditions.first else {
            return (nil, conditions)
        }
        let others = conditions.compactMap { condition -> TargetExpression? in
            guard case .infix(common, "=", let other) = condition else { return nil }
            return other
        }
        return others.count == conditions.count ? (common, others) : (nil, conditions)
    }
}

extension Typed {
    fileprivate var nonNegativeLiteral: Double? {
        guard case .integer(let value)? = literal, value >= 0 else { return nil }
        return Double(value)
    }
}

extension BinaryOperator {
    /// The comparison that says the same with its sides exchanged.
    fileprivate var mirrored: BinaryOperator? {
        switch self {
        case .equal, .notEqual, .is, .isNot, .isDistinctFrom, .isNotDistinctFrom: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        default: nil
        }
    }
}

extension TargetExpression {
    /// It holds a literal so large that what is computed with it may exceed a double.
    fileprivate var isHuge: Bool {
        var result = false
        visit { node in
            if case .number(let text) = node, let number = Double(text), abs(number) >= 1e100 {
                result = true
            }
        }
        return result
    }
}
