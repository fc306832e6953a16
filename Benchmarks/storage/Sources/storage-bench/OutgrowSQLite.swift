import OutgrowStorage

extension ParameterRow {
    /// The item in the order of the columns.
    func append(_ item: Item) throws {
        try append(item.id)
        try append(item.name)
        try append(item.price)
        try append(item.note)
    }
}

/// The library on a SQLite file, by what applications call and nothing else.
final class OutgrowSQLite: SQLiteContender, TupleInserting {
    let name = Report.own

    private let library: SQLiteStorage
    private let notebook: SQLiteStorage
    private let tuples = TupleShelf()
    private static let columns = ["id", "name", "price", "note"]

    init(fixture: Fixture) async throws {
        library = try await SQLiteStorage.open(path: fixture.libraryPath)
        notebook = try await SQLiteStorage.open(path: fixture.makeNotebook(for: name))
    }

    func close() async throws {
        await library.shutdown()
        await notebook.shutdown()
    }

    func selectPoints(_ ids: [Int64]) async throws -> Checksum {
        try await library.read { tx in
            var sum = Checksum()
            for id in ids { try Self.selectOne(id, in: tx, into: &sum) }
            return sum
        }
    }

    func selectAlone(_ ids: [Int64]) async throws -> Checksum {
        var sum = Checksum()
        for id in ids {
            sum = try await library.read { [sum] tx in
                var sum = sum
                try Self.selectOne(id, in: tx, into: &sum)
                return sum
            }
        }
        return sum
    }

    private static func selectOne(_ id: Int64, in tx: Transaction, into sum: inout Checksum) throws {
        // Like the C calls, it does not look whether there is a second row.
        let row = try tx.first(
            "SELECT id, name, price, note FROM item WHERE id = \(id)",
            as: Int64.self, String.self, Double.self, String.self)
        guard let (id, name, price, note) = row else { throw BenchFailure("no item \(id)") }
        sum.add(id: id, name: name, price: price, note: note)
    }

    private static let all: SQL = "SELECT id, name, price, note FROM item ORDER BY id"

    var scans: [Scan] {
        [Scan(name: name, run: stream), Scan(name: "\(name), forEach", run: forEach)]
    }

    private func stream() async throws -> Checksum {
        var sum = Checksum()
        let rows = library.stream(Self.all, as: Int64.self, String.self, Double.self, String.self)
        for try await (id, name, price, note) in rows {
            sum.add(id: id, name: name, price: price, note: note)
        }
        return sum
    }

    private func forEach() async throws -> Checksum {
        try await library.read { tx in
            var sum = Checksum()
            try tx.forEach(Self.all, as: Int64.self, String.self, Double.self, String.self) {
                sum.add(id: $0, name: $1, price: $2, note: $3)
            }
            return sum
        }
    }

    func insert(_ items: [Item]) async throws {
        try await notebook.write { tx in
            try tx.bulkInsert(into: "item", columns: Self.columns, items: items) { try $0.append($1) }
        }
    }

    func insertTuples(_ items: [Item]) async throws {
        let rows = tuples.of(items)
        try await notebook.write { tx in try tx.bulkInsert(into: "item", columns: Self.columns, rows: rows) }
    }
}
