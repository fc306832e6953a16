import BenchSQLite
import Foundation

/// The SQLite files of a run, in a folder that is removed at the end.
final class Fixture {
    static let itemCount: Int64 = 100_000

    let libraryPath: String
    private let folder: URL
    private var notebooks: [OpaquePointer] = []

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "storage-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        libraryPath = folder.appending(path: "library.db").path
        let library = try RawSQLite.open(libraryPath)
        defer { sqlite3_close(library) }
        try RawSQLite.run(Self.table, on: library)
        let add = try RawSQLite.prepare(RawSQLite.addition, on: library)
        defer { sqlite3_finalize(add) }
        try RawSQLite.insert(Item.makeItems(1...Self.itemCount), with: add, on: library)
        try RawSQLite.run("PRAGMA wal_checkpoint(TRUNCATE)", on: library)
    }

    /// The path of an empty database that only the contender of this name writes to.
    func makeNotebook(for name: String) throws -> String {
        let path = folder.appending(path: "notebook-\(notebooks.count).db").path
        let notebook = try RawSQLite.open(path)
        try RawSQLite.run(Self.table, on: notebook)
        notebooks.append(notebook)
        return path
    }

    /// Empties every notebook and its WAL, so that no contender pays for the checkpoint of another turn.
    func clearNotebooks() throws {
        for notebook in notebooks {
            try RawSQLite.run("DELETE FROM item; PRAGMA wal_checkpoint(TRUNCATE)", on: notebook)
        }
    }

    func remove() throws {
        for notebook in notebooks { sqlite3_close(notebook) }
        notebooks = []
        try FileManager.default.removeItem(at: folder)
    }

    private static let table = """
        CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL NOT NULL, note TEXT NOT NULL)
        """
}
