internal import SQLiteClient

/// One connection as a transaction sees it; belongs to the thread of its `SQLiteThread`.
final class SQLiteSession: Session {
    let connection: SQLiteConnection
    let interruption: SQLiteInterruption
    private let cache: SQLiteStatementCache
    private let control: TransactionStatements
    /// Set while a transaction that only reads runs on a connection that may write.
    private var refusesWrites = false
    /// Something was left behind that the next transaction must not meet: a temporary table, a setting.
    private(set) var isTouched = false
    /// The rows that are read in batches, if any.
    var cursor: SQLiteCursor?

    init(_ connection: SQLiteConnection, cacheSize: Int, _ counters: SQLiteCounters) throws {
        self.connection = connection
        interruption = counters.interruption
        cache = SQLiteStatementCache(connection, capacity: cacheSize, counters)
        control = try TransactionStatements(connection)
    }

    /// Ends everything; SQLite moves the WAL into the file when this was the last connection.
    func close() {
        cache.removeAll()
        connection.close()
    }

    var dialect: Dialect { .sqlite }

    var isInTransaction: Bool { !connection.isAutocommit }

    func execute(_ statement: RenderedSQL) throws -> Int {
        try withStatement(statement) { used in
            while try step(used) {}
            return used.countsChanges ? connection.changes : 0
        }
    }

    // Without `withStatement`: a closure costs a point query as much as reading a column.
    func forEachRow(_ statement: RenderedSQL, _ body: (borrowing Row) throws -> Bool) throws {
        let used = try prepared(statement)
        defer { cache.giveBack(used) }
        let statement = used.statement
        func step() throws -> Bool {
            do {
                return try statement.step()
            } catch {
                throw self.error(error, used.text)
            }
        }
        guard try step() else { return }
        let row = Row(statement)
        repeat {
            guard try body(row) else { return }
        } while try step()
    }

    func load(_ statement: RenderedSQL) throws -> RowBatch {
        try withStatement(statement) { used in
            guard try step(used) else { return RowBatch() }
            let batch = SQLiteRowBatch(of: used.statement)
            repeat { batch.append(used.statement) } while try step(used)
            return RowBatch(batch)
        }
    }

    func executeAll(_ statements: [RenderedSQL]) throws -> [Int] { try statements.map(execute) }

    func executeScript(_ sql: String) throws {
        guard !sql.utf8.contains(0) else { throw StorageError.nulInStatement }
        try StatementWords.checkTransactionControl(inScript: sql, .sqlite)
        var offset = 0
        while offset < sql.utf8.count {
            try checkStop()
            offset = try runFirst(of: sql, from: offset)
        }
    }

    func feed(_ target: RowTarget, _ fill: (any RowSink) throws -> Void) throws -> Int {
        try checkStop()
        let used = try take(target.statement())
        let sink = SQLiteRowSink(self, used)
        // The values that are bound lie in the sink.
        defer { withExtendedLifetime(sink) { cache.giveBack(used) } }
        try fill(sink)
        return try sink.finished()
    }
}

extension SQLiteSession {
    /// Moves to the next row; false when there is none.
    func step(_ used: CachedStatement) throws -> Bool {
        do {
            return try used.statement.step()
        } catch {
            throw self.error(error, used.text)
        }
    }

    /// Stops here when the task was canceled or the time is over: between two statements SQLite itself would not
    /// notice.
    func checkStop() throws {
        if let reason = interruption.reason { throw StorageError(stopped: reason) }
    }

    func error(_ failure: SQLiteFailure, _ text: String?) -> StorageError {
        if failure.isInterrupted || failure.isBusy, let reason = interruption.reason {
            var error = StorageError(stopped: reason)
            (error.statement, error.sqliteCode) = (text, failure.code)
            return error
        }
        return StorageError(failure, statement: text)
    }

    /// Takes a compiled and bound statement, for `giveBack`.
    func prepared(_ statement: RenderedSQL) throws -> CachedStatement {
        try checkStop()
        let used = try take(statement)
        do {
            try bind(statement.parts, to: used)
            return used
        } catch {
            cache.giveBack(used)
            throw error
        }
    }

    func giveBack(_ used: CachedStatement) { cache.giveBack(used) }

    private func withStatement<Result>(
        _ statement: RenderedSQL, _ body: (CachedStatement) throws -> Result
    ) throws -> Result {
        let used = try prepared(statement)
        defer { cache.giveBack(used) }
        return try body(used)
    }

    private func take(_ statement: RenderedSQL) throws -> CachedStatement {
        do {
            return try checked(cache.take(statement))
        } catch let failure as SQLiteFailure {
            throw error(failure, statement.text)
        }
    }

    private func take(_ text: String) throws -> CachedStatement {
        do {
            return try checked(cache.take(text))
        } catch let failure as SQLiteFailure {
            throw error(failure, text)
        }
    }

    private func checked(_ used: CachedStatement) throws -> CachedStatement {
        if refusesWrites, !used.isReadOnly {
            cache.giveBack(used)
            throw StorageError(
                SQLiteFailure(code: 8, message: "attempt to write in a transaction that only reads"),
                statement: used.text)
        }
        if used.touchesSession { isTouched = true }
        return used
    }

