internal import Foundation
internal import PostgresClient
internal import SQLiteClient
internal import TestSupport

@testable internal import OutgrowStorage

/// Both engines without our backends: statements run with their values written as literals, and columns come
/// back as the engine prints them, so that what one says can be held against what the other says.
struct BothEngines {
    private let folder: TemporaryFolder
    private let sqlite: SQLiteConnection
    private let postgres: PostgresConnection

    init(locale: String = "C") async throws {
        folder = try TemporaryFolder()
        sqlite = try SQLiteConnection(path: folder.file("test.db"), mode: .readWrite)
        postgres = try await EphemeralPostgres.shared.emptyDatabase(locale: locale).connect()
        try await run("SELECT 1")
    }

    /// Runs a statement on both.
    func run(_ statement: SQL) async throws {
        _ = try onSQLite(statement)
        _ = try await onPostgres(statement)
    }

    /// The rows of a query on each engine, columns joined by `|`.
    func rows(_ query: SQL) async throws -> (sqlite: [String], postgres: [String]) {
        (try onSQLite(query), try await onPostgres(query))
    }

    func onSQLite(_ query: SQL) throws -> [String] {
        let statement = try sqlite.prepare(Self.text(of: query, .sqlite))
        defer { statement.finalize() }
        var rows: [String] = []
        while try statement.step() {
            rows.append(
                (0..<statement.columnCount).map { statement.text(at: $0) ?? "NULL" }.joined(separator: "|"))
        }
        return rows
    }

    func onPostgres(_ query: SQL) async throws -> [String] {
        let text = try Self.text(of: query, .postgres)
        return try await postgres.run { connection in
            let result = try connection.query(text)
            return (0..<result.rowCount).map { row in
                (0..<result.columnCount).map { result[row, $0] ?? "NULL" }.joined(separator: "|")
            }
        }
    }

    /// The statement with its values in it.
    static func text(of query: SQL, _ dialect: Dialect) throws -> String {
        let rendered = try query.rendered(for: dialect)
        return try rendered.parts.reduce(rendered.head) { try $0 + literal($1.parameter, dialect) + $1.tail }
    }

    private static func literal(_ parameter: SQL.Parameter, _ dialect: Dialect) throws -> String {
        switch (parameter, dialect) {
        case (.value(let value), _): return try literal(value, dialect)
        case (.list(let values, _), .sqlite): return quoted(try ListText.json(values))
        case (.list(let values, let type), .postgres):
            let all = try values.map { try literal($0, dialect) }
            return "ARRAY[\(all.joined(separator: ","))]::\(postgresType(type))[]"
        }
    }

    static func literal(_ value: SQLValue, _ dialect: Dialect) throws -> String {
        let text: String
        switch value {
        case .null: text = "NULL"
        case .integer(let number): text = "(\(number))"
        case .real(let number):
            text = number.isInfinite ? (dialect == .sqlite ? "9e999" : "'inf'") : "(\(number))"
        case .boolean(let truth): text = dialect == .sqlite ? (truth ? "1" : "0") : "\(truth)"
        case .text(let string): text = quoted(string)
        case .bytes(let bytes):
            let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            text = dialect == .sqlite ? "x'\(digits)'" : "'\\x\(digits)'"
        case .date(let date): text = quoted(try InstantText.text(date))
        case .uuid(let uuid): text = quoted(uuid.uuidString.lowercased())
        case .decimal(let decimal): text = quoted(try DecimalText.text(decimal))
        case .json(let json): text = quoted(json.text)
        }
        return dialect == .sqlite ? text : "\(text)::\(postgresType(value.type))"
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    private static func postgresType(_ type: SQLType) -> String {
        switch type {
        case .integer: "bigint"
        case .real: "double precision"
        case .boolean: "boolean"
        case .text: "text"
        case .bytes: "bytea"
        case .date: "timestamptz"
        case .uuid: "uuid"
        case .decimal: "numeric"
        case .json: "jsonb"
        }
    }
}
