import OutgrowStorage

/// The library on a Postgres server, by what applications call and nothing else.
final class OutgrowPostgres: PostgresContender, TupleInserting {
    let name = Report.own

    private let storage: PostgresStorage
    private let tuples = TupleShelf()

    private static let addition: SQL = """
        INSERT INTO bench_batch (id, name, price, note) VALUES \
        (\(parameter: 1), \(parameter: 2), \(parameter: 3), \(parameter: 4))
        """

    init(conninfo: String) async throws {
        storage = try await PostgresStorage.open(conninfo)
    }

    func close() async throws { await storage.shutdown() }

    func selectPoints(_ ids: [Int64]) async throws -> Checksum {
        try await storage.read { tx in
            var sum = Checksum()
            for id in ids {
                let (id, name, price, note) = try tx.one(
                    "SELECT id, name, price, note FROM bench_item WHERE id = \(id)",
                    as: Int64.self, String.self, Double.self, String.self)
                sum.add(id: id, name: name, price: price, note: note)
            }
            return sum
        }
    }

    func insert(_ items: [Item], batchSize: Int) async throws {
        try await storage.write(.readCommitted) { tx in
            try tx.execute(Self.addition, forEach: items) { try $0.append($1) }
        }
    }

    func insertTuples(_ items: [Item]) async throws {
        let rows = tuples.of(items)
        try await storage.write(.readCommitted) { tx in try tx.execute(Self.addition, forEach: rows) }
    }
}
