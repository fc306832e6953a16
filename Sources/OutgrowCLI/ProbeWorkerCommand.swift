internal import ArgumentParser
internal import Diagnostics
internal import Monitoring
internal import Outgrow

/// `outgrow probe-worker`: what `check --probe` starts, so that the process that samples need not open the database.
///
/// One attempt for each line on standard input, one line of answer for each; it ends with its input.
struct ProbeWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe-worker", abstract: "Probe the write lock for check", shouldDisplay: false)

    @Argument var kind: ProbeKind
    @Argument var path: String

    func run() throws {
        let terminal = Terminal(isQuiet: true)
        do {
            let probe = try LockProbe(path, writes: kind == .write)
            terminal.out("ready")
            while readLine() != nil { terminal.out(try probe.attempt().line) }
        } catch {
            let failure = OutgrowError(describing: error)
            terminal.out(failure.summary + (failure.cause.map { " (\($0))" } ?? ""))
        }
    }
}

extension ProbeKind: ExpressibleByArgument {}
