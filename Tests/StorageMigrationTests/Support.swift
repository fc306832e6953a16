import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import OutgrowStorage

/// An empty database of one test, on either engine.
struct EmptyDatabase: Sendable {
    let dialect: Dialect
    /// What the command line takes.
    let url: String
    let folder: TemporaryFolder

    init(_ dialect: Dialect) async throws {
        self.dialect = dialect
        folder = try TemporaryFolder()
        switch dialect {
        case .sqlite: url = folder.file("app.db")
        case .postgres: url = try await EphemeralPostgres.shared.emptyDatabase().conninfo.redacted
        }
    }

    func open(busyTimeout: Duration = .seconds(5)) async throws -> any Storage {
        switch dialect {
        case .sqlite:
            var configuration = SQLiteStorage.Configuration()
            configuration.busyTimeout = busyTimeout
            return try await SQLiteStorage.open(path: url, configuration: configuration)
        case .postgres: return try await PostgresStorage.open(url)
        }
    }

    /// Opens it for one piece of work.
    func with<Result: Sendable>(_ body: (any Storage) async throws -> Result) async throws -> Result {
        let storage = try await open()
        do {
            let result = try await body(storage)
            await storage.shutdown()
            return result
        } catch {
            await storage.shutdown()
            throw error
        }
    }

    func integers(_ query: SQL) async throws -> [Int64] {
        try await with { try await $0.read { tx in try tx.rows(query, as: Int64.self) } }
    }

    func execute(_ sql: SQL) async throws {
        try await with { try await $0.write { tx in try tx.executeScript(sql) } }
    }

    /// Writes migrations and returns their folder.
    func migrations(_ files: [String: String]) throws -> String {
        for (path, text) in files {
            let parent = URL(fileURLWithPath: folder.file("migrations/\(path)")).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            try folder.write(text, to: "migrations/\(path)")
        }
        return folder.file("migrations")
    }
}

extension StorageError {
    var codes: [SchemaProblem.Code] { schemaProblems.map(\.code) }
}
