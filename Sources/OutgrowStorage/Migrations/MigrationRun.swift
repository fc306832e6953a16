internal import SQLiteClient

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Runs migrations one at a time, while other processes may try the same.
///
/// **The lock.** On SQLite every migration begins with `BEGIN IMMEDIATE`, which one process at a time can do; it then
/// reads what has run. On Postgres an advisory lock is taken by the same session, as the first statement, and what has
/// run is read by the second: at READ COMMITTED each statement has a snapshot of its own, so the second sees what the
/// lock's last holder committed. (Under stricter levels the snapshot would be older than the lock.)
///
/// **Nobody waits inside of the lock's statement.** `CREATE INDEX CONCURRENTLY`, in a migration without a transaction,
/// waits until every older snapshot is gone, and a session that waits in `pg_advisory_lock` holds one: the two would
/// wait for each other. So the lock is only tried, and who does not get it ends its transaction and tries again.
/// https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
///
/// **Without a transaction** Postgres holds the lock by the session, which is released when the session ends, however
/// it ends: a dirty mark seen by the lock's holder is one that was left behind. SQLite has nothing of that kind: there
/// a file beside the database is locked before the mark is set and until it is cleared, which ends in the same way. A
/// database in memory is used by one storage alone, so there all of it runs in one turn of the only connection.
struct MigrationRun<S: Storage>: Sendable {
    private let storage: S
    private let migrations: [SchemaMigration]
    private let lockTimeout: Duration?
    private let reporting: (@Sendable (CompletedMigration) -> Void)?

    init(
        _ storage: S, _ migrations: [SchemaMigration], _ lockTimeout: Duration?,
        _ reporting: (@Sendable (CompletedMigration) -> Void)?
    ) {
        self.storage = storage
        self.migrations = migrations
        self.lockTimeout = lockTimeout
        self.reporting = reporting
    }

    /// How a migration is to be run.
    enum Mode: Sendable {
        case transaction, transactionWithoutForeignKeys, autocommit

        init(_ form: MigrationForm, _ direction: MigrationDirection) {
            if !form.isTransactional {
                self = .autocommit
            } else {
                let hasRebuild = form.steps(direction).contains(where: \.isRebuild)
                self = hasRebuild ? .transactionWithoutForeignKeys : .transaction
            }
        }
    }

    private enum Attempt: Sendable {
        case nothingLeft
        /// Another process holds the lock.
        case locked
        /// The next one wants to be run otherwise.
        case other(Mode)
        /// SQLite: the mark is set, and the statements are to be run.
        case marked(SchemaMigration, FileLock)
        case done(CompletedMigration)
    }

    /// What has run; nothing when the table is not there.
    static func history(on storage: S) async throws -> [AppliedMigration] {
        var options = TransactionOptions.read
        options.isMigration = true
        return try await storage.read(options) { tx in
            try MigrationHistory.exists(in: tx) ? MigrationHistory.read(in: tx) : []
        }
    }

    func perform(_ agenda: MigrationAgenda) async throws -> [CompletedMigration] {
        var agenda = agenda
        var completed: [CompletedMigration] = []
        guard var mode = try await firstMode(agenda) else { return [] }
        let lockPath = agenda.dialect == .sqlite ? try await lockPath() : nil
        var waitingSince: ContinuousClock.Instant?
        while true {
            switch try await attempt(agenda, mode, lockPath) {
            case .nothingLeft: return completed
            case .locked: try await pause(since: &waitingSince)
            case .other(let wanted): mode = wanted
            case .marked(let migration, let lock):
                let step = try await finish(migration, agenda.direction, lock)
                add(step, to: &completed, &agenda)
                waitingSince = nil
            case .done(let step):
                add(step, to: &completed, &agenda)
                waitingSince = nil
            }
            if agenda.direction == .down, agenda.target == nil, agenda.steps <= 0 { return completed }
        }
    }

    private func add(
        _ step: CompletedMigration, to completed: inout [CompletedMigration], _ agenda: inout MigrationAgenda
    ) {
        completed.append(step)
        agenda.steps -= 1
        reporting?(step)
    }

    /// A look without a lock, so that an application that starts takes none when there is nothing to do.
    private func firstMode(_ agenda: MigrationAgenda) async throws -> Mode? {
        let history = try await Self.history(on: storage)
        if history.contains(where: { $0.isDirty }) { return .transaction }
        return try agenda.migrations(of: migrations, after: history).first.map {
            Mode($0.form(agenda.dialect), agenda.direction)
        }
    }

    /// What is locked while a migration runs without a transaction; nil in memory.
    private func lockPath() async throws -> String? {
        var options = TransactionOptions.read
        options.isMigration = true
        let database = try await storage.read(options) { tx in
            try tx.one(
                "SELECT coalesce(file, '') FROM pragma_database_list WHERE name = 'main'", as: String.self)
        }
        return database.isEmpty ? nil : database + "-migration-lock"
    }

