import Diagnostics
import SQLiteSyntax
import Schema

extension PlanBuilder {
    /// Virtual tables: each a loss with its SQL, but for full-text tables of which more is known.
    mutating func noteObjects() {
        for table in source.virtualTables where options.includes(table.definition.name) {
            let module = SQLiteName.folded(table.definition.module)
            guard let definition = FullTextDefinition(table.definition) else {
                loseVirtualTable(table, fix: Self.moduleFixes[module])
                continue
            }
            guard options.fullTextConfiguration == nil else { continue }
            if let refusal = definition.refusal {
                loseVirtualTable(table, "because \(refusal)", fix: Self.plainTableFix)
            } else {
                loseVirtualTable(
                    table,
                    fix: "Use --fts simple (or another text search configuration) to have "
                        + (definition.content == .own
                            ? "a table with a tsvector column and a GIN index."
                            : "a tsvector column with a GIN index."))
            }
        }
    }

    /// - Parameter reason: begins with "because"; by default, that the module is SQLite's.
    mutating func loseVirtualTable(_ table: SourceVirtualTable, _ reason: String? = nil, fix: String?) {
        let count = table.rowCount.map { ", which holds \(rows($0))," } ?? ""
        findings.append(
            Finding(
                "virtual-table-not-carried", .loss, at: Location(table.definition.name),
                "The virtual table\(count) is not carried"
                    + (reason.map { " \($0)." } ?? ": \(table.definition.module) is a module of SQLite."),
                fix: fix, sql: table.sql, rowCount: table.rowCount))
    }

    /// By folded name of the module.
    private static let moduleFixes: [String: String] = {
        let boxes =
            "Copy its rows into an ordinary table in the source (CREATE TABLE … AS SELECT * FROM …), and index them "
            + "in Postgres with GiST, on box() of the coordinates, on ranges, or with PostGIS."
        return [
            "rtree": boxes, "rtree_i32": boxes,
            "geopoly":
                "Copy its rows into an ordinary table in the source, with geopoly_json(_shape), and make them "
                + "polygon or, with PostGIS, geometry in Postgres.",
            "fts3tokenize": "It holds nothing: ts_parse() and ts_debug() show the words of a text.",
            "fts4aux": "It holds nothing: ts_stat() lists the words of a tsvector column.",
            "fts5vocab": "It holds nothing: ts_stat() lists the words of a tsvector column.",
        ]
    }()
}
