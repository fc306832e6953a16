package import Schema

// A trigger is a function and the trigger that calls it.
extension PostgresDDL {
    /// The function, a remark by which it is known as ours, and the trigger.
    ///
    /// - Parameter replaces: a function of ours, left from an earlier run, may stand already.
    package func createTrigger(_ trigger: TargetTrigger, replaces: Bool = false) -> [String] {
        let function = name(trigger.function)
        return [
            "CREATE \(replaces ? "OR REPLACE " : "")FUNCTION \(function)() RETURNS trigger\n"
                + "    LANGUAGE plpgsql SET search_path TO '' AS \(quotedBody(of: trigger));",
            "COMMENT ON FUNCTION \(function)() IS \(Self.literal(triggerRemark(trigger)));",
            "CREATE TRIGGER \(Self.identifier(trigger.name)) \(trigger.timing.rawValue) \(words(of: trigger.event)) "
                + "ON \(name(trigger.relation))\n    FOR EACH ROW EXECUTE FUNCTION \(function)();",
        ]
    }

    package func triggerRemark(_ trigger: TargetTrigger) -> String {
        "SQLite's trigger \(trigger.source), by outgrow."
    }

    private func words(of event: TargetTrigger.Event) -> String {
        switch event {
        case .insert: "INSERT"
        case .delete: "DELETE"
        case .update(let columns):
            columns.isEmpty ? "UPDATE" : "UPDATE OF \(columns.map(Self.identifier).joined(separator: ", "))"
        }
    }

    private func quotedBody(of trigger: TargetTrigger) -> String {
        let body = Body(ddl: self, trigger: trigger).lines.joined(separator: "\n")
        var tag = "$trigger$"
        var number = 1
        while body.contains(tag) {
            tag = "$trigger\(number)$"
            number += 1
        }
        return "\(tag)\n\(body)\n\(tag)"
    }

    /// What a session that copies rows sets to `on`: the rows stand for what the triggers have done already.
    package static let copyingSetting = "outgrow.copies_rows"