    private func pause(since start: inout ContinuousClock.Instant?) async throws {
        let now = ContinuousClock.now
        let waitingSince = start ?? now
        start = waitingSince
        if let lockTimeout, now - waitingSince > lockTimeout {
            throw StorageError([
                SchemaProblem(
                    .locked, at: "the database", "Another process has been running migrations for too long.",
                    fix: "Let it end, and run this again: what it has done is not done twice.")
            ])
        }
        try await Task.sleep(for: .milliseconds(Int.random(in: 10...50)))
    }

    // One attempt.

    private func attempt(
        _ agenda: MigrationAgenda, _ mode: Mode, _ lockPath: String?
    ) async throws -> Attempt {
        var lock: FileLock?
        if mode == .autocommit, let lockPath {
            lock = try MigrationLock.acquire(lockPath)
            if lock == nil { return .locked }
        }
        let held = lock
        var options = TransactionOptions(.write, isolation: .readCommitted, label: "schema migration")
        options.isMigration = true
        options.ignoresForeignKeys = mode == .transactionWithoutForeignKeys
        options.isAutocommit = mode == .autocommit && lock == nil
        // Half of it may be done already.
        if options.isAutocommit { options.attemptLimit = 1 }
        let isSessionLock = options.isAutocommit
        do {
            return try await storage.transaction(options) { tx in
                guard try MigrationLock.acquire(in: tx, forSession: isSessionLock) else { return .locked }
                if held == nil, let lockPath, try MigrationHistory.isDirty(in: tx), FileLock.isHeld(lockPath)
                {
                    return .locked
                }
                let attempt = try runNext(agenda, mode, held, in: tx)
                if isSessionLock { try MigrationLock.release(in: tx) }
                return attempt
            }
        } catch let error as StorageError where error.kind == .busy && agenda.dialect == .sqlite {
            // Somebody writes for longer than the connection waits, perhaps a long migration.
            return .locked
        }
    }

    private func runNext(
        _ agenda: MigrationAgenda, _ mode: Mode, _ lock: FileLock?, in tx: Transaction
    ) throws -> Attempt {
        if try !MigrationHistory.exists(in: tx) { try MigrationHistory.create(in: tx) }
        let history = try MigrationHistory.read(in: tx)
        var agenda = agenda
        agenda.isAlone = true
        guard let next = try agenda.migrations(of: migrations, after: history).first
        else { return .nothingLeft }
        let form = next.form(agenda.dialect)
        let wanted = Mode(form, agenda.direction)
        if wanted != mode { return .other(wanted) }
        guard mode == .autocommit else {
            return .done(try run(next, form, agenda.direction, in: tx))
        }
        try mark(next, form, agenda.direction, in: tx)
        if let lock { return .marked(next, lock) }
        return .done(try runMarked(next, form, agenda.direction, in: tx))
    }

    // In a transaction.

    private func run(
        _ migration: SchemaMigration, _ form: MigrationForm, _ direction: MigrationDirection,
        in tx: Transaction
    ) throws -> CompletedMigration {
        let start = ContinuousClock.now
        let steps = form.steps(direction)
        try StorageError.naming(migration, isRolledBack: true) { place in
            guard steps.contains(where: \.isRebuild) else { return try steps.run(in: tx, &place) }
            try ForeignKeyWatch.run(in: tx) { try steps.run(in: tx, &place) }
        }
        let duration = ContinuousClock.now - start
        switch direction {
        case .up: try MigrationHistory.insert(migration.row(form, duration, isDirty: false), in: tx)
        case .down: try MigrationHistory.delete(migration.version, in: tx)
        }
        return CompletedMigration(
            version: migration.version, name: migration.name, direction: direction, duration: duration)
    }

    // Without one.

    private func mark(
        _ migration: SchemaMigration, _ form: MigrationForm, _ direction: MigrationDirection,
        in tx: Transaction
    ) throws {
        switch direction {
        case .up: try MigrationHistory.insert(migration.row(form, .zero, isDirty: true), in: tx)
        case .down: try MigrationHistory.markDirty(migration.version, in: tx)
        }
    }

    private func runMarked(
        _ migration: SchemaMigration, _ form: MigrationForm, _ direction: MigrationDirection,
        in tx: Transaction
    ) throws -> CompletedMigration {
        let start = ContinuousClock.now
        try StorageError.naming(migration, isRolledBack: false) { place in
            try form.steps(direction).run(in: tx, &place)
        }
        return try complete(migration, direction, after: ContinuousClock.now - start, in: tx)
    }

    private func complete(
        _ migration: SchemaMigration, _ direction: MigrationDirection, after duration: Duration,
        in tx: Transaction
    ) throws -> CompletedMigration {
        switch direction {
        case .up: try MigrationHistory.markClean(migration.version, after: duration, in: tx)
        case .down: try MigrationHistory.delete(migration.version, in: tx)
        }
        return CompletedMigration(
            version: migration.version, name: migration.name, direction: direction, duration: duration)
    }

