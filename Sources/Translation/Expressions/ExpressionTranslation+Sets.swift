import SQLiteSyntax
import Schema

// IN, row values and queries inside of expressions.
extension ExpressionTranslation {
    func subquery(_ query: Query) throws(Untranslatable) -> TranslatedQuery {
        guard settings.allowsSubqueries else { throw Untranslatable("it holds a subquery") }
        return try scope.subquery(query)
    }

    /// `(SELECT …)`: the first row's value, NULL without rows.
    func scalarQuery(_ query: Query) throws(Untranslatable) -> Typed {
        var translated = try subquery(query)
        guard translated.columns.count == 1, let column = translated.columns.first?.value else {
            throw Untranslatable("a query in an expression has several columns")
        }
        switch translated.query.limit {
        case nil: translated.query.limit = .integer(1)
        case .integer(let count) where count > 1: translated.query.limit = .integer(1)
        case .integer: break
        case .some(let limit): translated.query.limit = .call("least", [limit, .integer(1)])
        }
        var result = column
        result.sql = .subquery(translated.query)
        result.literal = nil
        if let embedded = column.embedded {
            result.embedded = Self.query(translated, showing: embedded).map { .subquery($0) }
            result.hidesJSON = result.embedded == nil
        }
        result.collation = nil
        result.hasExplicitCollation = false
        result.isNarrow = false
        result.isNeverNull = false
        if result.numberClass != .ofKind { result.numberClass = try numberClass(of: column, in: translated) }
        return result
    }

    /// The same query with the number that tells the class in the place of its column.
    private func numberClass(of column: Typed, in translated: TranslatedQuery) throws(Untranslatable)
        -> Typed.NumberClass
    {
        guard case .inScale(let sql) = column.numberClass, let query = Self.query(translated, showing: sql)
        else { return .lost }
        return .inScale(of: .subquery(query))
    }

    /// The same rows with another expression in the place of the only column; nil where it would not fit in.
    private static func query(_ translated: TranslatedQuery, showing sql: TargetExpression) -> TargetQuery? {
        guard case .select(var select) = translated.query.body, select.distinct == nil,
            select.columns.count == 1
        else { return nil }
        select.columns[0].expression = sql
        var query = translated.query
        query.body = .select(select)
        return query
    }

    // MARK: IN

    /// The items are compared without their own affinity, as `+item` would be.
    func inList(
        _ subject: Expression, _ items: [Expression], negated: Bool, depth: Int
    ) throws(Untranslatable) -> Typed {
        guard !items.isEmpty else { return Typed(.boolean(negated), .truth) }
        if case .row = subject {
            var tests: [TargetExpression] = []
            for item in items { tests.append(try binary(subject, .equal, item, depth: depth).sql) }
            return Self.anyOf(tests, negated: negated)
        }
        let operand = try typed(subject, depth: depth)
        var conditions: [TargetExpression] = []
        var constants: Set<Int> = []
        for (position, item) in items.enumerated() {
            var value = try typed(item, depth: depth)
            value.affinity = nil
            value.collation = nil
            value.hasExplicitCollation = false
            if value.literal != nil { constants.insert(position) }
            if value.kind == .null {
                conditions.append(.infix(.null, "=", .null))
            } else {
                conditions.append(try compare(operand, "=", value).sql)
            }
        }
        if let list = Self.list(conditions, constants, negated: negated) { return list }
        if operand.sql.isVolatile { throw Untranslatable("its IN compares a random value more than once") }
        if operand.kind == .truth, let list = try truthList(operand, conditions, negated: negated) {
            return list
        }
        return Self.anyOf(
            conditions.map { $0 == .infix(.null, "=", .null) ? .cast(.null, .boolean) : $0 },
            negated: negated)
    }

    /// `x IN (…)` when every comparison is `x = item`.
    private static func list(
        _ conditions: [TargetExpression], _ constants: Set<Int>, negated: Bool
    ) -> Typed? {
        let isNull = TargetExpression.infix(.null, "=", .null)
        let first = conditions.first { $0 != isNull }
        guard case .infix(let subject, "=", _)? = first else {
            return first == nil ? Typed(.cast(.null, .boolean), .truth) : nil
        }
        var list: [TargetExpression] = []
        for (position, condition) in conditions.enumerated() {
            if condition == isNull {
                list.append(.null)
            } else if case .infix(subject, "=", let item) = condition {
                list.append(item)
            } else if case .conditional(nil, let branches, _) = condition,
                branches.count == 1, branches[0].result == .boolean(false), conditions.count > 1,
                constants.contains(position)
            {
                // Never equal, by its class.
                continue
            } else {
                return nil
            }
        }
        return Typed(.inList(subject, list, negated: negated), .truth)
    }

