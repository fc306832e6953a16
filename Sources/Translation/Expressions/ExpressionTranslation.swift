import SQLiteSyntax
import Schema

/// Translates one table's expressions so that they mean in Postgres what they meant in SQLite.
///
/// Types are known: each column's codec says what its values are. Where SQLite's
/// rules depend on a value's storage class at run time, the expression is refused
/// with the reason; nothing is approximated. Only functions that Postgres calls
/// IMMUTABLE are used, so that the result may stand in an index.
struct ExpressionTranslation: Sendable {
    let table: TableDraft
    let options: PlanOptions
    /// Postgres lets no generated column use another: that one's expression takes its place.
    var inlinesGenerated = false

    init(table: TableDraft, options: PlanOptions) {
        self.table = table
        self.options = options
    }

    /// Deeper expressions are refused: the recursion must fit any thread's stack.
    private static let depthLimit = 100

    /// As a condition, true, false or NULL: for CHECK and partial indexes.
    func condition(_ expression: Expression) throws(Untranslatable) -> TargetExpression {
        try truth(of: typed(expression, depth: 0))
    }

    /// As a value with its kind: for generated columns and expression indexes.
    func value(_ expression: Expression) throws(Untranslatable) -> Typed { try typed(expression, depth: 0) }

    func typed(_ expression: Expression, depth: Int) throws(Untranslatable) -> Typed {
        guard depth < Self.depthLimit else { throw Untranslatable("it is nested too deeply") }
        let next = depth + 1
        switch expression {
        case .literal(let literal): return try self.literal(literal)
        case .column(let reference): return try column(reference)
        case .unary(let sign, let operand): return try unary(sign, typed(operand, depth: next))
        case .binary(let left, let sign, let right): return try binary(left, sign, right, depth: next)
        case .nullTest(let operand, let negated):
            return try nullTest(typed(operand, depth: next), negated: negated)
        case .match(let operand, let sign, let pattern, let escape, let negated):
            let match = try match(typed(operand, depth: next), sign, pattern: pattern, escape: escape)
            return negated ? Typed(.prefix("NOT", match.sql), .truth) : match
        case .between(let operand, let low, let high, let negated):
            return try between(operand, low, high, negated: negated, depth: next)
        case .inList(let operand, let items, let negated):
            return try inList(typed(operand, depth: next), items, negated: negated, depth: next)
        case .call(let call): return try function(call, depth: next)
        case .cast(let operand, let type): return try cast(typed(operand, depth: next), to: type)
        case .collate(let operand, let name):
            var result = try typed(operand, depth: next)
            result.collation = SourceCollation(name)
            result.hasExplicitCollation = true
            return result
        case .conditional(let operand, let branches, let otherwise):
            return try conditional(operand, branches, otherwise, depth: next)
        case .bindParameter: throw Untranslatable("it holds a parameter")
        case .row: throw Untranslatable("it compares row values")
        case .inQuery, .inTable, .subquery, .exists: throw Untranslatable("it holds a subquery")
        case .raise: throw Untranslatable("RAISE belongs to triggers")
        }
    }

    /// SQLite's truth: a number that is not zero.
    func truth(of operand: Typed) throws(Untranslatable) -> TargetExpression {
        if case .integer(let value)? = operand.literal { return .boolean(value != 0) }
        switch operand.kind {
        case .truth: return operand.sql
        case .integer, .real, .decimal: return .infix(operand.sql, "<>", .integer(0))
        case .null: return .cast(.null, .boolean)
        default: throw Untranslatable("it takes \(operand.kind.words) for a truth value")
        }
    }

    private func literal(_ literal: Literal) throws(Untranslatable) -> Typed {
        var result: Typed
        switch literal {
        case .null: result = Typed(.null, .null)
        case .integer(let value), .hexadecimal(_, let value):
            result = Typed(.integer(value), .integer)
            result.isNarrow = Int32(exactly: value) != nil
            result.magnitude = Double(value.magnitude)
            result.literal = .integer(value)
            return result
        case .boolean(let value):
            result = Typed(.boolean(value), .truth)
            result.literal = .integer(value ? 1 : 0)
            return result
        case .real(let text):
            guard let number = Double(text), number.isFinite else {
                throw Untranslatable("\(text) is not finite")
            }
            result = Typed(.number("\(number)"), .real)
        case .string(let text):
            guard !text.unicodeScalars.contains("\0") else { throw Untranslatable("a text holds U+0000") }
            result = Typed(.string(text), .text)
        case .blob(let bytes): result = Typed(.bytes(bytes), .bytes)
        case .currentDate, .currentTime, .currentTimestamp:
            throw Untranslatable("it depends on the current time")
        }
        result.literal = literal
        return result
    }

