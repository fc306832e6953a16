internal import Foundation
internal import Monitoring
internal import Outgrow
internal import Synchronization

/// A watch on a terminal: one screen that is drawn anew each second, beside what was there before.
final class WatchScreen: Sendable {
    private let terminal: Terminal
    private let drawing = Mutex<(task: Task<Void, Never>?, board: WatchBoard?, note: String?)>(
        (nil, nil, nil))

    /// Nil where no screen can be drawn.
    init?(_ session: Session, environment: [String: String] = ProcessInfo.processInfo.environment) {
        guard !session.isJSON, environment["TERM"] != "dumb", RawSystem.screenSize != nil else { return nil }
        terminal = session.terminal
    }

    func show(_ event: Watch.Event) {
        switch event {
        case .started(let board): begin(board)
        case .minute: break
        case .history(let health): note(WatchLines.text(health))
        case .note(let text): note(text)
        }
    }

    private func note(_ text: String) { drawing.withLock { $0.note = text } }

    private func begin(_ board: WatchBoard) {
        // The other screen, so that what was there comes back; no cursor.
        terminal.outDocument("\u{1B}[?1049h\u{1B}[?25l")
        drawing.withLock { drawing in
            drawing.board = board
            drawing.task = Task.detached { [self] in
                while !Task.isCancelled {
                    draw(board)
                    do { try await Task.sleep(for: .seconds(1)) } catch { return }
                }
            }
        }
    }

    private func draw(_ board: WatchBoard) {
        guard let size = RawSystem.screenSize else { return }
        let note = drawing.withLock { $0.note }
        let frame = WatchFrame(
            states: board.all, history: board.history, note: note, columns: size.columns, rows: size.rows,
            time: Date())
        terminal.outDocument(frame.text)
    }

    /// Gives the terminal back, and leaves the last line of each database on it.
    func end() {
        let (task, board) = drawing.withLock { ($0.task, $0.board) }
        task?.cancel()
        guard let board else { return }
        terminal.outDocument("\u{1B}[?25h\u{1B}[?1049l")
        for state in board.all { terminal.out(WatchLines.line(state)) }
    }
}

/// One picture of the screen: a value, so that it can be looked at without a terminal.
struct WatchFrame {
    var states: [WatchedState]
    var history: HistoryHealth
    var note: String?
    var columns: Int
    var rows: Int
    var time: Date

    /// The lines with what a terminal needs to show them in place of the last ones.
    var text: String {
        let shown = lines.prefix(max(1, rows - 1)).map { line in
            // Names of files and programs may hold anything.
            String(Terminal.shown(line).prefix(columns)) + "\u{1B}[K"
        }
        return "\u{1B}[H" + shown.joined(separator: "\r\n") + "\u{1B}[J"
    }

    var lines: [String] {
        let clock = time.formatted(.iso8601.time(includingFractionalSeconds: false))
        var lines = ["outgrow watch  \(clock)  Ctrl-C ends it"]
        for state in states { lines += [""] + block(state) }
        lines += [""]
        if let place = history.place {
            let state =
                history.isReachable
                ? "written"
                : "NOT written, \(Figures.count(Int64(history.waiting), "minute")) wait: \(history.problem ?? "")"
            lines.append("History \(place): \(state)")
        }
        if let note { lines.append(note) }
        return lines
    }

    private func block(_ state: WatchedState) -> [String] {
        guard let verdict = state.verdict, let minute = state.minute else {
            return ["\(state.name)  the first minute is not over yet; \(state.live.commits) commits so far"]
                + now(state)
        }
        let label = verdict.state.label + (verdict.isProvisional ? " (provisional)" : "")
        var lines = ["\(state.name)  \(label)" + (state.isMissing ? "  THE FILE IS MISSING" : "")]
        lines += wrapped(verdict.explanation)
        lines += [headroom(verdict, minute), hours(state)]
        lines += now(state) + waits(state) + holders(state, minute)
        lines += [wal(minute)] + fixes(verdict)
        if let forecast = state.forecast { lines.append("  forecast  \(forecast)") }
        lines += minute.blindSpots.map { "  not seen  \($0)" }
        return lines
    }

