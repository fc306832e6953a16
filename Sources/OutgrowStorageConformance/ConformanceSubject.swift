public import OutgrowStorage

/// What is examined: a backend, or a policy around one.
///
/// ```swift
/// let subject = ConformanceSubject("my storage", abilities: [.retriesConflicts]) {
///     let folder = try TemporaryFolder()
///     return ConformanceDatabase(
///         open: { pool in try await MyStorage(folder.path, readers: pool.maximumConnections) },
///         remove: { folder.remove() })
/// }
/// for check in StorageConformance.checks { _ = try await check.run(on: subject) }
/// ```
public struct ConformanceSubject: Sendable {
    /// What not every storage can do. A check that needs a missing ability is skipped, and says so.
    public enum Ability: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
        /// ``ConformanceDatabase/open`` keeps to the limits of ``ConformancePool``.
        case boundsConnections
        /// ``ConformanceDatabase/open`` may be called twice: as two processes would open the same database.
        case opensTwice
        /// A `read` goes on while a `write` is open, and the other way around.
        case readsBesideWrites
        /// A stream reads its rows when they are asked for, and holds few of them.
        case streamsInBatches
        /// A `write` in conflict with another is run again by the storage itself.
        case retriesConflicts
        /// The subject has ``ConformanceSubject/restart``.
        case restarts

        public var description: String { rawValue }
    }

    /// Names the subject in failures.
    public var name: String
    /// Where random values come from. A new one for each subject by default; set it to repeat a failure.
    public var seed: UInt64
    /// How long a check may take, so that a storage that hangs fails instead.
    public var deadline: Duration
    /// What the subject can do.
    public var abilities: Set<Ability>
    /// Makes an empty database, one for each check.
    public var makeDatabase: @Sendable () async throws -> ConformanceDatabase
    /// Breaks every connection, as a restart of the server does; returns when it can be reached again.
    public var restart: (@Sendable () async throws -> Void)? {
        didSet { noteRestart() }
    }

    /// Names what is examined, and how to make an empty database for it.
    ///
    /// - Parameters:
    ///   - name: Names the subject in failures.
    ///   - abilities: All that `ConformancePool` and the checks may count on. `.restarts` follows from `restart`.
    ///   - seed: Where random values come from; set it to repeat a failure.
    ///   - deadline: How long a check may take.
    ///   - restart: Breaks every connection, as a restart of the server does.
    ///   - makeDatabase: Makes an empty database.
    public init(
        _ name: String, abilities: Set<Ability> = [], seed: UInt64 = .random(in: 0 ... .max),
        deadline: Duration = .seconds(60), restart: (@Sendable () async throws -> Void)? = nil,
        makeDatabase: @escaping @Sendable () async throws -> ConformanceDatabase
    ) {
        self.name = name
        self.seed = seed
        self.deadline = deadline
        self.abilities = abilities
        self.restart = restart
        self.makeDatabase = makeDatabase
        noteRestart()
    }

    private mutating func noteRestart() {
        if restart == nil { abilities.remove(.restarts) } else { abilities.insert(.restarts) }
    }
}

/// An empty database, made for one check.
public struct ConformanceDatabase: Sendable {
    /// Opens a storage on it. The check shuts it down.
    public var open: @Sendable (ConformancePool) async throws -> any Storage
    /// Removes it, after every storage on it was shut down.
    public var remove: @Sendable () async -> Void

    /// - Parameters:
    ///   - open: Opens a storage on the database with as many connections as it is told.
    ///   - remove: Removes the database.
    public init(
        open: @escaping @Sendable (ConformancePool) async throws -> any Storage,
        remove: @escaping @Sendable () async -> Void = {}
    ) {
        self.open = open
        self.remove = remove
    }
}

/// How many connections a check wants a storage to have.
public struct ConformancePool: Sendable, Hashable {
    /// As many transactions may run at once; where writes have a connection of their own, as many reads.
    public var maximumConnections: Int
    /// How long a transaction waits for one; nil waits without end.
    public var acquireTimeout: Duration?

    /// Four connections, waited for up to half a minute, unless a check wants to see them run out.
    public init(maximumConnections: Int = 4, acquireTimeout: Duration? = .seconds(30)) {
        self.maximumConnections = maximumConnections
        self.acquireTimeout = acquireTimeout
    }
}
