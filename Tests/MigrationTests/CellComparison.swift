import Foundation
import TestSupport

/// Compares every cell of a table: SQLite's `quote()` on one side, psql's text on the other.
///
/// Knows nothing of our codecs: literals are read here, by rules that are written here only.
struct CellComparison {
    struct Column {
        var source: String
        var target: String
        /// As Postgres names it.
        var type: String
    }

    let sourcePath: String
    let conninfo: String
    let sourceTable: String
    /// Quoted, with its schema.
    let targetTable: String
    let columns: [Column]

    /// What differs, as sentences, at most a few; empty when every cell is equal. Rows have no order.
    func differences() throws -> (rowCount: Int, found: [String]) {
        let source = try sourceRows().sorted { $0.lexicographicallyPrecedes($1) }
        let target = try targetRows().sorted { $0.lexicographicallyPrecedes($1) }
        var found: [String] = []
        if source.count != target.count {
            found.append("\(sourceTable): \(source.count) rows in SQLite, \(target.count) in Postgres")
        }
        for (one, other) in zip(source, target) where one != other {
            found.append("\(sourceTable): \(Self.shown(one)) and \(Self.shown(other))")
            if found.count == 5 { break }
        }
        return (source.count, found)
    }

    private static func shown(_ row: [UInt8]) -> String {
        String(decoding: row, as: UTF8.self).replacing("\u{1F}", with: " | ")
    }
}

// One row is its canonical cells, each followed by 0x1F.
extension CellComparison {
    private func sourceRows() throws -> [[UInt8]] {
        let cells = columns.map { column in
            let name = Self.quoted(column.source)
            switch column.type {
            case "text":
                // A number in a text column is compared by SQLite's own text of it, long enough to read back.
                return """
                    CASE typeof(\(name)) WHEN 'integer' THEN quote(CAST(\(name) AS TEXT)) WHEN 'real' THEN quote(CASE
                    WHEN CAST(CAST(\(name) AS TEXT) AS REAL) = \(name) THEN CAST(\(name) AS TEXT)
                    WHEN CAST(printf('%!.16g', \(name)) AS REAL) = \(name) THEN printf('%!.16g', \(name))
                    ELSE printf('%!.17g', \(name)) END) ELSE quote(\(name)) END
                    """
            case "double precision":
                // `quote()` drops the sign of a zero.
                return "iif(typeof(\(name)) = 'real' AND hex(ieee754_to_blob(\(name))) = '8000000000000000', "
                    + "'-0.0', quote(\(name)))"
            case "bytea":
                // `quote()` ends a text at its first U+0000.
                return
                    "CASE typeof(\(name)) WHEN 'text' THEN quote(CAST(\(name) AS BLOB)) ELSE quote(\(name)) END"
            default: return "quote(\(name))"
            }
        }
        // A table whose columns are all generated still has rows.
        let list = cells.isEmpty ? "quote(NULL)" : cells.joined(separator: ", ")
        let text = try Program.run(
            "sqlite3", ["-batch", "-bail", "-ascii", sourcePath],
            input: "SELECT \(list) FROM \(Self.quoted(sourceTable)) NOT INDEXED;")
        var reader = LiteralReader(bytes: Array(text.utf8))
        var rows: [[SQLiteLiteral]] = []
        while !reader.isAtEnd {
            var row: [SQLiteLiteral] = []
            for _ in 0..<max(1, cells.count) { row.append(try reader.next()) }
            rows.append(row)
        }
        let documents = try serverForms(ofJSONIn: rows)
        return try rows.map { row in
            var bytes: [UInt8] = []
            for (index, column) in columns.enumerated() {
                if column.type == "jsonb", case .text(let text) = row[index], let form = documents[text] {
                    bytes += form
                } else {
                    bytes += try CanonicalCell.make(row[index], as: column.type)
                }
                bytes.append(0x1F)
            }
            return bytes
        }
    }

    private func targetRows() throws -> [[UInt8]] {
        let list = columns.map { Self.quoted($0.target) }.joined(separator: ", ")
        let text = try psql("COPY (SELECT \(list) FROM ONLY \(targetTable)) TO STDOUT")
        return try Self.copyLines(text).map { fields in
            var bytes: [UInt8] = []
            for (field, column) in zip(fields, columns) {
                bytes += try CanonicalCell.make(field, as: column.type)
                bytes.append(0x1F)
            }
            return bytes
        }
    }

    /// The server itself says which JSON is which: the source's documents, cast by it.
    private func serverForms(ofJSONIn rows: [[SQLiteLiteral]]) throws -> [[UInt8]: [UInt8]] {
        var documents: Set<[UInt8]> = []
        for (index, column) in columns.enumerated() where column.type == "jsonb" {
            for row in rows { if case .text(let text) = row[index] { documents.insert(text) } }
        }
        guard !documents.isEmpty else { return [:] }
        let sent = Array(documents)
        let statements = sent.map { text in
            "('" + String(decoding: text, as: UTF8.self).replacing("'", with: "''") + "')"
        }
        let text = try psql(
            "COPY (SELECT v::jsonb FROM (VALUES \(statements.joined(separator: ",\n"))) t (v)) TO STDOUT")
        let forms = Self.copyLines(text).map { $0[0] ?? [] }
        return Dictionary(uniqueKeysWithValues: zip(sent, forms))
    }

    private func psql(_ statement: String) throws -> String {
        try Program.run(
            "psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo],
            input:
                "SET TimeZone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = hex;\n\(statement);\n")
    }

    static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

    /// COPY's text format: fields apart by tabs, backslashes for what would be mistaken.
    private static func copyLines(_ text: String) -> [[[UInt8]?]] {
        var lines: [[[UInt8]?]] = []
        var fields: [[UInt8]?] = []
        var field: [UInt8]? = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\t"), UInt8(ascii: "\n"):
                fields.append(field)
                field = []
                if bytes[index] == UInt8(ascii: "\n") {
                    lines.append(fields)
                    fields = []
                }
            case UInt8(ascii: "\\"):
                index += 1
                let escapes: [UInt8: UInt8] = [0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9, 0x76: 11]
                if bytes[index] == UInt8(ascii: "N") {
                    field = nil
                } else {
                    field?.append(escapes[bytes[index]] ?? bytes[index])
                }
            default: field?.append(bytes[index])
            }
            index += 1
        }
        return lines
    }
}
