import BenchLibPQ

/// What careful code against libpq costs from Swift: prepared statements, binary both ways,
/// parameter buffers made once, and the same Swift values made.
final class RawLibPQ: PostgresContender {
    let name = "libpq calls"

    private let connection: OpaquePointer
    private let parameters: BinaryParameters

    init(conninfo: String) throws {
        connection = try Self.connect(conninfo)
        parameters = BinaryParameters()
        try prepare("point", "SELECT id, name, price, note FROM bench_item WHERE id = $1", [20])
        try prepare(
            "add", "INSERT INTO bench_batch (id, name, price, note) VALUES ($1, $2, $3, $4)",
            [20, 25, 701, 25])
    }

    func close() {
        parameters.deallocate()
        PQfinish(connection)
    }

    func selectPoints(_ ids: [Int64]) throws -> Checksum {
        try Self.run("BEGIN TRANSACTION READ ONLY", on: connection)
        var sum = Checksum()
        for id in ids {
            parameters.set(id, at: 0)
            let result = PQexecPrepared(
                connection, "point", 1, parameters.values, parameters.lengths, parameters.formats, 1)
            defer { PQclear(result) }
            guard PQresultStatus(result) == PGRES_TUPLES_OK, PQntuples(result) == 1, let result else {
                throw failure()
            }
            sum.add(
                id: Int64(bitPattern: Self.word(result, 0)),
                name: Self.text(result, 1),
                price: Double(bitPattern: Self.word(result, 2)),
                note: Self.text(result, 3))
        }
        try Self.run("COMMIT", on: connection)
        return sum
    }

    func insert(_ items: [Item], batchSize: Int) throws {
        try Self.run("BEGIN", on: connection)
        guard PQenterPipelineMode(connection) == 1 else { throw failure() }
        var index = 0
        while index < items.count {
            let end = min(index + batchSize, items.count)
            for item in items[index..<end] { try send(item) }
            guard PQpipelineSync(connection) == 1 else { throw failure() }
            for _ in index..<end { try receive(PGRES_COMMAND_OK, andNothingMore: true) }
            try receive(PGRES_PIPELINE_SYNC, andNothingMore: false)
            index = end
        }
        guard PQexitPipelineMode(connection) == 1 else { throw failure() }
        try Self.run("COMMIT", on: connection)
    }

    private func send(_ item: Item) throws {
        parameters.set(item.id, at: 0)
        parameters.set(item.price, at: 2)
        var (name, note) = (item.name, item.note)
        // libpq copies the values into its output buffer before it returns.
        let sent = name.withUTF8 { name in
            note.withUTF8 { note in
                parameters.set(name, at: 1)
                parameters.set(note, at: 3)
                return PQsendQueryPrepared(
                    connection, "add", 4, parameters.values, parameters.lengths, parameters.formats, 1)
            }
        }
        guard sent == 1 else { throw failure() }
    }

    /// Takes one result; after that of a statement comes a null that ends it.
    private func receive(_ status: ExecStatusType, andNothingMore ends: Bool) throws {
        let result = PQgetResult(connection)
        defer { PQclear(result) }
        guard PQresultStatus(result) == status else { throw failure() }
        if ends, let more = PQgetResult(connection) {
            PQclear(more)
            throw failure()
        }
    }

    @inline(__always)
    private static func word(_ result: OpaquePointer, _ column: Int32) -> UInt64 {
        UInt64(bigEndian: UnsafeRawPointer(PQgetvalue(result, 0, column)!).loadUnaligned(as: UInt64.self))
    }

    @inline(__always)
    private static func text(_ result: OpaquePointer, _ column: Int32) -> String {
        let start = UnsafeRawPointer(PQgetvalue(result, 0, column)!)
        let count = Int(PQgetlength(result, 0, column))
        return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }

    // MARK: Calls that are not measured

    static func connect(_ conninfo: String) throws -> OpaquePointer {
        guard let connection = PQconnectdb(conninfo), PQstatus(connection) == CONNECTION_OK else {
            throw BenchFailure("libpq cannot connect with \(conninfo)")
        }
        return connection
    }

    static func run(_ sql: String, on connection: OpaquePointer) throws {
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failure(connection) }
    }

    private func prepare(_ statement: String, _ sql: String, _ types: [Oid]) throws {
        let result = PQprepare(connection, statement, sql, Int32(types.count), types)
        defer { PQclear(result) }
        guard PQresultStatus(result) == PGRES_COMMAND_OK else { throw failure() }
    }

    private func failure() -> BenchFailure { Self.failure(connection) }

    private static func failure(_ connection: OpaquePointer) -> BenchFailure {
        BenchFailure("libpq: \(String(cString: PQerrorMessage(connection)))")
    }
}

/// The arrays that libpq takes parameters from, for up to four binary values.
private struct BinaryParameters {
    private static let count = 4
    let values = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: count)
    let lengths = UnsafeMutablePointer<Int32>.allocate(capacity: count)
    let formats = UnsafeMutablePointer<Int32>.allocate(capacity: count)
    private let words = UnsafeMutablePointer<UInt64>.allocate(capacity: count)

    init() {
        values.initialize(repeating: nil, count: Self.count)
        lengths.initialize(repeating: 0, count: Self.count)
        formats.initialize(repeating: 1, count: Self.count)
        words.initialize(repeating: 0, count: Self.count)
    }

    func deallocate() {
        values.deallocate()
        lengths.deallocate()
        formats.deallocate()
        words.deallocate()
    }

    func set(_ value: Int64, at index: Int) { set(UInt64(bitPattern: value), at: index) }

    func set(_ value: Double, at index: Int) { set(value.bitPattern, at: index) }

    private func set(_ word: UInt64, at index: Int) {
        words[index] = word.bigEndian
        values[index] = UnsafePointer(UnsafeRawPointer(words + index).assumingMemoryBound(to: CChar.self))
        lengths[index] = 8
    }

    func set(_ text: UnsafeBufferPointer<UInt8>, at index: Int) {
        values[index] = UnsafeRawPointer(text.baseAddress)?.assumingMemoryBound(to: CChar.self)
        lengths[index] = Int32(text.count)
    }
}
