#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// All migrations of a schema, in their order, and what runs them.
///
/// ```swift
/// try await SchemaMigrations(directory: "migrations").up(on: db)
/// ```
///
/// Each migration runs in one transaction together with its row in the table `outgrow_migrations`, so it is there as a
/// whole or not at all. Of several processes that call ``up(on:to:allowingOutOfOrder:lockTimeout:reporting:)`` at once,
/// one runs each migration and the others wait: an application may call it whenever it starts.
///
/// The folder holds `common/00001_name.sql`, or where the engines differ `sqlite/00001_name.sql` and
/// `postgres/00001_name.sql`. In a file stand `-- +up` and below it statements, `-- +down` and what undoes them;
/// `-- +notransaction` at the top for what cannot run in a transaction; in `sqlite` also `-- +rebuild TABLE`, see
/// ``SQLiteTableRebuild``.
///
/// A migration without a transaction marks its row as dirty before, and clears the mark after. If it does not get
/// that far, nothing runs any more until a person has looked: the error says how to go on.
public struct SchemaMigrations: Sendable {
    /// The oldest first.
    public let migrations: [SchemaMigration]

    /// Reads the files of a folder.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/migration``, listing everything that is wrong in
    ///   any of them: names, versions that stand twice, a dialect that lacks one, directives, encodings.
    public init(directory: String) throws {
        let folder = MigrationFolder(directory)
        guard folder.problems.isEmpty else { throw StorageError(folder.problems) }
        migrations = folder.migrations
    }

    /// Takes migrations that the program carries.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/migration`` when two have one version, or the text
    ///   of one is not understood.
    public init(_ migrations: [SchemaMigration]) throws {
        let sorted = migrations.sorted { $0.version < $1.version }
        var problems: [SchemaProblem] = []
        for (index, migration) in sorted.enumerated() {
            if migration.version < 1 {
                problems.append(
                    SchemaProblem(
                        .badName, at: migration.title, "Its version is below 1.", fix: "Count from 1."))
            }
            if index > 0, sorted[index - 1].version == migration.version {
                problems.append(
                    SchemaProblem(
                        .duplicate, at: migration.title,
                        "Its version is also that of \(sorted[index - 1].title).",
                        fix: "Give one of them another number."))
            }
            for dialect in Dialect.allCases {
                for problem in migration.form(dialect).problems where !problems.contains(problem) {
                    problems.append(problem)
                }
            }
        }
        guard problems.isEmpty else { throw StorageError(problems) }
        self.migrations = sorted
    }

    /// Runs what has not run yet, in order, each migration in a transaction of its own.
    ///
    /// Costs one read when there is nothing to do.
    ///
    /// - Parameters:
    ///   - storage: The database.
    ///   - version: The last one to run; nil for all.
    ///   - allowingOutOfOrder: Also those with a number below the newest that has run, as they come from a branch
    ///     that was merged late.
    ///   - lockTimeout: How long to wait for another process that runs migrations; nil waits without end.
    ///   - reporting: Is told each one that is committed, before the next begins.
    /// - Returns: What was run by this call.
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/migration`` when the database is not as the
    ///   migrations left it, or one fails; those before it stay.
    @discardableResult public func up(
        on storage: some Storage, to version: Int64? = nil, allowingOutOfOrder: Bool = false,
        lockTimeout: Duration? = .seconds(600),
        reporting: (@Sendable (CompletedMigration) -> Void)? = nil
    ) async throws -> [CompletedMigration] {
        let agenda = MigrationAgenda(
            direction: .up, dialect: storage.dialect, target: version, allowsOutOfOrder: allowingOutOfOrder)
        return try await MigrationRun(storage, migrations, lockTimeout, reporting).perform(agenda)
    }

    /// Undoes the last migrations, the newest first.
    ///
    /// - Parameters:
    ///   - storage: The database.
    ///   - steps: How many.
    ///   - lockTimeout: How long to wait for another process that runs migrations; nil waits without end.
    ///   - reporting: Is told each one that is undone and committed, before the next begins.
    /// - Throws: as ``up(on:to:allowingOutOfOrder:lockTimeout:reporting:)``; also when one has no way back, before
    ///   anything is undone.
    @discardableResult public func down(
        on storage: some Storage, steps: Int = 1, lockTimeout: Duration? = .seconds(600),
        reporting: (@Sendable (CompletedMigration) -> Void)? = nil
    ) async throws -> [CompletedMigration] {
        let agenda = MigrationAgenda(direction: .down, dialect: storage.dialect, steps: steps)
        return try await MigrationRun(storage, migrations, lockTimeout, reporting).perform(agenda)
    }

    /// Undoes everything above a version; 0 undoes all.
    @discardableResult public func down(
        on storage: some Storage, to version: Int64, lockTimeout: Duration? = .seconds(600),
        reporting: (@Sendable (CompletedMigration) -> Void)? = nil
    ) async throws -> [CompletedMigration] {
        let agenda = MigrationAgenda(direction: .down, dialect: storage.dialect, target: version)
        return try await MigrationRun(storage, migrations, lockTimeout, reporting).perform(agenda)
    }

