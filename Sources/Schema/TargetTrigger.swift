/// A trigger of Postgres with its function, as values; `PostgresDDL` renders both.
package struct TargetTrigger: Sendable, Hashable, Codable {
    package enum Timing: String, Sendable, Hashable, Codable {
        case before = "BEFORE", after = "AFTER", insteadOf = "INSTEAD OF"
    }

    package enum Event: Sendable, Hashable, Codable {
        case insert, delete
        /// Empty: of any column.
        case update(of: [String])
    }

    /// Its name in SQLite.
    package var source: String
    package var name: String
    package var function: String
    /// The table or view.
    package var relation: String
    package var timing: Timing
    package var event: Event
    /// It may set itself off, which SQLite's triggers do not do.
    package var isGuarded = false
    /// The actions run where this is true.
    package var condition: TargetExpression?
    package var actions: [TargetAction]

    package init(
        source: String, name: String, function: String, relation: String, timing: Timing, event: Event,
        actions: [TargetAction]
    ) {
        self.source = source
        self.name = name
        self.function = function
        self.relation = relation
        self.timing = timing
        self.event = event
        self.actions = actions
    }
}

/// One step of a trigger's function.
package indirect enum TargetAction: Sendable, Hashable, Codable {
    case insert(TargetInsert)
    case update(TargetUpdate)
    case delete(TargetDelete)
    /// The actions of the first branch whose condition is true.
    case when([Branch])
    /// The actions for each row of the query, which they read as `variable`.
    case forEach(variable: String, TargetQuery, [TargetAction])
    /// The statement fails with this message.
    case fail(message: TargetExpression)
    /// The row is given up; the statement goes on with the next one.
    case skipRow

    package struct Branch: Sendable, Hashable, Codable {
        package var condition: TargetExpression
        package var actions: [TargetAction]
        package init(when condition: TargetExpression, then actions: [TargetAction]) {
            self.condition = condition
            self.actions = actions
        }
    }
}

package struct TargetInsert: Sendable, Hashable, Codable {
    package struct Conflict: Sendable, Hashable, Codable {
        /// Empty: any conflict.
        package var columns: [String]
        /// Empty: the row is left out.
        package var assignments: [TargetAssignment]
        package var filter: TargetExpression?
        package init(
            columns: [String], assignments: [TargetAssignment] = [], filter: TargetExpression? = nil
        ) {
            self.columns = columns
            self.assignments = assignments
            self.filter = filter
        }
    }

    package var relation: String
    package var alias: String
    /// With `rows` nil: `DEFAULT VALUES`.
    package var columns: [String]
    package var rows: TargetQuery?
    package var conflict: Conflict?

    package init(into relation: String, alias: String, columns: [String], rows: TargetQuery?) {
        self.relation = relation
        self.alias = alias
        self.columns = columns
        self.rows = rows
    }
}

package struct TargetUpdate: Sendable, Hashable, Codable {
    package var relation: String
    package var alias: String
    package var assignments: [TargetAssignment]
    package var from: [TargetFrom] = []
    package var filter: TargetExpression?

    package init(_ relation: String, alias: String, assignments: [TargetAssignment]) {
        self.relation = relation
        self.alias = alias
        self.assignments = assignments
    }
}

package struct TargetDelete: Sendable, Hashable, Codable {
    package var relation: String
    package var alias: String
    package var filter: TargetExpression?

    package init(from relation: String, alias: String, filter: TargetExpression?) {
        self.relation = relation
        self.alias = alias
        self.filter = filter
    }
}

/// `column = value`, or several columns from one row.
package struct TargetAssignment: Sendable, Hashable, Codable {
    package var columns: [String]
    package var value: TargetExpression
    package init(_ columns: [String], value: TargetExpression) {
        self.columns = columns
        self.value = value
    }
}

// What is called anywhere in a trigger.
extension TargetTrigger {
    package var compatibilityFunctions: Set<String> {
        var result = condition?.compatibilityFunctions ?? []
        for action in actions { result.formUnion(action.compatibilityFunctions) }
        return result
    }
}

extension TargetAction {
    package var compatibilityFunctions: Set<String> {
        var result: Set<String> = []
        func add(_ expression: TargetExpression?) {
            result.formUnion(expression?.compatibilityFunctions ?? [])
        }
        switch self {
        case .insert(let insert):
            result.formUnion(insert.rows?.compatibilityFunctions ?? [])
            for assignment in insert.conflict?.assignments ?? [] { add(assignment.value) }
            add(insert.conflict?.filter)
        case .update(let update):
            for assignment in update.assignments { add(assignment.value) }
            add(update.filter)
            if !update.from.isEmpty {
                var select = TargetSelect([])
                select.from = update.from
                result.formUnion(TargetQuery(.select(select)).compatibilityFunctions)
            }
        case .delete(let delete): add(delete.filter)
        case .when(let branches):
            for branch in branches {
                add(branch.condition)
                for action in branch.actions { result.formUnion(action.compatibilityFunctions) }
            }
        case .forEach(_, let query, let actions):
            result.formUnion(query.compatibilityFunctions)
            for action in actions { result.formUnion(action.compatibilityFunctions) }
        case .fail(let message): add(message)
        case .skipRow: break
        }
        return result
    }
}
