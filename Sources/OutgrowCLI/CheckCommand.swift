internal import ArgumentParser
internal import Diagnostics
internal import Monitoring
internal import Outgrow

/// `outgrow check`: has this database been outgrown?
struct CheckCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether a live database is outgrown",
        usage: "outgrow check [<options>] <source> ...",
        discussion: """
            Only looks: it asks for locks and reads counters, takes no lock, writes nothing and never \
            opens the database through SQLite, but for --probe. The first line is one of a monitoring \
            plugin, with its figures; with several databases there is one for each.

            Where "outgrow watch" keeps a history of the database, the verdict comes from its days; \
            otherwise, or with --for, from looking now, and is provisional.

            EXAMPLES:
              outgrow check app.db
              outgrow check app.db jobs.db --for 5m --json
              outgrow check app.db --threshold stall=250ms --threshold bad-ratio=2%

            Exits 0 for OK, 1 for WATCH and FIX FIRST, 2 for OUTGROWN and 3 for UNKNOWN, also \
            when the database cannot be looked at; of several databases with the worst, in the \
            order 2, 3, 1, 0.
            """)

    @Argument(help: "The SQLite files that applications write to.") var source: [String]
    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("Look now, and for how long (default: 60s).", valueName: "time"))
    var time: WatchTime?
    @Option(
        help: ArgumentHelp(
            "Where a watch keeps the history (default: $XDG_STATE_HOME/outgrow/history.db).",
            valueName: "url"))
    var history: String?
    @OptionGroup var thresholds: ThresholdFlags
    @Option(
        help: ArgumentHelp(
            "Also try: lock or write as one more writer does (opens the database), or disk.",
            valueName: "what"))
    var probe: ProbeKind?
    @Flag(help: "Also show the arguments of processes; they may hold secrets.") var showArguments = false
    @OptionGroup var output: OutputFlags

    func validate() throws {
        guard !source.isEmpty else { throw ValidationError("check takes at least one database") }
    }

    func perform(_ session: Session) async throws -> CheckStatus {
        let rules = try thresholds.rules()
        let requests = source.map { path in
            var request = Check.Request(source: path)
            request.seconds = time?.seconds ?? 60
            request.history = history
            request.ignoresHistory = probe != nil || (time != nil && history == nil)
            request.showsArguments = showArguments
            request.rules = rules
            request.probe = probe
            return request
        }
        let outcomes = await CheckOutcome.all(of: requests)
        if outcomes.count == 1, case .failed(_, let failure) = outcomes[0] {
            // Who reads only the first line of standard output gets the reason too.
            if !session.isJSON { session.terminal.out("OUTGROW UNKNOWN - \(failure.summary)") }
            throw failure
        }
        let status = CheckStatus.worst(of: outcomes.map(\.status))
        ProgramPages.letGo()
        try CheckPrinter(terminal: session.terminal).print(outcomes, session, status)
        session.end(.complete, next: next(outcomes))
        return status
    }

    /// Whatever goes wrong, a monitoring system is to read UNKNOWN.
    func status(of error: OutgrowError) -> Int32 { CheckStatus.unknown.rawValue }

    /// For the worst of them.
    private func next(_ outcomes: [CheckOutcome]) -> String {
        let worst = CheckStatus.worst(of: outcomes.map(\.status))
        guard let outcome = outcomes.first(where: { $0.status == worst }), case .report(let report) = outcome
        else { return CommandText.again() }
        let path = zip(source, outcomes).first { $0.1.status == worst }?.0 ?? report.source
        return switch report.verdict.state {
        case .ok: "nothing"
        case .watch, .unknown: CommandText.make(["check", path, "--for", "10m"])
        case .fixFirst: "make the change above, then \(CommandText.again())"
        case .outgrown: CommandText.make(["rehearse", path])
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

    /// What needs somebody first: a full lock, then what nobody could see, then the rest.
    static func worst(of statuses: [CheckStatus]) -> CheckStatus {
        [outgrown, unknown, attention].first(where: statuses.contains) ?? .ok
    }

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

}
