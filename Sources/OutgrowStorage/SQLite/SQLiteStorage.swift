internal import SQLiteClient
internal import Synchronization

/// A SQLite file as an application's database: one connection that writes and several that read.
///
/// Every connection is set up alike each time it is opened: WAL, `synchronous` as ``Configuration/durability`` says,
/// `foreign_keys` on, waiting for other processes up to ``Configuration/busyTimeout``. A write begins with
/// `BEGIN IMMEDIATE`, so it never fails half-way for want of a lock; readers see the snapshot of their beginning and
/// wait for nobody. https://sqlite.org/wal.html
///
/// A connection on which a transaction left a temporary table, a PRAGMA's setting or an attached file is replaced by a
/// new one, so that the next transaction does not meet them; in memory they stay. The file must not be moved, deleted
/// or replaced while the storage is open: https://sqlite.org/howtocorrupt.html
///
/// Writers of this process stand in line, first come, first served. Other processes may use the file at the same time.
///
/// ```swift
/// let storage = try await SQLiteStorage.open(path: "app.db")
/// ```
///
/// ## Topics
/// - ``open(path:configuration:)``
/// - ``inMemory(configuration:)``
/// - ``Configuration``
/// - ``backup(to:)``
/// - ``statistics``
public final class SQLiteStorage: Storage, Sendable {
    typealias Pool = ConnectionPool<SQLiteThread>

    public let capabilities: StorageCapabilities
    let configuration: Configuration
    /// Nil when the file is only read.
    let writer: Pool?
    /// Nil in memory, where one connection is all there is.
    let readers: Pool?
    private let opening: SQLiteOpening
    private let ledger: CounterLedger
    private let life = StorageLife()

    private init(_ opening: SQLiteOpening) {
        let configuration = opening.configuration
        self.configuration = configuration
        self.opening = opening
        let ledger = CounterLedger()
        self.ledger = ledger
        func pool(_ role: SQLiteSetup.Role, _ maximum: Int) -> Pool {
            let limits = Pool.Limits(
                maximum: maximum, acquireTimeout: configuration.acquireTimeout,
                healthCheckAfter: .seconds(86_400))
            return Pool(
                limits, open: { try await ledger.thread(opening, as: role, until: $0) },
                isHealthy: { _, _ in true },
                close: {
                    await $0.close()
                    ledger.retire($0)
                })
        }
        switch opening.place {
        case .memory: (writer, readers) = (pool(.only, 1), nil)
        case .file where configuration.access == .readOnly:
            (writer, readers) = (nil, pool(.reader, configuration.readerCount))
        case .file: (writer, readers) = (pool(.writer, 1), pool(.reader, configuration.readerCount))
        }
        capabilities = StorageCapabilities(
            dialect: .sqlite, isTemporary: readers == nil, isReadOnly: writer == nil)
    }

    /// Opens a file, relative to the current folder, and makes it if there is none and the access allows.
    ///
    /// - Throws: ``StorageError`` of the kinds `unavailable`, `permission`, `readOnly`, `corrupt` (the file is not a
    ///   database) or `busy`, or what ``Configuration/preparation`` throws.
    public static func open(
        path: String, configuration: Configuration = Configuration()
    ) async throws -> SQLiteStorage {
        guard !path.isEmpty, !path.utf8.contains(0), path != ":memory:" else {
            throw StorageError(
                .misuse, "The path names no file.", fix: "Name one, or use SQLiteStorage.inMemory().")
        }
        return try await opened(
            SQLiteOpening(place: .file(SQLiteOpening.absolute(path)), configuration: configuration))
    }

    /// Opens an empty database in memory. It has one connection, which transactions use in turn, and is gone after
    /// ``shutdown()``. A stream reads all of its rows at the start, so that the loop over it may write.
    ///
    /// - Throws: ``StorageError``, or what ``Configuration/preparation`` throws.
    public static func inMemory(
        configuration: Configuration = Configuration()
    ) async throws -> SQLiteStorage {
        var configuration = configuration
        configuration.access = .readWrite
        return try await opened(SQLiteOpening(place: .memory, configuration: configuration))
    }

