import SQLiteSyntax
import Schema

/// How one function of SQLite is translated: a row of the tables in `FunctionRule+Tables.swift`.
struct FunctionRule: Sendable {
    let name: String
    let arguments: ClosedRange<Int>
    let equality: Equality
    let form: Form
    /// A call of it, for the documentation and its test.
    let example: String

    /// Whether the Postgres form gives what SQLite gives.
    enum Equality: Sendable, Hashable {
        case exact
        /// But for what the words say.
        case differs(String)
    }

    enum Form: Sendable {
        /// The compatibility function of that name.
        case compatibility(String, [Argument], Typed.Kind)
        case method(@Sendable (ExpressionTranslation) -> ([Typed]) throws(Untranslatable) -> Typed)
        /// Not carried, for this reason.
        case refused(String)
    }

    /// As what a compatibility function takes an argument; the last one stands for all that follow.
    enum Argument: Sendable {
        case value, text, integer
        /// A double when all arguments are numbers, else values of any class: a text that is no number gives NULL.
        case mathematical
    }

    init(
        _ name: String, _ arguments: ClosedRange<Int>, _ form: Form, _ example: String,
        _ equality: Equality = .exact
    ) {
        self.name = name
        self.arguments = arguments
        self.form = form
        self.example = example
        self.equality = equality
    }

    /// Any number of arguments.
    static let many = 127

    static func named(_ name: String, argumentCount: Int) -> FunctionRule? {
        table[name]?.first { $0.arguments.contains(argumentCount) }
    }

    private static let table = Dictionary(grouping: all, by: \.name)
}

extension ExpressionTranslation {
    func function(_ call: FunctionCall, depth: Int) throws(Untranslatable) -> Typed {
        let name = SQLiteName.folded(call.name)
        if call.over != nil || isAggregate(name, call) { return try aggregate(call, name, depth: depth) }
        guard !call.isDistinct, !call.isStar, call.filter == nil, call.orderBy.isEmpty else {
            throw Untranslatable("\(name)() is no aggregate")
        }
        if name == "iif", call.arguments.count == 3 {
            return try conditional(
                nil, [.init(when: call.arguments[0], then: call.arguments[1])], call.arguments[2],
                depth: depth)
        }
        var arguments: [Typed] = []
        for argument in call.arguments { arguments.append(try typed(argument, depth: depth)) }
        guard let rule = FunctionRule.named(name, argumentCount: arguments.count) else {
            throw Untranslatable(
                "\(name)() with \(arguments.count) arguments is no function that is known here")
        }
        return try apply(rule, arguments)
    }

    private func apply(_ rule: FunctionRule, _ arguments: [Typed]) throws(Untranslatable) -> Typed {
        switch rule.form {
        case .method(let method): return try method(self)(arguments)
        case .refused(let reason): throw Untranslatable("\(rule.name)() \(reason)")
        case .compatibility(let name, let forms, let kind):
            var values: [TargetExpression] = []
            let areNumbers = arguments.allSatisfy { $0.kind.isNumber || $0.kind == .truth }
            for (position, argument) in arguments.enumerated() {
                let form = forms[min(position, forms.count - 1)]
                values.append(try adapted(argument, as: form, amongNumbers: areNumbers))
            }
            return Typed(try compatibility(name, values), kind)
        }
    }

    private func adapted(
        _ operand: Typed, as form: FunctionRule.Argument, amongNumbers: Bool
    ) throws(Untranslatable) -> TargetExpression {
        switch form {
        case .value: try argument(operand)
        case .text: Self.asText(try text(operand))
        case .integer: try argument(integer(operand))
        case .mathematical: amongNumbers ? try double(number(operand)) : try dynamic(operand)
        }
    }
}
