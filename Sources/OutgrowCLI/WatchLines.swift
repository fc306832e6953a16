internal import Monitoring
internal import Outgrow

/// A watch where nobody looks at a screen: a line for each minute of each database.
struct WatchLines {
    private let session: Session

    init(_ session: Session) { self.session = session }

    func show(_ event: Watch.Event) {
        switch event {
        case .started(let board):
            let names = board.all.map(\.path).joined(separator: ", ")
            session.terminal.say("Watching \(names); the first line comes when a minute is over.")
        case .minute(let state): show(state)
        case .history(let health): session.terminal.say(Self.text(health))
        case .note(let text): session.terminal.say(text)
        }
    }

    private func show(_ state: WatchedState) {
        guard session.isJSON else { return session.terminal.out(Self.line(state)) }
        do {
            try session.printJSONLine(state, schema: "outgrow.watch/1")
        } catch {
            session.terminal.complain("  why: the line could not be written: \(error)")
        }
    }

    static func text(_ health: HistoryHealth) -> String {
        guard !health.isReachable else {
            let lost =
                health.dropped > 0 ? " \(Figures.count(Int64(health.dropped), "minute")) were lost." : ""
            return "The history is written again.\(lost)"
        }
        return "The history cannot be written, so minutes wait: \(health.problem ?? "")"
    }

    /// `2026-11-29T20:41:00Z app.db OK: …`, with names of a hostile file made harmless by the terminal.
    static func line(_ state: WatchedState) -> String {
        guard let minute = state.minute, let verdict = state.verdict else { return state.name }
        let time = RawSystem.instant(minute.start)
        let label = verdict.state.label + (verdict.isProvisional ? " (provisional)" : "")
        let rate = minute.observed > 0 ? Double(minute.commits) / minute.observed : 0
        var parts = [
            "\(CheckPrinter.number(rate)) commits/s",
            "lock held \(CheckPrinter.percent(minute.busyFraction))",
            "p99 wait \(CheckPrinter.value(minute.waitP99, .seconds))",
            "stalled \(CheckPrinter.percent(minute.judgedShare))",
        ]
        if let hold = minute.longestHold {
            let name = minute.longestHolder.map { " by \($0)" } ?? ""
            let process = hold.holder.map { name.isEmpty ? " by process \($0)" : " (\($0))" } ?? ""
            parts.append("longest hold \(CheckPrinter.value(hold.duration, .seconds))\(name)\(process)")
        }
        if let pages = minute.pendingPages, pages > 0 {
            parts.append("WAL \(Figures.count(Int64(pages), "page"))")
        }
        if let cause = verdict.causes.first { parts.append("cause: \(cause.kind.rawValue)") }
        if state.isMissing { parts.append("the file is missing") }
        return "\(time) \(state.name) \(label): \(parts.joined(separator: ", "))"
    }
}