    /// The name of the setting that says whether a trigger is running; within a transaction, as SQLite has it
    /// within a statement.
    static func guardName(_ schema: String, _ function: String) -> String {
        let text = "\(schema)__\(function)".utf8.map { byte -> String in
            let isPlain = (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F
            return isPlain ? String(UnicodeScalar(byte)) : "$" + String(byte, radix: 16)
        }
        return "outgrow.in_" + text.joined()
    }

    /// The lines of a trigger's function.
    private struct Body {
        let ddl: PostgresDDL
        let trigger: TargetTrigger

        var lines: [String] {
            var result = ["#variable_conflict use_column"]
            let variables = Set(trigger.actions.flatMap(\.variables)).sorted()
            if !variables.isEmpty {
                result.append("DECLARE")
                result += variables.map { "    \(identifier($0)) record;" }
            }
            result.append("BEGIN")
            let copying = PostgresDDL.literal(PostgresDDL.copyingSetting)
            var test = "pg_catalog.current_setting(\(copying), true) = 'on'"
            if trigger.isGuarded {
                result.append(
                    "    -- A trigger of SQLite does not set itself off; rows that are copied set nothing off."
                )
                test += "\n        OR pg_catalog.current_setting(\(setting), true) = 'on'"
            } else {
                result.append("    -- Rows that are copied set nothing off.")
            }
            result += ["    IF \(test) THEN", "        RETURN \(outcome);", "    END IF;"]
            var steps = guarded(trigger.actions)
            if let condition = trigger.condition {
                steps = ["IF \(ddl.render(condition)) THEN"] + steps.map { "    " + $0 } + ["END IF;"]
            }
            return result + steps.map { "    " + $0 } + ["    RETURN \(outcome);", "END"]
        }

        private var setting: String { literal(guardName(ddl.schema, trigger.function)) }

        /// What lets the row's own change go on.
        private var outcome: String {
            if trigger.timing == .after { return "NULL" }
            return trigger.event == .delete ? "old" : "new"
        }

        private func guarded(_ actions: [TargetAction]) -> [String] {
            let steps = actions.flatMap(lines)
            return trigger.isGuarded ? [set("on")] + steps + [set("off")] : steps
        }

        private func set(_ value: String) -> String {
            "PERFORM pg_catalog.set_config(\(setting), '\(value)', true);"
        }

        private func lines(_ action: TargetAction) -> [String] {
            switch action {
            case .insert(let insert): return [ddl.render(insert) + ";"]
            case .update(let update): return [ddl.render(update) + ";"]
            case .delete(let delete): return [ddl.render(delete) + ";"]
            case .fail(let message):
                let text = "coalesce(\(ddl.render(message)), '')"
                return [
                    "RAISE EXCEPTION USING MESSAGE = \(text), ERRCODE = 'integrity_constraint_violation';"
                ]
            case .skipRow: return (trigger.isGuarded ? [set("off")] : []) + ["RETURN NULL;"]
            case .forEach(let variable, let query, let actions):
                return ["FOR \(identifier(variable)) IN \(ddl.render(query)) LOOP"]
                    + actions.flatMap(lines).map { "    " + $0 } + ["END LOOP;"]
            case .when(let branches):
                var result: [String] = []
                for (position, branch) in branches.enumerated() {
                    result.append("\(position == 0 ? "IF" : "ELSIF") \(ddl.render(branch.condition)) THEN")
                    let steps = branch.actions.isEmpty ? ["NULL;"] : branch.actions.flatMap(lines)
                    result += steps.map { "    " + $0 }
                }
                return result + ["END IF;"]
            }
        }
    }
}

extension TargetAction {
    /// The loop variables that it needs.
    fileprivate var variables: [String] {
        switch self {
        case .forEach(let variable, _, let actions): [variable] + actions.flatMap(\.variables)
        case .when(let branches): branches.flatMap(\.actions).flatMap(\.variables)
        default: []
        }
    }
}

// Statements that change rows.
extension PostgresDDL {
    /// nil for what only a function can do.
    package func statement(_ action: TargetAction) -> String? {
        switch action {
        case .insert(let insert): render(insert)
        case .update(let update): render(update)
        case .delete(let delete): render(delete)
        default: nil
        }
    }

    package func render(_ insert: TargetInsert) -> String {
        var text = "INSERT INTO \(name(insert.relation)) AS \(Self.identifier(insert.alias))"
        guard let rows = insert.rows else { return text + " DEFAULT VALUES" }
        text += " (\(names(insert.columns))) \(render(rows))"
        guard let conflict = insert.conflict else { return text }
        text += " ON CONFLICT" + (conflict.columns.isEmpty ? "" : " (\(names(conflict.columns)))")
        guard !conflict.assignments.isEmpty else { return text + " DO NOTHING" }
        return text + " DO UPDATE" + set(conflict.assignments) + filter(conflict.filter)
    }

    package func render(_ update: TargetUpdate) -> String {
        var text =
            "UPDATE \(name(update.relation)) AS \(Self.identifier(update.alias))" + set(update.assignments)
        if !update.from.isEmpty { text += " FROM \(renderFrom(update.from))" }
        return text + filter(update.filter)
    }

    package func render(_ delete: TargetDelete) -> String {
        "DELETE FROM \(name(delete.relation)) AS \(Self.identifier(delete.alias))" + filter(delete.filter)
    }

    private func set(_ assignments: [TargetAssignment]) -> String {
        let parts = assignments.map { assignment in
            assignment.columns.count == 1
                ? "\(names(assignment.columns)) = \(render(assignment.value))"
                : "(\(names(assignment.columns))) = \(render(assignment.value))"
        }
        return " SET " + parts.joined(separator: ", ")
    }

    private func filter(_ condition: TargetExpression?) -> String {
        condition.map { " WHERE \(render($0))" } ?? ""
    }

    private func names(_ columns: [String]) -> String {
        columns.map(Self.identifier).joined(separator: ", ")
    }
}
