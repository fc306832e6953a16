import Diagnostics
import SQLiteSyntax
import Schema

extension PlanBuilder {
    /// Triggers and virtual tables: each a loss with its SQL.
    mutating func noteObjects() {
        for trigger in source.triggers {
            if let table = trigger.table, source.table(named: table) != nil, !options.includes(table) {
                continue
            }
            findings.append(
                Finding(
                    "trigger-not-carried", .loss, at: Location(trigger.name),
                    "The trigger\(trigger.table.map { " on \($0)" } ?? "") is not carried.",
                    fix: "Write it for Postgres.", sql: trigger.sql))
        }
        for table in source.virtualTables where options.includes(table.definition.name) {
            let count = table.rowCount.map { ", which holds \(rows($0))," } ?? ""
            findings.append(
                Finding(
                    "virtual-table-not-carried", .loss, at: Location(table.definition.name),
                    "The virtual table\(count) is not carried: "
                        + "\(table.definition.module) is a module of SQLite.",
                    sql: table.sql, rowCount: table.rowCount))
        }
    }
}
