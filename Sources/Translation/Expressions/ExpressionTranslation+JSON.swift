import SQLiteSyntax
import Schema

/// JSON functions and operators (https://sqlite.org/json1.html).
extension ExpressionTranslation {
    func jsonValid(_ arguments: [Typed]) throws(Untranslatable) -> Typed {
        let operand = arguments[0]
        if operand.kind == .json {
            return Typed(
                .conditional(
                    operand: nil,
                    branches: [.init(when: .postfix(operand.sql, "IS NOT NULL"), then: .boolean(true))],
                    otherwise: nil), .truth)
        }
        guard settings.allowsCompatibility else {
            guard operand.kind == .text, options.targetVersion >= 16 else {
                throw Untranslatable("json_valid() on \(operand.kind.words) needs Postgres 16")
            }
            return Typed(.postfix(operand.sql, "IS JSON"), .truth)
        }
        return Typed(try compatibility("json_valid", [Self.asText(try text(operand))]), .truth)
    }

    func extract(_ left: Typed, _ sign: BinaryOperator, _ right: Typed) throws(Untranslatable) -> Typed {
        throw Untranslatable("\(sign.rawValue) on JSON differs in Postgres")
    }

    func jsonGroup(
        _ name: String, _ arguments: [Typed], _ around: Surroundings
    ) throws(Untranslatable) -> Typed {
        throw Untranslatable("\(name)() has no equal in Postgres")
    }
}

extension FunctionRule {
    static let json: [FunctionRule] = [
        .init("json_valid", 1...1, .method(ExpressionTranslation.jsonValid), "json_valid(t)")
    ]
}