    /// `flag IN (0, 1)` over booleans.
    private func truthList(
        _ operand: Typed, _ conditions: [TargetExpression], negated: Bool
    ) throws(Untranslatable) -> Typed? {
        var list: [TargetExpression] = []
        for condition in conditions {
            switch condition {
            case operand.sql: list.append(.boolean(true))
            case .prefix("NOT", operand.sql): list.append(.boolean(false))
            case .infix(.null, "=", .null): list.append(.null)
            default: return nil
            }
        }
        return Typed(.inList(operand.sql, list, negated: negated), .truth)
    }

    private static func anyOf(_ tests: [TargetExpression], negated: Bool) -> Typed {
        let any = tests.dropFirst().reduce(tests[0]) { .infix($0, "OR", $1) }
        return Typed(negated ? .prefix("NOT", any) : any, .truth)
    }

    func inQuery(
        _ subject: Expression, _ query: Query, negated: Bool, depth: Int
    ) throws(Untranslatable) -> Typed {
        let translated = try subquery(query)
        var operands: [Typed] = []
        if case .row(let items) = subject {
            for item in items { operands.append(try typed(item, depth: depth)) }
        } else {
            operands = [try typed(subject, depth: depth)]
        }
        guard operands.count == translated.columns.count else {
            throw Untranslatable(
                "IN compares \(operands.count) values with \(translated.columns.count) columns")
        }
        let names = operands.indices.map { "c\($0 + 1)" }
        var lefts: [TargetExpression] = []
        var rights: [TargetExpression] = []
        for (position, operand) in operands.enumerated() {
            var column = translated.columns[position].value
            column.sql = .qualified("q", column: names[position])
            column.literal = nil
            column.numberClass = column.numberClass == .ofKind ? .ofKind : .lost
            guard case .infix(let left, "=", let right) = try compare(operand, "=", column).sql else {
                throw Untranslatable("it looks for \(operand.kind.words) among \(column.kind.words)")
            }
            lefts.append(left)
            rights.append(right)
        }
        var source = translated.query
        if rights != names.map({ .qualified("q", column: $0) }) {
            var select = TargetSelect(rights.map { TargetSelect.Column($0) })
            select.from = [.query(translated.query, alias: "q", columns: names, isLateral: false)]
            source = TargetQuery(.select(select))
        }
        let left = lefts.count == 1 ? lefts[0] : .row(lefts)
        return Typed(.inQuery(left, source, negated: negated), .truth)
    }

    // MARK: Row values

    /// `(a, b) = (c, d)` and its like, column by column (https://sqlite.org/rowvalue.html).
    func rows(
        _ left: [Expression], _ sign: BinaryOperator, _ right: Expression, depth: Int
    ) throws(Untranslatable) -> Typed {
        guard case .row(let others) = right, left.count == others.count else {
            throw Untranslatable("it compares a row value with what is no row of as many values")
        }
        let pairs = Array(zip(left, others))
        func each(_ sign: BinaryOperator) throws(Untranslatable) -> [TargetExpression] {
            try pairs.map { (pair) throws(Untranslatable) in
                try binary(pair.0, sign, pair.1, depth: depth + 1).sql
            }
        }
        func joined(_ tests: [TargetExpression], _ word: String) -> TargetExpression {
            tests.dropFirst().reduce(tests[0]) { .infix($0, word, $1) }
        }
        switch sign {
        case .equal: return Typed(joined(try each(.equal), "AND"), .truth)
        case .is, .isNotDistinctFrom: return Typed(joined(try each(.is), "AND"), .truth)
        case .notEqual: return Typed(joined(try each(.notEqual), "OR"), .truth)
        case .isNot, .isDistinctFrom: return Typed(joined(try each(.isNot), "OR"), .truth)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            let isLess = sign == .less || sign == .lessOrEqual
            let equals = try each(.equal)
            let orders = try each(isLess ? .less : .greater)
            var result = try binary(
                pairs[pairs.count - 1].0, sign, pairs[pairs.count - 1].1, depth: depth + 1
            ).sql
            for position in (0..<(pairs.count - 1)).reversed() {
                result = .infix(orders[position], "OR", .infix(equals[position], "AND", result))
            }
            return Typed(result, .truth)
        default: throw Untranslatable("\(sign.rawValue) takes no row values")
        }
    }
}
