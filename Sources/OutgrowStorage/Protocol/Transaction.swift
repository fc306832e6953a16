/// A transaction that runs: what the closures of ``Storage/read(_:_:)`` and ``Storage/write(_:_:)`` receive.
///
/// Every call is synchronous, on the thread of the transaction's own connection. It is valid inside the closure alone.
///
/// ## Topics
/// ### Statements
/// - ``execute(_:)``
/// - ``executeAll(_:)``
/// - ``executeScript(_:)``
/// ### Many rows in
/// - ``execute(_:forEach:)-1q6sc``
/// - ``execute(_:forEach:)-15w65``
/// - ``execute(_:forEach:append:)``
/// - ``bulkInsert(into:columns:items:append:)``
/// - ``bulkInsert(into:columns:rows:)-439vk``
/// - ``bulkInsert(into:columns:rows:)-64gm0``
/// ### Rows of several columns
/// - ``one(_:as:)->Column``
/// - ``first(_:as:)-jhr0``
/// - ``rows(_:as:)->[(Column)]``
/// - ``forEach(_:as:do:)``
/// ### Rows of one column
/// - ``one(_:as:)->Value``
/// - ``first(_:as:)->Value?``
/// - ``rows(_:as:)->[Value]``
/// ### Parts
/// - ``savepoint(_:)``
public final class Transaction {
    /// What the backend speaks.
    public let dialect: Dialect
    /// How the transaction was begun.
    public let options: TransactionOptions
    let session: any Session
    /// Refuses statements that only one backend understands.
    let portability: PortabilityCheck?
    private var failure: StorageError? {
        didSet { isUsable = failure == nil && !hasEnded && !isFeeding }
    }
    private var hasEnded = false
    /// Rows are on their way to a statement, which owns the connection meanwhile.
    private var isFeeding = false {
        didSet { isUsable = failure == nil && !hasEnded && !isFeeding }
    }
    /// Neither failed nor ended nor taken; kept apart, as looking at the failure means to copy it.
    private var isUsable = true
    private var savepointDepth = 0

    init(_ session: any Session, _ options: TransactionOptions) {
        self.session = session
        self.options = options
        portability = options.isStrict && !options.isMigration ? PortabilityCheck() : nil
        dialect = session.dialect
    }

    /// What made the transaction impossible to commit, if anything did.
    var failureOfStatement: StorageError? { failure }

    /// After this every call fails: the closure has returned.
    func end() {
        hasEnded = true
        isUsable = false
    }

    /// Runs a statement. Returns how many rows it inserted, updated or deleted.
    @discardableResult public func execute(_ statement: SQL) throws -> Int {
        let rendered = try prepared(statement)
        return try guarded { try session.execute(rendered) }
    }

    /// Runs several statements in order, on Postgres in one round trip, and returns each one's row count.
    @discardableResult public func executeAll(_ statements: [SQL]) throws -> [Int] {
        let rendered = try statements.map(prepared)
        return try guarded { try session.executeAll(rendered) }
    }

    /// Runs statements separated by semicolons, which take no values: a schema, for instance.
    public func executeScript(_ script: SQL) throws {
        let rendered = try prepared(script)
        guard rendered.parts.isEmpty else {
            throw StorageError(
                .misuse, "A script takes no values.", fix: "Run each statement by execute(_:).")
        }
        try guarded { try session.executeScript(rendered.text) }
    }

    /// Calls `body` with each row, in the engine's own memory: the form that everything else is built on.
    public func forEachRow(_ query: SQL, _ body: (borrowing Row) throws -> Void) throws {
        try forEachRow(query) { row -> Bool in
            try body(row)
            return true
        }
    }

    /// Calls `body` with each row until it returns false. Write the label: a closure behind the parentheses
    /// belongs to the form above, unless it says that it returns a `Bool`.
    @_disfavoredOverload
    public func forEachRow(_ query: SQL, while body: (borrowing Row) throws -> Bool) throws {
        let rendered = try prepared(query)
        try requireUsable()
        do {
            try session.forEachRow(rendered, body)
        } catch {
            note(error)
            throw error
        }
    }

    /// Returns the rows of a query as they are, all of them: what a stream reads that cannot keep a connection.
    func load(_ query: SQL) throws -> RowBatch {
        let rendered = try prepared(query)
        return try guarded { try session.load(rendered) }
    }

    /// Rows before the one that failed may be there, so whatever the failure is, the application's own too, it is the
    /// transaction's.
    func feed(_ target: RowTarget, _ fill: (any RowSink) throws -> Void) throws -> Int {
        try requireUsable()
        isFeeding = true
        defer { isFeeding = false }
        do {
            return try session.feed(target, fill)
        } catch {
            failure = error as? StorageError ?? .rowsNotMade
            throw error
        }
    }

    /// Runs `body` as a part that can fail alone: when it throws, what it did is undone, the error goes on, and the
    /// transaction stays usable.
    ///
    /// https://sqlite.org/lang_savepoint.html, https://www.postgresql.org/docs/current/sql-savepoint.html
    public func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        savepointDepth += 1
        defer { savepointDepth -= 1 }
        let name = "outgrow_\(savepointDepth)"
        _ = try guarded { try session.execute(RenderedSQL("SAVEPOINT \(name)")) }
        let result: Result
        do {
            result = try body()
            if let failure { throw failure }
        } catch {
            try rollBack(to: name)
            throw error
        }
        _ = try guarded { try session.execute(RenderedSQL("RELEASE SAVEPOINT \(name)")) }
        return result
    }

    private func rollBack(to name: String) throws {
        // After some errors (a full disk, for instance) SQLite ends the whole transaction.
        guard session.isInTransaction else { return }
        failure = nil
        _ = try guarded { try session.execute(RenderedSQL("ROLLBACK TO SAVEPOINT \(name)")) }
        _ = try guarded { try session.execute(RenderedSQL("RELEASE SAVEPOINT \(name)")) }
    }

    func prepared(_ statement: SQL) throws -> RenderedSQL {
        if let portability { try portability.check(statement) }
        return try statement.rendered(for: dialect)
    }

    /// Runs one statement; after a failed one there is no other, on either backend.
    func guarded<Result>(_ body: () throws -> Result) throws -> Result {
        try requireUsable()
        do {
            return try body()
        } catch {
            note(error)
            throw error
        }
    }

    private func requireUsable() throws {
        if !isUsable { try refuse() }
    }

    @inline(never) private func refuse() throws {
        if hasEnded {
            throw StorageError(
                .misuse, "A transaction was used after its closure had returned.",
                fix: "Do all its work inside of the closure.")
        }
        if let failure { throw StorageError(followingOn: failure) }
        if isFeeding {
            throw StorageError(
                .misuse, "A statement was run while the rows of another were being made.",
                fix: "Read what the rows need before execute(_:forEach:) or bulkInsert.")
        }
    }

    private func note(_ error: any Error) {
        guard let error = error as? StorageError else { return }
        if error.kind != .misuse && error.kind != .noRow { failure = error }
    }
}

extension StorageError {
    /// An error of the application's came out of the closure that makes rows, and did not go on from there.
    fileprivate static var rowsNotMade: StorageError {
        StorageError(
            .transactionFailed,
            "The rows of a statement were not all made, so the transaction is rolled back.",
            fix: "Let that error out of the closure, or make the rows inside of savepoint.")
    }

    fileprivate init(followingOn failure: StorageError) {
        self.init(
            .transactionFailed,
            "An earlier statement of the transaction failed, so it can only be rolled back.",
            fix:
                "Let the error of that statement out of the closure, or run what may fail inside of savepoint.",
            cause: failure.summary)
    }
}
