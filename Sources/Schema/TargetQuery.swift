/// A query in Postgres' SQL, as a value; `PostgresDDL` renders it.
package struct TargetQuery: Sendable, Hashable, Codable {
    package var with: [CommonTable] = []
    /// Any of `with` names itself.
    package var isRecursive = false
    package var body: Body
    package var orderBy: [TargetOrdering] = []
    package var limit: TargetExpression?
    package var offset: TargetExpression?
    /// What its translation has to tell the user; it does not show in the SQL.
    package var remarks: [QueryRemark] = []

    package init(_ body: Body) { self.body = body }

    package indirect enum Body: Sendable, Hashable, Codable {
        case select(TargetSelect)
        case values([[TargetExpression]])
        /// `UNION`, `UNION ALL`, `INTERSECT`, `EXCEPT`; each side stands in parentheses.
        case compound(TargetQuery, String, TargetQuery)
    }

    package struct CommonTable: Sendable, Hashable, Codable {
        package var name: String
        package var columns: [String]
        package var isMaterialized: Bool?
        package var query: TargetQuery
        package init(_ name: String, columns: [String], isMaterialized: Bool? = nil, query: TargetQuery) {
            self.name = name
            self.columns = columns
            self.isMaterialized = isMaterialized
            self.query = query
        }
    }
}

/// Something that a query does otherwise than in SQLite, or might: it becomes a finding of the object that holds it.
package enum QueryRemark: Sendable, Hashable, Codable {
    /// A column that is neither grouped nor aggregated: SQLite shows some row's value, and so does Postgres.
    case bareColumn(String)
    /// Values that a collation holds for equal are written in several ways, and one of them is shown.
    case representative(String)
    /// A recursive table's own ORDER BY decides about the order of its rows.
    case recursiveOrder(String)
    /// A column whose values may be of several storage classes, as text.
    case severalClasses(String)
}

package struct TargetSelect: Sendable, Hashable, Codable {
    package enum Distinct: Sendable, Hashable, Codable {
        case rows
        case on([TargetExpression])
    }
    package struct Column: Sendable, Hashable, Codable {
        package var expression: TargetExpression
        /// nil only inside of expressions, where no name is needed.
        package var name: String?
        package init(_ expression: TargetExpression, as name: String? = nil) {
            self.expression = expression
            self.name = name
        }
    }

    package var distinct: Distinct?
    package var columns: [Column]
    package var from: [TargetFrom] = []
    package var filter: TargetExpression?
    package var groupBy: [TargetExpression] = []
    package var having: TargetExpression?

    package init(_ columns: [Column]) { self.columns = columns }
}

package indirect enum TargetFrom: Sendable, Hashable, Codable {
    /// A relation of the target schema.
    case relation(String, alias: String?)
    /// A common table expression.
    case common(String, alias: String?)
    case query(TargetQuery, alias: String, columns: [String], isLateral: Bool)
    case function(TargetExpression, alias: String, columns: [String], isLateral: Bool)
    /// `JOIN`, `LEFT JOIN`, `RIGHT JOIN`, `FULL JOIN` with a condition, `CROSS JOIN` without.
    case join(TargetFrom, String, TargetFrom, on: TargetExpression?)
}

package struct TargetOrdering: Sendable, Hashable, Codable {
    package var expression: TargetExpression
    package var isDescending: Bool
    /// Always written: the two systems' defaults differ.
    package var nullsFirst: Bool
    package init(_ expression: TargetExpression, isDescending: Bool = false, nullsFirst: Bool) {
        self.expression = expression
        self.isDescending = isDescending
        self.nullsFirst = nullsFirst
    }
}

/// A call of an aggregate or window function with all that may stand around it.
package struct TargetAggregate: Sendable, Hashable, Codable {
    package var name: String
    /// In the compatibility schema; else in `pg_catalog`.
    package var isCompatibility: Bool
    package var arguments: [TargetExpression]
    /// `count(*)`.
    package var isStar = false
    package var isDistinct = false
    package var orderBy: [TargetOrdering] = []
    package var filter: TargetExpression?
    package var over: TargetWindow?

    package init(_ name: String, _ arguments: [TargetExpression], isCompatibility: Bool = false) {
        self.name = name
        self.arguments = arguments
        self.isCompatibility = isCompatibility
    }
}

/// A window, complete: names of windows are resolved before.
package struct TargetWindow: Sendable, Hashable, Codable {
    package var partitionBy: [TargetExpression] = []
    package var orderBy: [TargetOrdering] = []
    package var frame: Frame?
    package init() {}

    package struct Frame: Sendable, Hashable, Codable {
        /// ROWS, RANGE or GROUPS.
        package var unit: String
        package var start: Bound
        package var end: Bound
        /// `EXCLUDE TIES`, …
        package var exclusion: String?
        package init(unit: String, start: Bound, end: Bound, exclusion: String? = nil) {
            self.unit = unit
            self.start = start
            self.end = end
            self.exclusion = exclusion
        }
    }

    package enum Bound: Sendable, Hashable, Codable {
        case unboundedPreceding, currentRow, unboundedFollowing
        case preceding(TargetExpression)
        case following(TargetExpression)
    }
}
