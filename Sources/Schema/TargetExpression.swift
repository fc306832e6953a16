/// An expression in Postgres' SQL, as a value; `PostgresDDL` renders it.
package indirect enum TargetExpression: Sendable, Hashable, Codable {
    case column(String)
    case null
    case boolean(Bool)
    case integer(Int64)
    /// A numeric literal as written, digits with `.` or exponent.
    case number(String)
    case string(String)
    case bytes([UInt8])
    /// A keyword without arguments: `CURRENT_DATE`, `now()` is a call.
    case keyword(String)
    case cast(TargetExpression, PostgresType)
    /// Prefix operator: `-`, `~`, `NOT`.
    case prefix(String, TargetExpression)
    /// Infix operator: `=`, `AND`, `||`, `~`, `LIKE`, `AT TIME ZONE`, …
    case infix(TargetExpression, String, TargetExpression)
    /// Postfix operator: `IS NULL`, `IS NOT NULL`, `IS TRUE`.
    case postfix(TargetExpression, String)
    case like(TargetExpression, pattern: TargetExpression, escape: TargetExpression?, negated: Bool)
    case inList(TargetExpression, [TargetExpression], negated: Bool)
    case between(TargetExpression, low: TargetExpression, high: TargetExpression, negated: Bool)
    /// A function of `pg_catalog`, by its plain name.
    case call(String, [TargetExpression])
    /// A function of the compatibility schema, by its plain name.
    case compatibility(String, [TargetExpression])
    case collate(TargetExpression, String)
    case conditional(operand: TargetExpression?, branches: [Branch], otherwise: TargetExpression?)
    /// A column of a table expression, by that one's alias.
    case qualified(String, column: String)
    /// `ROW(a, b)`.
    case row([TargetExpression])
    case array([TargetExpression], PostgresType)
    /// `(array)[1]`: the first element of an array.
    case first(TargetExpression)
    /// An aggregate or a window function.
    case aggregate(TargetAggregate)
    case subquery(TargetQuery)
    case exists(TargetQuery, negated: Bool)
    case inQuery(TargetExpression, TargetQuery, negated: Bool)

    package struct Branch: Sendable, Hashable, Codable {
        package var condition: TargetExpression
        package var result: TargetExpression
        package init(when condition: TargetExpression, then result: TargetExpression) {
            self.condition = condition
            self.result = result
        }
    }
}