    private static func opened(_ opening: SQLiteOpening) async throws -> SQLiteStorage {
        guard sqliteLibraryVersionNumber >= 3_038_000 else {
            throw StorageError(
                .unavailable, "The SQLite library is too old: \(sqliteLibraryVersion).",
                fix: "Install SQLite 3.38 or later.")
        }
        let storage = SQLiteStorage(opening)
        if let first = storage.writer ?? storage.readers {
            // Now, so that what is wrong with the file is known now.
            await first.release(try await first.acquire(), isUsable: true)
        }
        return storage
    }

    /// A connection outside of the pools, set up like the writer's.
    func connectionForBackup() async throws -> SQLiteThread {
        try await ledger.thread(opening, as: .writer, until: nil)
    }

    func closeConnectionForBackup(_ thread: SQLiteThread) async {
        await thread.close()
        ledger.retire(thread)
    }

    public func run() async throws { await life.wait() }

    public func shutdown() async {
        await readers?.shutdown()
        await writer?.shutdown()
        life.end()
    }

    /// Counters of all connections since the storage was opened.
    public var statistics: SQLiteStatistics {
        get async {
            var sum = ledger.statistics
            sum.writer = await writer?.statistics
            sum.readers = await readers?.statistics
            return sum
        }
    }
}

extension SQLiteStatistics {
    fileprivate mutating func add(_ counters: SQLiteCounters) {
        compilations += counters.compilations.load(ordering: .relaxed)
        cacheHits += counters.cacheHits.load(ordering: .relaxed)
        busyCount += counters.interruption.busyCount
    }
}

/// Opens connections, all to the same file, and remembers their counters.
private final class CounterLedger: Sendable {
    private struct State {
        var open: [SQLiteCounters] = []
        /// Of the connections that were closed.
        var closed = SQLiteStatistics(compilations: 0, cacheHits: 0, busyCount: 0)
        /// The file that the first connection has opened.
        var file: SQLiteOpening.FileIdentity?
        var hasOpened = false
    }

    private let state = Mutex(State())

    /// The sum over all connections.
    var statistics: SQLiteStatistics {
        state.withLock { state in
            var sum = state.closed
            for counters in state.open { sum.add(counters) }
            return sum
        }
    }

    func thread(
        _ opening: SQLiteOpening, as role: SQLiteSetup.Role, until deadline: ContinuousClock.Instant?
    ) async throws -> SQLiteThread {
        let counters = SQLiteCounters(SQLiteInterruption(busyLimit: opening.configuration.busyTimeout))
        let thread = SQLiteThread(counters)
        let (hasOpened, file) = state.withLock { ($0.hasOpened, $0.file) }
        try await thread.open(hasOpened ? try opening.again(file) : opening, as: role, until: deadline)
        state.withLock { state in
            if !state.hasOpened { (state.hasOpened, state.file) = (true, opening.fileIdentity) }
            state.open.append(counters)
        }
        return thread
    }

    func retire(_ thread: SQLiteThread) {
        state.withLock { state in
            guard let index = state.open.firstIndex(where: { $0 === thread.counters }) else { return }
            state.open.remove(at: index)
            state.closed.add(thread.counters)
        }
    }
}

/// What `run()` waits for.
private final class StorageLife: Sendable {
    private struct State {
        var hasEnded = false
        var lastWaiter = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var canceled: Set<Int> = []
    }

    private let state = Mutex(State())

    /// Returns once `end()` was called or the task was canceled.
    func wait() async {
        let waiter = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    if state.hasEnded || state.canceled.remove(waiter) != nil { return false }
                    state.waiters[waiter] = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                let continuation = state.waiters.removeValue(forKey: waiter)
                if continuation == nil { state.canceled.insert(waiter) }
                return continuation
            }
            continuation?.resume()
        }
    }

    func end() {
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }
}
