import SQLiteSyntax
import Schema

// Functions that choose among values, ask for their class, or compute with numbers.
extension ExpressionTranslation {
    /// Hands on the value, but neither affinity nor collation.
    func hint(_ arguments: [Typed]) throws(Untranslatable) -> Typed { arguments[0].withoutColumnRules }

    func coalesce(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let (values, result) = try unified(arguments)
        var choice = withClass(result, of: arguments) { .call("coalesce", $0) }
        choice.isNeverNull = arguments.contains(where: \.isNeverNull)
        choice.sql = result.kind == .null ? .cast(.null, .text) : .call("coalesce", values)
        return choice
    }

    /// Compares without affinity, by the collation of the first argument that has one.
    func nullIf(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let value = arguments[0]
        if value.kind == .null { return value }
        let test = try compareInFunction(value, "=", arguments[1])
        var result = value.withoutColumnRules
        result.literal = nil
        result.isNeverNull = false
        if let embedded = value.embedded {
            let branch = TargetExpression.Branch(when: test, then: .null)
            result.embedded = .conditional(operand: nil, branches: [branch], otherwise: embedded)
        }
        if case .inScale(let sql) = value.numberClass {
            let branch = TargetExpression.Branch(when: test, then: .null)
            result.numberClass = .inScale(of: .conditional(operand: nil, branches: [branch], otherwise: sql))
        }
        let isAlike =
            value.kind == arguments[1].kind || value.kind == .real && arguments[1].kind.isNumber
            || value.kind == .decimal && arguments[1].kind == .integer
        if isAlike, case .infix(value.sql, "=", let other) = test {
            result.isNarrow = result.isNarrow && value.literal == nil && arguments[1].isNarrow
            result.sql = .call("nullif", [value.literal == nil ? value.sql : try argument(value), other])
            if value.kind == .real, value.literal != nil {
                result.sql = .call("nullif", [try double(value), other])
            }
            return result
        }
        if value.sql.isVolatile { throw Untranslatable("its nullif() would compute a random value twice") }
        let branch = TargetExpression.Branch(when: test, then: .null)
        result.sql = .conditional(
            operand: nil, branches: [branch],
            otherwise: value.kind == .real && value.literal != nil ? try double(value) : value.sql)
        return result
    }

    private func compareInFunction(
        _ left: Typed, _ sign: String, _ right: Typed
    ) throws(Untranslatable) -> TargetExpression {
        var (one, other) = (left, right)
        one.affinity = nil
        other.affinity = nil
        one.collation = left.collation ?? right.collation
        other.collation = nil
        one.hasExplicitCollation = true
        other.hasExplicitCollation = false
        return try compare(one, sign, other).sql
    }

    func least(_ arguments: [Typed]) throws(Untranslatable) -> Typed { try extreme("least", arguments) }
    func greatest(_ arguments: [Typed]) throws(Untranslatable) -> Typed { try extreme("greatest", arguments) }

    /// NULL when any argument is; Postgres' `greatest` passes over NULLs.
    private func extreme(_ name: String, _ arguments: [Typed]) throws(Untranslatable) -> Typed {
        if arguments.contains(where: { $0.kind == .null }) { return try literal(.null) }
        if arguments.contains(where: { $0.sql.isVolatile }) {
            throw Untranslatable("it would compute a random value twice")
        }
        if let native = try nativeExtreme(name, arguments) { return native }
        var best = arguments[0]
        let collation = arguments.lazy.compactMap(\.collation).first
        for next in arguments.dropFirst() {
            best.collation = collation
            let test = try compareInFunction(best, name == "least" ? ">=" : "<", next)
            let (values, result) = try unified([best, next])
            func build(_ values: [TargetExpression]) -> TargetExpression {
                .conditional(
                    operand: nil,
                    branches: [
                        .init(when: test, then: values[1]),
                        .init(when: .prefix("NOT", test), then: values[0]),
                    ],
                    otherwise: nil)
            }
            var choice = withClass(result, of: [best, next], build)
            choice.sql = build(values)
            best = choice
        }
        best.collation = nil
        return best
    }

    private func nativeExtreme(_ name: String, _ arguments: [Typed]) throws(Untranslatable) -> Typed? {
        let kind = arguments[0].kind
        let isText = kind == .text && arguments.allSatisfy { ($0.collation ?? .binary) == .binary }
        let isMoment = [.date, .time, .timestamp].contains(kind) && arguments.allSatisfy(\.isCanonical)
        let isNumber =
            kind == .integer
            || (kind == .decimal || kind == .real) && arguments.allSatisfy { $0.numberClass == .ofKind }
        guard isText || isMoment || isNumber, arguments.allSatisfy({ $0.kind == kind }) else { return nil }
        var values = arguments.map(\.sql)
        if isText, !arguments.allSatisfy({ $0.isBytewise || $0.literal != nil }),
            !options.databaseCollationIsC
        {
            values[0] = .collate(values[0], "C")
        }
        if kind == .real {
            values = try arguments.map { (item) throws(Untranslatable) in try double(item) }
        }
        var result = Typed(.call(name, values), kind)
        result.magnitude =
            arguments.contains { $0.magnitude == nil } ? nil : arguments.compactMap(\.magnitude).max()
        result.isNarrow = arguments.allSatisfy(\.isNarrow)
        result.isBytewise = isText && arguments.allSatisfy { $0.isBytewise || $0.literal != nil }
        let tests = arguments.filter { $0.literal == nil }.map {
            TargetExpression.postfix($0.sql, "IS NOT NULL")
        }
        guard let first = tests.first else { return result }
        let all = tests.dropFirst().reduce(first) { .infix($0, "AND", $1) }
        result.sql = .conditional(
            operand: nil, branches: [.init(when: all, then: result.sql)], otherwise: nil)
        return result
    }

