import Diagnostics
import Foundation
import Outgrow
import PostgresClient
import Schema
import TestSupport

/// Files that tests share.
enum Place {
    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Real databases, which are not part of this repository.
    static func realDatabase(_ name: String) -> String {
        package.deletingLastPathComponent().appendingPathComponent("shared/data/\(name).db").path
    }

    static var hasRealDatabases: Bool {
        RealDatabase.allCases.allSatisfy { FileManager.default.fileExists(atPath: realDatabase($0.rawValue)) }
    }
}

enum RealDatabase: String, CaseIterable, Sendable { case chinook, northwind, sakila, optuna }

/// A SQLite file of one test.
struct SourceFile {
    let folder: TemporaryFolder
    let path: String

    /// Makes a database by the engine's own shell.
    init(_ sql: String) throws {
        folder = try TemporaryFolder()
        path = folder.file("app.db")
        try SQLiteShell.run(sql, on: path)
    }

    /// A copy, as the sources of real databases may be read-only.
    init(copying original: String) throws {
        folder = try TemporaryFolder()
        path = folder.file("app.db")
        try FileManager.default.copyItem(atPath: original, toPath: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    }

    /// The sample of Examples/ticketing; `more` runs after it.
    static func sample(adding more: String = "") throws -> SourceFile {
        let folder = Place.package.appendingPathComponent("Examples/ticketing")
        let texts = try ["schema.sql", "data.sql"].map {
            try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
        }
        return try SourceFile(texts.joined(separator: "\n") + more)
    }

    /// What the database's files hold, for "not a byte has changed".
    func contents() throws -> [String: Data] {
        var found: [String: Data] = [:]
        for ending in ["", "-wal", "-journal"] where FileManager.default.fileExists(atPath: path + ending) {
            found[ending] = try Data(contentsOf: URL(fileURLWithPath: path + ending))
        }
        return found
    }

    var fileNames: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }
}

extension TestDatabase {
    /// The TARGET argument.
    var argument: String { conninfo.redacted }

    /// One statement's only value, through libpq.
    func scalar(_ sql: String) async throws -> String? {
        let connection = try await connect()
        let value = try await connection.run { try $0.scalar(sql) }
        await connection.close()
        return value
    }

    /// The first column of a statement's rows.
    func column(_ sql: String) async throws -> [String] {
        let connection = try await connect()
        let values = try await connection.run { try $0.query(sql).rows.map { $0[0] ?? "(null)" } }
        await connection.close()
        return values
    }

    /// All relations that are not the server's, with their kinds.
    func relations() async throws -> [String] {
        try await column(
            """
            SELECT n.nspname || '.' || c.relname || ' ' || c.relkind::text FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1
            """)
    }
}

/// Migrates in this process.
func migrate(
    _ source: String, into database: TestDatabase,
    _ change: (inout MigrationOptions) throws -> Void = { _ in }
) async throws -> MigrationReport {
    var options = MigrationOptions(source: source, target: database.conninfo, jobs: 2)
    try change(&options)
    return try await Migration(options).run()
}

/// Compares in this process.
func compare(
    _ source: String, with database: TestDatabase,
    _ change: (inout MigrationOptions) throws -> Void = { _ in }
) async throws -> Comparison.Report {
    var options = MigrationOptions(source: source, target: database.conninfo, jobs: 2)
    try change(&options)
    return try await Comparison(options).run()
}

extension MigrationReport {
    /// A finding as a line: what the goldens hold.
    var findingLines: [String] {
        findings.map { "\($0.severity.rawValue)  \($0.code)  \($0.location)  \($0.message)" }
    }

    func finding(_ code: Finding.Code) -> Finding? { findings.first { $0.code == code } }
}
