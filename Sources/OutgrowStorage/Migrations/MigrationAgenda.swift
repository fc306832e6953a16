/// What there is to do: the migrations against what the database says has run. Pure.
struct MigrationAgenda {
    var direction: MigrationDirection
    var dialect: Dialect
    /// Versions above stay pending, or are undone; nil for up: all.
    var target: Int64?
    /// For down: so many, when there is no target.
    var steps: Int = 1
    /// Pending migrations below the newest that ran may run after it.
    var allowsOutOfOrder = false
    /// Nobody else runs migrations now: a mark was left behind.
    var isAlone = false

    /// In the order in which they run.
    ///
    /// - Throws: everything that stands against it, before anything runs.
    func migrations(
        of all: [SchemaMigration], after applied: [AppliedMigration]
    ) throws(StorageError) -> [SchemaMigration] {
        switch direction {
        case .up: try pending(all, applied)
        case .down: try undone(all, applied)
        }
    }

    private func pending(
        _ all: [SchemaMigration], _ applied: [AppliedMigration]
    ) throws(StorageError) -> [SchemaMigration] {
        var problems = Self.problems(of: all, applied, isAlone: isAlone)
        let done = Set(applied.map(\.version))
        let newest = applied.last?.version ?? 0
        let pending = all.filter { !done.contains($0.version) && $0.version <= target ?? .max }
        if let target, !all.contains(where: { $0.version == target }) {
            problems.append(.unknown(target))
        }
        if !allowsOutOfOrder {
            problems += pending.filter { $0.version < newest }.map { .outOfOrder($0, newest) }
        }
        guard problems.isEmpty else { throw StorageError(problems) }
        return pending
    }

    private func undone(
        _ all: [SchemaMigration], _ applied: [AppliedMigration]
    ) throws(StorageError) -> [SchemaMigration] {
        if let target, target != 0, !all.contains(where: { $0.version == target }) {
            throw StorageError([.unknown(target)])
        }
        let newestFirst = applied.reversed()
        let chosen =
            target.map { target in newestFirst.filter { $0.version > target } }
            ?? Array(newestFirst.prefix(max(0, steps)))
        // What is not undone may have changed.
        let versions = Set(chosen.map(\.version))
        let concerned = applied.filter { versions.contains($0.version) || $0.isDirty }
        var problems = Self.problems(of: all, concerned, isAlone: isAlone)
        let migrations = chosen.compactMap { row in all.first { $0.version == row.version } }
        problems += migrations.filter { $0.form(dialect).down == nil }.map(SchemaProblem.irreversible)
        guard problems.isEmpty else { throw StorageError(problems) }
        return migrations
    }

    /// What is wrong between the migrations and the database.
    static func problems(
        of all: [SchemaMigration], _ applied: [AppliedMigration], isAlone: Bool = false
    ) -> [SchemaProblem] {
        applied.compactMap { row in
            if row.isDirty { return .dirty(row, isAlone: isAlone) }
            guard let migration = all.first(where: { $0.version == row.version }) else {
                return .missing(row)
            }
            // Either dialect's: the table may have come from the other engine.
            let isKnown = migration.forms.values.contains { $0.checksum == row.checksum }
            return isKnown ? nil : .changed(migration)
        }
    }
}

extension SchemaMigration {
    /// How messages name it.
    var title: String { "migration \(version) (\(name))" }

    func form(_ dialect: Dialect) -> MigrationForm { forms[dialect] ?? MigrationForm() }
}

extension SchemaProblem {
    fileprivate static func dirty(_ row: AppliedMigration, isAlone: Bool) -> SchemaProblem {
        SchemaProblem(
            .dirty, at: "migration \(row.version) (\(row.name))",
            isAlone
                ? "Its run without a transaction stopped before the end: a part of it may be done."
                : "It runs without a transaction and has not come to its end: a part of it may be done.",
            fix: (isAlone ? "Look at" : "If another process runs it now, wait. Else look at")
                + " what it did. Finish it by hand and run "
                + "UPDATE outgrow_migrations SET is_dirty = false WHERE version = \(row.version); or undo it by hand "
                + "and run DELETE FROM outgrow_migrations WHERE version = \(row.version); then go on.")
    }

    fileprivate static func missing(_ row: AppliedMigration) -> SchemaProblem {
        SchemaProblem(
            .missing, at: "migration \(row.version) (\(row.name))",
            "It has run on this database and is not among the migrations.",
            fix: "Bring its file back from version control, or use the newer version of the program.")
    }

    fileprivate static func changed(_ migration: SchemaMigration) -> SchemaProblem {
        SchemaProblem(
            .changed, at: migration.title, "It was changed after it had run on this database.",
            fix: "Restore its text from version control, and put the change into a new migration.")
    }

    fileprivate static func outOfOrder(_ migration: SchemaMigration, _ newest: Int64) -> SchemaProblem {
        SchemaProblem(
            .outOfOrder, at: migration.title, "It has not run, and the newer migration \(newest) has.",
            fix: "Give it a number above \(newest), or allow it to run out of order (--allow-out-of-order).")
    }

    fileprivate static func irreversible(_ migration: SchemaMigration) -> SchemaProblem {
        SchemaProblem(
            .irreversible, at: migration.title, "It has no `-- +down`.",
            fix: "Write a new migration that undoes it, or add the section before it runs anywhere.")
    }

    fileprivate static func unknown(_ version: Int64) -> SchemaProblem {
        SchemaProblem(
            .unknownVersion, at: "migration \(version)", "There is no such migration.",
            fix: "Name a version that `schema status` lists.")
    }
}
