/// `SELECT` and `VALUES` with all that may stand around them (https://sqlite.org/lang_select.html).
///
/// Compound operators bind from left to right and alike; ORDER BY and LIMIT belong to the whole.
package struct Query: Sendable, Hashable {
    package var with: WithClause?
    package var first: QueryCore
    package var compounds: [CompoundPart]
    package var orderBy: [OrderingTerm]
    package var limit: Expression?
    package var offset: Expression?

    package init(
        with: WithClause? = nil, _ first: QueryCore, compounds: [CompoundPart] = [],
        orderBy: [OrderingTerm] = [], limit: Expression? = nil, offset: Expression? = nil
    ) {
        self.with = with
        self.first = first
        self.compounds = compounds
        self.orderBy = orderBy
        self.limit = limit
        self.offset = offset
    }
}

package indirect enum QueryCore: Sendable, Hashable {
    case select(Select)
    case values([[Expression]])
}

package struct CompoundPart: Sendable, Hashable {
    package var operation: CompoundOperator
    package var core: QueryCore
    package init(_ operation: CompoundOperator, _ core: QueryCore) {
        self.operation = operation
        self.core = core
    }
}

package enum CompoundOperator: String, Sendable, Hashable {
    case union = "UNION", unionAll = "UNION ALL", intersect = "INTERSECT", except = "EXCEPT"
}

package struct Select: Sendable, Hashable {
    package var isDistinct: Bool
    package var columns: [ResultColumn]
    package var from: FromItem?
    package var filter: Expression?
    package var groupBy: [Expression]
    package var having: Expression?
    /// `WINDOW name AS (…), …`.
    package var windows: [NamedWindow]

    package init(
        isDistinct: Bool = false, columns: [ResultColumn], from: FromItem? = nil, filter: Expression? = nil,
        groupBy: [Expression] = [], having: Expression? = nil, windows: [NamedWindow] = []
    ) {
        self.isDistinct = isDistinct
        self.columns = columns
        self.from = from
        self.filter = filter
        self.groupBy = groupBy
        self.having = having
        self.windows = windows
    }
}

package enum ResultColumn: Sendable, Hashable {
    /// `*`
    case all
    /// `table.*`
    case allOf(table: String)
    /// The spelling names the column where no alias does.
    case expression(Expression, alias: String?, spelling: Spelling)
}

/// How something was written, for names that SQLite takes from it. It does not count in comparisons.
package struct Spelling: Sendable, Hashable {
    package var text: String
    package init(_ text: String) { self.text = text }
    package static func == (_: Spelling, _: Spelling) -> Bool { true }
    package func hash(into _: inout Hasher) {}
}

/// What stands in FROM (https://sqlite.org/syntax/join-clause.html).
package indirect enum FromItem: Sendable, Hashable {
    case table(TableSource)
    case query(Query, alias: String?)
    /// `(a JOIN b …)`, which may have an alias as a whole.
    case parenthesized(FromItem, alias: String?)
    case join(FromItem, JoinOperator, FromItem, JoinConstraint?)
}

/// A table, a view, a common table expression, or a table-valued function when it has arguments.
package struct TableSource: Sendable, Hashable {
    package var schema: String?
    package var name: String
    /// nil for tables; a function's may be empty.
    package var arguments: [Expression]?
    package var alias: String?
    package var indexHint: IndexHint?

    package init(
        schema: String? = nil, _ name: String, arguments: [Expression]? = nil, alias: String? = nil,
        indexHint: IndexHint? = nil
    ) {
        self.schema = schema
        self.name = name
        self.arguments = arguments
        self.alias = alias
        self.indexHint = indexHint
    }
}

package enum IndexHint: Sendable, Hashable {
    case indexedBy(String)
    case notIndexed
}

package struct JoinOperator: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        /// `CROSS JOIN` also keeps the planner from changing the order.
        case comma = ",", inner = "JOIN", cross = "CROSS JOIN", left = "LEFT JOIN", right = "RIGHT JOIN"
        case full = "FULL JOIN"
    }
    package var kind: Kind
    package var isNatural: Bool
    package init(_ kind: Kind, isNatural: Bool = false) {
        self.kind = kind
        self.isNatural = isNatural
    }
}

package enum JoinConstraint: Sendable, Hashable {
    case on(Expression)
    case using([String])
}

package struct WithClause: Sendable, Hashable {
    package var isRecursive: Bool
    package var tables: [CommonTable]
    package init(isRecursive: Bool = false, tables: [CommonTable]) {
        self.isRecursive = isRecursive
        self.tables = tables
    }
}

/// `name (columns) AS [[NOT] MATERIALIZED] (query)`.
package struct CommonTable: Sendable, Hashable {
    package var name: String
    package var columns: [String]
    package var isMaterialized: Bool?
    package var query: Query
    package init(_ name: String, columns: [String] = [], isMaterialized: Bool? = nil, query: Query) {
        self.name = name
        self.columns = columns
        self.isMaterialized = isMaterialized
        self.query = query
    }
}

package struct OrderingTerm: Sendable, Hashable {
    /// With its COLLATE, if any.
    package var expression: Expression
    package var order: SortOrder?
    package var nulls: NullsOrder?
    package init(_ expression: Expression, order: SortOrder? = nil, nulls: NullsOrder? = nil) {
        self.expression = expression
        self.order = order
        self.nulls = nulls
    }
}

package enum NullsOrder: String, Sendable, Hashable { case first = "NULLS FIRST", last = "NULLS LAST" }
