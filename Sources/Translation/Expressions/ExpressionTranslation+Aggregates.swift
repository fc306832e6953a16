import SQLiteSyntax
import Schema

/// Aggregates and window functions (https://sqlite.org/lang_aggfunc.html, https://sqlite.org/windowfunctions.html).
extension ExpressionTranslation {
    /// The functions that exist only as aggregates; min() and max() are some with one argument.
    static let aggregates: Set<String> = [
        "count", "sum", "total", "avg", "group_concat", "json_group_array", "json_group_object",
    ]

    func isAggregate(_ name: String, _ call: FunctionCall) -> Bool {
        call.isStar || Self.aggregates.contains(name)
            || (name == "min" || name == "max") && call.arguments.count == 1
    }

    /// What stands around an aggregate's arguments, translated.
    struct Surroundings {
        var isDistinct: Bool
        var filter: TargetExpression?
        var over: TargetWindow?
        /// Written in the call.
        var orderBy: [TargetOrdering]
        /// What stands in the call, else the order in which SQLite meets the rows; windows bring their own.
        var order: [TargetOrdering]

        func applied(to name: String, _ arguments: [TargetExpression], isCompatibility: Bool = false)
            -> TargetAggregate
        {
            var result = TargetAggregate(name, arguments, isCompatibility: isCompatibility)
            result.isDistinct = isDistinct
            result.filter = filter
            result.over = over
            return result
        }

        /// With an order that the result shows.
        func ordered(_ name: String, _ arguments: [TargetExpression], isCompatibility: Bool = false)
            -> TargetAggregate
        {
            var result = applied(to: name, arguments, isCompatibility: isCompatibility)
            result.orderBy = over == nil ? order : []
            return result
        }
    }

    func aggregate(_ call: FunctionCall, _ name: String, depth: Int) throws(Untranslatable) -> Typed {
        if call.over != nil, !settings.allowsWindows { throw Untranslatable("it holds a window function") }
        if call.over == nil, !settings.allowsAggregates { throw Untranslatable("it holds an aggregate") }
        // Inside of an aggregate there is no other, except under a window.
        let inner = inside(isWindow: call.over != nil)
        var arguments: [Typed] = []
        for argument in call.arguments { arguments.append(try inner.typed(argument, depth: depth)) }
        var orderBy: [TargetOrdering] = []
        for term in call.orderBy { orderBy.append(try inner.ordering(term, depth: depth)) }
        let surroundings = Surroundings(
            isDistinct: call.isDistinct,
            filter: try call.filter.map { (filter) throws(Untranslatable) in
                try inner.truth(of: inner.typed(filter, depth: depth))
            },
            over: try call.over.map { (over) throws(Untranslatable) in try inner.window(over, depth: depth) },
            orderBy: orderBy, order: orderBy.isEmpty ? scope.rowOrder : orderBy)
        if surroundings.over != nil, call.isDistinct {
            throw Untranslatable("DISTINCT has no place in a window function")
        }
        if surroundings.over != nil, let result = try windowFunction(name, arguments, surroundings) {
            return result
        }
        return try inner.aggregate(name, arguments, surroundings, isStar: call.isStar)
    }

    private func inside(isWindow: Bool) -> ExpressionTranslation {
        var settings = settings
        settings.allowsAggregates = isWindow && settings.allowsAggregates
        settings.allowsWindows = false
        return ExpressionTranslation(scope: scope, options: options, settings: settings)
    }

    private func aggregate(
        _ name: String, _ arguments: [Typed], _ around: Surroundings, isStar: Bool
    ) throws(Untranslatable) -> Typed {
        switch (name, arguments.count) {
        case ("count", 0):
            var call = around.applied(to: "count", [])
            call.isStar = true
            return Typed(.aggregate(call), .integer)
        case ("count", 1):
            let value = around.isDistinct ? try distinctKey(arguments[0]) : arguments[0].sql
            return Typed(.aggregate(around.applied(to: "count", [value])), .integer)
        case ("sum", 1): return try sum(arguments[0], around)
        case ("total", 1):
            if let call = try moving("total", arguments[0], around) { return Typed(.aggregate(call), .real) }
            let sum = around.applied(to: "sum", [try real(arguments[0])])
            return Typed(.call("coalesce", [.aggregate(sum), .integer(0)]), .real)
        case ("avg", 1):
            if let call = try moving("avg_number", arguments[0], around) {
                return Typed(.aggregate(call), .real)
            }
            return Typed(.aggregate(around.applied(to: "avg", [try real(arguments[0])])), .real)
        case ("min", 1), ("max", 1): return try extremeRow(name, arguments[0], around)
        case ("group_concat", 1...2): return try concatenation(arguments, around)
        case ("json_group_array", 1), ("json_group_object", 2):
            return try jsonGroup(name, arguments, around)
        default:
            throw Untranslatable(
                "\(name)() with \(arguments.count) arguments is no aggregate that is known here")
        }
    }

    /// As a double, the number that a text starts with.
    private func real(_ operand: Typed) throws(Untranslatable) -> TargetExpression {
        if operand.kind.isNumber || operand.kind == .truth || operand.kind == .null {
            return try double(number(operand))
        }
        return try compatibility("to_real", [try argument(operand)])
    }

