internal import ArgumentParser
internal import Diagnostics
internal import Foundation
internal import Outgrow

/// `outgrow migrate`: the migration itself.
struct MigrateCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Move a SQLite database to Postgres, and prove that all arrived",
        discussion: """
            Reads SOURCE without changing it, makes the tables in TARGET, copies every row, builds \
            indexes and keys, and compares both sides. TARGET is what psql takes: a URI, a \
            connection string or a database name; without it, the PG* environment decides.

            EXAMPLES:
              outgrow migrate app.db postgres://localhost/app
              outgrow migrate app.db --dry-run
              outgrow migrate app.db "dbname=app host=/run/postgresql" --schema shop

            Exits 0 when everything arrived and was compared, 3 when losses are listed, 4 when the \
            comparison found differences, 12 when something blocks and nothing was touched.
            """)

    @Argument(help: "The SQLite file.") var source: String
    @Argument(help: "The Postgres target, as psql takes it.") var target: String?
    @OptionGroup var plan: PlanFlags
    @OptionGroup var targetFlags: TargetFlags
    @OptionGroup var runFlags: RunFlags
    @Flag(help: "Drop what the ledger says an earlier run made in this schema, then migrate.") var replace =
        false
    @Flag(help: "Make the tables and all that stands beside the rows, but copy no rows.") var schemaOnly =
        false
    @Flag(help: "Copy the rows into tables that stand already, and make nothing else.") var dataOnly = false
    @Flag(help: "Say what would be done, and stop before anything is touched.") var dryRun = false
    @OptionGroup var output: OutputFlags

    func validate() throws {
        if schemaOnly, dataOnly { throw ValidationError("--schema-only and --data-only exclude one another") }
        if replace, dataOnly {
            throw ValidationError("--replace drops the tables that --data-only needs; leave one of them out")
        }
    }

    func perform(_ session: Session) async throws -> ExitStatus {
        var options = try MigrationOptions(source: source, target: target, jobs: targetFlags.effectiveJobs)
        if options.hasPasswordInArgument {
            session.terminal.say(
                "The password in TARGET is visible to every user of this machine: prefer PGPASSFILE or ~/.pgpass.",
                .warning)
        }
        try runFlags.apply(to: &options, plan)
        options.role = targetFlags.role
        options.ledgerSchema = targetFlags.ledgerSchema
        options.replaces = replace
        options.isDryRun = dryRun
        options.scope = schemaOnly ? .schemaOnly : dataOnly ? .dataOnly : .everything
        options.showsValues = output.showValues
        let report = try await Migration(options, observer: session.observe).run()
        session.progress.finish()
        if session.isJSON {
            try session.printJSON(report, schema: "outgrow.migrate/1", status: ExitStatus(report))
        } else {
            ReportPrinter(terminal: session.terminal).print(report, isRehearsal: false)
        }
        return end(report, session)
    }

    private func end(_ report: MigrationReport, _ session: Session) -> ExitStatus {
        let words = target.map { [MigrationOptions.redacted(target: $0)] } ?? []
        let clean = CommandText.make(["clean"] + words + targetFlags.ledgerWords)
        switch report.outcome {
        case .complete:
            if !session.isJSON {
                session.terminal.out(
                    "The ledger stays as evidence in schema \(report.ledgerSchema); remove it with: \(clean)")
            }
            session.end(
                .complete,
                next: CommandText.make(["verify", source] + words + targetFlags.ledgerWords + schemaWords))
        case .differs:
            session.end(.complete, next: CommandText.again(adding: ["--replace"], without: ["--data-only"]))
        case .dryRun:
            session.end(.nothing, next: CommandText.again().replacing(" --dry-run", with: ""))
        case .blocked:
            let canReplace = report.findings.contains { $0.code == "target-has-earlier-run" }
            session.end(.nothing, next: CommandText.again(adding: canReplace ? ["--replace"] : []))
        }
        return ExitStatus(report)
    }

    private var schemaWords: [String] { plan.schema == "public" ? [] : ["--schema", plan.schema] }
}

/// What `migrate` and `rehearse` share beside the plan.
struct RunFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Write the plan to this file.", valueName: "file")) var savePlan: String?
    @Option(name: .customLong("plan"), help: ArgumentHelp("Use the plan in this file.", valueName: "file"))
    var planFile: String?
    @Flag(help: "Do not run quick_check on the source.") var skipCheck = false

    func apply(to options: inout MigrationOptions, _ plan: PlanFlags) throws {
        options.plan = try plan.options()
        options.checksSource = !skipCheck
        options.planDestination = savePlan
        if let planFile { try options.pin(planFile: planFile) }
    }
}

extension TargetFlags {
    var effectiveJobs: Int { jobs ?? min(ProcessInfo.processInfo.activeProcessorCount, 4) }
    var ledgerWords: [String] { ledgerSchema == "outgrow" ? [] : ["--ledger-schema", ledgerSchema] }
}
