import PostgresClient
import TestSupport

/// The catalog of a database, by meaning: names of constraints and indexes left out, `serial` the same as an
/// identity column, a UNIQUE constraint the same as a unique index.
struct Catalog: Sendable {
    struct Column: Sendable, Equatable {
        var type: String
        var isNotNull: Bool
        var value: String?
    }

    struct Table: Sendable {
        var columns: [String: Column] = [:]
        /// Keys, checks and indexes, as Postgres writes them.
        var objects: Set<String> = []
    }

    private(set) var tables: [String: Table] = [:]

    init(_ database: TestDatabase) async throws {
        let connection = try await database.connect()
        let (columns, objects) = try await connection.run { connection in
            (
                try connection.query(Self.columns).rows.map { row in (0..<5).map { row[$0] } },
                try connection.query(Self.objects).rows.map { row in (0..<2).map { row[$0] ?? "" } }
            )
        }
        await connection.close()
        for row in columns {
            tables[row[0] ?? "", default: Table()].columns[row[1] ?? ""] = Column(
                type: row[2] ?? "", isNotNull: row[3] == "t", value: row[4])
        }
        for row in objects { tables[row[0], default: Table()].objects.insert(row[1]) }
    }

    private static let columns = """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
          CASE WHEN a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%' THEN 'identity'
          ELSE pg_get_expr(d.adbin, d.adrelid) END
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        """

    private static let objects = """
        SELECT t.relname, pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
        WHERE c.contype IN ('f', 'c', 'x') AND t.relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT t.relname, CASE WHEN x.indisprimary THEN 'PRIMARY KEY' WHEN x.indisunique THEN 'UNIQUE' ELSE 'INDEX' END
          || regexp_replace(pg_get_indexdef(x.indexrelid), '^.* USING', '')
        FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid WHERE t.relnamespace = 'public'::regnamespace
        """

    /// One difference, without the names of tables and columns.
    struct Difference: Sendable, Hashable, CustomStringConvertible {
        var framework: String
        var outgrow: String
        var description: String { "\(framework) → \(outgrow)" }
    }

    /// What `outgrow` made otherwise, with an example of each.
    func differences(from outgrow: Catalog) -> [Difference: String] {
        var found: [Difference: String] = [:]
        func note(_ framework: String, _ outgrow: String, _ place: String) {
            found[Difference(framework: framework, outgrow: outgrow)] = place
        }
        for name in Set(tables.keys).union(outgrow.tables.keys).sorted() {
            guard let theirs = tables[name], let ours = outgrow.tables[name] else {
                note(
                    tables[name] == nil ? "no table" : "table",
                    outgrow.tables[name] == nil ? "no table" : "table", name)
                continue
            }
            for column in Set(theirs.columns.keys).union(ours.columns.keys).sorted() {
                guard let one = theirs.columns[column], let other = ours.columns[column] else {
                    note("column", "no column", "\(name).\(column)")
                    continue
                }
                let place = "\(name).\(column)"
                if one.type != other.type { note(Self.general(one.type), Self.general(other.type), place) }
                if one.isNotNull != other.isNotNull {
                    note(one.isNotNull ? "NOT NULL" : "NULL", other.isNotNull ? "NOT NULL" : "NULL", place)
                }
                let values = (Self.plain(one.value), Self.plain(other.value))
                if values.0 != values.1 { note("DEFAULT \(values.0)", "DEFAULT \(values.1)", place) }
            }
            let columns = Array(theirs.columns.keys)
            for object in theirs.objects.subtracting(ours.objects) {
                note(Self.general(object, columns), "none", "\(name): \(object)")
            }
            for object in ours.objects.subtracting(theirs.objects) {
                note("none", Self.general(object, columns), "\(name): \(object)")
            }
        }
        return found
    }

    /// `numeric(12,2)` as `numeric(p,s)`.
    private static func general(_ type: String) -> String {
        type.replacing(#/\(\d+,\d+\)/#, with: "(p,s)").replacing(#/\(\d+\)/#, with: "(n)")
    }

    /// `'7'::smallint` is 7, and so is 7.0.
    private static func plain(_ value: String?) -> String {
        guard let value else { return "none" }
        if let number = Double(value) { return "\(number)" }
        return value.wholeMatch(of: #/'(-?[\d.]+)'::[a-z ]+/#).map { "\(Double($0.output.1) ?? 0)" } ?? value
    }

    private static func general(_ object: String, _ columns: [String]) -> String {
        var result = object
        for column in columns.sorted(by: { $0.count > $1.count }) {
            result = result.replacing(#/\b_?[A-Za-z]\w*\b/#) {
                $0.output == column ? "column" : String($0.output)
            }
        }
        return result
    }
}
