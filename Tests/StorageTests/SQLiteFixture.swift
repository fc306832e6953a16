import Foundation
import TestSupport

@testable import OutgrowStorage

/// A storage on a file of its own, with one table.
final class SQLiteFixture: Sendable {
    let folder: TemporaryFolder
    let path: String
    let storage: SQLiteStorage

    init(_ configuration: SQLiteStorage.Configuration = .init()) async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        path = folder.file("app.db")
        var configuration = configuration
        // The folder stays as long as the storage, whoever lets go of the fixture.
        configuration.preparation = { [preparation = configuration.preparation] setup in
            try withExtendedLifetime(folder) { try preparation?(setup) }
        }
        storage = try await SQLiteStorage.open(path: path, configuration: configuration)
        _ = try await storage.write { tx in
            try tx.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT UNIQUE, price REAL)")
        }
    }

    func insert(_ names: [String]) async throws {
        try await storage.write { tx in
            _ = try tx.bulkInsert(into: "item", columns: ["name"], rows: names)
        }
    }

    var names: [String] {
        get async throws {
            try await storage.read { try $0.rows("SELECT name FROM item ORDER BY id", as: String.self) }
        }
    }
}

/// Never ends by itself.
let endlessQuery: SQL =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

/// Runs `body`, and returns the storage error that it threw.
func storageError<Result>(
    _ body: () async throws -> Result
) async throws -> StorageError? {
    do {
        _ = try await body()
        return nil
    } catch let error as StorageError {
        return error
    }
}
