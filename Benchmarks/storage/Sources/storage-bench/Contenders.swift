/// One way to work with the SQLite table `item (id, name, price, note)`.
///
/// `library` has it filled with items 1 to `Fixture.itemCount`, `notebook` has it empty; both
/// are in WAL mode. A method does the work of a whole round: what it costs is divided by the
/// number of its operations.
protocol SQLiteContender {
    var name: String { get }

    /// Each of the items by its key, in one read transaction, decoded to Swift values.
    func selectPoints(_ ids: [Int64]) async throws -> Checksum
    /// As `selectPoints`, but each in a read transaction of its own, asked for from outside.
    func selectAlone(_ ids: [Int64]) async throws -> Checksum
    /// The ways to read every item of the library in the order of the keys.
    var scans: [Scan] { get }
    /// All items into the empty notebook, in one write transaction, committed.
    func insert(_ items: [Item]) async throws

    func close() async throws
}

/// A way to read the whole table.
struct Scan {
    var name: String
    var run: () async throws -> Checksum
}

/// One way to work with the Postgres table `bench_item (id, name, price, note)`, which has items 1
/// to `PostgresFixture.itemCount`, and with `bench_batch`, which is of the same form and empty.
protocol PostgresContender {
    var name: String { get }

    /// Each of the items by its key, prepared and binary, one round trip each, in one transaction.
    func selectPoints(_ ids: [Int64]) async throws -> Checksum
    /// All items into `bench_batch`, in one committed transaction, `batchSize` to a round trip.
    func insert(_ items: [Item], batchSize: Int) async throws

    func close() async throws
}

/// A contender that also takes its rows as an array of tuples, which was made before.
protocol TupleInserting {
    var name: String { get }
    /// As the contender's `insert`.
    func insertTuples(_ items: [Item]) async throws
}

/// A failure of a contender: the benchmark stops and says which call it was.
struct BenchFailure: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
