import Compatibility
import Foundation
import PostgresClient
import PostgresDDL
import SQLiteClient
import SQLiteSyntax
import Schema
import TestSupport

@testable import Translation

/// An expression over one table of `Tests/Golden/expressions/tables.sql`.
struct ExpressionCase: Sendable, Hashable, CustomStringConvertible {
    var area: String
    var table: String
    var text: String
    var isRefused = false

    var isAggregate: Bool { area == "agg" }
    var description: String { "\(table): \(text)" }

    static var folder: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "Golden/expressions")
    }

    /// The lines of `expressions.txt`.
    static func corpus() throws -> [ExpressionCase] {
        let text = try String(contentsOf: folder.appending(path: "expressions.txt"), encoding: .utf8)
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let parts = line.split(separator: " | ", maxSplits: 2).map(String.init)
            let isRefused = parts[0].hasPrefix("!")
            return ExpressionCase(
                area: isRefused ? String(parts[0].dropFirst()) : parts[0], table: parts[1], text: parts[2],
                isRefused: isRefused)
        }
    }
}

/// What became of an expression in the two engines.
enum Outcome: Sendable, Hashable {
    case same
    case refused(String)
    case different(String)
    /// SQLite itself ends with an error.
    case failedInSQLite
    case failedInPostgres(String)
}

/// The same tables with the same rows in SQLite and in Postgres.
struct BothEngines {
    private let source: Source
    private let sqlite: SQLiteConnection
    private let drafts: [TableDraft]
    private let options = PlanOptions.native
    private let database: TestDatabase
    private let schema = PostgresDDL(schema: "public")

    init() async throws {
        source = try Source(
            String(contentsOf: ExpressionCase.folder.appending(path: "tables.sql"), encoding: .utf8))
        sqlite = try SQLiteConnection(path: source.path, mode: .readOnly)
        var builder = PlanBuilder(source: try source.schema(), options: options)
        let plan = builder.build()
        drafts = builder.tables
        database = try await EphemeralPostgres.shared.emptyDatabase()
        for (draft, table) in zip(drafts, plan.target.tables) {
            try await database.execute(schema.createTable(table))
            try await database.execute(try Self.rows(of: draft, in: sqlite))
        }
    }

    /// Every value as a quoted literal, which Postgres reads by the column's type.
    private static func rows(of table: TableDraft, in sqlite: SQLiteConnection) throws -> String {
        let values = table.columns.map { column in
            let name = "\"\(column.name)\""
            return
                "CASE typeof(\(name)) WHEN 'null' THEN 'NULL' WHEN 'blob' THEN '''\\x' || hex(\(name)) || '''' "
                + "WHEN 'real' THEN printf('''%!.17g''', \(name)) ELSE quote(CAST(\(name) AS TEXT)) END"
        }
        let statement = try sqlite.prepare(
            "SELECT '(' || \(values.joined(separator: " || ',' || ")) || ')' FROM \(table.name)")
        var rows: [String] = []
        while try statement.step() { rows.append(statement.text(at: 0) ?? "") }
        return "INSERT INTO public.\(table.target) VALUES \(rows.joined(separator: ","));"
    }

    private enum Prepared {
        case done(Outcome)
        case open(wanted: [String], sql: String, comparesNumbers: Bool)
    }

    /// In the order of `cases`.
    func outcomes(of cases: [ExpressionCase]) async throws -> [Outcome] {
        var functions: Set<String> = []
        let prepared = cases.map { prepare($0, &functions) }
        let catalog = CompatibilityCatalog.standard
        try await database.execute("CREATE SCHEMA IF NOT EXISTS sqlite;")
        let statements = catalog.statements(for: functions, quotedSchema: "sqlite")
        try await database.execute(statements.joined(separator: "\n"))
        let connection = try await database.connect()
        let outcomes = try await connection.run { connection in
            prepared.map { item -> Outcome in
                guard case .open(let wanted, let sql, let comparesNumbers) = item else {
                    if case .done(let outcome) = item { return outcome }
                    return .same
                }
                do {
                    let found = try connection.query(sql).rows.map { $0[0] ?? "null" }
                    return Self.compare(wanted, found, comparesNumbers, sql)
                } catch {
                    return .failedInPostgres("\(error) in \(sql)")
                }
            }
        }
        await connection.close()
        return outcomes
    }

