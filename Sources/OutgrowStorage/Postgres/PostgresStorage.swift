internal import Diagnostics
internal import PostgresClient
internal import Synchronization

/// A database on a Postgres server, through a pool of connections.
///
/// Each connection has a thread of its own, so no call blocks the threads that Swift's tasks share. `write` runs
/// SERIALIZABLE, `read` REPEATABLE READ READ ONLY, whose snapshot is taken by the first statement and not before:
/// https://www.postgresql.org/docs/current/transaction-iso.html. BEGIN goes out together with the first statement, so a
/// transaction of one statement takes two round trips.
///
/// A transaction gets a connection in the order of asking. Afterwards the connection is lent again if it is outside of
/// any transaction and its session as it was: one on which `SET`, `LISTEN` or a temporary table was left is closed
/// instead. What a function does to the session (`set_config(…, false)`, `pg_advisory_lock`) is not noticed; use
/// `SET LOCAL` and `pg_advisory_xact_lock`, which end with the transaction.
///
/// Canceling the task, or the time limit of a transaction, cancels the statement on the server and closes the connection.
///
/// ## Topics
/// ### Opening
/// - ``open(_:configuration:)``
/// - ``Configuration``
public final class PostgresStorage: Storage {
    let pool: ConnectionPool<PostgresConnection>
    let configuration: Configuration
    /// Counts the changes of the schema that some connection has noticed.
    private let schemaGeneration = Mutex(0)
    private let upkeep = Mutex<Upkeep>(Upkeep())

    private struct Upkeep {
        var task: Task<Void, Never>?
        var isOver = false
    }

    /// Connects to a server.
    ///
    /// One connection is opened at once, so that a wrong password or address is told here.
    ///
    /// - Parameters:
    ///   - conninfo: What `psql` takes: `postgres://user@host/database` or `host=… dbname=…`; what it leaves
    ///     open comes from the environment and `~/.pgpass`.
    ///     https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
    ///   - configuration: How many connections there are, and how long they are waited for.
    /// - Throws: ``StorageError`` of the kinds `unavailable`, `permission` and `misuse`.
    public static func open(
        _ conninfo: String, configuration: Configuration = Configuration()
    ) async throws -> PostgresStorage {
        do {
            return try await open(Conninfo(conninfo), configuration)
        } catch let error as OutgrowError {
            throw StorageError(connecting: error)
        }
    }

    static func open(_ conninfo: Conninfo, _ configuration: Configuration) async throws -> PostgresStorage {
        let storage = PostgresStorage(conninfo, configuration)
        let first = try await storage.pool.acquire()
        await storage.pool.release(first, isUsable: true)
        return storage
    }

    /// Opens nothing yet.
    init(_ conninfo: Conninfo, _ configuration: Configuration) {
        self.configuration = configuration
        let target = conninfo.completed(by: configuration)
        pool = ConnectionPool(
            ConnectionPool.Limits(
                maximum: configuration.maximumConnections, acquireTimeout: configuration.acquireTimeout,
                lifetime: configuration.lifetime, lifetimeJitter: configuration.lifetimeJitter,
                idleTimeout: configuration.idleTimeout, healthCheckAfter: configuration.healthCheckAfter),
            open: { try await PostgresConnection.open(target, configuration, until: $0) },
            isHealthy: { await $0.isHealthy(until: $1) },
            close: { await $0.close() })
    }

    /// Concurrent writers and row locks, on a server that others reach too.
    public var capabilities: StorageCapabilities {
        StorageCapabilities(dialect: .postgres, hasConcurrentWriters: true, hasRowLocks: true, isRemote: true)
    }

    /// What the pool of connections holds at the moment.
    public var statistics: PoolStatistics { get async { await pool.statistics } }

