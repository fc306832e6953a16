internal import ArgumentParser
internal import Diagnostics
internal import Monitoring
internal import Outgrow
internal import Synchronization

/// `outgrow watch`: keeps looking at live databases.
struct WatchCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Keep watching live databases, and keep what was seen",
        usage: "outgrow watch [<options>] <source> ...",
        discussion: """
            Looks as "outgrow check" does, and harms the databases no more than it: it takes no lock, \
            writes nothing and never opens them through SQLite, but for --probe. Each minute goes into a history, from \
            which "outgrow check" has its verdict. On a terminal it shows one screen, elsewhere it \
            prints a line a minute.

            EXAMPLES:
              outgrow watch app.db
              outgrow watch app.db jobs.db --history postgres://localhost/monitor
              outgrow watch app.db --listen 127.0.0.1:9187

            Ends with 0 when it is told to by SIGINT or SIGTERM; the minute that has begun is kept.
            """)

    @Argument(help: ArgumentHelp("The SQLite files that applications write to.", valueName: "source"))
    var sources: [String]
    @OptionGroup var history: HistoryFlags
    @Option(
        help: ArgumentHelp(
            "Serve /metrics, /healthz and /api/v1/status here, such as 127.0.0.1:9187.",
            valueName: "address:port"))
    var listen: String?
    @Option(
        help: ArgumentHelp(
            "A further name in the Host header that is answered; repeat for more.", valueName: "name"))
    var allowHost: [String] = []
    @Option(
        help: ArgumentHelp(
            "Write outgrow.prom into this folder, for node_exporter's textfile collector.",
            valueName: "folder"))
    var textfile: String?
    @OptionGroup var thresholds: ThresholdFlags
    @Option(
        help: ArgumentHelp(
            "Also try: lock or write as one more writer does (opens the database), or disk.",
            valueName: "what"))
    var probe: ProbeKind?
    @Flag(help: "Also show the arguments of processes; they may hold secrets.") var showArguments = false
    @Flag(help: "Print a line a minute, on a terminal too.") var lines = false
    @Option(help: ArgumentHelp("How long a minute is, for tests.", visibility: .hidden)) var interval:
        WatchTime?
    @OptionGroup var output: OutputFlags

    func perform(_ session: Session) async throws -> ExitStatus {
        var request = Watch.Request(sources: sources)
        request.history = history.history
        request.keepsHistory = !history.noHistory
        request.showsArguments = showArguments
        request.listen = try listen.map { try ListenAddress($0) }
        request.listen?.allowedHosts = allowHost
        request.textfileFolder = textfile
        request.rules = try thresholds.rules()
        request.probe = probe
        request.interval = interval?.seconds ?? 60
        try await watch(request, session)
        session.end(.complete, next: CommandText.make(["check", sources.first ?? ""]))
        return .complete
    }

    private func watch(_ request: Watch.Request, _ session: Session) async throws {
        guard !lines, let screen = WatchScreen(session) else {
            let lines = WatchLines(session)
            return try await Watch(request) { lines.show($0) }.run()
        }
        defer { screen.end() }
        try await Watch(request) { screen.show($0) }.run()
    }
}

/// Where a watch keeps its minutes.
struct HistoryFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the history is kept: a file, or a Postgres database (default: "
                + "$XDG_STATE_HOME/outgrow/history.db).", valueName: "url"))
    var history: String?
    @Flag(help: "Keep no history.") var noHistory = false

    func validate() throws {
        if history != nil, noHistory {
            throw ValidationError("--history and --no-history exclude one another")
        }
    }
}
