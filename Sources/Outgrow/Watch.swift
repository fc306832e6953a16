internal import Diagnostics
internal import Foundation
package import Monitoring
internal import SQLiteClient
internal import Synchronization
internal import Threading

/// `outgrow watch`: keeps looking at live databases, without touching them, and keeps what it saw.
///
/// Each database has a thread that samples it and does nothing else; what it saw in a minute is judged and written
/// elsewhere, so that neither a slow disk nor a server that is away makes it miss a look.
package struct Watch: Sendable {
    package struct Request: Sendable {
        package var sources: [String]
        /// As `HistoryPlace` takes it.
        package var history: String?
        package var keepsHistory = true
        /// Arguments of processes hold secrets.
        package var showsArguments = false
        package var rules = VerdictRules()
        /// Only when asked for: nothing else here touches the databases.
        package var probe: ProbeKind?
        /// Where metrics and status are served; nil for nowhere.
        package var listen: ListenAddress?
        /// The folder of node_exporter's textfile collector.
        package var textfileFolder: String?
        /// How long a minute is, for tests.
        package var interval = 60.0

        package init(sources: [String]) { self.sources = sources }
    }

    package enum Event: Sendable {
        /// The samplers have begun.
        case started(WatchBoard)
        /// A minute of one database is over.
        case minute(WatchedState)
        /// The history went away or came back.
        case history(HistoryHealth)
        /// Something else that a person should know.
        case note(String)
    }

    package typealias Observer = @Sendable (Event) -> Void

    private let request: Request
    private let observer: Observer

    package init(_ request: Request, observer: @escaping Observer) {
        self.request = request
        self.observer = observer
    }

    /// Watches until the task is canceled; then the minute that has begun is written, and it returns.
    package func run() async throws {
        let sources = try Self.look(at: request.sources)
        let place = request.keepsHistory ? try HistoryPlace(request.history) : nil
        try place?.requireOther(than: sources)
        let stop = StopFlag()
        // Not a child of this task: what is left to do after the cancellation must not be canceled.
        let work = Task.detached { try await watch(sources.map(\.path), place, until: stop) }
        try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            stop.raise()
        }
    }

    private static func look(at paths: [String]) throws -> [SourceFiles] {
        var sources: [SourceFiles] = []
        for path in paths {
            let files = try SourceFiles.look(at: path)
            if !sources.contains(where: { $0.path == files.path }) { sources.append(files) }
        }
        return sources
    }

    private func watch(_ paths: [String], _ place: HistoryPlace?, until stop: StopFlag) async throws {
        let names = Self.names(of: paths)
        let board = WatchBoard(zip(names, paths).map { WatchedState(name: $0, path: $1) })
        let keeper = place.map { HistoryKeeper($0, rules: request.rules, report: report(to: board)) }
        let file = request.textfileFolder.map { MetricsFile(folder: $0) }
        try file?.write(board)
        let host = HistoryPlace.hostName
        var ledgers = paths.map { MinuteLedger(.init(host: host, path: $0), rules: request.rules) }
        let (windows, continuation) = AsyncStream.makeStream(of: WatchedMinute.self)
        let samplers = Task.detached {
            defer { continuation.finish() }
            try await sample(paths, board, continuation, until: stop)
        }
        let server = serve(board, until: stop)
        observer(.started(board))
        ProgramPages.letGo()
        for await minute in windows {
            let (index, window) = (minute.index, minute.window)
            // After each step: what one needs, the next one mostly does not.
            if let keeper, ledgers[index].lacksHistory {
                ledgers[index].recall(await keeper.recall(ledgers[index].key, now: Self.now))
                ProgramPages.letGo()
            }
            if let probe = minute.probe { board.update(index) { $0.add(probe) } }
            let kept = ledgers[index].take(window, board: board, index: index)
            ProgramPages.letGo()
            if let keeper { await keeper.keep(kept, of: ledgers[index].key) }
            ProgramPages.letGo()
            observer(.minute(board.all[index]))
            write(board, to: file)
            ProgramPages.letGo()
            if !stop.isRaised { await keeper?.rollUp(now: Self.now) }
            ProgramPages.letGo()
        }
        await keeper?.close()
        server?.cancel()
        try await server?.value
        try await samplers.value
    }

    /// A server that cannot listen ends the watch: who scrapes it would see nothing and think nothing of it.
    private func serve(_ board: WatchBoard, until stop: StopFlag) -> Task<Void, any Error>? {
        request.listen.map { address in
            Task.detached {
                do {
                    try await WatchServer(address: address, board: board).run()
                } catch {
                    stop.raise()
                    throw error
                }
            }
        }
    }

    /// A file that cannot be written now ends nothing.
    private func write(_ board: WatchBoard, to file: MetricsFile?) {
        do {
            try file?.write(board)
        } catch {
            let error = OutgrowError(describing: error)
            observer(.note(error.summary + (error.cause.map { " (\($0))" } ?? "")))
        }
    }

    private func report(to board: WatchBoard) -> @Sendable (HistoryHealth) -> Void {
        { [observer] health in
            let before = board.history
            board.update(health)
            if before.isReachable != health.isReachable { observer(.history(health)) }
        }
    }

    static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    // MARK: Sampling

    private func sample(
        _ paths: [String], _ board: WatchBoard,
        _ windows: AsyncStream<WatchedMinute>.Continuation, until stop: StopFlag
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, path) in paths.enumerated() {
                group.addTask {
                    // One that fails ends them all: it would go unnoticed.
                    defer { stop.raise() }
                    try await onOwnThread(named: "sampler") {
                        try sample(path, index, board, windows, until: stop)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func sample(
        _ path: String, _ index: Int, _ board: WatchBoard,
        _ windows: AsyncStream<WatchedMinute>.Continuation, until stop: StopFlag
    ) throws {
        var settings = SamplingSettings()
        settings.showsArguments = request.showsArguments
        let probe = request.probe.map { WatchProbe($0, path: path) }
        defer { probe?.stop() }
        settings.probe = probe?.link
        let sampler = try DatabaseSampler(path, settings: settings)
        while !stop.isRaised {
            let window = sampler.observe(
                seconds: secondsToNextMinute, isStopped: { stop.isRaised },
                show: { show(sampler, index, board) })
            if window.length >= 1 || !stop.isRaised {
                windows.yield(WatchedMinute(index: index, window: window, probe: probe?.take()))
            }
        }
    }

    /// Minutes end with those of the clock, so that two watches of one database do not count it twice.
    private var secondsToNextMinute: Double {
        let left =
            request.interval - Date().timeIntervalSince1970.truncatingRemainder(dividingBy: request.interval)
        return left < request.interval / 4 ? left + request.interval : left
    }

    private func show(_ sampler: DatabaseSampler, _ index: Int, _ board: WatchBoard) {
        var live = LiveLook()
        live.commits = sampler.commits
        live.oldestReaderSeconds = sampler.oldestReader?.seconds
        live.oldestReader = sampler.oldestReader?.process
        if let hold = sampler.presentHold {
            live.holdSeconds = hold.duration
            live.holder = hold.holder.map { .look(at: $0, showsArguments: request.showsArguments) }
        }
        board.update(index) { $0.live = live }
    }

    // MARK: Names

    /// The end of each path, as much of it as tells them apart.
    static func names(of paths: [String]) -> [String] {
        paths.map { path in
            let parts = path.split(separator: "/")
            for count in 1...max(1, parts.count) {
                let name = parts.suffix(count).joined(separator: "/")
                let isAlone = paths.allSatisfy { other in
                    other == path || other.split(separator: "/").suffix(count).joined(separator: "/") != name
                }
                if isAlone { return name }
            }
            return path
        }
    }
}

/// What was seen of one database in one minute.
private struct WatchedMinute: Sendable {
    var index: Int
    var window: SampleWindow
    var probe: ProbeRecord?
}

/// The minutes of one database, as far back as its verdict looks.
struct MinuteLedger: Sendable {
    let key: HistoryStore.Key
    private let rules: VerdictRules
    private var minutes: [MinuteRecord] = []
    private var quarters: [RecalledHistory.Quarter] = []
    private var firstStart: Int64?
    private var profiles: [(start: Int64, waits: WaitProfile)] = []

    /// What was kept before is not known yet: the history could not be reached.
    private(set) var lacksHistory = true

    init(_ key: HistoryStore.Key, rules: VerdictRules) {
        self.key = key
        self.rules = rules
    }

    /// Puts what was kept before in front of the minutes since; nil when the history cannot be reached.
    mutating func recall(_ recalled: RecalledHistory?) {
        guard let recalled else { return }
        lacksHistory = false
        let start = minutes.first?.start ?? .max
        minutes = recalled.minutes.filter { $0.start < start } + minutes
        let quarter = quarters.first?.start ?? .max
        quarters = recalled.quarters.filter { $0.start < quarter }.sorted { $0.start < $1.start } + quarters
        firstStart = recalled.firstStart ?? firstStart
    }

    /// Judges a minute that is over, shows what follows on the board, and returns it as it is kept.
    mutating func take(_ window: SampleWindow, board: WatchBoard, index: Int) -> KeptMinute {
        var record = window.observation.record(rules: rules)
        // Two watches begin a minute within moments of one another.
        if record.start % 60 <= 1 { record.start -= record.start % 60 }
        let kept = KeptMinute(record)
        let now = record.start + Int64(window.length.rounded(.up))
        remember(record, now: now)
        let verdict = HistoryVerdict.judge(minutes, now: now, rules: rules)
        let forecast = RecalledHistory.forecast(
            from: quarters, holdTime: verdict.figures.holdTime, now: now, rules: rules)
        let waits = profiles.reduce(into: WaitProfile()) { $0.merge($1.waits) }
        let hours = badHours(now: now)
        board.update(index) { state in
            state.verdict = verdict
            state.forecast = forecast.sentence
            state.saturation = if case .full(let likely, _, _) = forecast.outcome { likely } else { nil }
            state.minute = record
            state.waits = waits
            state.badHours = hours
            state.watchedSince = firstStart
            state.totals.add(window, record, rules: rules)
            state.describe(window)
        }
        return kept
    }

    private mutating func remember(_ record: MinuteRecord, now: Int64) {
        minutes.append(record)
        firstStart = firstStart ?? record.start
        let quarter = record.start - record.start % 900
        if quarters.last?.start == quarter {
            quarters[quarters.count - 1].commits += record.commits
            quarters[quarters.count - 1].observed += record.observed
        } else {
            quarters.append(
                .init(start: quarter, commits: record.commits, observed: record.observed))
        }
        if let old = minutes.firstIndex(where: { $0.start >= now - HistoryStore.judgedSeconds }), old > 0 {
            minutes.removeFirst(old)
        }
        if let profile = record.waits.flatMap(WaitProfile.init(text:)) {
            profiles.append((record.start, profile))
        }
        profiles.removeAll { $0.start < now - 3600 }
        lighten(now: now)
    }

    /// What no rule looks at goes, so that ten days stay small.
    private mutating func lighten(now: Int64) {
        for index in minutes.indices.reversed().dropFirst() {
            guard minutes[index].waits != nil else { break }
            minutes[index].waits = nil
            minutes[index].longHolds = []
            minutes[index].holders = []
        }
    }

    private func badHours(now: Int64) -> [Double?] {
        var sums = [(bad: Int, active: Int)](repeating: (0, 0), count: 24)
        for minute in minutes.reversed() {
            let ago = Int((now - minute.start) / 3600)
            guard ago < 24 else { break }
            guard ago >= 0 else { continue }
            switch rules.classify(minute) {
            case .unknown, .idle: break
            case .good: sums[23 - ago].active += 1
            case .bad: sums[23 - ago] = (sums[23 - ago].bad + 1, sums[23 - ago].active + 1)
            }
        }
        return sums.map { $0.active == 0 ? nil : Double($0.bad) / Double($0.active) }
    }
}

extension WatchedState {
    fileprivate mutating func describe(_ window: SampleWindow) {
        holders = window.holders
        fileSystem = window.fileSystem?.name
        databaseByteCount = window.databaseByteCount
        freeByteCount = window.freeByteCount
        isMissing = window.blindSpots.contains { $0.hasPrefix("The database file was not at its path") }
        processorShare = window.processorShare
    }
}
