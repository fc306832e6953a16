internal import Diagnostics
internal import PostgresClient

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Where ``withTemporaryDatabase(on:configuration:isolation:_:)`` makes its database.
public enum TemporaryDatabasePlace: Sendable {
    /// A file in a folder of its own in the system's temporary folder.
    case sqlite
    /// A database of its own on the server of `admin`, a URL as ``Database/open(_:_:)`` takes it, whose user may create
    /// databases. With a `template`, the new database is a copy of it, schema and rows: much quicker than a
    /// schema's migrations for each test. Nobody may be connected to the template meanwhile.
    /// https://www.postgresql.org/docs/current/manage-ag-templatedbs.html
    case postgres(admin: String, template: String? = nil)
}

/// Makes an empty database, runs `body` with it, and removes it, even when `body` throws or its task is canceled.
///
/// ```swift
/// @Test(arguments: [TemporaryDatabasePlace.sqlite, .postgres(admin: "postgres:///postgres")])
/// func `a person is found by name`(_ place: TemporaryDatabasePlace) async throws {
///     try await withTemporaryDatabase(on: place) { db in
///         try await db.write { tx in try tx.executeScript("CREATE TABLE person (name text)") }
///     }
/// }
/// ```
///
/// A file takes a few milliseconds; CREATE DATABASE some tens. A process that is killed leaves its database behind:
/// a folder `outgrow-…` in the temporary folder, a database `outgrow_temporary_…` on the server.
///
/// - Throws: ``StorageError`` when the database cannot be made or removed, or whatever `body` throws.
public func withTemporaryDatabase<Result>(
    on place: TemporaryDatabasePlace, configuration: Database.Configuration = Database.Configuration(),
    isolation: isolated (any Actor)? = #isolation, _ body: (Database) async throws -> Result
) async throws -> Result {
    let made = try await TemporaryDatabase.make(on: place)
    let result: Result
    do {
        let database = try await Database.open(made.url, configuration)
        do {
            result = try await body(database)
        } catch {
            await database.shutdown()
            throw error
        }
        await database.shutdown()
    } catch {
        do {
            try await made.remove()
        } catch _ {
            // The first error says more.
        }
        throw error
    }
    try await made.remove()
    return result
}

/// A database that was made and has to go.
private struct TemporaryDatabase: Sendable {
    private enum Removal {
        case folder(String)
        case database(String, admin: Conninfo)
    }

    let url: String
    private let removal: Removal

    static func make(on place: TemporaryDatabasePlace) async throws -> TemporaryDatabase {
        let name = "outgrow_temporary_" + UUID().uuidString.lowercased().filter { $0 != "-" }
        switch place {
        case .sqlite: return try makeFile(name)
        case .postgres(let admin, let template):
            let url = try DatabaseURL(admin)
            guard case .postgres(let conninfo, _) = url else {
                throw StorageError(
                    .misuse, "The admin URL of a temporary database names no Postgres server.",
                    fix: "Give a URL such as postgres:///postgres, or use .sqlite.")
            }
            var statement = "CREATE DATABASE \(SQL.quoted(name))"
            if let template { statement += " TEMPLATE \(SQL.quoted(template))" }
            let server = try Self.translating { try Conninfo(conninfo) }
            try await run(statement, on: server)
            return TemporaryDatabase(
                url: DatabaseURL.naming(database: name, in: admin), removal: .database(name, admin: server))
        }
    }

    /// Not inherited: cancellation, which must not keep it from going.
    func remove() async throws {
        switch removal {
        case .folder(let path): try FileManager.default.removeItem(atPath: path)
        case .database(let name, let admin):
            try await Task.detached {
                try await Self.run("DROP DATABASE IF EXISTS \(SQL.quoted(name)) WITH (FORCE)", on: admin)
            }.value
        }
    }

    private static func makeFile(_ name: String) throws -> TemporaryDatabase {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        return TemporaryDatabase(url: DatabaseURL.sqlite(path: "\(folder)/test.db"), removal: .folder(folder))
    }

    private static func run(_ statement: String, on server: Conninfo) async throws {
        do {
            let connection = try await PostgresConnection.open(server)
            do {
                try await connection.run { connection in _ = try connection.execute(statement) }
            } catch {
                await connection.close()
                throw error
            }
            await connection.close()
        } catch let error as OutgrowError {
            throw StorageError(connecting: error)
        }
    }

    private static func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as OutgrowError { throw StorageError(connecting: error) }
    }
}
