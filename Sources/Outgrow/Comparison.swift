internal import CopyEncoding
internal import CopyEngine
package import Diagnostics
internal import FoundationEssentials
internal import PostgresClient
internal import PostgresDDL
internal import SQLiteClient
internal import Schema
package import Verification

/// `outgrow verify`: reads both sides and writes to neither.
package struct Comparison: Sendable {
    package let options: MigrationOptions
    package let observer: StoryObserver

    package init(_ options: MigrationOptions, observer: @escaping StoryObserver = { _ in }) {
        self.options = options
        self.observer = observer
    }

    package struct Report: Sendable, Codable {
        package var source: String
        package var target: String
        package var verification: VerificationReport
        /// Said before the differences: they may be the application's doing.
        package var sourceMoved: Finding?
        /// Where the plan came from, in words.
        package var plannedBy: String
        /// The target has a ledger that could be cleaned.
        package var hasLedger: Bool
    }

    package func run() async throws -> Report {
        try await OpenSource.withOpen(options.source, observer: observer) { try await run(on: $0) }
    }

    private func run(on source: OpenSource) async throws -> Report {
        let ledger = Ledger(schema: options.ledgerSchema)
        let (run, excused, target) = try await readLedger(ledger)
        let (plan, origin) = try await choosePlan(run, source)
        observer(
            .phase(
                .verify, expectedRows: plan.tables.reduce(0) { $0 + $1.estimatedRowCount }, expectedBytes: nil
            ))
        let verifier = Verifier(
            plan: plan, reader: source.reader, conninfo: options.target, jobs: options.jobs,
            role: options.role,
            hashKey: HashKey.random(), excused: excused)
        let verification = try await verifier.verify { observer(.progress(rows: $0, bytes: 0)) }
        return Report(
            source: source.reader.files.path, target: target, verification: verification,
            sourceMoved: run.flatMap { movedSince($0, source) }, plannedBy: origin,
            hasLedger: run != nil)
    }

    private func readLedger(
        _ ledger: Ledger
    ) async throws -> (run: LedgerRun?, excused: Set<String>, target: String) {
        let connection = try await PostgresConnection.open(
            options.target, settings: .standard.acting(as: options.role))
        defer { Task { await connection.close() } }
        return try await connection.run { connection in
            let run = try ledger.runs(connection).first { $0.targetSchema == options.plan.schema }
            let excused = try run.map { try ledger.findingLocations(of: $0.id, connection) } ?? []
            return (run, Set(excused), "\(connection.endpoint)")
        }
    }

    /// The ledger knows how the target was made; without it the plan is made anew from the source.
    private func choosePlan(_ run: LedgerRun?, _ source: OpenSource) async throws -> (MigrationPlan, String) {
        if let pinned = options.pinnedPlan { return (pinned, "the plan file") }
        if let run {
            return (
                try PlanFile.decode(run.planText, from: "run \(run.id) in the ledger"),
                "run \(run.id) in the ledger"
            )
        }
        let inspection = try await SourceInspection(
            source: source, options: options.plan, checksFile: false, observer: observer
        ).run()
        return (
            Planning(inspection: inspection, pinned: nil).plan(),
            "a new plan, as the target has no ledger"
        )
    }

    private func movedSince(_ run: LedgerRun, _ source: OpenSource) -> Finding? {
        let files = source.reader.files
        guard run.sourceStamp != files.stamp.text else { return nil }
        guard run.source == files.path else {
            return Finding(
                "source-differs", .info, at: Location(),
                "The target was made from another file, \(run.source).")
        }
        return Finding(
            "source-moved", .loss, at: Location(),
            "The source was written since it was migrated at \(run.startedAt): differences may be what came after.",
            fix: "Migrate again with --replace while the application is stopped.")
    }
}

/// `outgrow clean`: removes our ledger from a target.
package struct Cleaning: Sendable {
    package let options: MigrationOptions
    /// Also when a run did not end, which makes `--replace` impossible afterwards.
    package let isForced: Bool

    package init(_ options: MigrationOptions, isForced: Bool) {
        self.options = options
        self.isForced = isForced
    }

    /// - Returns: how many runs the removed ledger knew; nil when there was none.
    package func run() async throws -> Int? {
        let ledger = Ledger(schema: options.ledgerSchema)
        let connection = try await PostgresConnection.open(
            options.target, settings: .standard.acting(as: options.role))
        defer { Task { await connection.close() } }
        return try await connection.run { connection in
            guard try ledger.exists(connection) else { return nil }
            try ledger.lock(connection)
            let runs = try ledger.runs(connection)
            if !isForced, let open = runs.first(where: { $0.state != .complete }) {
                throw OutgrowError(
                    "run-not-complete", .blocked,
                    "Run \(open.id) did not end: without the ledger nobody knows which tables it made.",
                    at: "\(connection.endpoint)",
                    fix: "Finish it with outgrow migrate … --replace; or pass --force to forget it.")
            }
            try ledger.remove(connection)
            return runs.count
        }
    }
}