    /// Runs one statement of a script; returns where the next begins.
    private func runFirst(of sql: String, from offset: Int) throws -> Int {
        let rest = sql[sql.utf8.index(sql.startIndex, offsetBy: offset)...]
        let words = StatementWords(of: rest)
        try words.check(rest)
        if words.touchesSession(rest) { isTouched = true }
        do {
            let (statement, end) = try connection.prepareFirst(of: sql, from: offset)
            guard let statement else { return sql.utf8.count }
            defer { statement.finalize() }
            guard statement.parameterCount == 0 else { throw StorageError.scriptPlaceholder }
            guard !refusesWrites || statement.isReadOnly else {
                throw SQLiteFailure(code: 8, message: "attempt to write in a transaction that only reads")
            }
            while try statement.step() {}
            return end
        } catch let failure as SQLiteFailure {
            throw error(failure, nil)
        }
    }
}

// The transaction around the closure.
extension SQLiteSession {
    /// Runs a transaction from BEGIN to COMMIT.
    ///
    /// - Parameter start: When the caller asked for it.
    func transaction<Result>(
        _ ticket: SQLiteInterruption.Ticket, _ options: TransactionOptions,
        since start: ContinuousClock.Instant,
        _ body: (Transaction) throws -> Result
    ) throws -> Result {
        let busyCount = interruption.busyCount
        let clock = options.timeline.map { StageClock($0, since: start) }
        defer {
            options.timeline?.note { $0.busyCount += interruption.busyCount - busyCount }
            refusesWrites = false
        }
        do {
            try begin(options.access)
            clock?.note(\.wait)
            let result = try run(body, options)
            clock?.note(\.body)
            // Nothing stops a COMMIT: it has happened or it has not.
            interruption.disarm(ticket)
            try perform(control.commit)
            clock?.note(\.commit)
            return result
        } catch {
            interruption.disarm(ticket)
            rollBack()
            throw error
        }
    }

    private func run<Result>(
        _ body: (Transaction) throws -> Result, _ options: TransactionOptions
    ) throws -> Result {
        let transaction = Transaction(self, options)
        defer { transaction.end() }
        let result = try body(transaction)
        if let failure = transaction.failureOfStatement { throw failure }
        try checkStop()
        guard isInTransaction else {
            throw StorageError(
                .misuse, "The closure has ended the transaction itself.",
                fix: "Throw an error to roll back; let the closure return to commit.")
        }
        return result
    }

    /// Begins a transaction; a reader's snapshot is taken here and not at its first query.
    /// https://sqlite.org/lang_transaction.html, https://sqlite.org/isolation.html
    func begin(_ access: TransactionOptions.Access) throws {
        try checkStop()
        switch access {
        case .write: try perform(control.beginImmediate)
        case .read:
            refusesWrites = true
            try perform(control.beginDeferred)
            try perform(control.snapshot)
        }
    }

    private func perform(_ statement: SQLiteStatement) throws {
        defer { statement.reset() }
        do {
            while try statement.step() {}
        } catch {
            throw self.error(error, nil)
        }
    }

    /// Afterwards `isInTransaction` tells whether the connection can be used again.
    func rollBack() {
        guard isInTransaction else { return }
        do {
            try perform(control.rollback)
        } catch {
            // The caller closes the connection, which rolls back.
        }
    }

    func endReading() {
        refusesWrites = false
        rollBack()
    }
}

/// BEGIN and the like, compiled when the connection opens and kept apart from what applications run.
private struct TransactionStatements {
    let beginImmediate: SQLiteStatement
    let beginDeferred: SQLiteStatement
    /// Reads one number of the file's header, which is enough to take the snapshot.
    let snapshot: SQLiteStatement
    let commit: SQLiteStatement
    let rollback: SQLiteStatement

    init(_ connection: SQLiteConnection) throws {
        do {
            beginImmediate = try connection.prepare("BEGIN IMMEDIATE")
            beginDeferred = try connection.prepare("BEGIN DEFERRED")
            snapshot = try connection.prepare("PRAGMA user_version")
            commit = try connection.prepare("COMMIT")
            rollback = try connection.prepare("ROLLBACK")
        } catch {
            throw StorageError(error)
        }
    }
}

/// Notes how long each stage took.
private final class StageClock {
    private let timeline: TransactionTimeline
    private var last: ContinuousClock.Instant

    init(_ timeline: TransactionTimeline, since start: ContinuousClock.Instant) {
        self.timeline = timeline
        last = start
    }

    func note(_ stage: WritableKeyPath<TransactionTimeline.Record, Duration?>) {
        let now = ContinuousClock.now
        timeline.note { $0[keyPath: stage] = last.duration(to: now) }
        last = now
    }
}

extension StorageError {
    init(stopped reason: SQLiteInterruption.Reason) {
        switch reason {
        case .canceled:
            self.init(
                .interrupted, "The task was canceled, and its transaction rolled back.",
                fix: "Run it again if it is still wanted.")
        case .deadline: self = .pastDeadline
        }
    }

    static var pastDeadline: StorageError {
        StorageError(
            .timeout, "The transaction took longer than its time limit, and was rolled back.",
            fix: "Raise TransactionOptions.timeout, or make the transaction shorter.")
    }

    fileprivate static var scriptPlaceholder: StorageError {
        StorageError(
            .misuse, "A statement of the script has a placeholder, and a script takes no values.",
            fix: "Run that statement by execute(_:).")
    }
}
