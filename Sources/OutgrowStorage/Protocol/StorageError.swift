/// What went wrong, in words that mean the same on both backends.
///
/// Switch on ``kind``; show ``description`` to people. Values of the application's rows appear in neither.
public struct StorageError: Error, Sendable {
    /// What kind of failure it is.
    public var kind: Kind
    /// What went wrong: one sentence without values.
    public var summary: String
    /// How to mend it: a sentence.
    public var remedy: String
    /// The table, where known.
    public var table: String?
    /// The columns of the constraint, where known: those of a unique key, or the one that is NULL.
    ///
    /// Not those of an index over expressions, nor of a foreign key or a CHECK.
    public var columns: [String] = []
    /// The name of the constraint, where known: Postgres tells it, SQLite for a CHECK alone.
    public var constraint: String?
    /// The statement's text without its values.
    public var statement: String?
    /// What the engine said, without values.
    public var cause: String?
    /// SQLite's extended result code (https://sqlite.org/rescode.html).
    public var sqliteCode: Int32?
    /// Postgres' SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html).
    public var sqlState: String?
    /// What is wrong with schema migrations, one by one.
    package var schemaProblems: [SchemaProblem] = []

    /// An error of your own, for a backend or a policy that you write. No text may hold a value of a row.
    ///
    /// - Parameters:
    ///   - kind: What it is; ``isRetryable`` follows from it.
    ///   - summary: What went wrong: one sentence.
    ///   - remedy: How to mend it: a sentence.
    ///   - cause: What the engine said.
    ///   - statement: The statement's text, with placeholders for its values.
    public init(
        _ kind: Kind, _ summary: String, fix remedy: String, cause: String? = nil, statement: String? = nil
    ) {
        self.kind = kind
        self.summary = summary
        self.remedy = remedy
        self.cause = cause
        self.statement = statement
    }
}

extension StorageError {
    /// An open set: kinds may be added in a minor release, none changes its meaning.
    public struct Kind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }
        public var description: String { rawValue }

        // Constraints.
        /// A UNIQUE or PRIMARY KEY constraint.
        public static let unique = Kind(rawValue: "unique")
        /// A row refers to one that does not exist, or one that others refer to was to go.
        public static let foreignKey = Kind(rawValue: "foreign-key")
        /// A CHECK constraint does not hold.
        public static let check = Kind(rawValue: "check")
        /// A NULL in a column that takes none.
        public static let notNull = Kind(rawValue: "not-null")
        /// A value does not have the type that the column, the statement or the program asks for.
        public static let type = Kind(rawValue: "type")
        /// A value that one of the engines cannot hold: NaN, U+0000.
        public static let unsupportedValue = Kind(rawValue: "unsupported-value")

        // Conflicts: the transaction may succeed when it runs again.
        /// A lock was held by another process for longer than the wait.
        public static let busy = Kind(rawValue: "busy")
        /// A concurrent transaction changed what this one depends on. It was rolled back and may run again.
        public static let serialization = Kind(rawValue: "serialization")
        /// Transactions waited for one another, and the engine chose this one to give way.
        public static let deadlock = Kind(rawValue: "deadlock")

        // Stopped.
        /// The task was canceled.
        public static let interrupted = Kind(rawValue: "interrupted")
        /// The transaction's own time limit has passed.
        public static let timeout = Kind(rawValue: "timeout")
        /// No connection became free in time.
        public static let poolTimeout = Kind(rawValue: "pool-timeout")
        /// An earlier statement of the transaction failed, so nothing more can be done in it.
        public static let transactionFailed = Kind(rawValue: "transaction-failed")

        // The connection and what lies behind it.
        /// The connection broke before COMMIT was sent: nothing of the transaction is committed.
        public static let connectionLost = Kind(rawValue: "connection-lost")
        /// The connection broke while COMMIT was on its way: the transaction is committed or not. Nothing retries it.
        public static let commitOutcomeUnknown = Kind(rawValue: "commit-outcome-unknown")
        /// The file cannot be opened, or the server not be reached.
        public static let unavailable = Kind(rawValue: "unavailable")
        /// A password, a right or a rule of access is missing.
        public static let permission = Kind(rawValue: "permission")
        /// A write was asked of what only reads: a `read`, a file, a standby server, or ``ReadOnlyStorage``.
        public static let readOnly = Kind(rawValue: "read-only")
        /// The disk, or the database's own limit, is full.
        public static let full = Kind(rawValue: "full")
        /// Reading or writing the disk failed.
        public static let io = Kind(rawValue: "io")
        /// The file is damaged, or is no database. https://sqlite.org/howtocorrupt.html
        public static let corrupt = Kind(rawValue: "corrupt")
        /// `shutdown()` was called.
        public static let closed = Kind(rawValue: "closed")
        /// The database was moved away; the error says where to.
        public static let moved = Kind(rawValue: "moved")

        // The program.
        /// The engine does not understand the statement, or something that it names does not exist.
        public static let statement = Kind(rawValue: "statement")
        /// The statement is refused because the other backend would not do the same with it.
        public static let notPortable = Kind(rawValue: "not-portable")
        /// A row was wanted and none is there.
        public static let noRow = Kind(rawValue: "no-row")
        /// One row was wanted and there are more.
        public static let severalRows = Kind(rawValue: "several-rows")
        /// The library was used as its documentation forbids.
        public static let misuse = Kind(rawValue: "misuse")
        /// Schema migrations are missing, changed or half done.
        public static let migration = Kind(rawValue: "migration")
        /// What the engine reports and no other kind names.
        public static let other = Kind(rawValue: "other")
    }

    /// Whether the whole transaction may succeed when it runs again.
    public var isRetryable: Bool { Self.retryable.contains(kind) }

    /// A connection that broke before COMMIT was sent took the transaction with it.
    private static let retryable: Set<Kind> = [.busy, .serialization, .deadlock, .connectionLost]
}

extension StorageError: CustomStringConvertible {
    public var description: String {
        var lines = ["error: \(summary) [\(kind)]"]
        if let place { lines.append("  at:  \(place)") }
        if let statement { lines.append("  in:  \(statement)") }
        if let cause { lines.append("  why: \(cause)" + (code.map { " (\($0))" } ?? "")) }
        lines.append("  fix: \(remedy)")
        return lines.joined(separator: "\n")
    }

    private var place: String? {
        let name = columns.isEmpty ? table : (table.map { "\($0)." } ?? "") + columns.joined(separator: ", ")
        let all = [name, constraint.map { "constraint \($0)" }].compactMap(\.self)
        return all.isEmpty ? nil : all.joined(separator: ", ")
    }

    private var code: String? { sqlState ?? sqliteCode.map { "SQLite result \($0)" } }
}