    /// An integer when all values are, else a real.
    private func sum(_ operand: Typed, _ around: Surroundings) throws(Untranslatable) -> Typed {
        switch operand.kind {
        case .integer, .truth, .null:
            // Postgres adds bigints as numeric; beyond bigint both engines refuse.
            let call = around.applied(to: "sum", [try number(operand).sql])
            return Typed(.cast(.aggregate(call), .bigint), .integer)
        case .real where operand.isDefinitelyReal:
            if let call = try moving("sum_real", operand, around) { return Typed(.aggregate(call), .real) }
            return Typed(.aggregate(around.applied(to: "sum", [try double(operand)])), .real)
        case .real, .decimal:
            let call = around.applied(to: "sum_number", [try classed(operand)], isCompatibility: true)
            var result = Typed(.aggregate(try allowed(call)), .decimal)
            // Once SQLite has met a REAL, the sum stays one, also when the frame has left it behind.
            if let frame = around.over?.frame, frame.start != .unboundedPreceding {
                result.numberClass = .lost
            }
            return result
        default:
            let call = around.applied(to: "sum_number", [try dynamic(operand)], isCompatibility: true)
            return Typed(.aggregate(try allowed(call)), .decimal)
        }
    }

    /// Where rows leave the frame, SQLite subtracts the reals that it had added, and the last bits show it.
    /// nil where the order of the sums cannot be seen.
    private func moving(
        _ name: String, _ operand: Typed, _ around: Surroundings
    ) throws(Untranslatable) -> TargetAggregate? {
        guard settings.allowsCompatibility, let frame = around.over?.frame,
            frame.start != .unboundedPreceding, ![.integer, .truth, .null].contains(operand.kind)
        else { return nil }
        return try allowed(around.applied(to: name, [try real(operand)], isCompatibility: true))
    }

    private func allowed(_ call: TargetAggregate) throws(Untranslatable) -> TargetAggregate {
        _ = try compatibility(call.name, [])
        return call
    }

    /// min() and max() over rows. Types without such an aggregate give the first in order.
    private func extremeRow(
        _ name: String, _ operand: Typed, _ around: Surroundings
    ) throws(Untranslatable) -> Typed {
        var around = around
        // It says nothing here.
        around.isDistinct = false
        var result = operand.withoutColumnRules
        result.literal = nil
        result.isNeverNull = false
        let isBinary = (operand.collation ?? .binary) == .binary
        switch operand.kind {
        case .truth:
            return .narrow(.aggregate(around.applied(to: name, [Self.zeroOrOne(operand.sql)])))
        case .integer, .real, .decimal:
            result.sql = .aggregate(around.applied(to: name, [try self.operand(operand)]))
            if case .inScale(let sql) = operand.numberClass {
                result.numberClass = .inScale(of: .aggregate(around.applied(to: name, [sql])))
            }
            return result
        case .text where isBinary:
            let value = operand.isBytewise ? operand.sql : folded(operand.sql, by: .binary, true)
            result.sql = .aggregate(around.applied(to: name, [value]))
            return result
        case .date, .time, .timestamp:
            guard operand.hasOneForm else { break }
            result.sql = .aggregate(around.applied(to: name, [operand.sql]))
            return result
        default: break
        }
        if operand.kind == .null {
            return Typed(.aggregate(around.applied(to: name, [.cast(.null, .text)])), .text)
        }
        if operand.kind == .any || operand.kind == .mixed || around.over != nil {
            return try extremeOfAnyClass(name, operand, around)
        }
        var call = around.applied(to: "array_agg", [operand.sql])
        call.orderBy =
            [TargetOrdering(try orderKey(operand), isDescending: name == "max", nullsFirst: false)]
            + scope.rowOrder
        let isThere = TargetExpression.postfix(operand.sql, "IS NOT NULL")
        call.filter = around.filter.map { .infix($0, "AND", isThere) } ?? isThere
        result.sql = .first(.aggregate(call))
        return result
    }

    private func extremeOfAnyClass(
        _ name: String, _ operand: Typed, _ around: Surroundings
    ) throws(Untranslatable) -> Typed {
        var arguments = [try dynamic(operand)]
        switch try comparable(operand.collation ?? .binary) {
        case .nocase: arguments.append(.string("NOCASE"))
        case .rtrim: arguments.append(.string("RTRIM"))
        default: break
        }
        let call = around.applied(to: name, arguments, isCompatibility: true)
        var result = Typed(.aggregate(try allowed(call)), .any)
        result.mayHoldBlobs = operand.mayHoldBlobs || operand.kind == .bytes
        result.hidesJSON = operand.hidesJSON || operand.embedded != nil
        if operand.kind == .text { result = Typed(try compatibility("to_text", [result.sql]), .text) }
        return result
    }

    private func operand(_ number: Typed) throws(Untranslatable) -> TargetExpression {
        number.kind == .real && number.literal != nil ? try double(number) : number.sql
    }

    private func concatenation(_ arguments: [Typed], _ around: Surroundings) throws(Untranslatable) -> Typed {
        let separator = arguments.count == 2 ? try text(arguments[1]) : .string(",")
        let value = try text(arguments[0])
        if around.isDistinct {
            guard around.orderBy.isEmpty else {
                throw Untranslatable("group_concat(DISTINCT) with ORDER BY is not carried")
            }
            return try distinctConcatenation(arguments[0], value, separator, around)
        }
        return Typed(.aggregate(around.ordered("string_agg", [value, Self.asText(separator)])), .text)
    }

    /// Each value where it is met first; Postgres' own DISTINCT would sort them.
    private func distinctConcatenation(
        _ operand: Typed, _ value: TargetExpression, _ separator: TargetExpression, _ around: Surroundings
    ) throws(Untranslatable) -> Typed {
        guard (operand.collation ?? .binary) == .binary, operand.kind != .any, operand.kind != .mixed else {
            throw Untranslatable("group_concat(DISTINCT) under a collation is not carried")
        }
        var around = around
        around.isDistinct = false
        let call = around.ordered(
            "group_concat_distinct", [Self.asText(value), Self.asText(separator)], isCompatibility: true)
        return Typed(.aggregate(try allowed(call)), .text)
    }
}
