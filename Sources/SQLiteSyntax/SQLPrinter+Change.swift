// INSERT, UPDATE, DELETE, views, triggers and statements of any kind.
extension SQLPrinter {
    package static func print(_ statement: Statement) -> String {
        switch statement {
        case .query(let query): print(query)
        case .insert(let insert): print(insert)
        case .update(let update): print(update)
        case .delete(let delete): print(delete)
        case .schema(let statement): print(statement)
        case .other(_, let text): text
        }
    }

    package static func print(_ insert: Insert) -> String {
        var result = (insert.with.map { print($0) + " " } ?? "") + "INSERT" + or(insert.resolution)
        result += " INTO " + print(insert.table) + columns(insert.columns)
        result += insert.rows.map { " " + print($0) } ?? " DEFAULT VALUES"
        return result + insert.upserts.map(print).joined() + returning(insert.returning)
    }

    private static func print(_ upsert: Upsert) -> String {
        var result = " ON CONFLICT"
        if !upsert.target.isEmpty {
            result += " (" + upsert.target.map(print).joined(separator: ", ") + ")"
            result += clause("WHERE", upsert.targetFilter)
        }
        switch upsert.action {
        case .nothing: return result + " DO NOTHING"
        case .update(let assignments, let filter):
            return result + " DO UPDATE" + set(assignments) + clause("WHERE", filter)
        }
    }

    package static func print(_ update: Update) -> String {
        var result = (update.with.map { print($0) + " " } ?? "") + "UPDATE" + or(update.resolution) + " "
        result += print(update.table) + set(update.assignments) + from(update.from)
        result += clause("WHERE", update.filter) + returning(update.returning)
        return result + ordering(update.orderBy) + limit(update.limit, update.offset)
    }

    package static func print(_ delete: Delete) -> String {
        var result = (delete.with.map { print($0) + " " } ?? "") + "DELETE FROM " + print(delete.table)
        result += clause("WHERE", delete.filter) + returning(delete.returning)
        return result + ordering(delete.orderBy) + limit(delete.limit, delete.offset)
    }

    private static func or(_ resolution: ConflictResolution?) -> String {
        resolution.map { " OR " + $0.rawValue } ?? ""
    }

    private static func set(_ assignments: [Assignment]) -> String {
        " SET "
            + assignments.map { assignment in
                let names = assignment.columns.map(name).joined(separator: ", ")
                return (assignment.isRow ? "(" + names + ")" : names) + " = " + print(assignment.value)
            }.joined(separator: ", ")
    }

    private static func returning(_ columns: [ResultColumn]) -> String {
        columns.isEmpty ? "" : " RETURNING " + print(columns)
    }
}

// Views and triggers.
extension SQLPrinter {
    package static func print(_ view: CreateView) -> String {
        "CREATE " + (view.isTemporary ? "TEMP " : "") + "VIEW "
            + (view.ifNotExists ? "IF NOT EXISTS " : "")
            + qualified(view.schema, view.name) + columns(view.columns) + " AS " + print(view.query)
    }

    package static func print(_ trigger: CreateTrigger) -> String {
        var result = "CREATE " + (trigger.isTemporary ? "TEMP " : "") + "TRIGGER "
        result += (trigger.ifNotExists ? "IF NOT EXISTS " : "") + qualified(trigger.schema, trigger.name)
        result += " " + trigger.timing.rawValue + " " + print(trigger.event) + " ON " + name(trigger.table)
        result += clause("WHEN", trigger.condition)
        return result + " BEGIN " + trigger.actions.map { print($0) + "; " }.joined() + "END"
    }

    private static func print(_ event: CreateTrigger.Event) -> String {
        switch event {
        case .insert: "INSERT"
        case .delete: "DELETE"
        case .update(let columns):
            columns.isEmpty ? "UPDATE" : "UPDATE OF " + columns.map(name).joined(separator: ", ")
        }
    }

    package static func print(_ action: CreateTrigger.Action) -> String {
        switch action {
        case .insert(let insert): print(insert)
        case .update(let update): print(update)
        case .delete(let delete): print(delete)
        case .select(let query): print(query)
        }
    }
}
