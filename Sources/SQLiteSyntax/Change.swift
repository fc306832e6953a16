/// `INSERT` and `REPLACE` (https://sqlite.org/lang_insert.html).
package struct Insert: Sendable, Hashable {
    package var with: WithClause?
    /// `INSERT OR …`; `REPLACE INTO` is `INSERT OR REPLACE INTO`.
    package var resolution: ConflictResolution?
    package var table: TableSource
    /// Empty: all columns that are not generated.
    package var columns: [String]
    /// nil: `DEFAULT VALUES`.
    package var rows: Query?
    package var upserts: [Upsert]
    package var returning: [ResultColumn]

    package init(
        with: WithClause? = nil, or resolution: ConflictResolution? = nil, into table: TableSource,
        columns: [String] = [], rows: Query?, upserts: [Upsert] = [], returning: [ResultColumn] = []
    ) {
        self.with = with
        self.resolution = resolution
        self.table = table
        self.columns = columns
        self.rows = rows
        self.upserts = upserts
        self.returning = returning
    }
}

/// `ON CONFLICT …` (https://sqlite.org/lang_upsert.html).
package struct Upsert: Sendable, Hashable {
    package enum Action: Sendable, Hashable {
        case nothing
        case update([Assignment], filter: Expression?)
    }
    /// Empty: any conflict.
    package var target: [IndexedColumn]
    package var targetFilter: Expression?
    package var action: Action
    package init(target: [IndexedColumn] = [], targetFilter: Expression? = nil, _ action: Action) {
        self.target = target
        self.targetFilter = targetFilter
        self.action = action
    }
}

/// `column = value`, or `(a, b) = row`.
package struct Assignment: Sendable, Hashable {
    package var columns: [String]
    /// It was written in parentheses, also around one column.
    package var isRow: Bool
    package var value: Expression
    package init(_ columns: [String], isRow: Bool = false, value: Expression) {
        self.columns = columns
        self.isRow = isRow
        self.value = value
    }
}

/// `UPDATE` (https://sqlite.org/lang_update.html).
package struct Update: Sendable, Hashable {
    package var with: WithClause?
    package var resolution: ConflictResolution?
    package var table: TableSource
    package var assignments: [Assignment]
    package var from: FromItem?
    package var filter: Expression?
    package var returning: [ResultColumn] = []
    package var orderBy: [OrderingTerm] = []
    package var limit: Expression?
    package var offset: Expression?

    package init(
        with: WithClause? = nil, or resolution: ConflictResolution? = nil, _ table: TableSource,
        assignments: [Assignment], from: FromItem? = nil, filter: Expression? = nil
    ) {
        self.with = with
        self.resolution = resolution
        self.table = table
        self.assignments = assignments
        self.from = from
        self.filter = filter
    }
}

/// `DELETE` (https://sqlite.org/lang_delete.html).
package struct Delete: Sendable, Hashable {
    package var with: WithClause?
    package var table: TableSource
    package var filter: Expression?
    package var returning: [ResultColumn] = []
    package var orderBy: [OrderingTerm] = []
    package var limit: Expression?
    package var offset: Expression?

    package init(with: WithClause? = nil, from table: TableSource, filter: Expression? = nil) {
        self.with = with
        self.table = table
        self.filter = filter
    }
}
