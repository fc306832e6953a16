/// How tightly operators bind, loosest first (https://sqlite.org/lang_expr.html).
///
/// Every level is left-associative; `NOT` and the signs are prefixes.
enum Precedence: Int, Comparable, Sendable {
    case or = 1, and, not, equality, comparison, bits, sum, product, concatenation, collation, prefix, operand

    static func < (one: Precedence, other: Precedence) -> Bool { one.rawValue < other.rawValue }

    /// The next tighter level: what the right operand of a left-associative operator must reach.
    var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .operand }
}

extension BinaryOperator {
    var precedence: Precedence {
        switch self {
        case .or: .or
        case .and: .and
        case .equal, .notEqual, .is, .isNot, .isDistinctFrom, .isNotDistinctFrom: .equality
        case .less, .lessOrEqual, .greater, .greaterOrEqual: .comparison
        case .bitwiseAnd, .bitwiseOr, .shiftLeft, .shiftRight: .bits
        case .add, .subtract: .sum
        case .multiply, .divide, .modulo: .product
        case .concatenate, .extract, .extractText: .concatenation
        }
    }

    /// The operator that a token spells, if it is spelled by a symbol.
    init?(_ kind: Token.Kind) {
        switch kind {
        case .equal: self = .equal
        case .notEqual: self = .notEqual
        case .less: self = .less
        case .lessOrEqual: self = .lessOrEqual
        case .greater: self = .greater
        case .greaterOrEqual: self = .greaterOrEqual
        case .ampersand: self = .bitwiseAnd
        case .bar: self = .bitwiseOr
        case .shiftLeft: self = .shiftLeft
        case .shiftRight: self = .shiftRight
        case .plus: self = .add
        case .minus: self = .subtract
        case .star: self = .multiply
        case .slash: self = .divide
        case .percent: self = .modulo
        case .concatenate: self = .concatenate
        case .extract: self = .extract
        case .extractText: self = .extractText
        default: return nil
        }
    }
}

extension Expression {
    var precedence: Precedence {
        switch self {
        case .unary(.not, _): .not
        case .unary: .prefix
        case .literal(.integer(let value)) where value < 0: .prefix
        case .binary(_, let operation, _): operation.precedence
        case .nullTest, .match, .between, .inList, .inQuery, .inTable: .equality
        case .collate: .collation
        case .literal, .column, .bindParameter, .call, .cast, .conditional, .row, .subquery, .exists, .raise:
            .operand
        }
    }
}
