internal import CopyEncoding
internal import CopyEngine
internal import Diagnostics
internal import FoundationEssentials
internal import PostgresClient
internal import PostgresDDL
internal import SQLiteClient
internal import Schema
internal import Translation
internal import Verification

/// The one-shot migration: inspect, plan, copy, finish, prove.
package struct Migration: Sendable {
    package let options: MigrationOptions
    package let observer: StoryObserver

    package init(_ options: MigrationOptions, observer: @escaping StoryObserver = { _ in }) {
        self.options = options
        self.observer = observer
    }

    /// Runs it all. A blocked plan is a report, not an error.
    ///
    /// - Throws: `OutgrowError` while nothing was made in the target, `MigrationFailure` after that.
    package func run() async throws -> MigrationReport {
        try await OpenSource.withOpen(options.source, observer: observer) { try await run(on: $0) }
    }

    private func run(on source: OpenSource) async throws -> MigrationReport {
        let snapshotTakenAt = Date.now.formatted(.iso8601)
        var clock = PhaseClock()
        let control = try await openControl()
        defer { Task { await control.close() } }
        let target = try await inspectTarget(control)  // version, encoding, rights
        if !options.isDryRun { try await keepOthersOut(control) }
        let inspection = try await inspect(source)  // what is there, and what the data really holds
        var plan = makePlan(for: inspection, on: target)  // what it becomes; nothing touched yet
        plan.findings += try await occupation(of: plan, control)
        clock.finish("inspect")
        if let destination = options.planDestination { try PlanFile.write(plan, to: destination) }

        var report = MigrationReport(
            plan: plan, source: source, target: target, snapshotTakenAt: snapshotTakenAt,
            ledgerSchema: options.ledgerSchema)
        report.phases = clock.phases
        let forecast = makeForecast(for: plan, source)
        report.forecast = forecast
        guard plan.findings.worstSeverity != .blocker else { return report }  // every blocker at once
        if options.isDryRun {
            report.outcome = .dryRun
            return report
        }
        observer(.forecast(forecast))
        return try await carryOut(plan, source, control, report)
    }

    /// From here on something stands in the target.
    private func carryOut(
        _ plan: MigrationPlan, _ source: OpenSource, _ control: PostgresConnection, _ start: MigrationReport
    ) async throws -> MigrationReport {
        var report = start
        var clock = PhaseClock()
        let hashKey = HashKey.random()
        let run = try await beginRun(plan, source, control, hashKey)
        report.ledgerRun = run
        let engine = CopyEngine(
            plan: plan, reader: source.reader, conninfo: options.target, settings: copySettings,
            ledger: Ledger(schema: options.ledgerSchema), run: run, hashKey: hashKey)
        var keys: [TargetForeignKey] = []
        do {
            observer(.phase(.create, expectedRows: nil, expectedBytes: nil))
            if options.scope == .dataOnly {
                keys = try await control.run { try engine.setForeignKeysAside($0) }
            } else {
                try await control.run { try engine.createTables($0) }
            }
            clock.finish("create")
            observer(.phase(.copy, expectedRows: report.rowCount, expectedBytes: report.byteCount))
            let copied = try await engine.copyAndFinish { event in
                switch event {
                case .sent(let rows, let bytes): observer(.progress(rows: rows, bytes: bytes))
                case .allRowsCopied: observer(.phase(.finish, expectedRows: nil, expectedBytes: nil))
                }
            }
            clock.add("copy", copied.copyDuration)
            clock.add("finish", copied.finishDuration)
            report.findings += copied.findings.accepting(plan.options)
            let aside = keys
            keys = []
            report.findings += try await control.run { try engine.restore(aside, $0) }
            var views: [Finding] = []
            if options.scope != .dataOnly { views = try await control.run { try engine.createViews($0) } }
            report.findings += views
            if options.scope != .dataOnly {
                report.findings += try await control.run { try engine.createTriggers($0) }
            }
            for index in report.tables.indices where options.scope != .schemaOnly {
                report.tables[index].rows = copied.tables[index].rowCount
            }
            report.verification = try await verify(plan, source, copied, views, hashKey)
            clock.restart()
            noteMovement(of: source, in: &report)
            report.outcome = report.verification?.matches == true ? .complete : .differs
            report.findings = report.findings.inReportOrder
            report.phases += clock.phases
            report.phases.append(.init(name: "verify", seconds: report.verification?.seconds ?? 0))
            try await finishRun(run, report, plan, control)
            return report
        } catch {
            throw await stopped(error, run, engine, keys)
        }
    }
}

// The steps, each returning what the next one needs.
extension Migration {
    private func openControl() async throws -> PostgresConnection {
        try await PostgresConnection.open(
            options.target, settings: CopySettings.session().acting(as: options.role),
            showValues: options.showsValues)
    }

    private func inspectTarget(_ control: PostgresConnection) async throws -> TargetFacts {
        let schema = options.pinnedPlan?.target.name ?? options.plan.schema
        let facts = try await control.run {
            try TargetFacts.read($0, schema: schema, ledgerSchema: options.ledgerSchema)
        }
        if let obstacle = facts.obstacle(
            schema: schema, ledgerSchema: options.ledgerSchema, database: options.target.database)
        {
            throw obstacle
        }
        if let name = (options.pinnedPlan?.options ?? options.plan).fullTextConfiguration {
            let obstacle = try await control.run { try facts.obstacle(configuration: name, $0) }
            if let obstacle { throw obstacle }
        }
        return facts
    }

    /// Before the target is looked at, so that what is found there holds until the end.
    private func keepOthersOut(_ control: PostgresConnection) async throws {
        let ledger = Ledger(schema: options.ledgerSchema)
        try await control.run { try ledger.lock($0) }
    }

