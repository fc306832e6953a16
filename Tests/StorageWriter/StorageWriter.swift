import Foundation
import OutgrowStorage

/// Writes to a database until it is done or killed: the other process in the tests of `StorageTests`.
///
///     storage-writer append    sqlite|postgres WHERE FIRST-ID
///     storage-writer increment sqlite|postgres WHERE COUNT
///
/// `append` inserts one row after the other and prints each number once its commit is acknowledged.
@main struct StorageWriter {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let number = Int(arguments[4]) else {
            FileHandle.standardError.write(Data("usage: storage-writer MODE BACKEND WHERE NUMBER\n".utf8))
            exit(2)
        }
        let storage = try await open(arguments[2], arguments[3])
        switch arguments[1] {
        case "append": try await append(to: storage, from: number)
        default: try await increment(storage, number)
        }
        await storage.shutdown()
    }

    private static func open(_ backend: String, _ place: String) async throws -> any Storage {
        guard backend == "sqlite" else { return RetryingStorage(try await PostgresStorage.open(place)) }
        let configuration = SQLiteStorage.Configuration(durability: .durable)
        return RetryingStorage(try await SQLiteStorage.open(path: place, configuration: configuration))
    }

    private static func append(to storage: any Storage, from first: Int) async throws {
        for id in first... {
            try await storage.write { tx in
                _ = try tx.execute("INSERT INTO acknowledged (id, padding) VALUES (\(id), \(padding))")
            }
            FileHandle.standardOutput.write(Data("\(id)\n".utf8))
        }
    }

    /// Makes the WAL grow, so that checkpoints happen too.
    private static let padding = String(repeating: "x", count: 2_000)

    private static func increment(_ storage: any Storage, _ count: Int) async throws {
        for _ in 0..<count {
            try await storage.write { tx in
                let n = try tx.one("SELECT n FROM counter", as: Int.self)
                try tx.execute("UPDATE counter SET n = \(n + 1)")
            }
        }
    }
}
