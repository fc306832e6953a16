/// How a transaction runs.
public struct TransactionOptions: Sendable {
    /// What the transaction may do.
    public enum Access: String, Sendable, Hashable {
        /// A consistent snapshot that cannot be written to.
        case read
        /// Reads and writes.
        case write
    }

    /// What concurrent transactions may notice of one another.
    ///
    /// SQLite always gives `serializable`, which is stronger than either of the others asks for.
    public enum Isolation: String, Sendable, Hashable {
        /// As if transactions ran one after the other. On Postgres a `write` in conflict with another is
        /// rolled back and run again, see ``Storage/write(_:_:)``.
        /// https://www.postgresql.org/docs/current/transaction-iso.html#XACT-SERIALIZABLE
        case serializable
        /// One snapshot for all statements: what `read` uses on Postgres.
        case snapshot
        /// Each statement sees what was committed before it began: Postgres' own default. It allows lost updates
        /// and write skew, in exchange for fewer repetitions.
        case readCommitted
    }

    /// What the transaction may do.
    public var access: Access
    /// What it may notice of others; the default is `.serializable` for writes and `.snapshot` for reads.
    public var isolation: Isolation
    /// After this time the transaction is stopped and rolled back with ``StorageError/Kind/timeout``. The time spent
    /// waiting for a connection, and opening one, counts; `nil` waits without end.
    public var timeout: Duration?
    /// Names the transaction in logs and metrics: a fixed word of the program, not a value.
    public var label: String?
    /// How often the closure is run at most, counting the first time; `nil` leaves it to the retry policy.
    public var attemptLimit: Int?
    /// Where the backend notes what took how long; set by ``ObservedStorage``.
    package var timeline: TransactionTimeline?
    /// Statements that the other backend does not understand alike are refused; set by ``PortableStorage``.
    package var isStrict = false
    /// The backend leaves out BEGIN and COMMIT, so each statement stands for itself: for what cannot run in a
    /// transaction. After a failure the connection is not used again.
    package var isAutocommit = false
    /// SQLite: foreign keys are off from before BEGIN until after COMMIT, as rebuilding a table needs it
    /// (https://sqlite.org/lang_altertable.html#otheralter). Nothing on Postgres.
    package var ignoresForeignKeys = false
    /// Migrations speak one dialect on purpose, so ``PortableStorage`` lets them be.
    package var isMigration = false

    /// Options of your own.
    ///
    /// ```swift
    /// try await db.write(TransactionOptions(.write, timeout: .seconds(2), label: "checkout")) { tx in … }
    /// ```
    ///
    /// - Parameters:
    ///   - access: What the transaction may do; `read` and `write` put their own in its place.
    ///   - isolation: What it may notice of others; nil for `.serializable` when it writes, `.snapshot` when
    ///     it reads.
    ///   - timeout: After this time it is stopped and rolled back; nil waits without end.
    ///   - label: Its name in logs and metrics: a fixed word of the program, not a value.
    ///   - attemptLimit: How often the closure runs at most; nil leaves it to the retry policy.
    public init(
        _ access: Access, isolation: Isolation? = nil, timeout: Duration? = nil, label: String? = nil,
        attemptLimit: Int? = nil
    ) {
        self.access = access
        self.isolation = isolation ?? (access == .read ? .snapshot : .serializable)
        self.timeout = timeout
        self.label = label
        self.attemptLimit = attemptLimit
    }

    /// A read-only snapshot.
    public static let read = TransactionOptions(.read)
    /// A serializable transaction, run again after a conflict.
    public static let write = TransactionOptions(.write)
    /// A write at Postgres' own default isolation: conflicts are waited out or overwritten, not repeated.
    public static let readCommitted = TransactionOptions(.write, isolation: .readCommitted)
}