    private func inspect(_ source: OpenSource) async throws -> SourceInspection.Result {
        try await SourceInspection(
            source: source, options: options.plan, pinned: options.pinnedPlan,
            checksFile: options.checksSource,
            observer: observer
        ).run()
    }

    private func makePlan(for inspection: SourceInspection.Result, on target: TargetFacts) -> MigrationPlan {
        let traits = Planning.TargetTraits(version: target.majorVersion, collationIsC: target.collationIsC)
        return Planning(inspection: inspection, target: traits, pinned: options.pinnedPlan).plan()
    }

    /// What stands in the way, as blockers; with `--data-only`, what is missing.
    private func occupation(of plan: MigrationPlan, _ control: PostgresConnection) async throws -> [Finding] {
        let ledger = Ledger(schema: options.ledgerSchema)
        return try await control.run { control in
            if options.scope == .dataOnly { return try DataOnlyCheck(plan: plan).findings(control) }
            let ours = try ledger.standingRelations(in: plan.target.name, control)
            let conflicts = try TargetOccupation(plan: plan).conflicts(
                control, except: options.replaces ? ours : [])
            guard !conflicts.isEmpty else { return [] }
            let runs = try ledger.runs(control).filter { $0.targetSchema == plan.target.name }
            return OccupationFinding.make(conflicts, ours: ours, runs: runs, schema: plan.target.name)
        }
    }

    private func makeForecast(for plan: MigrationPlan, _ source: OpenSource) -> Forecast {
        Forecast(plan: plan, files: source.reader.files, access: source.reader.access)
    }

    private func beginRun(
        _ plan: MigrationPlan, _ source: OpenSource, _ control: PostgresConnection, _ hashKey: HashKey
    ) async throws -> Int64 {
        let ledger = Ledger(schema: options.ledgerSchema)
        let text = try PlanFile.encode(plan)
        return try await control.run { control in
            try ledger.install(control)
            if options.replaces { _ = try ledger.replace(in: plan.target.name, control) }
            return try ledger.begin(
                control, toolVersion: toolVersion, source: source.reader.files.path,
                sourceStamp: source.reader.files.stamp.text, targetSchema: plan.target.name, plan: text,
                hashKey: hashKey.text, findings: plan.findings.map(\.ledgerRow))
        }
    }

    private var copySettings: CopySettings {
        var settings = CopySettings(jobs: options.jobs, role: options.role)
        if let partByteCount = options.partByteCount { settings.partByteCount = partByteCount }
        settings.copiesRows = options.scope != .schemaOnly
        settings.finishesSchema = options.scope != .dataOnly
        return settings
    }

    private func verify(
        _ plan: MigrationPlan, _ source: OpenSource, _ copied: CopyEngine.Result, _ late: [Finding],
        _ hashKey: HashKey
    ) async throws -> VerificationReport {
        observer(
            .phase(.verify, expectedRows: copied.tables.reduce(0) { $0 + $1.rowCount }, expectedBytes: nil))
        let verifier = Verifier(
            plan: plan, reader: source.reader, conninfo: options.target, jobs: options.jobs,
            role: options.role,
            hashKey: hashKey, sourceSums: copied.tables.map(\.sourceSum),
            excused: Set((copied.findings + late).map(\.location.description)),
            comparesRows: options.scope != .schemaOnly,
            checksCatalog: options.scope != .dataOnly)
        return try await verifier.verify { observer(.progress(rows: $0, bytes: 0)) }
    }

    private func noteMovement(of source: OpenSource, in report: inout MigrationReport) {
        guard let finding = SourceMovedFinding.make(source.reader.movement(), since: report.snapshotTakenAt)
        else { return }
        report.sourceCommitsSince = finding.rowCount ?? 0
        report.findings.append(finding)
    }

    private func finishRun(
        _ run: Int64, _ report: MigrationReport, _ plan: MigrationPlan, _ control: PostgresConnection
    ) async throws {
        let ledger = Ledger(schema: options.ledgerSchema)
        let known = Set(plan.findings)
        let late = report.findings.filter { !known.contains($0) }.map(\.ledgerRow)
        let text = try JSONText.encode(report)
        try await control.run { control in
            // The parts' commits did not wait for the disk; this one does, and theirs are before it.
            try control.execute("SET synchronous_commit = on")
            try ledger.add(late, to: run, control)
            try ledger.finish(
                run, as: report.outcome == .complete ? .complete : .stopped, report: text, control)
        }
    }

    /// Notes in the ledger how far the run came, and puts back the foreign keys that `--data-only` set aside.
    ///
    /// On a connection and in a task of their own: after a signal, what was opened before is interrupted.
    private func stopped(
        _ cause: any Error, _ run: Int64, _ engine: CopyEngine, _ keys: [TargetForeignKey]
    ) async -> MigrationFailure {
        let noting = Task {
            let ledger = Ledger(schema: options.ledgerSchema)
            let connection = try await openControl()
            let parts = try await connection.run { connection in
                try ledger.finish(run, as: .stopped, report: nil, connection)
                try engine.putBack(keys, connection)
                return Int(try ledger.runs(connection).first { $0.id == run }?.partCount ?? 0)
            }
            await connection.close()
            return parts
        }
        // When the server is gone the run stays "running" in the ledger, and nobody holds its lock.
        let parts =
            switch await noting.result {
            case .success(let count): count
            case .failure: 0
            }
        return MigrationFailure(
            error: OutgrowError(describing: cause), isPartial: true, committedParts: parts)
    }
}
