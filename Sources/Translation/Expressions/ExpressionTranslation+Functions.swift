import SQLiteSyntax
import Schema

extension ExpressionTranslation {
    func function(_ call: FunctionCall, depth: Int) throws(Untranslatable) -> Typed {
        guard !call.isDistinct, !call.isStar, call.filter == nil, call.over == nil, call.orderBy.isEmpty
        else {
            throw Untranslatable("it holds an aggregate")
        }
        let name = SQLiteName.folded(call.name)
        if name == "iif" || name == "if", call.arguments.count == 3 {
            return try typed(
                .conditional(
                    operand: nil, branches: [.init(when: call.arguments[0], then: call.arguments[1])],
                    otherwise: call.arguments[2]), depth: depth)
        }
        if name == "likely" || name == "unlikely", call.arguments.count == 1 {
            return try typed(call.arguments[0], depth: depth)
        }
        var arguments: [Typed] = []
        for argument in call.arguments { arguments.append(try typed(argument, depth: depth)) }
        if let result = try textFunction(name, arguments) { return result }
        if let result = try valueFunction(name, arguments) { return result }
        throw Untranslatable("\(name)() has no equal in Postgres")
    }

    private func textFunction(_ name: String, _ arguments: [Typed]) throws(Untranslatable) -> Typed? {
        switch (name, arguments.count) {
        case ("length", 1), ("octet_length", 1): return try length(name, arguments[0])
        case ("lower", 1), ("upper", 1):
            return Typed(.call(name, [.collate(try text(arguments[0]), "C")]), .text)
        case ("trim", 1), ("ltrim", 1), ("rtrim", 1), ("trim", 2), ("ltrim", 2), ("rtrim", 2):
            let function = name == "trim" ? "btrim" : name
            let set = arguments.count == 2 ? try text(arguments[1]) : .string(" ")
            return Typed(.call(function, [try text(arguments[0]), set]), .text)
        case ("replace", 3):
            return Typed(
                .call("replace", [try text(arguments[0]), try text(arguments[1]), try text(arguments[2])]),
                .text)
        case ("instr", 2):
            guard arguments.allSatisfy({ $0.kind != .bytes }) else {
                throw Untranslatable("instr() on blobs")
            }
            return .narrow(.call("strpos", [try text(arguments[0]), try text(arguments[1])]))
        case ("substr", 2...3), ("substring", 2...3): return try substring(arguments)
        case ("typeof", 1): return try typeName(arguments[0])
        case ("json_valid", 1): return try jsonValid(arguments[0])
        default: return nil
        }
    }

    private func length(_ name: String, _ operand: Typed) throws(Untranslatable) -> Typed {
        if operand.kind == .bytes { return .narrow(.call("octet_length", [operand.sql])) }
        return .narrow(.call(name, [try text(operand)]))
    }

    private func substring(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        var parts = [try text(arguments[0])]
        for (position, argument) in arguments.dropFirst().enumerated() {
            guard case .integer(let value)? = argument.literal, value >= (position == 0 ? 1 : 0),
                let narrow = Int32(exactly: value)
            else { throw Untranslatable("substr() is carried only for positive constants") }
            parts.append(.integer(Int64(narrow)))
        }
        return Typed(.call("substr", parts), .text)
    }

    /// The storage class is known where the codec takes one only.
    private func typeName(_ operand: Typed) throws(Untranslatable) -> Typed {
        let name: String
        switch operand.kind {
        case .truth: name = "integer"
        case .integer where operand.affinity != .real: name = "integer"
        case .real where operand.affinity == .real: name = "real"
        case .text, .date, .time, .timestamp, .timestamptz, .uuid, .json: name = "text"
        case .bytes: name = "blob"
        default: throw Untranslatable("typeof() depends on each value")
        }
        return Typed(
            .conditional(
                operand: nil,
                branches: [.init(when: .postfix(operand.sql, "IS NULL"), then: .string("null"))],
                otherwise: .string(name)), .text)
    }

