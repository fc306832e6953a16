internal import ArgumentParser
internal import Diagnostics
internal import Foundation
internal import Monitoring
internal import Outgrow

/// A command that tells one story and ends with an exit status.
protocol StoryCommand: AsyncParsableCommand, Sendable {
    /// `ExitStatus`, but for a command with statuses of its own.
    associatedtype Status: ProcessStatus = ExitStatus
    var output: OutputFlags { get }
    /// Whether what a failed run made in the target is still there.
    var leavesTarget: Bool { get }
    func perform(_ session: Session) async throws -> Status
    /// How a run ends that could not do its work.
    func status(of error: OutgrowError) -> Int32
    /// The command to go on with; nil when it is the same one again.
    func next(after error: OutgrowError) -> String?
}

extension StoryCommand {
    var leavesTarget: Bool { true }
    func next(after error: OutgrowError) -> String? { error.kind == .usage ? "outgrow --help" : nil }
    func status(of error: OutgrowError) -> Int32 { ExitStatus(error).rawValue }
}

/// What the process ends with.
protocol ProcessStatus: Sendable {
    var rawValue: Int32 { get }
}

extension ExitStatus: ProcessStatus {}

/// The root of the command line.
struct OutgrowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outgrow",
        abstract: "Take a SQLite database to Postgres without losing anything",
        discussion: """
            EXAMPLES:
              outgrow rehearse app.db                          try it all, keep nothing
              outgrow migrate app.db postgres://localhost/app  do it
              outgrow verify app.db postgres://localhost/app   compare again
            """,
        version: toolVersion,
        subcommands: [
            RehearseCommand.self, MigrateCommand.self, TranslateCommand.self, VerifyCommand.self,
            CleanCommand.self, SchemaCommand.self, CheckCommand.self, WatchCommand.self, DoctorCommand.self,
            ProbeWorkerCommand.self,
        ])
}

/// The process, from its first line to its exit.
///
/// Who looks at a database for long is to be small, and the most is taken by the loader: its part goes before the
/// runtime of async code takes more.
public func startOutgrow() -> Never {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if looksForLong(arguments) { ProgramPages.letGo() }
    Task { exit(await runOutgrow(arguments)) }
    dispatchMain()
}

private func looksForLong(_ arguments: [String]) -> Bool { ["check", "watch"].contains(arguments.first) }

/// Runs the command line and returns the process's exit status.
func runOutgrow(_ arguments: [String]) async -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    let command: any ParsableCommand
    do {
        command = try OutgrowCommand.parseAsRoot(arguments)
    } catch {
        return UsageMessage.show(error, arguments)
    }
    if looksForLong(arguments) { ProgramPages.letGo() }
    guard let story = command as? any StoryCommand else {
        // Not one of ours: `outgrow` alone, `help` and `--help` answer by throwing what they have to say.
        var builtIn = command
        do { try builtIn.run() } catch { return UsageMessage.show(error, arguments) }
        return ExitStatus.complete.rawValue
    }
    return await run(story)
}

private func run(_ story: any StoryCommand) async -> Int32 {
    let session = Session(story.output)
    let signals = SignalWatch()
    let task = Task { try await perform(story, session) }
    signals.start(canceling: task)
    do {
        let status = try await task.value
        // The work was done before the signal could stop it.
        return session.terminal.outputFailure == nil ? status : ExitStatus.usage.rawValue
    } catch {
        session.progress.finish()
        return end(error, story, session, signals.received)
    }
}

private func perform(_ story: some StoryCommand, _ session: Session) async throws -> Int32 {
    try await story.perform(session).rawValue
}

private func end(
    _ thrown: any Error, _ story: any StoryCommand, _ session: Session, _ signal: Int32?
) -> Int32 {
    if let usage = thrown as? ValidationError {
        let help = CommandText.make([type(of: story).configuration.commandName ?? "", "--help"])
        session.terminal.complain("error: \(usage.message). [usage]", .error)
        session.terminal.complain("  fix: Correct the command line; the options are listed by: \(help)")
        session.end(.nothing, next: help)
        return ExitStatus.usage.rawValue
    }
    let failure = thrown as? MigrationFailure
    var error = OutgrowError(describing: thrown)
    if signal != nil {
        error = OutgrowError(
            "interrupted", .interrupted, "The run was stopped by a signal.", fix: "Run the command again.")
    }
    for (index, line) in "\(error)".split(separator: "\n").enumerated() {
        session.terminal.complain(String(line), index == 0 ? .error : .plain)
    }
    if let left = failure?.left {
        session.terminal.complain("  left: \(left)")
        let status = signal.map(ExitStatus.init(signal:)) ?? .stopped
        if let run = failure?.schemaRun { printDocument(of: run, session, status) }
        session.end(.partial, next: story.next(after: error) ?? CommandText.again())
        return status.rawValue
    }
    if let failure, failure.isPartial, story.leavesTarget {
        session.terminal.complain(
            "  left: tables in the target, and \(Figures.count(Int64(failure.committedParts), "part")) of rows known to the ledger"
        )
        // What --replace drops, --data-only would need.
        session.end(.partial, next: CommandText.again(adding: ["--replace"], without: ["--data-only"]))
        return (signal.map(ExitStatus.init(signal:)) ?? .stopped).rawValue
    }
    session.end(.nothing, next: story.next(after: error) ?? CommandText.again())
    return signal.map { ExitStatus(signal: $0).rawValue } ?? story.status(of: error)
}

/// A script learns what was done from a run that failed, too.
private func printDocument(of run: SchemaRun, _ session: Session, _ status: ExitStatus) {
    guard session.isJSON else { return }
    do {
        try session.printJSON(run, schema: "outgrow.schema-\(run.direction.rawValue)/1", status: status)
    } catch {
        session.terminal.complain("  why: the document could not be written: \(error)")
    }
}

extension ExitStatus {
    /// 128 and the signal's number, as shells have it.
    init(signal: Int32) { self = signal == SIGINT ? .interrupted : .terminated }
}