    /// What has run and what has not. Writes nothing.
    public func status(on storage: some Storage) async throws -> SchemaStatus {
        SchemaStatus(migrations, try await MigrationRun.history(on: storage))
    }

    /// What ``status(on:)`` is on a database that does not exist yet.
    package var statusOfNothing: SchemaStatus { SchemaStatus(migrations, []) }

    /// What has run, by the database's own word. Writes nothing.
    package static func history(on storage: some Storage) async throws -> [AppliedMigration] {
        try await MigrationRun.history(on: storage)
    }

    /// What would run after that, with its SQL. Pure.
    package func preview(
        _ agenda: Agenda, after applied: [AppliedMigration], on dialect: Dialect
    ) throws -> [Preview] {
        let inner = MigrationAgenda(
            direction: agenda.direction, dialect: dialect, target: agenda.target, steps: agenda.steps,
            allowsOutOfOrder: agenda.allowsOutOfOrder)
        return try inner.migrations(of: migrations, after: applied).map { migration in
            let form = migration.form(dialect)
            return Preview(
                version: migration.version, name: migration.name,
                sql: MigrationForm.normalized(form.text(agenda.direction)),
                isTransactional: form.isTransactional)
        }
    }

    /// What is asked for.
    package struct Agenda: Sendable {
        package var direction: MigrationDirection
        package var target: Int64?
        package var steps: Int
        package var allowsOutOfOrder: Bool

        package init(
            _ direction: MigrationDirection, target: Int64? = nil, steps: Int = 1,
            allowsOutOfOrder: Bool = false
        ) {
            self.direction = direction
            self.target = target
            self.steps = steps
            self.allowsOutOfOrder = allowsOutOfOrder
        }
    }

    /// A migration that would run.
    package struct Preview: Sendable {
        package var version: Int64
        package var name: String
        package var sql: String
        package var isTransactional: Bool
    }

    /// Writes the empty files of a new migration, numbered after the last, and returns their paths.
    package static func create(
        _ name: String, in directory: String, forEachDialect: Bool
    ) throws -> [String] {
        try MigrationFolder.create(name, in: directory, forEachDialect: forEachDialect)
    }
}

/// A migration that was run, or undone, and committed.
public struct CompletedMigration: Sendable, Hashable {
    /// ``SchemaMigration/version``.
    public var version: Int64
    /// ``SchemaMigration/name``.
    public var name: String
    /// Whether it was run or undone.
    public var direction: MigrationDirection
    /// How long it took.
    public var duration: Duration
}

/// Where a database stands among the migrations.
public struct SchemaStatus: Sendable, Hashable {
    /// All that exist or have run, the oldest first.
    public var entries: [Entry]

    /// Whether everything has run, unchanged.
    public var isUpToDate: Bool { entries.allSatisfy { $0.state == .applied } }

    /// One migration, and whether it has run.
    public struct Entry: Sendable, Hashable {
        /// ``SchemaMigration/version``.
        public var version: Int64
        /// ``SchemaMigration/name``; the one it had when it ran, if it has.
        public var name: String
        /// Whether it has run, and what is wrong with it.
        public var state: State
        /// When it ran; nil when it has not.
        public var appliedAt: Date?
        /// How long it took; nil when it has not run.
        public var duration: Duration?
        /// What is wrong with it, and how to mend it.
        package var problem: SchemaProblem?
    }

    /// What has become of a migration in one database.
    public enum State: String, Sendable, Hashable, Codable {
        /// It has run, and is unchanged since.
        case applied
        /// It has not run yet.
        case pending
        /// Pending, and a newer one has run.
        case outOfOrder = "out-of-order"
        /// Half done, or running without a transaction at this moment.
        case dirty
        /// It has run, and its text is another now.
        case changed
        /// It has run, and is not among the migrations.
        case missing
    }

    init(_ migrations: [SchemaMigration], _ applied: [AppliedMigration]) {
        let newest = applied.last?.version ?? 0
        let pending = migrations.filter { migration in !applied.contains { $0.version == migration.version } }
        entries = pending.map { migration in
            Entry(
                version: migration.version, name: migration.name,
                state: migration.version < newest ? .outOfOrder : .pending)
        }
        entries += applied.map { row in
            let problem = MigrationAgenda.problems(of: migrations, [row]).first
            let state: State =
                switch problem?.code {
                case .dirty?: .dirty
                case .missing?: .missing
                case .changed?: .changed
                default: .applied
                }
            return Entry(
                version: row.version, name: row.name, state: state, appliedAt: row.appliedAt,
                duration: row.duration, problem: problem)
        }
        entries.sort { $0.version < $1.version }
    }
}
