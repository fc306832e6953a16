/// `CREATE TRIGGER` (https://sqlite.org/lang_createtrigger.html).
package struct CreateTrigger: Sendable, Hashable {
    package enum Timing: String, Sendable, Hashable {
        case before = "BEFORE", after = "AFTER", insteadOf = "INSTEAD OF"
    }
    package enum Event: Sendable, Hashable {
        case insert, delete
        /// Empty: any column.
        case update(of: [String])
    }
    package enum Action: Sendable, Hashable {
        case insert(Insert)
        case update(Update)
        case delete(Delete)
        case select(Query)
    }

    package var schema: String?
    package var name: String
    package var isTemporary = false
    package var ifNotExists = false
    /// BEFORE where nothing is written.
    package var timing: Timing
    package var event: Event
    package var table: String
    /// `WHEN …`.
    package var condition: Expression?
    package var actions: [Action]

    package init(
        schema: String? = nil, name: String, timing: Timing = .before, event: Event, on table: String,
        when condition: Expression? = nil, actions: [Action]
    ) {
        self.schema = schema
        self.name = name
        self.timing = timing
        self.event = event
        self.table = table
        self.condition = condition
        self.actions = actions
    }
}

/// `RAISE(…)`.
package enum Raise: Sendable, Hashable {
    case ignore
    /// ROLLBACK, ABORT or FAIL; the message is a string before SQLite 3.47, and any expression since.
    case failure(ConflictResolution, message: Expression)
}

/// `CREATE VIEW` (https://sqlite.org/lang_createview.html).
package struct CreateView: Sendable, Hashable {
    package var schema: String?
    package var name: String
    package var isTemporary = false
    package var ifNotExists = false
    /// Empty: the query's own.
    package var columns: [String]
    package var query: Query
    package init(schema: String? = nil, name: String, columns: [String] = [], query: Query) {
        self.schema = schema
        self.name = name
        self.columns = columns
        self.query = query
    }
}