    private func prepare(_ item: ExpressionCase, _ functions: inout Set<String>) -> Prepared {
        guard let wanted = valuesInSQLite(of: item) else { return .done(.failedInSQLite) }
        guard let table = drafts.first(where: { $0.name == item.table }) else {
            return .done(.failedInSQLite)
        }
        do {
            let value = try translated(item, over: table)
            functions.formUnion(value.sql.compatibilityFunctions)
            var text = encoded(value.sql, value)
            var comparesNumbers = false
            switch value.numberClass {
            case .inScale(let number):
                functions.formUnion(number.compatibilityFunctions)
                // The same number, and its class.
                text = "\(text) || ' ' || 'n' || (\(schema.render(number)))::text"
                comparesNumbers = true
            case .lost: comparesNumbers = true
            case .ofKind: break
            }
            let order = item.isAggregate ? "" : " ORDER BY id"
            return .open(
                wanted: wanted, sql: "SELECT \(text) FROM public.\(table.target)\(order)",
                comparesNumbers: comparesNumbers)
        } catch let error as Untranslatable {
            return .done(.refused(error.reason))
        } catch {
            return .done(.refused("\(error)"))
        }
    }

    private func translated(_ item: ExpressionCase, over table: TableDraft) throws -> Typed {
        let translation = ExpressionTranslation(
            scope: TableScope(table: table, options: options), options: options,
            settings: .query(allowsCompatibility: true))
        var value = try translation.value(try Parser.parseExpression(item.text))
        if value.kind == .truth { value = Typed(ExpressionTranslation.zeroOrOne(value.sql), .integer) }
        return value
    }

    /// A letter for the class and the value in a form without spaces.
    private func encoded(_ sql: TargetExpression, _ value: Typed) -> String {
        let text = schema.render(sql)
        switch value.kind {
        case .integer: return "'i' || (\(text))::text"
        case .real: return "'r' || (\(text))::double precision::text"
        case .decimal: return "'n' || (\(text))::text"
        case .bytes: return "'b' || encode(\(text), 'hex')"
        case .any: return "'j' || encode(convert_to((\(text))::text, 'UTF8'), 'hex')"
        default: return "'t' || encode(convert_to((\(text))::text, 'UTF8'), 'hex')"
        }
    }

    private func valuesInSQLite(of item: ExpressionCase) -> [String]? {
        let order = item.isAggregate ? "" : " ORDER BY id"
        do {
            let statement = try sqlite.prepare("SELECT \(item.text) FROM \(item.table)\(order)")
            var rows: [String] = []
            while try statement.step() { rows.append(Self.encoded(statement.value(at: 0))) }
            return rows
        } catch {
            return nil
        }
    }

    private static func encoded(_ value: BorrowedValue) -> String {
        func hex() -> String {
            let bytes = unsafe Array(value.bytes)
            return bytes.map { byte in
                let digits = String(byte, radix: 16)
                return digits.count == 1 ? "0" + digits : digits
            }.joined()
        }
        switch value.storageClass {
        case .null: return "null"
        case .integer: return "i\(value.integer)"
        case .real: return "r\(value.real)"
        case .text: return "t" + hex()
        case .blob: return "b" + hex()
        }
    }
}

extension BothEngines {
    private static func compare(
        _ wanted: [String], _ found: [String], _ comparesNumbers: Bool, _ sql: String
    ) -> Outcome {
        let values = found.map { text in text.split(separator: " ").map { canonical(String($0)) } }
        guard wanted.count == found.count else { return .different("\(wanted.count) rows, \(found.count)") }
        for (one, other) in zip(wanted, values) {
            let isSame =
                comparesNumbers && one != "null"
                ? number(one) == number(other[0]) && (other.count == 1 || other[1] == one)
                : other.allSatisfy { $0 == one }
            if !isSame { return .different("\(one) in SQLite, \(other) by \(sql)") }
        }
        return .same
    }

    private static func number(_ text: String) -> Double? { Double(text.dropFirst()) }

    /// As SQLite's value would be written.
    private static func canonical(_ text: String) -> String {
        if text == "null" { return text }
        let rest = String(text.dropFirst())
        switch text.first {
        case "r": return "r\(Double(rest) ?? .nan)"
        case "n": return numberText(rest)
        case "j": return dynamic(rest)
        default: return text
        }
    }

    private static func numberText(_ text: String) -> String {
        text.contains(".") || text.contains("nf") ? "r\(Double(text) ?? .nan)" : "i\(text)"
    }

    private static func dynamic(_ hex: String) -> String {
        var bytes: [UInt8] = []
        var rest = hex[...]
        while let byte = UInt8(rest.prefix(2), radix: 16) {
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix("\"") || text.hasPrefix("{") else { return numberText(text) }
        let decoder = JSONDecoder()
        let data = Data("[\(text)]".utf8)
        func utf8(_ text: String) -> String {
            "t" + text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        do {
            if text.hasPrefix("\"") { return utf8(try decoder.decode([String].self, from: data)[0]) }
            let object = try decoder.decode([[String: String]].self, from: data)[0]
            if let blob = object["b"] { return "b" + blob }
            if let json = object["j"] { return utf8(json) }
            return "r\(Double(object["r"] ?? "") ?? .nan)"
        } catch {
            return "\(error)"
        }
    }
}
