internal import ArgumentParser
internal import Diagnostics
internal import Monitoring
internal import Outgrow

/// `outgrow check`: has this database been outgrown?
struct CheckCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Watch a live database and say whether it is outgrown",
        usage: "outgrow check [<options>] <source>",
        discussion: """
            Only looks: it asks for locks and reads counters, takes no lock, writes nothing and never \
            opens the database through SQLite. The first line is one of a monitoring plugin, with \
            its figures.

            EXAMPLES:
              outgrow check app.db
              outgrow check app.db --for 5m --json

            Exits 0 for OK, 1 for WATCH and FIX FIRST, 2 for OUTGROWN and 3 for UNKNOWN, also \
            when the database cannot be looked at.
            """)

    @Argument(help: "The SQLite file that an application writes to.") var source: String
    @Option(name: .customLong("for"), help: ArgumentHelp("How long to watch.", valueName: "time"))
    var time: WatchTime = WatchTime(seconds: 60)
    @Flag(help: "Also show the arguments of processes; they may hold secrets.") var showArguments = false
    @OptionGroup var output: OutputFlags

    func perform(_ session: Session) async throws -> CheckStatus {
        var request = Check.Request(source: source)
        request.seconds = time.seconds
        request.showsArguments = showArguments
        let report: CheckReport
        do {
            report = try await Check(request).run()
        } catch {
            // Who reads only the first line of standard output gets the reason too.
            let failure = OutgrowError(describing: error)
            if !session.isJSON { session.terminal.out("OUTGROW UNKNOWN - \(failure.summary)") }
            throw error
        }
        let status = CheckStatus(report.verdict.state)
        if session.isJSON {
            try session.printJSON(report, schema: "outgrow.check/1", exitStatus: status.rawValue)
        } else {
            CheckPrinter(terminal: session.terminal).print(report)
        }
        session.end(.complete, next: next(report))
        return status
    }

    /// Whatever goes wrong, a monitoring system is to read UNKNOWN.
    func status(of error: OutgrowError) -> Int32 { CheckStatus.unknown.rawValue }

    private func next(_ report: CheckReport) -> String {
        switch report.verdict.state {
        case .ok: "nothing"
        case .watch, .unknown: CommandText.make(["check", source, "--for", "10m"])
        case .fixFirst: "make the change above, then \(CommandText.again())"
        case .outgrown: CommandText.make(["rehearse", source])
        }
    }
}

/// The exit statuses of `check`, as monitoring plugins have them (docs/reference/exit-status.md).
enum CheckStatus: Int32, ProcessStatus {
    case ok = 0
    /// WATCH or FIX FIRST.
    case attention = 1
    case outgrown = 2
    case unknown = 3

    init(_ state: Verdict.State) {
        self =
            switch state {
            case .ok: .ok
            case .watch, .fixFirst: .attention
            case .outgrown: .outgrown
            case .unknown: .unknown
            }
    }
}

/// `90s`, `5m`, `1h`; without a unit, seconds.
struct WatchTime: ExpressibleByArgument {
    var seconds: Double

    init(seconds: Double) { self.seconds = seconds }

    init?(argument: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        let unit = argument.last.flatMap { units[$0] }
        let digits = unit == nil ? argument[...] : argument.dropLast()
        guard let number = Double(digits), number.isFinite else { return nil }
        seconds = number * (unit ?? 1)
        guard (1...86_400).contains(seconds) else { return nil }
    }

    var defaultValueDescription: String { "60s" }
}
