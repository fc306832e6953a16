import SQLiteSyntax

/// Makes random expressions in the form in which the parser returns them.
struct ExpressionGenerator {
    private var random: SplitMix
    /// `ORDER BY` within a call needs SQLite 3.44.
    private let ordersArguments: Bool

    init(seed: UInt64, ordersArguments: Bool = true) {
        random = SplitMix(seed: seed)
        self.ordersArguments = ordersArguments
    }

    mutating func next(below bound: Int) -> Int { random.next(below: bound) }

    mutating func pick<Element>(_ elements: [Element]) -> Element { random.pick(elements) }

    mutating func flip() -> Bool { next(below: 2) == 0 }

    mutating func expression(depth: Int) -> Expression {
        guard depth > 0, next(below: 8) > 0 else { return leaf() }
        let below = depth - 1
        switch next(below: 13) {
        case 0...4: return binary(below)
        case 5:
            let operand = expression(depth: below)
            return .unary(pick([.minus, .plus, .bitwiseNot, .not]), operand)
        case 6: return .nullTest(expression(depth: below), negated: flip())
        case 7:
            return .match(
                expression(depth: below), pick([.like, .glob, .regexp, .match]),
                pattern: expression(depth: below),
                escape: flip() ? expression(depth: below) : nil, negated: flip())
        case 8:
            return .between(
                expression(depth: below), low: expression(depth: below), high: expression(depth: below),
                negated: flip())
        case 9: return .inList(expression(depth: below), list(below), negated: flip())
        case 10:
            return .collate(expression(depth: below), collation: pick(["nocase", "left", "a b", "match"]))
        default: return composite(below)
        }
    }

    private mutating func binary(_ depth: Int) -> Expression {
        let left = expression(depth: depth)
        let operation: BinaryOperator = pick([
            .or, .and, .equal, .notEqual, .is, .isNot, .isDistinctFrom, .isNotDistinctFrom, .less,
            .lessOrEqual,
            .greater, .greaterOrEqual, .bitwiseAnd, .bitwiseOr, .shiftLeft, .shiftRight, .add, .subtract,
            .multiply,
            .divide, .modulo, .concatenate, .extract, .extractText,
        ])
        let right = expression(depth: depth)
        // `x IS NULL` is a null test, never a comparison.
        if right == .literal(.null) { return .nullTest(left, negated: false) }
        return .binary(left, operation, right)
    }

    mutating func list(_ depth: Int) -> [Expression] {
        (0..<next(below: 4)).map { _ in expression(depth: depth) }
    }

    private mutating func composite(_ depth: Int) -> Expression {
        switch next(below: 6) {
        case 0:
            return .cast(
                expression(depth: depth), typeName: pick(["INT", "my type", "DECIMAL(10,2)", "x); y", ""]))
        case 1: return .row([expression(depth: depth), expression(depth: depth)])
        case 2:
            let branches = (0...next(below: 2)).map { _ in
                Expression.WhenBranch(when: expression(depth: depth), then: expression(depth: depth))
            }
            return .conditional(
                operand: flip() ? expression(depth: depth) : nil, branches: branches,
                otherwise: flip() ? expression(depth: depth) : nil)
        case 3:
            let operand = expression(depth: depth)
            if flip() {
                return .inTable(
                    operand, pick([TableSource("t"), TableSource("f", arguments: [])]), negated: flip())
            }
            return .inQuery(operand, query(depth: depth), negated: flip())
        case 4:
            return pick([
                .subquery(query(depth: depth)), .exists(query(depth: depth)), .raise(.ignore),
                .raise(.failure(.abort, message: .literal(.string("no")))),
            ])
        default: return call(depth)
        }
    }

    private mutating func call(_ depth: Int) -> Expression {
        var call = FunctionCall(
            pick(["f", "replace", "like", "left", "a b", "case", "cast", "if", "current_date"]))
        if flip() {
            call.isStar = true
        } else {
            call.arguments = list(depth)
            call.isDistinct = flip()
            call.orderBy = ordersArguments && flip() ? terms(depth) : []
        }
        call.filter = flip() ? expression(depth: depth) : nil
        call.over = pick([nil, .named("w"), .window(window(depth))])
        return .call(call)
    }

    private mutating func leaf() -> Expression {
        switch next(below: 9) {
        case 0: .literal(.integer(pick([0, 1, 42, .max, .min])))
        case 1: .literal(pick([.real("1.50"), .real("9223372036854775808000"), .real(".5e-3"), .null]))
        case 2: .literal(.string(pick(["", "it's", "\"", "a\nb", "-- x", "\u{1F600}", "NULL"])))
        case 3: .literal(pick([.blob([]), .blob([0, 255]), .hexadecimal(text: "0xFf", value: 255)]))
        case 4:
            .literal(pick([.boolean(true), .boolean(false), .currentDate, .currentTime, .currentTimestamp]))
        case 5: .bindParameter(pick(["?", "?7", ":a", "@b", "$c::d(e)"]))
        case 6: .column(ColumnReference(table: pick(Self.names), name: pick(Self.names)))
        case 7: .column(ColumnReference(schema: "main", table: pick(Self.names), name: pick(Self.names)))
        default: .column(ColumnReference(name: pick(Self.names), isDoubleQuoted: flip()))
        }
    }

    static let names = [
        "a", "A1", "_", "a$b", "\u{E4}", "a b", "", "1a", "$x", "a\"b", "a`b", "a]b", "select", "cast",
        "true", "left",
        "like", "over", "filter", "end", "key", "asc", "current_date", "x", "x'00'", "null", "not", "exists",
        "raise",
    ]
}
