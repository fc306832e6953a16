import SQLiteSyntax
import Schema

/// Windows and the functions that only windows have (https://sqlite.org/windowfunctions.html).
extension ExpressionTranslation {
    func window(_ over: Over, depth: Int) throws(Untranslatable) -> TargetWindow {
        switch over {
        case .named(let name):
            guard let window = scope.window(named: name) else {
                throw Untranslatable("it names a window that is not there: \(name)")
            }
            return try self.window(window, depth: depth + 1)
        case .window(let window): return try self.window(window, depth: depth + 1)
        }
    }

    private func window(_ window: Window, depth: Int) throws(Untranslatable) -> TargetWindow {
        guard depth < 100 else { throw Untranslatable("it is nested too deeply") }
        var result = TargetWindow()
        if let base = window.base { result = try self.window(.named(base), depth: depth + 1) }
        for item in window.partitionBy {
            result.partitionBy.append(try distinctKey(typed(item, depth: depth)))
        }
        var keys: [Typed] = []
        if !window.orderBy.isEmpty { result.orderBy = [] }
        for term in window.orderBy {
            let key = try typed(term.expression, depth: depth)
            keys.append(key)
            result.orderBy.append(try ordering(of: key, order: term.order, nulls: term.nulls))
        }
        if let frame = window.frame { result.frame = try self.frame(frame, keys, depth: depth) }
        return result
    }

    private func frame(
        _ frame: Window.Frame, _ keys: [Typed], depth: Int
    ) throws(Untranslatable) -> TargetWindow.Frame {
        func bound(_ bound: Window.Bound) throws(Untranslatable) -> TargetWindow.Bound {
            switch bound {
            case .unboundedPreceding: .unboundedPreceding
            case .currentRow: .currentRow
            case .unboundedFollowing: .unboundedFollowing
            case .preceding(let distance):
                .preceding(try self.distance(distance, frame.unit, keys, depth: depth))
            case .following(let distance):
                .following(try self.distance(distance, frame.unit, keys, depth: depth))
            }
        }
        return TargetWindow.Frame(
            unit: frame.unit.rawValue, start: try bound(frame.start),
            end: try bound(frame.end ?? .currentRow), exclusion: frame.exclusion?.rawValue)
    }

    /// How many rows or groups, or how far the value of the one order key may be.
    private func distance(
        _ expression: Expression, _ unit: Window.Unit, _ keys: [Typed], depth: Int
    ) throws(Untranslatable) -> TargetExpression {
        let value = try typed(expression, depth: depth)
        switch value.literal {
        case .integer(let count) where count >= 0:
            guard unit == .range else { return .integer(count) }
            guard keys.count == 1, keys[0].kind.isNumber else { break }
            return keys[0].kind == .real
                ? .cast(.integer(count), .doublePrecision)
                : keys[0].kind == .decimal ? .cast(.integer(count), .numeric(nil)) : .integer(count)
        case .real where unit == .range:
            guard keys.count == 1, keys[0].kind == .real else { break }
            return try double(value)
        default: break
        }
        throw Untranslatable("the distance of its window frame is carried only as a constant beside numbers")
    }

    /// nil for aggregates.
    func windowFunction(
        _ name: String, _ arguments: [Typed], _ around: Surroundings
    ) throws(Untranslatable) -> Typed? {
        switch (name, arguments.count) {
        case ("row_number", 0), ("rank", 0), ("dense_rank", 0):
            return Typed(.aggregate(around.applied(to: name, [])), .integer)
        case ("percent_rank", 0), ("cume_dist", 0):
            return Typed(.aggregate(around.applied(to: name, [])), .real)
        case ("ntile", 1):
            let count = try constant(arguments[0], from: 1, "ntile()")
            return .narrow(.aggregate(around.applied(to: name, [.integer(count)])))
        case ("lag", 1...3), ("lead", 1...3): return try neighbor(name, arguments, around)
        case ("first_value", 1), ("last_value", 1): return try pick(name, arguments[0], [], around)
        case ("nth_value", 2):
            let count = try constant(arguments[1], from: 1, "nth_value()")
            return try pick(name, arguments[0], [.integer(count)], around)
        case _ where Self.aggregates.contains(name) || name == "min" || name == "max": return nil
        default: throw Untranslatable("\(name)() is no window function that is known here")
        }
    }

    private func constant(_ argument: Typed, from least: Int64, _ name: String) throws(Untranslatable)
        -> Int64
    {
        guard case .integer(let value)? = argument.literal, value >= least, Int32(exactly: value) != nil
        else {
            throw Untranslatable("\(name) is carried only with a constant")
        }
        return value
    }

    private func pick(
        _ name: String, _ value: Typed, _ more: [TargetExpression], _ around: Surroundings
    ) throws(Untranslatable) -> Typed {
        var result = value.withoutColumnRules
        result.literal = nil
        result.isNarrow = value.isNarrow && value.literal == nil
        result.isNeverNull = false
        let plain =
            value.kind == .real ? try double(value) : value.literal == nil ? value.sql : try argument(value)
        result.sql = .aggregate(around.applied(to: name, [plain] + more))
        if value.kind == .null { result.kind = .text }
        if case .inScale(let sql) = value.numberClass {
            result.numberClass = .inScale(of: .aggregate(around.applied(to: name, [sql] + more)))
        }
        return result
    }

    private func neighbor(
        _ name: String, _ arguments: [Typed], _ around: Surroundings
    ) throws(Untranslatable) -> Typed {
        var more: [TargetExpression] = []
        if arguments.count > 1 {
            more = [.integer(try constant(arguments[1], from: 0, "\(name)()"))]
        }
        guard arguments.count == 3 else { return try pick(name, arguments[0], more, around) }
        let items = [arguments[0], arguments[2]]
        let (values, result) = try unified(items)
        func build(_ values: [TargetExpression], _ type: PostgresType) -> TargetExpression {
            // One type for both: Postgres finds no function for two.
            let typed = values.map { value -> TargetExpression in
                if case .cast(_, type) = value { return value }
                if case .column = value { return value }
                if case .qualified = value { return value }
                return .cast(value, type)
            }
            return .aggregate(around.applied(to: name, [typed[0]] + more + [typed[1]]))
        }
        var choice = withClass(result, of: items) { build($0, .numeric(nil)) }
        choice.sql = build(values, result.type)
        choice.isNarrow = false
        return choice
    }
}
