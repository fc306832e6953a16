internal import SQLiteClient
internal import SQLiteSyntax
internal import Schema

/// Which tables virtual tables keep their content in; those are not tables of the application.
extension SchemaReader {
    /// By folded name, with the definition where it is understood.
    ///
    /// SQLite tells them by their names alone, and only when the module is compiled in. So an application's own
    /// `x_content` beside a full-text table `x` is one to SQLite; here a table of a known module has to have the
    /// columns that the module gives it, too.
    func shadowTables(_ rows: [SchemaRow]) throws -> [String: CreateTable?] {
        var shadows: [String: CreateTable?] = [:]
        let statement = try connection.prepare("SELECT name FROM pragma_table_list WHERE type = 'shadow'")
        while try statement.step() {
            shadows.updateValue(nil, forKey: SQLiteName.folded(statement.text(at: 0) ?? ""))
        }
        let sql = Dictionary(
            rows.filter { $0.type == "table" }.map { (SQLiteName.folded($0.name), $0.sql ?? "") },
            uniquingKeysWith: { first, _ in first })
        for row in rows where row.type == "table" {
            guard let text = row.sql, SQLiteName.folded(text).hasPrefix("create virtual"),
                case .createVirtualTable(let table) = try parse(text, named: row.name)
            else { continue }
            for (suffix, columns) in ModuleTables.all[SQLiteName.folded(table.module)] ?? [:] {
                let name = SQLiteName.folded(row.name) + "_" + suffix
                guard let text = sql[name] else { continue }
                let definition = Self.definition(text, name)
                let isShadow = definition.map { ModuleTables.holds(table, suffix, $0, columns) } ?? true
                if isShadow {
                    shadows.updateValue(definition, forKey: name)
                } else {
                    shadows.removeValue(forKey: name)
                }
            }
        }
        return shadows
    }

    func virtualTable(
        _ definition: CreateVirtualTable, _ sql: String, _ shadows: [String: CreateTable?]
    ) -> SourceVirtualTable {
        var result = SourceVirtualTable(
            definition: definition, sql: sql, rowCount: rowCount(of: definition.name))
        guard let fullText = FullTextDefinition(definition) else { return result }
        func shadow(_ suffix: String) -> CreateTable? {
            (shadows[SQLiteName.folded(definition.name + "_" + suffix)] ?? nil)
        }
        if fullText.content == .own, let content = shadow("content") {
            result.content = SourceTable(definition: content, sql: SQLPrinter.print(content))
        }
        if fullText.content != .own, let sizes = shadow("docsize") {
            result.indexedRowCount = rowCount(of: sizes.name)
        }
        return result
    }

    /// nil when it is not understood: the modules' own statements are.
    private static func definition(_ sql: String, _ name: String) -> CreateTable? {
        do throws(SyntaxError) {
            guard case .createTable(let definition) = try Parser.parseStatement(sql) else { return nil }
            return definition
        } catch {
            return nil
        }
    }

    /// nil when this SQLite has no such module, or it cannot count.
    private func rowCount(of name: String) -> Int64? {
        do throws(SQLiteFailure) {
            return try connection.integer("SELECT count(*) FROM \(SQLiteName.quoted(name))")
        } catch {
            return nil
        }
    }
}

/// The tables that the modules of the standard build make, by the suffix of their names, with their first columns.
private enum ModuleTables {
    static let all: [String: [String: [String]]] = [
        "fts3": fts, "fts4": fts,
        "fts5": [
            "data": ["id", "block"], "idx": ["segid", "term", "pgno"], "content": ["id"],
            "docsize": ["id", "sz"], "config": ["k", "v"],
        ],
        "rtree": rtree, "rtree_i32": rtree, "geopoly": rtree,
    ]

    private static let fts = [
        "content": ["docid"], "segments": ["blockid", "block"], "segdir": ["level", "idx", "start_block"],
        "docsize": ["docid", "size"], "stat": ["id", "value"],
    ]

    private static let rtree = [
        "node": ["nodeno", "data"], "rowid": ["rowid", "nodeno"], "parent": ["nodeno", "parentnode"],
    ]

    static func holds(
        _ table: CreateVirtualTable, _ suffix: String, _ found: CreateTable, _ columns: [String]
    ) -> Bool {
        let names = found.columns.map { SQLiteName.folded($0.name) }
        guard names.starts(with: columns) else { return false }
        guard suffix == "content", let definition = FullTextDefinition(table) else { return true }
        return definition.content == .own || definition.options["contentless_unindexed"] != nil
    }
}
