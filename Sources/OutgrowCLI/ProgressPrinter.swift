internal import Foundation
internal import Outgrow
internal import Synchronization

/// Shows how far a story is: one moving line on a terminal, a plain line now and then elsewhere.
final class ProgressPrinter: Sendable {
    private struct State {
        var phase: StoryEvent.Phase?
        var expectedRows: Int64?
        var expectedBytes: Int64?
        var rows: Int64 = 0
        var bytes: Int64 = 0
        var started = ContinuousClock.now
        var lastShown = ContinuousClock.now
        /// Times and rows of the last seconds, for a rate that follows what happens now.
        var window: [(time: ContinuousClock.Instant, rows: Int64)] = []
    }

    private let terminal: Terminal
    private let state = Mutex(State())

    init(_ terminal: Terminal) { self.terminal = terminal }

    private var interval: Duration { terminal.isInteractive ? .milliseconds(100) : .seconds(10) }
    private static let windowLength: Duration = .seconds(5)

    func observe(_ event: StoryEvent) {
        switch event {
        case .phase(let phase, let rows, let bytes): begin(phase, rows, bytes)
        case .progress(let rows, let bytes): advance(rows, bytes)
        case .forecast(let forecast): say(forecast)
        case .note(let text): terminal.say(text)
        }
    }

    /// Ends the moving line.
    func finish() { terminal.clearLine() }

    private func begin(_ phase: StoryEvent.Phase, _ rows: Int64?, _ bytes: Int64?) {
        state.withLock { state in
            state = State()
            state.phase = phase
            state.expectedRows = rows
            state.expectedBytes = bytes
        }
        terminal.say(Self.sentence(phase, rows, bytes), .dim)
    }

    private static func sentence(_ phase: StoryEvent.Phase, _ rows: Int64?, _ bytes: Int64?) -> String {
        let amount = [rows.map { Figures.count($0, "row") }, bytes.map(Figures.bytes)].compactMap(\.self)
        let what = amount.isEmpty ? "" : " " + amount.joined(separator: ", ")
        return switch phase {
        case .start: "Starting a throw-away Postgres server."
        case .inspect: "Inspecting\(what): every value is looked at once."
        case .create: "Creating the tables."
        case .copy: "Copying\(what)."
        case .finish: "Building indexes and keys."
        case .verify: "Verifying\(what) on both sides."
        }
    }

    private func advance(_ rows: Int64, _ bytes: Int64) {
        let line: String? = state.withLock { state in
            state.rows += rows
            state.bytes += bytes
            let now = ContinuousClock.now
            guard now - state.lastShown >= interval else { return nil }
            state.lastShown = now
            state.window.append((now, state.rows))
            state.window.removeAll { now - $0.time > Self.windowLength }
            return Self.line(state, now)
        }
        guard let line else { return }
        if terminal.isInteractive { terminal.show(line) } else { terminal.say("  " + line) }
    }

    private static func line(_ state: State, _ now: ContinuousClock.Instant) -> String {
        let elapsed = (now - state.started) / .seconds(1)
        var rate = Double(state.rows) / max(elapsed, 0.001)
        if let first = state.window.first, state.window.count > 1 {
            rate = Double(state.rows - first.rows) / max((now - first.time) / .seconds(1), 0.001)
        }
        var parts = [Figures.count(state.rows, "row")]
        if state.bytes > 0 { parts.append(Figures.bytes(state.bytes)) }
        parts.append("\(Figures.count(Int64(rate))) rows/s")
        if let share = share(of: state), share > 0.01 {
            parts.append(String(format: "%.0f %%", min(share, 1) * 100))
            if share < 1 { parts.append("\(Figures.seconds(elapsed / share - elapsed)) left") }
        }
        return parts.joined(separator: ", ")
    }

    private static func share(of state: State) -> Double? {
        if let expected = state.expectedRows, expected > 0 { return Double(state.rows) / Double(expected) }
        if let expected = state.expectedBytes, expected > 0 { return Double(state.bytes) / Double(expected) }
        return nil
    }

    private func say(_ forecast: Forecast) {
        terminal.say(
            "To copy: \(Figures.count(forecast.rows, "row")) in \(Figures.count(Int64(forecast.tables), "table")), "
                + "\(Figures.bytes(forecast.bytes)); about \(Figures.seconds(forecast.seconds)) and "
                + "\(Figures.bytes(forecast.targetDiskBytes)) on the server's disk.")
        if let holder = forecast.openedBy { terminal.say("The source is open in \(holder).", .warning) }
        terminal.say(forecast.meaning)
    }
}
