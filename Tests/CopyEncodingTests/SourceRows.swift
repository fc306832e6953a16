import Foundation
import SQLiteClient
import TestSupport

/// A value to be put into SQLite, exactly.
enum SourceValue: Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text([UInt8])
    case blob([UInt8])

    static func text(_ string: String) -> SourceValue { .text(Array(string.utf8)) }

    var literal: String {
        switch self {
        case .null: "NULL"
        case .integer(.min): "(-9223372036854775807 - 1)"
        case .integer(let integer): String(integer)
        case .real(let real) where real.isInfinite: real < 0 ? "-9e999" : "9e999"
        case .real(let real): real.description
        case .text(let bytes): "CAST(x'\(hexadecimal(bytes))' AS TEXT)"
        case .blob(let bytes): "x'\(hexadecimal(bytes))'"
        }
    }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

/// Rows in a real SQLite file, in columns without affinity.
final class SourceRows {
    private let folder: TemporaryFolder
    let connection: SQLiteConnection

    init(_ rows: [[SourceValue]]) throws {
        folder = try TemporaryFolder()
        connection = try SQLiteConnection(path: folder.file("rows.db"), mode: .readWrite)
        let columns = (rows.first ?? [.null]).indices.map { "c\($0)" }.joined(separator: ", ")
        try connection.execute("CREATE TABLE rows (\(columns))")
        for start in stride(from: 0, to: rows.count, by: 200) {
            let tuples = rows[start..<min(start + 200, rows.count)].map { row in
                "(" + row.map(\.literal).joined(separator: ", ") + ")"
            }
            try connection.execute("INSERT INTO rows VALUES " + tuples.joined(separator: ", "))
        }
    }

    /// The rows in the order they were given.
    func statement() throws -> SQLiteStatement { try connection.prepare("SELECT * FROM rows ORDER BY rowid") }
}