    private func headroom(_ verdict: Verdict, _ minute: MinuteRecord) -> String {
        let room = verdict.figures.headroom().map {
            ", room for \(CheckPrinter.number($0)) times the peak's writes"
        }
        return
            "  lock      \(Self.bar(minute.busyFraction, 20)) held \(CheckPrinter.percent(minute.busyFraction)) of the minute, "
            + "\(CheckPrinter.percent(verdict.figures.peakBusyFraction)) at the peak\(room ?? "")"
    }

    /// One character for each of the last 24 hours, the present one at the right.
    private func hours(_ state: WatchedState) -> String {
        let marks = state.badHours.map { share -> Character in
            guard let share else { return " " }
            return share <= 0 ? "." : share < 0.01 ? ":" : share < 0.05 ? "o" : share < 0.2 ? "O" : "#"
        }
        return
            "  24 hours  [\(String(marks))] bad minutes: . none, : under 1 %, o under 5 %, O under 20 %, # more"
    }

    private func now(_ state: WatchedState) -> [String] {
        guard let seconds = state.live.holdSeconds, seconds >= 0.1 else { return [] }
        let name = state.live.holder?.shownName ?? "?"
        let process = state.live.holder.map { " (process \($0.process))" } ?? ""
        let arguments = state.live.holder?.arguments.map { ": \($0)" } ?? ""
        return ["  NOW       held for \(Figures.seconds(seconds)) by \(name)\(process)\(arguments)"]
    }

    private func waits(_ state: WatchedState) -> [String] {
        guard state.waits.count > 0 else { return [] }
        let limits: [(String, Double)] = [
            ("1 ms", 0.001), ("10 ms", 0.01), ("100 ms", 0.1), ("1 s", 1), ("5 s", 4.9),
        ]
        let count = Figures.count(Int64(clamping: state.waits.count))
        return ["  waits     a new write would have waited, in the last hour (\(count) moments)"]
            + limits.map { name, limit in
                let share = state.waits.share(over: limit)
                let label = String(repeating: " ", count: 6 - name.count) + name
                return "    over \(label)  \(Self.bar(share, 20)) \(CheckPrinter.percent(share))"
            }
    }

    private func holders(_ state: WatchedState, _ minute: MinuteRecord) -> [String] {
        state.holders.prefix(5).enumerated().map { index, holder in
            let share = CheckPrinter.percent(holder.busySeconds / max(minute.observed, 0.001))
            let longest = CheckPrinter.value(holder.longestHold, .seconds)
            return (index == 0 ? "  held by   " : "            ")
                + "\(holder.shownName ?? "?") (process \(holder.process)): \(share) of the minute, longest \(longest)"
                + (holder.arguments.map { "  \($0)" } ?? "")
        }
    }

    private func wal(_ minute: MinuteRecord) -> String {
        var parts = ["journal \(minute.journalMode)"]
        if let pages = minute.pendingPages {
            parts.append("\(Figures.count(Int64(pages), "page")) wait for a checkpoint")
        }
        if let size = minute.walByteCount { parts.append("WAL \(Figures.bytes(size))") }
        if let seconds = minute.oldestReaderSeconds, seconds >= 1 {
            parts.append(
                "oldest reader \(Figures.seconds(seconds))"
                    + (minute.oldestReader.map { " (process \($0))" } ?? ""))
        }
        return "  storage   \(parts.joined(separator: ", "))"
    }

    private func fixes(_ verdict: Verdict) -> [String] {
        verdict.causes.prefix(3).flatMap { cause in
            let after = cause.prediction.map {
                "; then held \(CheckPrinter.percent($0.busyFraction)), stalled \(CheckPrinter.percent($0.stallShare))"
            }
            return ["  cause     \(cause.evidence)", "    fix     \(cause.change)\(after ?? "")"]
        }
    }

    private func wrapped(_ text: String) -> [String] {
        var lines: [String] = []
        var line = " "
        for word in text.split(separator: " ") {
            if line.count + word.count + 1 > max(40, columns) {
                lines.append(line)
                line = " "
            }
            line += " \(word)"
        }
        return lines + [line]
    }

    static func bar(_ share: Double, _ width: Int) -> String {
        let full = Int((min(1, max(0, share)) * Double(width)).rounded())
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: width - full) + "]"
    }
}
