internal import Diagnostics
internal import Foundation
internal import OutgrowStorage
internal import PostgresClient

/// The database that `outgrow schema` works on: a SQLite file or a Postgres database, told apart by its text.
package struct SchemaDatabase: Sendable {
    private enum Place: Sendable {
        case file(String)
        case server
    }

    private let place: Place
    /// As ``Database/open(_:_:)`` takes it; nil for a path.
    private let url: String?
    /// As it may be shown: without a password.
    package let description: String

    /// - Parameter text: a URL as an application gives it to `Database.open`, a path, or a libpq connection string.
    package init(_ text: String) throws {
        if text.hasPrefix("sqlite:") {
            let file = try Database.place(in: text).file ?? ""
            (place, url, description) = (.file(file), text, text)
        } else if Self.isServer(text) {
            _ = try Conninfo(try Database.place(in: text).conninfo ?? text)
            (place, url, description) = (.server, text, MigrationOptions.redacted(target: text))
        } else if let end = text.range(of: "://") {
            // What follows may hold a password.
            throw OutgrowError(
                "option-invalid", .usage, "Outgrow does not know this kind of database.",
                at: String(text[..<end.upperBound]),
                fix: "Write sqlite:app.db, or a Postgres database, as in postgres://localhost/app.")
        } else {
            (place, url, description) = (.file(text), nil, text)
        }
        if case .file(let path) = place, path.isEmpty || path.hasPrefix(":memory:") {
            throw OutgrowError(
                "option-invalid", .usage, "A database in memory has no schema to migrate.", at: text,
                fix:
                    "Name a file, as in sqlite:app.db, or a Postgres database, as in postgres://localhost/app."
            )
        }
    }

    /// `postgres://…`, or `key=value …`; a path with an equals sign in its first word is written `./a=b.db`.
    private static func isServer(_ text: String) -> Bool {
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") { return true }
        let word = text.prefix { $0 != "=" && !$0.isWhitespace }
        let rest = text.dropFirst(word.count).drop(while: \.isWhitespace)
        return rest.first == "=" && !word.isEmpty
            && word.allSatisfy { ("a"..."z").contains($0) || $0 == "_" }
    }

    var dialect: Dialect { if case .file = place { .sqlite } else { .postgres } }

    /// A file that is not there yet has nothing in it; a server is asked.
    var isMissing: Bool {
        guard case .file(let path) = place else { return false }
        return !FileManager.default.fileExists(atPath: path)
    }

    /// Opens it, makes the file when it is missing, and closes it after `body`.
    func withStorage<Result: Sendable>(
        _ body: (any Storage) async throws -> Result
    ) async throws -> Result {
        let storage = try await open()
        do {
            if let tombstone = try await Tombstone.find(on: storage) { throw tombstone.error }
            let result = try await body(storage)
            await storage.shutdown()
            return result
        } catch {
            await storage.shutdown()
            throw error
        }
    }

    /// The file's path; nil on a server.
    var filePath: String? { if case .file(let path) = place { path } else { nil } }

    func open(isReadOnly: Bool = false, retry: RetryPolicy = .never) async throws -> any Storage {
        guard let url else {
            return try await SQLiteStorage.open(
                path: description, configuration: .init(access: isReadOnly ? .readOnly : .readWrite))
        }
        var configuration = Database.Configuration()
        configuration.isReadOnly = isReadOnly
        configuration.recordsMetrics = false
        configuration.retry = retry
        configuration.tombstoneCheck = .never
        configuration.postgres.maximumConnections = 1
        return try await Database.open(url, configuration)
    }
}
