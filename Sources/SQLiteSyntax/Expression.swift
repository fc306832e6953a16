/// An expression of SQLite's SQL, as its grammar has it (https://sqlite.org/lang_expr.html).
///
/// Parentheses are not kept: structure says what they said, and the printer puts
/// back those that precedence needs.
package indirect enum Expression: Sendable, Hashable {
    case literal(Literal)
    case column(ColumnReference)
    case bindParameter(String)
    case unary(UnaryOperator, Expression)
    case binary(Expression, BinaryOperator, Expression)
    /// `x ISNULL`, `x IS NULL`, `x NOTNULL`, `x NOT NULL`, `x IS NOT NULL`.
    case nullTest(Expression, negated: Bool)
    case match(Expression, MatchOperator, pattern: Expression, escape: Expression?, negated: Bool)
    case between(Expression, low: Expression, high: Expression, negated: Bool)
    case inList(Expression, [Expression], negated: Bool)
    /// `x IN (SELECT …)`.
    case inQuery(Expression, Query, negated: Bool)
    /// `x IN table`, `x IN table_function(…)`.
    case inTable(Expression, TableSource, negated: Bool)
    case call(FunctionCall)
    case cast(Expression, typeName: String)
    case collate(Expression, collation: String)
    case conditional(operand: Expression?, branches: [WhenBranch], otherwise: Expression?)
    /// A row value `(a, b)`.
    case row([Expression])
    /// `(SELECT …)`.
    case subquery(Query)
    case exists(Query)
    /// `RAISE(…)`, which only triggers may hold.
    case raise(Raise)

    package struct WhenBranch: Sendable, Hashable {
        package var condition: Expression
        package var result: Expression
        package init(when condition: Expression, then result: Expression) {
            self.condition = condition
            self.result = result
        }
    }
}

/// A literal value, with the text it was written as where that matters.
package enum Literal: Sendable, Hashable, Codable {
    case null
    /// A decimal integer within 64 bits; one beyond is a `real`, as SQLite has it.
    case integer(Int64)
    /// `0x…`, with its 64-bit two's-complement value.
    case hexadecimal(text: String, value: Int64)
    /// As written: `1.50`, `.5`, `1e3`, `9223372036854775808`.
    case real(String)
    /// Unescaped.
    case string(String)
    case blob([UInt8])
    /// `TRUE` and `FALSE`: the integers 1 and 0, unless a column has that name.
    case boolean(Bool)
    case currentDate, currentTime, currentTimestamp
}

/// `column`, `table.column` or `schema.table.column`.
package struct ColumnReference: Sendable, Hashable, Codable {
    package var schema: String?
    package var table: String?
    package var name: String
    /// A double-quoted name that matches no column is a string literal, by
    /// SQLite's misfeature (https://sqlite.org/quirks.html#dblquote).
    package var isDoubleQuoted: Bool

    package init(schema: String? = nil, table: String? = nil, name: String, isDoubleQuoted: Bool = false) {
        self.schema = schema
        self.table = table
        self.name = name
        self.isDoubleQuoted = isDoubleQuoted
    }
}

package enum UnaryOperator: String, Sendable, Hashable, Codable {
    case minus = "-", plus = "+", bitwiseNot = "~", not = "NOT"
}

/// Binary operators, by their canonical spelling (`==` is `=`, `!=` is `<>`).
package enum BinaryOperator: String, Sendable, Hashable, Codable {
    case or = "OR", and = "AND"
    case equal = "=", notEqual = "<>"
    case `is` = "IS", isNot = "IS NOT"
    case isDistinctFrom = "IS DISTINCT FROM", isNotDistinctFrom = "IS NOT DISTINCT FROM"
    case less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="
    case bitwiseAnd = "&", bitwiseOr = "|", shiftLeft = "<<", shiftRight = ">>"
    case add = "+", subtract = "-"
    case multiply = "*", divide = "/", modulo = "%"
    case concatenate = "||", extract = "->", extractText = "->>"
}

package enum MatchOperator: String, Sendable, Hashable, Codable {
    case like = "LIKE", glob = "GLOB", regexp = "REGEXP", match = "MATCH"
}

package struct FunctionCall: Sendable, Hashable {
    /// As written.
    package var name: String
    package var arguments: [Expression]
    package var isDistinct: Bool
    /// `count(*)`.
    package var isStar: Bool
    /// `ORDER BY` inside the call of an aggregate.
    package var orderBy: [OrderingTerm]
    /// `FILTER (WHERE …)`.
    package var filter: Expression?
    /// `OVER …`: the call is of a window function.
    package var over: Over?

    package init(
        _ name: String, _ arguments: [Expression] = [], isDistinct: Bool = false, isStar: Bool = false,
        orderBy: [OrderingTerm] = [], filter: Expression? = nil, over: Over? = nil
    ) {
        self.name = name
        self.arguments = arguments
        self.isDistinct = isDistinct
        self.isStar = isStar
        self.orderBy = orderBy
        self.filter = filter
        self.over = over
    }
}
