/// The rows of the report.
extension StorageBench {
    static func sqliteContests(_ contenders: [any SQLiteContender], _ fixture: Fixture) -> [Contest] {
        let ids = scattered(20_000, among: Fixture.itemCount)
        let lonelyIDs = Array(ids.prefix(5000))
        let items = Item.makeItems(1...20_000)
        return [
            Contest(
                title: "SQLite point select, 4 columns", operationCount: ids.count, limit: 1.3,
                entries: contenders.map { contender in
                    .init(name: contender.name) { try await contender.selectPoints(ids) }
                }),
            Contest(
                title: "SQLite point select, a transaction each", operationCount: lonelyIDs.count, limit: nil,
                entries: contenders.map { contender in
                    .init(name: contender.name) { try await contender.selectAlone(lonelyIDs) }
                }),
            Contest(
                title: "SQLite batch insert, 4 columns", operationCount: items.count, limit: 1.3,
                prepare: fixture.clearNotebooks,
                entries: contenders.map { contender in
                    .init(name: contender.name) {
                        try await contender.insert(items)
                        return Checksum()
                    }
                } + tupleEntries(contenders, items)),
            Contest(
                title: "SQLite row stream, 2 of 4 columns text", operationCount: Int(Fixture.itemCount),
                limit: 1.5,
                entries: contenders.flatMap { contender in
                    contender.scans.map { scan in .init(name: scan.name, turn: scan.run) }
                }),
        ]
    }

    static func postgresContests(
        _ contenders: [any PostgresContender], _ fixture: PostgresFixture
    ) -> [Contest] {
        let ids = scattered(5000, among: PostgresFixture.itemCount)
        let items = Item.makeItems(1...20_000)
        return [
            Contest(
                title: "Postgres point select, 4 columns", operationCount: ids.count, limit: 1.2,
                entries: contenders.map { contender in
                    .init(name: contender.name) { try await contender.selectPoints(ids) }
                }),
            Contest(
                title: "Postgres inserts, pipelines of 100", operationCount: items.count, limit: 1.2,
                prepare: fixture.clearBatch,
                entries: contenders.map { contender in
                    .init(name: contender.name) {
                        try await contender.insert(items, batchSize: 100)
                        return Checksum()
                    }
                } + tupleEntries(contenders, items)),
        ]
    }

    private static func tupleEntries(_ contenders: [Any], _ items: [Item]) -> [Contest.Entry] {
        contenders.compactMap { $0 as? any TupleInserting }.map { contender in
            .init(name: "\(contender.name), tuples") {
                try await contender.insertTuples(items)
                return Checksum()
            }
        }
    }

    /// So many keys, no two neighbors near one another, the same in every run.
    private static func scattered(_ count: Int, among itemCount: Int64) -> [Int64] {
        (0..<Int64(count)).map { $0 &* 7919 % itemCount + 1 }
    }
}
