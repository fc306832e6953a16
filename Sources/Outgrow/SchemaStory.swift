internal import Diagnostics
internal import Foundation
internal import OutgrowStorage

/// `outgrow schema`: the migrations of a folder against a database.
package struct SchemaStory: Sendable {
    private let migrations: SchemaMigrations
    private let directory: String
    private let database: SchemaDatabase

    /// Reads the folder; nothing is connected to yet.
    package init(directory: String, database: SchemaDatabase) throws {
        self.directory = directory
        self.database = database
        migrations = try SchemaErrors.translated { try SchemaMigrations(directory: directory) }
    }

    /// What is asked for.
    package struct Request: Sendable {
        package enum Direction: String, Sendable, Codable { case up, down }
        package var direction: Direction
        /// The version to reach.
        package var target: Int64?
        /// For down, when there is no target.
        package var steps = 1
        package var allowsOutOfOrder = false
        /// How long to wait for another process.
        package var lockTimeout: Duration = .seconds(600)

        package init(_ direction: Direction) { self.direction = direction }

        var agenda: SchemaMigrations.Agenda {
            SchemaMigrations.Agenda(
                direction == .up ? .up : .down, target: target, steps: steps,
                allowsOutOfOrder: allowsOutOfOrder)
        }
    }

    /// What has run and what has not. A file that is not there is not made.
    package func status() async throws -> SchemaReport {
        try await SchemaErrors.translated {
            let status =
                database.isMissing
                ? migrations.statusOfNothing
                : try await database.withStorage { try await migrations.status(on: $0) }
            return SchemaReport(
                directory: directory, database: database.description, isUpToDate: status.isUpToDate,
                migrations: status.entries.map(SchemaReport.Migration.init))
        }
    }

    /// What would run, with its SQL. A file that is not there is not made.
    package func preview(_ request: Request) async throws -> SchemaPreview {
        try await SchemaErrors.translated {
            let applied =
                database.isMissing
                ? [] : try await database.withStorage { try await SchemaMigrations.history(on: $0) }
            let steps = try migrations.preview(request.agenda, after: applied, on: database.dialect)
            return SchemaPreview(
                directory: directory, database: database.description, direction: request.direction,
                migrations: steps.map {
                    SchemaPreview.Migration(
                        version: $0.version, name: $0.name, sql: $0.sql, isTransactional: $0.isTransactional)
                })
        }
    }

    /// Runs it.
    ///
    /// - Parameter report: Is told each migration that is committed.
    /// - Throws: `MigrationFailure` when some were committed before it failed, or one was left half done.
    package func run(
        _ request: Request, reporting report: @escaping @Sendable (SchemaRun.Migration) -> Void
    ) async throws -> SchemaRun {
        if request.direction == .down, database.isMissing { return result(request, []) }
        let tally = SchemaTally()
        do {
            let completed = try await database.withStorage { storage in
                try await perform(request, on: storage) { migration in
                    let done = SchemaRun.Migration(migration)
                    tally.add(done)
                    report(done)
                }
            }
            return result(request, completed.map(SchemaRun.Migration.init))
        } catch {
            throw SchemaErrors.failure(error, after: result(request, tally.migrations))
        }
    }

    private func perform(
        _ request: Request, on storage: any Storage,
        _ report: @escaping @Sendable (CompletedMigration) -> Void
    ) async throws -> [CompletedMigration] {
        switch (request.direction, request.target) {
        case (.up, let target):
            try await migrations.up(
                on: storage, to: target, allowingOutOfOrder: request.allowsOutOfOrder,
                lockTimeout: request.lockTimeout, reporting: report)
        case (.down, let target?):
            try await migrations.down(
                on: storage, to: target, lockTimeout: request.lockTimeout, reporting: report)
        case (.down, nil):
            try await migrations.down(
                on: storage, steps: request.steps, lockTimeout: request.lockTimeout, reporting: report)
        }
    }

    private func result(_ request: Request, _ completed: [SchemaRun.Migration]) -> SchemaRun {
        SchemaRun(
            directory: directory, database: database.description, direction: request.direction,
            migrations: completed)
    }

    /// Writes the empty files of a new migration and returns their paths.
    package static func create(
        _ name: String, in directory: String, forEachDialect: Bool
    ) throws -> [String] {
        do {
            return try SchemaErrors.translated {
                try SchemaMigrations.create(name, in: directory, forEachDialect: forEachDialect)
            }
        } catch let error as CocoaError {
            throw OutgrowError(
                "schema-unwritable", .blocked, "The files of the migration cannot be written.", at: directory,
                fix: "Check the rights of the folder and the room on the disk.",
                cause: error.localizedDescription)
        }
    }
}

/// What `schema status` shows.
package struct SchemaReport: Sendable, Encodable {
    package var directory: String
    package var database: String
    package var isUpToDate: Bool
    package var migrations: [Migration]

    package struct Migration: Sendable, Encodable {
        package var version: Int64
        package var name: String
        /// `applied`, `pending`, `out-of-order`, `dirty`, `changed` or `missing`.
        package var state: String
        package var appliedAt: String?
        package var seconds: Double?
        /// What is wrong with it.
        package var problem: Problem?
    }

    package struct Problem: Sendable, Encodable {
        package var code: String
        package var summary: String
        package var remedy: String
    }

    package var pendingCount: Int { migrations.count { $0.state == "pending" || $0.state == "out-of-order" } }
}

extension SchemaReport.Migration {
    fileprivate init(_ entry: SchemaStatus.Entry) {
        self.init(
            version: entry.version, name: entry.name, state: entry.state.rawValue,
            appliedAt: entry.appliedAt?.formatted(.iso8601), seconds: entry.duration?.inSeconds,
            problem: entry.problem.map {
                SchemaReport.Problem(code: $0.code.rawValue, summary: $0.summary, remedy: $0.remedy)
            })
    }
}

/// What `schema up` and `schema down` did.
package struct SchemaRun: Sendable, Encodable {
    package var directory: String
    package var database: String
    package var direction: SchemaStory.Request.Direction
    package var migrations: [Migration]

    package struct Migration: Sendable, Encodable {
        package var version: Int64
        package var name: String
        package var seconds: Double

        init(_ completed: CompletedMigration) {
            version = completed.version
            name = completed.name
            seconds = completed.duration.inSeconds
        }
    }
}

/// What `schema up --dry-run` would do.
package struct SchemaPreview: Sendable, Encodable {
    package var directory: String
    package var database: String
    package var direction: SchemaStory.Request.Direction
    package var migrations: [Migration]

    package struct Migration: Sendable, Encodable {
        package var version: Int64
        package var name: String
        package var sql: String
        package var isTransactional: Bool
    }
}

extension Duration {
    fileprivate var inSeconds: Double { self / .seconds(1) }
}
