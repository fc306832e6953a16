import GRDB

/// GRDB as its documentation recommends it for speed: a pool, cached statements, rows by index.
final class GRDBContender: SQLiteContender {
    let name = "GRDB"

    private let library: DatabasePool
    private let notebook: DatabasePool

    init(fixture: Fixture) throws {
        var configuration = Configuration()
        configuration.maximumReaderCount = 1
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        library = try DatabasePool(path: fixture.libraryPath, configuration: configuration)
        notebook = try DatabasePool(path: fixture.makeNotebook(for: name), configuration: configuration)
    }

    func close() throws {
        try library.close()
        try notebook.close()
    }

    func selectPoints(_ ids: [Int64]) throws -> Checksum {
        try library.read { database in
            var sum = Checksum()
            for id in ids { try Self.selectOne(id, on: database, into: &sum) }
            return sum
        }
    }

    func selectAlone(_ ids: [Int64]) async throws -> Checksum {
        var sum = Checksum()
        for id in ids {
            sum = try await library.read { [sum] database in
                var sum = sum
                try Self.selectOne(id, on: database, into: &sum)
                return sum
            }
        }
        return sum
    }

    private static func selectOne(_ id: Int64, on database: Database, into sum: inout Checksum) throws {
        let statement = try database.cachedStatement(
            sql: "SELECT id, name, price, note FROM item WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id]) else {
            throw BenchFailure("GRDB: no item \(id)")
        }
        sum.add(id: row[0], name: row[1], price: row[2], note: row[3])
    }

    var scans: [Scan] { [Scan(name: name, run: scan)] }

    private func scan() throws -> Checksum {
        try library.read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT id, name, price, note FROM item ORDER BY id")
            var sum = Checksum()
            let rows = try Row.fetchCursor(statement)
            while let row = try rows.next() {
                sum.add(id: row[0], name: row[1], price: row[2], note: row[3])
            }
            return sum
        }
    }

    func insert(_ items: [Item]) throws {
        try notebook.write { database in
            for item in items {
                let statement = try database.cachedStatement(
                    sql: "INSERT INTO item (id, name, price, note) VALUES (?, ?, ?, ?)")
                try statement.execute(arguments: [item.id, item.name, item.price, item.note])
            }
        }
    }
}
