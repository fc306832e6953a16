/// What stands after OVER (https://sqlite.org/windowfunctions.html).
package indirect enum Over: Sendable, Hashable {
    case named(String)
    case window(Window)
}

package struct NamedWindow: Sendable, Hashable {
    package var name: String
    package var window: Window
    package init(_ name: String, _ window: Window) {
        self.name = name
        self.window = window
    }
}

package struct Window: Sendable, Hashable {
    /// The window that this one continues.
    package var base: String?
    package var partitionBy: [Expression]
    package var orderBy: [OrderingTerm]
    package var frame: Frame?

    package init(
        base: String? = nil, partitionBy: [Expression] = [], orderBy: [OrderingTerm] = [], frame: Frame? = nil
    ) {
        self.base = base
        self.partitionBy = partitionBy
        self.orderBy = orderBy
        self.frame = frame
    }

    package struct Frame: Sendable, Hashable {
        package var unit: Unit
        package var start: Bound
        /// nil without BETWEEN: the current row.
        package var end: Bound?
        package var exclusion: Exclusion?
        package init(_ unit: Unit, from start: Bound, to end: Bound? = nil, excluding: Exclusion? = nil) {
            self.unit = unit
            self.start = start
            self.end = end
            exclusion = excluding
        }
    }

    package enum Unit: String, Sendable, Hashable { case rows = "ROWS", range = "RANGE", groups = "GROUPS" }

    package enum Bound: Sendable, Hashable {
        case unboundedPreceding
        case preceding(Expression)
        case currentRow
        case following(Expression)
        case unboundedFollowing
    }

    package enum Exclusion: String, Sendable, Hashable {
        case noOthers = "EXCLUDE NO OTHERS", currentRow = "EXCLUDE CURRENT ROW", group = "EXCLUDE GROUP"
        case ties = "EXCLUDE TIES"
    }
}
