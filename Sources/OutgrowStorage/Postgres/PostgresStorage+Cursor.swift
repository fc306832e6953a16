internal import PostgresClient
internal import Synchronization

extension PostgresStorage {
    /// Reads the rows of a query through a cursor on the server, so that neither side holds more than a batch.
    ///
    /// Holds a connection and a read-only transaction until it is closed. The query must be a SELECT or VALUES.
    /// https://www.postgresql.org/docs/current/sql-declare.html
    public func cursor(_ query: SQL) async throws -> RowCursor {
        let rendered = try query.rendered(for: .postgres)
        let lease = try await acquireAlive()
        let cursor = PostgresCursor(pool, lease)
        do {
            try await lease.connection.run { try $0.declareCursor(for: rendered) }
        } catch {
            await cursor.close()
            throw error
        }
        return RowCursor(
            read: { count in try await cursor.fetch(count) }, finish: { await cursor.close() })
    }

    private func acquireAlive() async throws -> PoolLease<PostgresConnection> {
        for _ in 0..<max(1, configuration.maximumConnections) {
            let lease = try await acquire(until: nil)
            do {
                if try await lease.connection.run({ $0.isAlive() }) { return lease }
            } catch {
                await pool.release(lease, isUsable: false)
                throw error
            }
            await pool.release(lease, isUsable: false)
        }
        return try await acquire(until: nil)
    }
}

/// The connection that a cursor holds, given back once.
private final class PostgresCursor: Sendable {
    private let pool: ConnectionPool<PostgresConnection>
    private let lease: Mutex<PoolLease<PostgresConnection>?>

    init(_ pool: ConnectionPool<PostgresConnection>, _ lease: PoolLease<PostgresConnection>) {
        self.pool = pool
        self.lease = Mutex(lease)
    }

    func fetch(_ count: Int) async throws -> RowBatch {
        guard let connection = lease.withLock({ $0?.connection }) else { return RowBatch() }
        return try await connection.run { connection in
            // Closed meanwhile, it may be somebody else's.
            guard self.isOpen else { return RowBatch() }
            return try connection.fetch(count)
        }
    }

    private var isOpen: Bool { lease.withLock { $0 != nil } }

    func close() async {
        let taken = lease.withLock { lease in
            defer { lease = nil }
            return lease
        }
        guard let taken else { return }
        let isReusable = await taken.connection.endCursor()
        await pool.release(taken, isUsable: isReusable)
    }
}

extension PostgresConnection {
    /// The planner takes it that a tenth of a cursor's rows is fetched; here all are.
    /// https://www.postgresql.org/docs/current/runtime-config-query.html#GUC-CURSOR-TUPLE-FRACTION
    fileprivate func declareCursor(for query: RenderedSQL) throws {
        try requireCount(of: query)
        try parameters.bind(query.parts)
        try translated(query.text) {
            beginLater("\(TransactionOptions.read.begin); SET LOCAL cursor_tuple_fraction = 1")
            try sendPendingBegin()
            _ = try runUnnamed("DECLARE outgrow_rows NO SCROLL CURSOR FOR \(query.text)")
        }
    }

    fileprivate func fetch(_ count: Int) throws -> RowBatch {
        parameters.removeAll()
        let result = try translated("") {
            try runUnnamed("FETCH FORWARD \(max(1, count)) FROM outgrow_rows")
        }
        return RowBatch(try rows(result))
    }

    fileprivate func endCursor() -> Bool {
        rollBackOrClose()
        return isReusable()
    }
}