    /// The storage class, where all values of the kind have one, without looking at each.
    func typeName(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let operand = arguments[0]
        let name: String
        switch operand.kind {
        case .null: return try literal(.string("null"))
        case .truth, .integer: name = "integer"
        case .real where operand.isDefinitelyReal: name = "real"
        case .text, .date, .time, .timestamp, .timestamptz, .uuid, .json: name = "text"
        case .bytes: name = "blob"
        case .real, .decimal: return Typed(try compatibility("type_of", [try classed(operand)]), .text)
        case .mixed, .any: return Typed(try compatibility("type_of", [try dynamic(operand)]), .text)
        case .mixedBytes: throw Untranslatable("typeof() depends on each value")
        }
        if operand.literal != nil { return try literal(.string(name)) }
        if case .compatibility("random", _) = operand.sql { return try literal(.string(name)) }
        if operand.sql.isVolatile { throw Untranslatable("typeof() of a random value is not carried") }
        return Typed(
            .conditional(
                operand: nil,
                branches: [.init(when: .postfix(operand.sql, "IS NULL"), then: .string("null"))],
                otherwise: .string(name)), .text)
    }

    // MARK: Numbers

    func absolute(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let operand = arguments[0]
        switch operand.kind {
        case .truth, .integer, .real, .null:
            var number = try number(operand).withoutColumnRules
            number.literal = nil
            number.isNeverNull = operand.isNeverNull
            number.sql = .call("abs", [number.sql])
            if case .inScale(let sql) = number.numberClass {
                number.numberClass = .inScale(of: .call("abs", [sql]))
            }
            return number
        case .decimal:
            var number = operand.withoutColumnRules
            number.sql = .call("abs", [number.sql])
            if case .inScale(let sql) = number.numberClass {
                number.numberClass = .inScale(of: .call("abs", [sql]))
            }
            return number
        case .any, .mixed: return Typed(try compatibility("abs", [try dynamic(operand)]), .decimal)
        default: return Typed(try compatibility("abs", [try argument(operand)]), .real)
        }
    }

    func ceil(_ arguments: [Typed]) throws(Untranslatable) -> Typed { try whole("ceil", arguments) }
    func floor(_ arguments: [Typed]) throws(Untranslatable) -> Typed { try whole("floor", arguments) }
    func trunc(_ arguments: [Typed]) throws(Untranslatable) -> Typed { try whole("trunc", arguments) }

    /// Of the class of its argument.
    private func whole(_ name: String, _ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let operand = arguments[0]
        switch operand.kind {
        case .integer, .truth: return try number(operand).withoutColumnRules
        case .real where operand.isDefinitelyReal: return Typed(.call(name, [try double(operand)]), .real)
        case .real, .decimal: return Typed(try compatibility(name, [try classed(operand)]), .decimal)
        default: return Typed(try compatibility(name, [try dynamic(operand)]), .decimal)
        }
    }

    func sign(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let operand = arguments[0]
        if operand.kind.isNumber || operand.kind == .truth {
            return .narrow(.postfix(.call("sign", [try number(operand).sql]), "::integer"))
        }
        return Typed(try compatibility("sign", [try dynamic(operand)]), .integer)
    }

    func round(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let operand = arguments[0]
        if operand.kind == .null || arguments.count == 2 && arguments[1].kind == .null {
            return Typed(.cast(.null, .doublePrecision), .real)
        }
        if operand.kind == .integer || operand.kind == .truth,
            arguments.count == 1 || arguments[1].literal != nil
        {
            // Whole already; the result is a REAL.
            return Typed(.cast(try number(operand).sql, .doublePrecision), .real)
        }
        if settings.allowsCompatibility {
            let value =
                operand.kind.isNumber || operand.kind == .truth
                ? try double(number(operand)) : try compatibility("to_real", [try argument(operand)])
            var values = [value]
            if arguments.count == 2 { values.append(try argument(integer(arguments[1]))) }
            return Typed(try compatibility("round", values), .real)
        }
        guard arguments.count == 1 || arguments[1].literal == .integer(0) else {
            throw Untranslatable("round() to decimals depends on the last bit of a double")
        }
        return try roundedNatively(operand)
    }

    /// Half away from zero, as SQLite rounds; Postgres rounds a double to even.
    private func roundedNatively(_ operand: Typed) throws(Untranslatable) -> Typed {
        let value = try double(number(operand))
        let half = TargetExpression.conditional(
            operand: nil, branches: [.init(when: .infix(value, "<", .integer(0)), then: .number("-0.5"))],
            otherwise: .number("0.5"))
        let large = TargetExpression.infix(.call("abs", [value]), ">", .integer(4_503_599_627_370_496))
        let rounded = TargetExpression.infix(
            .call("trunc", [.infix(value, "+", .cast(half, .doublePrecision))]), "+", .integer(0))
        return Typed(
            .conditional(operand: nil, branches: [.init(when: large, then: value)], otherwise: rounded),
            .real)
    }
}
