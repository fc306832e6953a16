import Diagnostics
import SQLiteSyntax
import Schema

extension PlanBuilder {
    /// Virtual tables: each a loss with its SQL.
    mutating func noteObjects() {
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
