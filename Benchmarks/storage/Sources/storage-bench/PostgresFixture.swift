import BenchLibPQ

/// The two Postgres tables of a run.
final class PostgresFixture {
    static let itemCount: Int64 = 10_000

    private let connection: OpaquePointer

    init(conninfo: String) throws {
        connection = try RawLibPQ.connect(conninfo)
        // Unlogged: what is measured is the client.
        let columns = """
            id bigint NOT NULL, name text NOT NULL, price double precision NOT NULL, note text NOT NULL
            """
        try RawLibPQ.run(
            """
            SET client_min_messages = warning;
            DROP TABLE IF EXISTS bench_item, bench_batch;
            CREATE UNLOGGED TABLE bench_item (\(columns), PRIMARY KEY (id));
            CREATE UNLOGGED TABLE bench_batch (\(columns))
            """, on: connection)
        let writer = try RawLibPQ(conninfo: conninfo)
        defer { writer.close() }
        try writer.insert(Item.makeItems(1...Self.itemCount), batchSize: 1000)
        try RawLibPQ.run("INSERT INTO bench_item TABLE bench_batch", on: connection)
        try RawLibPQ.run("ANALYZE bench_item", on: connection)
    }

    func clearBatch() throws {
        try RawLibPQ.run("TRUNCATE bench_batch", on: connection)
    }

    func remove() throws {
        try RawLibPQ.run("DROP TABLE bench_item, bench_batch", on: connection)
        PQfinish(connection)
    }
}