    /// SQLite: the statements, and the end of the mark, which `lock` outlives.
    private func finish(
        _ migration: SchemaMigration, _ direction: MigrationDirection, _ lock: FileLock
    ) async throws -> CompletedMigration {
        defer { withExtendedLifetime(lock) {} }
        let start = ContinuousClock.now
        var options = TransactionOptions(.write, label: "schema migration", attemptLimit: 1)
        options.isMigration = true
        options.isAutocommit = true
        let form = migration.form(.sqlite)
        try await storage.transaction(options) { tx in
            try StorageError.naming(migration, isRolledBack: false) { place in
                try form.steps(direction).run(in: tx, &place)
            }
        }
        let duration = ContinuousClock.now - start
        options.isAutocommit = false
        return try await storage.transaction(options) { tx in
            try complete(migration, direction, after: duration, in: tx)
        }
    }
}

/// The lock on Postgres; SQLite's is the transaction itself, and a file where there is none.
private enum MigrationLock {
    /// "outgrow" in ASCII. Advisory locks are each database's own.
    private static let key: Int64 = 0x6F_7574_6772_6F77

    static func acquire(in tx: Transaction, forSession: Bool) throws -> Bool {
        guard tx.dialect == .postgres else { return true }
        return forSession
            ? try tx.one("SELECT pg_try_advisory_lock(\(key))", as: Bool.self)
            : try tx.one("SELECT pg_try_advisory_xact_lock(\(key))", as: Bool.self)
    }

    /// The lock of a SQLite file; nil when somebody else has it.
    static func acquire(_ path: String) throws -> FileLock? {
        switch FileLock.acquire(path) {
        case .acquired(let lock): return lock
        case .held: return nil
        case .failed(let code):
            throw StorageError(
                .permission, "The file \(path) cannot be locked, as a migration without a transaction needs.",
                fix: "Change the rights of the folder, and keep it on a local disk.", cause: "errno \(code)")
        }
    }

    /// After a failure there is no need: the connection is closed, and the lock goes with it.
    static func release(in tx: Transaction) throws {
        guard tx.dialect == .postgres else { return }
        _ = try tx.one("SELECT pg_advisory_unlock(\(key))", as: Bool.self)
    }
}

extension [MigrationStep] {
    /// - Parameter place: Where the statement stands that runs, or has failed.
    fileprivate func run(in tx: Transaction, _ place: inout String?) throws {
        for step in self {
            switch step {
            case .sql(let statements): try statements.run(in: tx, &place)
            case .rebuild(let rebuild): try rebuild.apply(in: tx)
            case .code(_, let body): try body(tx)
            }
        }
    }
}

extension [MigrationStatement] {
    /// Each statement by itself: so it is known which one fails, and on Postgres, without a transaction, several in one
    /// message would share one.
    /// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
    fileprivate func run(in tx: Transaction, _ place: inout String?) throws {
        for statement in self {
            place = statement.place
            try tx.executeScript(SQL(unsafe: statement.text))
        }
        place = nil
    }
}

extension SchemaMigration {
    fileprivate func row(_ form: MigrationForm, _ duration: Duration, isDirty: Bool) -> AppliedMigration {
        AppliedMigration(
            version: version, name: name, checksum: form.checksum, appliedAt: Date(), duration: duration,
            isDirty: isDirty)
    }
}

extension SchemaMigration {
    /// Itself, and where in it. A program's migration is named in its places already.
    fileprivate func place(_ statement: String?) -> String {
        guard let statement else { return title }
        return statement.hasPrefix(title) ? statement : "\(title), \(statement)"
    }
}

extension StorageError {
    /// Names the migration whose statement fails; what a whole new attempt may mend goes on as it is.
    fileprivate static func naming(
        _ migration: SchemaMigration, isRolledBack: Bool, _ body: (inout String?) throws -> Void
    ) throws {
        var place: String?
        do {
            try body(&place)
        } catch let error as StorageError {
            let passes: Set<Kind> = [.interrupted, .timeout, .closed, .readOnly, .full]
            if passes.contains(error.kind) || error.isRetryable && isRolledBack { throw error }
            if var first = error.schemaProblems.first {
                first.place = "\(migration.title), \(first.place)"
                throw StorageError(
                    [first] + error.schemaProblems.dropFirst(), cause: error.cause == nil ? nil : error)
            }
            throw StorageError(
                [
                    SchemaProblem(
                        isRolledBack ? .failed : .halfDone, at: migration.place(place),
                        isRolledBack
                            ? "It failed and was rolled back: \(error.summary)"
                            : "It failed on its way, and runs without a transaction: \(error.summary)",
                        fix: isRolledBack
                            ? "Correct it, and run it again."
                            : "Look at what it did; `schema status` says how to go on.")
                ], cause: error)
        }
    }
}
