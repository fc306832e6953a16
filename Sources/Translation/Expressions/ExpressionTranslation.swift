import Compatibility
import SQLiteSyntax
import Schema

/// Translates expressions so that they mean in Postgres what they meant in SQLite.
///
/// Types are known: each column's codec says what its values are. Operators and
/// functions of Postgres stand where they are equal. Where SQLite's rules depend
/// on a value's storage class at run time, or differ, a compatibility function
/// stands in, if the settings allow it; what neither covers is refused with the
/// reason. Nothing is approximated.
struct ExpressionTranslation: Sendable {
    let scope: any NameScope
    let options: PlanOptions
    let settings: ExpressionSettings

    init(scope: any NameScope, options: PlanOptions, settings: ExpressionSettings) {
        self.scope = scope
        self.options = options
        self.settings = settings
    }

    /// For one table's CHECK, generated columns and indexes.
    init(table: TableDraft, options: PlanOptions, inlinesGenerated: Bool = false) {
        self.init(
            scope: TableScope(table: table, options: options, inlinesGenerated: inlinesGenerated),
            options: options, settings: .table(options))
    }

    /// Deeper expressions are refused: the recursion must fit any thread's stack.
    private static let depthLimit = 100
    /// Some forms name an operand twice; what they would grow to is bounded.
    private static let sizeLimit = 20_000

    /// As a condition, true, false or NULL.
    func condition(_ expression: Expression) throws(Untranslatable) -> TargetExpression {
        try checked(truth(of: typed(expression, depth: 0)))
    }

    /// As a value with its kind.
    func value(_ expression: Expression) throws(Untranslatable) -> Typed {
        let result = try typed(expression, depth: 0)
        _ = try checked(result.sql)
        return result
    }

    private func checked(_ expression: TargetExpression) throws(Untranslatable) -> TargetExpression {
        if expression.nodeCount > Self.sizeLimit { throw Untranslatable("its Postgres form is too large") }
        if settings.mustBeImmutable, let reason = expression.reasonForChange {
            throw Untranslatable("\(reason), and Postgres wants a result that never changes here")
        }
        return expression
    }

    func typed(_ expression: Expression, depth: Int) throws(Untranslatable) -> Typed {
        guard depth < Self.depthLimit else { throw Untranslatable("it is nested too deeply") }
        var result = try plain(expression, depth: depth + 1)
        if !result.hasExplicitCollation, let name = expression.inheritedCollation {
            result.collation = SourceCollation(name)
            result.hasExplicitCollation = true
        }
        return result
    }

    private func plain(_ expression: Expression, depth next: Int) throws(Untranslatable) -> Typed {
        switch expression {
        case .literal(let literal): return try self.literal(literal)
        case .column(let reference): return try column(reference)
        case .unary(let sign, let operand): return try unary(sign, typed(operand, depth: next))
        case .binary(let left, let sign, let right): return try binary(left, sign, right, depth: next)
        case .nullTest(let operand, let negated):
            return try nullTest(operand, negated: negated, depth: next)
        case .match(let operand, let sign, let pattern, let escape, let negated):
            let match = try match(
                typed(operand, depth: next), sign, pattern: typed(pattern, depth: next),
                escape: escape.map { (escape) throws(Untranslatable) in try typed(escape, depth: next) })
            return negated ? Typed(.prefix("NOT", match.sql), .truth) : match
        case .between(let operand, let low, let high, let negated):
            return try between(operand, low, high, negated: negated, depth: next)
        case .inList(let operand, let items, let negated):
            return try inList(operand, items, negated: negated, depth: next)
        case .inQuery(let operand, let query, let negated):
            return try inQuery(operand, query, negated: negated, depth: next)
        case .inTable(let operand, let source, let negated):
            let all = Query(.select(Select(columns: [.all], from: .table(source))))
            return try inQuery(operand, all, negated: negated, depth: next)
        case .call(let call): return try function(call, depth: next)
        case .cast(let operand, let type): return try cast(typed(operand, depth: next), to: type)
        case .collate(let operand, let name):
            var result = try typed(operand, depth: next)
            result.collation = SourceCollation(name)
            result.hasExplicitCollation = true
            return result
        case .conditional(let operand, let branches, let otherwise):
            return try conditional(operand, branches, otherwise, depth: next)
        case .subquery(let query): return try scalarQuery(query)
        case .exists(let query): return Typed(.exists(try subquery(query).query, negated: false), .truth)
        case .bindParameter(let name): return try scope.parameter(name)
        case .row: throw Untranslatable("it uses a row value where one value is wanted")
        case .raise: throw Untranslatable("RAISE belongs to triggers")
        }
    }

