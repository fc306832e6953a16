// CREATE VIEW and CREATE TRIGGER.
extension Parser {
    mutating func view(isTemporary: Bool) throws(SyntaxError) -> CreateView {
        try expect(.view)
        let ifNotExists = try ifNotExists()
        let (schema, name) = try qualifiedName("the name of a view")
        let columns = token.kind == .leftParenthesis ? try columnNames() : []
        try expect(.as)
        var result = CreateView(schema: schema, name: name, columns: columns, query: try query())
        result.isTemporary = isTemporary
        result.ifNotExists = ifNotExists
        return result
    }

    mutating func trigger(isTemporary: Bool) throws(SyntaxError) -> CreateTrigger {
        try expect(.trigger)
        let ifNotExists = try ifNotExists()
        let (schema, name) = try qualifiedName("the name of a trigger")
        let timing = triggerTiming()
        let event = try triggerEvent()
        try expect(.on)
        // A schema before the table's name is read and ignored: it must be the trigger's own.
        let table = try qualifiedName("the name of a table").name
        if accept(.for) {
            try expect(.each)
            try expect(.row)
        }
        var result = CreateTrigger(
            schema: schema, name: name, timing: timing, event: event, on: table, actions: [])
        result.isTemporary = isTemporary
        result.ifNotExists = ifNotExists
        if accept(.when) { result.condition = try expression() }
        result.actions = try triggerActions()
        return result
    }

    private mutating func triggerTiming() -> CreateTrigger.Timing {
        if accept(.after) { return .after }
        if accept(.instead, .of) { return .insteadOf }
        _ = accept(.before)
        return .before
    }

    private mutating func triggerEvent() throws(SyntaxError) -> CreateTrigger.Event {
        if accept(.insert) { return .insert }
        if accept(.delete) { return .delete }
        guard accept(.update) else { throw unexpected("DELETE, INSERT or UPDATE") }
        var columns: [String] = []
        if accept(.of) {
            repeat { columns.append(try name("the name of a column")) } while accept(.comma)
        }
        return .update(of: columns)
    }

    /// `BEGIN …; …; END`.
    private mutating func triggerActions() throws(SyntaxError) -> [CreateTrigger.Action] {
        try expect(.begin)
        isInTrigger = true
        defer { isInTrigger = false }
        var result: [CreateTrigger.Action] = []
        repeat {
            result.append(try triggerAction())
            try expect(.semicolon, ";")
        } while !accept(Keyword.end)
        return result
    }

    private mutating func triggerAction() throws(SyntaxError) -> CreateTrigger.Action {
        switch token.keyword {
        case .insert, .replace: .insert(try insert(with: nil))
        case .update: .update(try update(with: nil))
        case .delete: .delete(try delete(with: nil))
        default: .select(try query())
        }
    }
}