    private func column(_ reference: ColumnReference) throws(Untranslatable) -> Typed {
        if let owner = reference.table, !SQLiteName.equal(owner, table.name) {
            throw Untranslatable("it names another table")
        }
        guard let position = table.position(ofColumn: reference.name) else {
            if reference.isDoubleQuoted, reference.table == nil {
                return try literal(.string(reference.name))
            }
            let isRowID = ["rowid", "_rowid_", "oid"].contains(SQLiteName.folded(reference.name))
            throw Untranslatable(isRowID ? "it uses the rowid" : "it names a column that is not there")
        }
        let column = table.columns[position]
        if case .omitted = column.generation { throw Untranslatable("it uses a column that is not carried") }
        var result = Typed(.column(column.target), column.isComputed ? column.type.kind : column.codec.kind)
        if inlinesGenerated, case .expression(let expression, _) = column.generation {
            result.sql = expression
        }
        result.affinity = column.affinity
        result.collation = column.collation
        result.isCanonical = column.isCanonical
        if result.kind == .integer { result.magnitude = column.magnitude }
        return result
    }

    private func unary(_ sign: UnaryOperator, _ operand: Typed) throws(Untranslatable) -> Typed {
        switch sign {
        case .not: return Typed(.prefix("NOT", try truth(of: operand)), .truth)
        case .plus:
            var result = operand
            result.affinity = nil
            return result
        case .minus:
            if case .integer(let value)? = operand.literal, value != .min {
                return try literal(.integer(-value))
            }
            if case .real(let text)? = operand.literal { return try literal(.real("-" + text)) }
            if operand.kind == .decimal { return Typed(.prefix("-", operand.sql), .decimal) }
            let number = try number(operand)
            var result = Typed(.prefix("-", number.sql), number.kind)
            result.magnitude = try Self.storable(number.magnitude)
            return result
        case .bitwiseNot:
            let number = try number(operand)
            guard number.kind == .integer else {
                throw Untranslatable("~ is applied to \(operand.kind.words)")
            }
            return Typed(.prefix("~", widened(number).sql), .integer)
        }
    }

    private func nullTest(_ operand: Typed, negated: Bool) throws(Untranslatable) -> Typed {
        Typed(.postfix(operand.sql, negated ? "IS NOT NULL" : "IS NULL"), .truth)
    }

    private func conditional(
        _ operand: Expression?, _ branches: [Expression.WhenBranch], _ otherwise: Expression?, depth: Int
    ) throws(Untranslatable) -> Typed {
        var conditions: [TargetExpression] = []
        var results: [Typed] = []
        let subject = try operand.map { (expression) throws(Untranslatable) in
            try typed(expression, depth: depth)
        }
        for branch in branches {
            let test = try typed(branch.condition, depth: depth)
            if let subject {
                conditions.append(try compare(subject, "=", test).sql)
            } else {
                conditions.append(try truth(of: test))
            }
            results.append(try typed(branch.result, depth: depth))
        }
        if let otherwise { results.append(try typed(otherwise, depth: depth)) }
        let (values, kind) = try unified(results)
        let pairs = zip(conditions, values).map { TargetExpression.Branch(when: $0, then: $1) }
        return Typed(
            .conditional(operand: nil, branches: pairs, otherwise: otherwise == nil ? nil : values.last), kind
        )
    }

    /// Brings alternatives (branches of CASE, arguments of coalesce) to one type.
    func unified(_ items: [Typed]) throws(Untranslatable) -> ([TargetExpression], Typed.Kind) {
        let kinds = Set(items.filter { $0.kind != .null }.map(\.kind))
        guard let first = kinds.first else { return (items.map(\.sql), .null) }
        if kinds == [.real] {
            return (items.map { $0.literal == nil ? $0.sql : .cast($0.sql, .doublePrecision) }, .real)
        }
        if kinds.count == 1 { return (items.map(\.sql), first) }
        if kinds == [.truth, .integer] {
            let allTruth = items.allSatisfy { $0.kind == .truth || $0.kind == .null || $0.zeroOrOne != nil }
            if allTruth { return (items.map { $0.zeroOrOne.map { .boolean($0) } ?? $0.sql }, .truth) }
            return (items.map { $0.kind == .truth ? Self.zeroOrOne($0.sql) : $0.sql }, .integer)
        }
        throw Untranslatable("its alternatives are of different types")
    }

    /// 1, 0 or NULL for a boolean of Postgres.
    static func zeroOrOne(_ condition: TargetExpression) -> TargetExpression {
        if case .boolean(let value) = condition { return .integer(value ? 1 : 0) }
        return .conditional(
            operand: nil,
            branches: [
                .init(when: condition, then: .integer(1)),
                .init(when: .prefix("NOT", condition), then: .integer(0)),
            ], otherwise: nil)
    }
}

extension Typed {
    /// The literals 0 and 1 as a truth value.
    var zeroOrOne: Bool? {
        switch literal {
        case .integer(0): false
        case .integer(1): true
        default: nil
        }
    }
}

extension Typed.Kind {
    var words: String {
        switch self {
        case .truth: "a truth value"
        case .integer: "an integer"
        case .real, .decimal: "a number"
        case .mixed: "values of several storage classes"
        case .bytes: "a blob"
        case .null: "NULL"
        case .timestamp, .timestamptz: "a timestamp"
        default: "a \(rawValue)"
        }
    }
}

extension ColumnDraft {
    /// No value of the column reads differently in Postgres.
    var isCanonical: Bool {
        guard codec.equivalence != nil || codec == .date, let observed, observed.values > 0 else {
            return true
        }
        guard let candidate = observed.candidate, candidate.codec == codec else { return false }
        return candidate.formChanges == 0
    }
}