    func literal(_ literal: Literal) throws(Untranslatable) -> Typed {
        var result: Typed
        switch literal {
        case .null: result = Typed(.null, .null)
        case .integer(let value), .hexadecimal(_, let value):
            result = Typed(.integer(value), .integer)
            result.isNarrow = Int32(exactly: value) != nil
            result.magnitude = Double(value.magnitude)
            result.literal = .integer(value)
            result.isNeverNull = true
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
        case .currentDate: return moment("YYYY-MM-DD")
        case .currentTime: return moment("HH24:MI:SS")
        case .currentTimestamp: return moment("YYYY-MM-DD HH24:MI:SS")
        }
        result.literal = literal
        result.isNeverNull = literal != .null
        return result
    }

    /// The current time in UTC, as text.
    func moment(_ form: String) -> Typed {
        let now = TargetExpression.infix(.call("statement_timestamp", []), "AT TIME ZONE", .string("UTC"))
        return Typed(.call("to_char", [now, .string(form)]), .text)
    }

    private func column(_ reference: ColumnReference) throws(Untranslatable) -> Typed {
        if let column = try scope.column(reference) { return column }
        guard reference.isDoubleQuoted, reference.table == nil else {
            throw Untranslatable("it names a column that is not there: \(reference.name)")
        }
        return try literal(.string(reference.name))
    }

    private func nullTest(_ operand: Expression, negated: Bool, depth: Int) throws(Untranslatable) -> Typed {
        if case .row = operand { throw Untranslatable("it compares a row value with NULL") }
        let value = try typed(operand, depth: depth)
        // JSON's null is no NULL; the encoding of values of any class has none.
        return Typed(.postfix(value.sql, negated ? "IS NOT NULL" : "IS NULL"), .truth)
    }
}

extension ExpressionSettings {
    static func table(_ options: PlanOptions) -> ExpressionSettings {
        ExpressionSettings(allowsCompatibility: options.usesCompatibility, mustBeImmutable: true)
    }
}

extension Expression {
    /// The collation that COLLATE gives to an operator or function around it, as SQLite looks for it:
    /// the left operand before the right, arguments in their order.
    fileprivate var inheritedCollation: String? {
        switch self {
        case .unary(_, let operand): operand.explicitCollation
        case .binary(let left, _, let right): left.explicitCollation ?? right.explicitCollation
        case .call(let call): call.arguments.lazy.compactMap(\.explicitCollation).first
        case .cast(let operand, _): operand.explicitCollation
        case .conditional(let operand, let branches, let otherwise):
            operand?.explicitCollation
                ?? branches.lazy.compactMap { $0.condition.explicitCollation ?? $0.result.explicitCollation }
                .first ?? otherwise?.explicitCollation
        default: nil
        }
    }

    private var explicitCollation: String? {
        if case .collate(_, let name) = self { return name }
        return inheritedCollation
    }
}

extension TargetExpression {
    /// Why the value may differ from one moment or session to the next; nil when it does not.
    var reasonForChange: String? {
        var reason: String?
        visit { part in
            switch part {
            case .call("statement_timestamp", _): reason = "it depends on the current time"
            case .call("to_char", _): reason = reason ?? "it writes a date or a time as text"
            case .compatibility(let name, _):
                let volatility = CompatibilityCatalog.standard.function(named: name)?.volatility
                if volatility != .immutable { reason = "\(name)() gives another result each time" }
            case .subquery, .exists, .inQuery: reason = "it reads other rows"
            default: break
            }
        }
        return reason
    }

    /// Two uses of it may give two values.
    var isVolatile: Bool {
        !compatibilityFunctions.isDisjoint(with: ["random", "randomblob"])
    }

    /// Short enough to be written more than once.
    var isShort: Bool { nodeCount <= 8 && !isVolatile }
}
