internal import ArgumentParser
internal import Diagnostics
internal import Outgrow

/// `outgrow rehearse`: the whole migration into a server that is thrown away.
struct RehearseCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Run the whole migration into a throw-away local Postgres",
        discussion: """
            Starts a Postgres server of its own in a private folder, migrates SOURCE into it, \
            compares both sides, reports, and removes it again. Needs the Postgres server \
            programs on this machine, and no running server.

            EXAMPLES:
              outgrow rehearse app.db
              outgrow rehearse app.db --json > report.json
              outgrow rehearse app.db --keep
            """)

    @Argument(help: "The SQLite file.") var source: String
    @OptionGroup var plan: PlanFlags
    @OptionGroup var runFlags: RunFlags
    @Option(
        help: ArgumentHelp(
            "Connections that work at once (default: as many as cores, at most 4).", valueName: "n"))
    var jobs: Int?
    @Flag(help: "Leave the server running with the copy in it, and say how to reach it.") var keep = false
    @Option(
        help: ArgumentHelp(
            "Where the server's folder is made (default: TMPDIR or /tmp).", valueName: "folder"))
    var workDir: String?
    @OptionGroup var output: OutputFlags

    /// The server goes, however the run ends.
    var leavesTarget: Bool { false }

    func validate() throws {
        if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 64") }
    }

    func perform(_ session: Session) async throws -> ExitStatus {
        var targetFlags = TargetFlags()
        targetFlags.jobs = jobs
        var options = MigrationOptions(sourceWithoutTarget: source, jobs: targetFlags.effectiveJobs)
        try runFlags.apply(to: &options, plan)
        options.showsValues = output.showValues
        var rehearsal = Rehearsal(options, observer: session.observe)
        rehearsal.keepsCluster = keep
        rehearsal.workFolder = workDir
        let (report, instructions) = try await rehearsal.run()
        session.progress.finish()
        if session.isJSON {
            try session.printJSON(report, schema: "outgrow.rehearse/1", status: ExitStatus(report))
        } else {
            ReportPrinter(terminal: session.terminal).print(report, isRehearsal: true)
        }
        if let instructions {
            for line in instructions.split(separator: "\n") { session.terminal.complain(String(line)) }
        }
        switch report.outcome {
        case .complete: session.end(.complete, next: CommandText.make(["migrate", source, "TARGET"]))
        case .blocked: session.end(.nothing, next: CommandText.again())
        case .differs, .dryRun:
            session.end(.complete, next: "report the differences: a rehearsal should have none")
        }
        return ExitStatus(report)
    }
}