    public func transaction<Result: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        let start = ContinuousClock.now
        let deadline = options.timeout.map { start + $0.bounded }
        let generation = schemaGeneration.withLock { $0 }
        // A connection that a restart of the server has broken is noticed before anything is run on it.
        for _ in 0...max(1, configuration.maximumConnections) {
            let lease = try await acquire(until: deadline)
            let attempt: PostgresAttempt<Result>
            do {
                attempt = try await lease.connection.run { connection in
                    try connection.attempt(options, deadline, generation, start, body)
                }
            } catch {
                await pool.release(lease, isUsable: false)
                throw error
            }
            // The task may have been canceled after the commit, which has stopped the connection too.
            await pool.release(lease, isUsable: attempt.isReusable && !lease.connection.isInterrupted)
            if attempt.hasStaleStatements { noteChangedSchema(since: generation) }
            if let outcome = attempt.outcome { return try outcome.get() }
        }
        throw StorageError(
            .connectionLost, "Every connection of the pool was found broken.",
            fix: "Run it again; the server's log says why the connections ended.")
    }

    public func run() async throws {
        let task = Task { [pool] in
            while !Task.isCancelled {
                await pool.maintain()
                do { try await Task.sleep(for: .seconds(5)) } catch { return }
            }
        }
        let isOver = upkeep.withLock { upkeep in
            upkeep.task = task
            return upkeep.isOver
        }
        if isOver { task.cancel() }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    public func shutdown() async {
        let task = upkeep.withLock { upkeep in
            upkeep.isOver = true
            return upkeep.task
        }
        task?.cancel()
        await pool.shutdown()
    }
}

extension PostgresStorage {
    /// A connection, waited for and opened no longer than the transaction may last.
    func acquire(
        until deadline: ContinuousClock.Instant?
    ) async throws -> PoolLease<PostgresConnection> {
        guard let deadline else { return try await pool.acquire() }
        let left = max(.zero, deadline - .now)
        do {
            return try await pool.acquire(
                timeout: min(left, configuration.acquireTimeout ?? left), until: deadline)
        } catch let error as StorageError where error.kind == .poolTimeout && deadline <= .now {
            throw StorageError.passedDeadline
        }
    }

    private func noteChangedSchema(since generation: Int) {
        schemaGeneration.withLock { $0 = max($0, generation + 1) }
    }
}

/// How one use of a connection ended.
struct PostgresAttempt<Value: Sendable>: Sendable {
    /// Nil when the connection was broken before anything was run.
    var outcome: Result<Value, any Error>?
    var isReusable = false
    var hasStaleStatements = false
}

extension PostgresConnection {
    /// Opens a connection as the library wants it.
    fileprivate static func open(
        _ conninfo: Conninfo, _ configuration: PostgresStorage.Configuration,
        until deadline: ContinuousClock.Instant?
    ) async throws -> PostgresConnection {
        let preparation = try configuration.preparation?.rendered(for: .postgres)
        guard preparation?.parts.isEmpty ?? true else {
            throw StorageError(
                .misuse, "The preparation of connections takes no values.", fix: "Write them into the SQL.")
        }
        do {
            let connection = try await open(conninfo, settings: .application, until: deadline)
            try await connection.run { connection in
                connection.deadline = deadline
                defer { connection.deadline = nil }
                connection.limitStatements(to: configuration.statementCacheSize)
                if let preparation { try connection.execute(preparation.text) }
            }
            return connection
        } catch let error as OutgrowError {
            if error.kind == .interrupted, let deadline, deadline <= .now {
                throw StorageError.passedDeadline
            }
            throw StorageError(connecting: error)
        }
    }

    fileprivate func isHealthy(until deadline: ContinuousClock.Instant?) async -> Bool {
        do {
            return try await run { connection in
                let end = ContinuousClock.now + .seconds(5)
                connection.deadline = deadline.map { min($0, end) } ?? end
                defer { connection.deadline = nil }
                return connection.isAlive(asking: true)
            }
        } catch {
            return false
        }
    }
}

extension Conninfo {
    fileprivate func completed(by configuration: PostgresStorage.Configuration) -> Conninfo {
        var result = self
        if let name = configuration.applicationName { result = result.setting("application_name", to: name) }
        if result["connect_timeout"] == nil {
            // Not more than libpq's `int` of seconds holds.
            let wanted = Int(configuration.connectTimeout.bounded / .seconds(1) + 0.5)
            let seconds = min(max(2, wanted), 1_000_000)
            result = result.setting("connect_timeout", to: "\(seconds)")
        }
        return result
    }
}
