internal import ArgumentParser
internal import Diagnostics
internal import Outgrow
internal import Verification

/// `outgrow verify`: compare, and write to neither side.
struct VerifyCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare a SQLite database with its Postgres copy",
        discussion: """
            Reads every row on both sides and writes to neither. What was planned comes from the \
            ledger in the target, or from --plan, or is planned anew from SOURCE.

            EXAMPLES:
              outgrow verify app.db postgres://localhost/app
              outgrow verify app.db --json

            Exits 0 when everything is equal and 4 when something differs.
            """)

    @Argument(help: "The SQLite file that was migrated.") var source: String
    @Argument(help: "The Postgres target, as psql takes it.") var target: String?
    @OptionGroup var plan: PlanFlags
    @Option(name: .customLong("plan"), help: ArgumentHelp("Use the plan in this file.", valueName: "file"))
    var planFile: String?
    @OptionGroup var targetFlags: TargetFlags
    @OptionGroup var output: OutputFlags

    func perform(_ session: Session) async throws -> ExitStatus {
        var options = try MigrationOptions(source: source, target: target, jobs: targetFlags.effectiveJobs)
        options.plan = try plan.options()
        options.pinnedPlan = try planFile.map { try PlanFile.read($0) }
        options.role = targetFlags.role
        options.ledgerSchema = targetFlags.ledgerSchema
        let report = try await Comparison(options, observer: session.observe).run()
        session.progress.finish()
        let status =
            report.verification.matches ? ExitStatus([report.sourceMoved].compactMap(\.self)) : .differences
        if session.isJSON {
            try session.printJSON(
                report, schema: "outgrow.verify/1", status: status,
                adding: ["matches": .flag(report.verification.matches)])
        } else {
            let printer = ReportPrinter(terminal: session.terminal)
            session.terminal.out("Compared \(report.source) with \(report.target), by \(report.plannedBy).")
            if let moved = report.sourceMoved {
                for line in printer.lines(of: moved) { session.terminal.out(line) }
            }
            printer.print(report.verification)
        }
        switch status {
        case .differences:
            session.end(.complete, next: CommandText.make(["migrate", source] + words + ["--replace"]))
        case _ where report.hasLedger:
            session.end(.complete, next: CommandText.make(["clean"] + words + targetFlags.ledgerWords))
        default: session.end(.complete, next: "nothing")
        }
        return status
    }

    private var words: [String] { target.map { [MigrationOptions.redacted(target: $0)] } ?? [] }
}

/// `outgrow clean`: remove the ledger.
struct CleanCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Remove the ledger that migrations left in a target",
        usage: "outgrow clean [<options>] [<target>]",
        discussion: """
            The ledger is the evidence of what was migrated, and what --replace goes by. The \
            migrated tables are not touched.

            EXAMPLES:
              outgrow clean postgres://localhost/app
            """)

    @Argument(help: "The Postgres target, as psql takes it.") var target: String?
    @Option(help: ArgumentHelp("Act as this role.", valueName: "name")) var role: String?
    @Option(help: ArgumentHelp("The schema of our own tables in the target.", valueName: "name"))
    var ledgerSchema = "outgrow"
    @Flag(help: "Also when a run did not end; --replace will not know its tables any more.") var force = false
    @OptionGroup var output: OutputFlags

    func perform(_ session: Session) async throws -> ExitStatus {
        var options = try MigrationOptions(source: "", target: target, jobs: 1)
        options.role = role
        options.ledgerSchema = ledgerSchema
        let count = try await Cleaning(options, isForced: force).run()
        if session.isJSON {
            try session.printJSON(["removed_runs": count ?? 0], schema: "outgrow.clean/1", status: .complete)
        } else {
            session.terminal.out(
                count.map { "Removed the ledger with \(Figures.count(Int64($0), "run"))." }
                    ?? "There is no ledger here.")
        }
        session.end(.complete, next: "nothing")
        return .complete
    }
}