    /// jsonb is always valid; text can be asked from Postgres 16 on. For NULL it is
    /// NULL, as in current versions of SQLite; old ones say 0.
    private func jsonValid(_ operand: Typed) throws(Untranslatable) -> Typed {
        if operand.kind == .json {
            return Typed(
                .conditional(
                    operand: nil,
                    branches: [.init(when: .postfix(operand.sql, "IS NOT NULL"), then: .boolean(true))],
                    otherwise: nil), .truth)
        }
        guard operand.kind == .text, options.targetVersion >= 16 else {
            throw Untranslatable("json_valid() on \(operand.kind.words) needs Postgres 16")
        }
        return Typed(.postfix(operand.sql, "IS JSON"), .truth)
    }

    private func valueFunction(_ name: String, _ arguments: [Typed]) throws(Untranslatable) -> Typed? {
        switch (name, arguments.count) {
        case ("abs", 1):
            if arguments[0].kind == .decimal { return Typed(.call("abs", [arguments[0].sql]), .decimal) }
            let number = try number(arguments[0])
            var result = Typed(.call("abs", [number.sql]), number.kind)
            result.magnitude = try Self.storable(number.magnitude)
            return result
        case ("coalesce", 2...), ("ifnull", 2):
            let (values, kind) = try unified(arguments)
            var result = Typed(.call("coalesce", values), kind)
            result.collation = arguments[0].collation
            result.isCanonical = arguments.allSatisfy(\.isCanonical)
            return result
        case ("nullif", 2):
            let test = try compare(arguments[0], "=", arguments[1])
            let branch = TargetExpression.Branch(when: test.sql, then: .null)
            let value = arguments[0]
            return Typed(.conditional(operand: nil, branches: [branch], otherwise: value.sql), value.kind)
        case ("round", 1): return try rounded(arguments[0])
        case ("round", 2):
            guard case .integer(0)? = arguments[1].literal else {
                throw Untranslatable("round() to decimals depends on the last bit of a double")
            }
            return try rounded(arguments[0])
        case ("min", 2...), ("max", 2...): return try extreme(name == "min" ? "least" : "greatest", arguments)
        default: return nil
        }
    }

    /// Half away from zero, as SQLite rounds; Postgres rounds a double to even.
    private func rounded(_ operand: Typed) throws(Untranslatable) -> Typed {
        let value = try number(operand)
        if value.kind == .integer { return Typed(.cast(value.sql, .doublePrecision), .real) }
        let half = TargetExpression.conditional(
            operand: nil, branches: [.init(when: .infix(value.sql, "<", .integer(0)), then: .number("-0.5"))],
            otherwise: .number("0.5"))
        let large = TargetExpression.infix(.call("abs", [value.sql]), ">", .integer(4_503_599_627_370_496))
        let rounded = TargetExpression.infix(
            .call("trunc", [.infix(value.sql, "+", .cast(half, .doublePrecision))]), "+", .integer(0))
        return Typed(
            .conditional(operand: nil, branches: [.init(when: large, then: value.sql)], otherwise: rounded),
            .real)
    }

    /// NULL when any argument is; Postgres' `greatest` passes over NULLs.
    private func extreme(_ name: String, _ arguments: [Typed]) throws(Untranslatable) -> Typed {
        guard let kind = arguments.first?.kind, kind.isNumber, arguments.allSatisfy({ $0.kind == kind })
        else {
            throw Untranslatable("min() and max() are carried only for numbers of one type")
        }
        let tests = arguments.filter { $0.literal == nil }.map {
            TargetExpression.postfix($0.sql, "IS NOT NULL")
        }
        let call = TargetExpression.call(name, arguments.map(\.sql))
        guard let first = tests.first else { return Typed(call, kind) }
        let all = tests.dropFirst().reduce(first) { .infix($0, "AND", $1) }
        return Typed(
            .conditional(operand: nil, branches: [.init(when: all, then: call)], otherwise: nil), kind)
    }
}
