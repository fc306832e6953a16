extension SQLiteStorage {
    /// How a SQLite file is opened. The defaults are right for a server application.
    public struct Configuration: Sendable {
        /// What a commit survives.
        public enum Durability: String, Sendable, Hashable {
            /// `synchronous=NORMAL`: a crash of the process loses nothing. When the power fails, the last commits that
            /// were acknowledged may be gone; the file is never damaged.
            case normal
            /// `synchronous=FULL`: every commit waits for the disk, and survives the loss of power.
            case durable
        }

        /// What may be done with the file.
        public enum Access: String, Sendable, Hashable {
            /// Read and write; the file is made when there is none.
            case readWrite
            /// Read and write a file that exists.
            case readWriteExisting
            /// Read alone: `write` is refused, and the file's journal mode is left as it is. A database in WAL mode
            /// still needs its `-wal` and `-shm`, so their folder must be writable unless they exist.
            /// https://sqlite.org/wal.html#readonly
            case readOnly
        }

        /// How many transactions and streams can read at the same time, each on a connection and a thread of its own.
        /// Connections are opened when they are first needed.
        public var readerCount = 4
        /// What a commit survives. https://sqlite.org/pragma.html#pragma_synchronous
        public var durability = Durability.normal
        /// How long to wait for a lock that another process holds before ``StorageError/Kind/busy``. Writers of this
        /// process queue up before that, see ``acquireTimeout``.
        public var busyTimeout = Duration.seconds(5)
        /// How long to wait for a connection, which for writers means for those before them; then
        /// ``StorageError/Kind/poolTimeout``. `nil` waits without end.
        public var acquireTimeout: Duration? = .seconds(30)
        /// What may be done with the file.
        public var access = Access.readWrite
        /// How many compiled statements each connection keeps.
        public var statementCacheSize = 128
        /// Takes `"text"` for a string where no column has that name, as SQLite does by itself. An old file may need it,
        /// whose triggers or views are written so; in anything else it hides misspelled names, and Postgres refuses it.
        /// https://sqlite.org/quirks.html#dblquote
        public var allowsDoubleQuotedStrings = false
        /// Runs the application's own PRAGMAs on every connection, after those of the storage.
        public var preparation: (@Sendable (SQLiteSetup) throws -> Void)?

        /// The defaults.
        public init() {}

        /// Sets what is set most often; the rest has its defaults.
        public init(
            durability: Durability = .normal, access: Access = .readWrite, readerCount: Int = 4,
            preparation: (@Sendable (SQLiteSetup) throws -> Void)? = nil
        ) {
            self.durability = durability
            self.access = access
            self.readerCount = readerCount
            self.preparation = preparation
        }
    }
}

/// What a SQLite storage has done since it was opened, and what it holds now.
public struct SQLiteStatistics: Sendable, Hashable {
    /// How often a statement was compiled.
    public var compilations: Int
    /// How often a statement was compiled already.
    public var cacheHits: Int
    /// How often a connection waited a millisecond for a lock of another connection or process.
    public var busyCount: Int
    /// The connection that writes; the only one, for a database in memory. Nil for a file opened for reading.
    public var writer: PoolStatistics?
    /// Those that read; nil in memory.
    public var readers: PoolStatistics?
}
