internal import Diagnostics
internal import SQLiteClient
internal import SQLiteSyntax
internal import Schema

/// Reads `sqlite_schema` into nouns, by our own parser, and holds the parser to what SQLite itself says.
struct SchemaReader {
    let connection: SQLiteConnection
    let path: String

    /// Everything but the observations.
    func read() throws -> SourceSchema {
        let rows = try schemaRows()
        var digest = SchemaDigest()
        for row in rows { digest.add("\(row.type)\0\(row.name)\0\(row.table)\0\(row.sql ?? "")\0") }
        var schema = SourceSchema(
            fingerprint: SourceFingerprint(
                schemaDigest: digest.hexadecimal,
                userVersion: try connection.integer("PRAGMA user_version") ?? 0,
                applicationID: try connection.integer("PRAGMA application_id") ?? 0))
        let pageSize = try connection.integer("PRAGMA page_size") ?? 0
        schema.byteCount = pageSize * (try connection.integer("PRAGMA page_count") ?? 0)
        let shadows = try shadowTables(rows)
        let sequences = try sequencePositions(rows)
        for row in rows where !SQLiteName.folded(row.name).hasPrefix("sqlite_") || row.type == "index" {
            guard let sql = row.sql else { continue }
            try add(row, sql, to: &schema, shadows: shadows, sequences: sequences)
        }
        return schema
    }

    private func add(
        _ row: SchemaRow, _ sql: String, to schema: inout SourceSchema, shadows: [String: CreateTable?],
        sequences: [String: Int64]
    ) throws {
        switch row.type {
        case "view":
            schema.views.append(SourceObject(name: row.name, sql: sql))
        case "trigger":
            schema.triggers.append(SourceObject(name: row.name, table: row.table, sql: sql))
        case "table" where shadows.keys.contains(SQLiteName.folded(row.name)):
            break
        default:
            switch try parse(sql, named: row.name) {
            case .createTable(var definition):
                definition.name = row.name
                var table = SourceTable(definition: definition, sql: sql)
                table.sequencePosition = sequences[SQLiteName.folded(row.name)]
                try check(table)
                schema.tables.append(table)
            case .createVirtualTable(let definition):
                schema.virtualTables.append(virtualTable(definition, sql, shadows))
            case .createIndex(let definition):
                guard let table = schema.tables.firstIndex(where: { SQLiteName.equal($0.name, row.table) })
                else { break }
                schema.tables[table].indexes.append(SourceIndex(definition: definition, sql: sql))
            case .createView, .createTrigger:
                break
            }
        }
    }

    struct SchemaRow {
        var type: String
        var name: String
        var table: String
        var sql: String?
    }

    /// Tables before indexes, each in order of creation.
    private func schemaRows() throws -> [SchemaRow] {
        let statement = try connection.prepare(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type = 'index', rowid")
        var rows: [SchemaRow] = []
        while try statement.step() {
            rows.append(
                SchemaRow(
                    type: statement.text(at: 0) ?? "", name: statement.text(at: 1) ?? "",
                    table: statement.text(at: 2) ?? "", sql: statement.text(at: 3)))
        }
        return rows
    }

    func parse(_ sql: String, named name: String) throws -> SchemaStatement {
        do throws(SyntaxError) {
            return try Parser.parseStatement(sql)
        } catch {
            throw OutgrowError(
                "schema-not-understood", .source, "The definition of \(name) is not understood: \(error).",
                at: path,
                fix: "Please report the CREATE statement; until then leave it out with --exclude-table.")
        }
    }

    /// Our parser and SQLite must see the same columns; if they do not, nothing built on it can be trusted.
    private func check(_ table: SourceTable) throws {
        let statement = try connection.prepare("SELECT name, type FROM pragma_table_xinfo(?1) ORDER BY cid")
        try statement.bind(table.name, at: 1)
        var names: [String] = []
        while try statement.step() { names.append(statement.text(at: 0) ?? "") }
        guard names.isEmpty || names == table.definition.columns.map(\.name) else {
            throw OutgrowError.defect(
                "The columns of \(table.name) are read otherwise than by SQLite.", at: path)
        }
    }

    private func sequencePositions(_ rows: [SchemaRow]) throws -> [String: Int64] {
        guard rows.contains(where: { $0.name == "sqlite_sequence" }) else { return [:] }
        let statement = try connection.prepare(
            "SELECT name, seq FROM sqlite_sequence WHERE typeof(seq) = 'integer'")
        var positions: [String: Int64] = [:]
        while try statement.step() {
            let name = SQLiteName.folded(statement.text(at: 0) ?? "")
            positions[name] = max(positions[name] ?? .min, statement.integer(at: 1))
        }
        return positions
    }
}
