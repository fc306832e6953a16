/// What the writers that were there felt: the share of their time within transactions of more than 100 ms.
///
/// Where a process's threads can be looked at, their waits are seen. Where not, it shows only when it holds the lock,
/// so the time between two of its turns is parted into a pause and a wait (docs/explanation/verdict.md):
/// - Who goes on at once after nearly every commit, and loses the lock to another, waits until it has it again.
/// - Who pauses between transactions asked at some time within the gap. Each such time is as likely as the pause
///   that it supposes, times the chance that every question before the end of the gap was refused.
/// - Of those whose transactions are too short or too few to be seen, the virtual writers' waits are taken.
struct StallEstimate: Sendable {
    private(set) var share = 0.0
    /// The part of it that was seen as waits of watched writers, and not reckoned.
    private(set) var observedShare = 0.0
    /// Processes that were seen to write without a pause.
    private(set) var closedLoops: Set<Int32> = []

    private let turns: WriterTurns
    private let window: Double
    private let stall: Double
    private let busyFraction: Double
    private let chances: RefusalChance

    /// A process that goes on at once after so many of its commits is in a closed loop.
    private static let closedShare = 0.75
    /// The busy fraction from which whoever asks has to wait.
    static let full = 0.85

    init(
        _ figures: MinuteFigures, turns: WriterTurns, seen: MinuteObservation, newcomer: Double, stall: Double
    ) {
        self.turns = turns
        self.stall = stall
        window = figures.window
        busyFraction = figures.busyFraction
        chances = RefusalChance(turns, window: window, busyFraction: figures.busyFraction)
        let own = figures.ownStalls(stall: stall)
        let observed = ObservedStalls(seen, figures, stall: stall)
        var closed: Set<Int32> = []
        var shares: [Double] = []
        for (process, writer) in turns.writers.sorted(by: { $0.key < $1.key }) where window > 0 {
            let waited: Double
            let isClosed = Self.isClosed(writer, among: turns, busyFraction: busyFraction)
            if isClosed, writer.retakes >= max(2, writer.pauseCount) { closed.insert(process) }
            if let threads = observed.seconds[process] {
                // Of several threads that wait, each is a writer.
                for seconds in threads.dropFirst() { shares.append(min(1, seconds / window)) }
                waited = threads.first ?? 0
            } else if isClosed {
                waited = closedWaits(of: writer)
            } else if writer.turns.count < 3 || (turns.seenShare < 0.7 && writer.meanHold < 0.015) {
                waited = newcomer * window
            } else {
                waited = pausedWaits(of: writer)
            }
            shares.append(min(1, (waited + (own[process] ?? 0)) / window))
        }
        closedLoops = closed
        // Those that wait all the time, and those that are never seen though somebody commits.
        for (process, threads) in observed.seconds.sorted(by: { $0.key < $1.key })
        where turns.writers[process] == nil && window > 0 {
            shares += threads.filter { $0 > 0 }.map { min(1, $0 / window) }
        }
        if busyFraction >= Self.full { shares += Array(repeating: 1, count: seen.waitingProcesses) }
        let unseen = Double(seen.commits) * (1 - turns.seenShare)
        if turns.seenShare < 0.95, unseen >= 3, closed.count < turns.writers.count {
            shares += unseenShares(seen, observed, newcomer: newcomer)
        }
        let waited = observed.seconds.values.joined().reduce(0) { $0 + min(window, $1) }
        observedShare = shares.isEmpty || window <= 0 ? 0 : waited / window / Double(shares.count)
        share = shares.isEmpty ? min(1, newcomer) : shares.reduce(0, +) / Double(shares.count)
    }

    /// Of writers whose transactions no look has met: those that were watched did not wait, of the others nobody knows.
    private func unseenShares(
        _ seen: MinuteObservation, _ observed: ObservedStalls, newcomer: Double
    ) -> [Double] {
        let calm = observed.seconds.filter { process, waits in
            turns.writers[process] == nil && !seen.bystanders.contains(process)
                && waits.allSatisfy { $0 == 0 }
        }
        let watched = observed.seconds.keys.count { turns.writers[$0] == nil }
        let others = seen.writerProcesses - turns.writers.count - watched
        let zeros = Array(repeating: 0.0, count: calm.count)
        guard others > 0 || watched == 0 else { return zeros }
        return zeros
            + Array(
                repeating: newcomer, count: turns.seenShare < 0.7 || others == 1 ? max(1, others) : 1)
    }

    /// One process alone says little with few turns, so what all of them do counts along, the more where the lock
    /// is full: there a pause is mostly the processor's.
    private static func isClosed(
        _ writer: WriterTurns.Writer, among turns: WriterTurns, busyFraction: Double
    ) -> Bool {
        let isFull = busyFraction >= full && turns.retakeShare >= 0.85
        let weight = isFull ? 30.0 : 10
        let share =
            (Double(writer.retakes) + weight * turns.retakeShare)
            / (Double(writer.retakes + writer.pauseCount) + weight)
        return share >= closedShare && (isFull || writer.retakes >= 2 || writer.turns.count < 4)
    }

    // MARK: Without pauses

    private func closedWaits(of writer: WriterTurns.Writer) -> Double {
        var waited = 0.0
        for (turn, next) in writer.gaps {
            let asked = turn.isDisplaced ? turn.end : turn.end + turn.free
            let end = next ?? turns.quiet(after: asked, before: window)
            if end - asked > stall { waited += end - asked }
        }
        if let first = writer.turns.first {
            let wait = first.start - turns.quiet(before: first.start)
            if wait > stall { waited += wait }
        }
        // Turns that were too short to be seen cut its gaps: it was at work for longer than what was seen of it.
        let active = writer.turns.reduce(0) { $0 + $1.end - $1.start } / window
        let truly = min(1, active / max(turns.seenShare, 0.05))
        return active < 1 && busyFraction < Self.full ? waited * (1 - truly) / (1 - active) : waited
    }

    // MARK: With pauses

    /// What may have happened in one gap: it waited so long, with this likelihood but for the pause's.
    private struct Gap {
        var length: Double
        var waits: [(wait: Double, weight: Double)]
        /// Of having waited from the beginning on.
        var atOnce: Double
    }

    private func pausedWaits(of writer: WriterTurns.Writer) -> Double {
        let measured = writer.meanPause(least: 5)
        let gaps = gaps(of: writer, onlyStalls: measured != nil)
        guard !gaps.isEmpty else { return 0 }
        let goesOn =
            (Double(writer.retakes) + 10 * turns.retakeShare)
            / (Double(writer.retakes + writer.pauseCount) + 10)
        var pause = max(0.002, measured ?? gaps.map(\.length).sorted()[gaps.count / 2])
        var waited = 0.0
        // Where too few pauses show their own length, the gaps tell it: a few rounds settle it.
        for _ in 0..<(measured == nil ? 8 : 1) {
            var paused = (seconds: 0.0, count: 0.0)
            waited = 0
            for gap in gaps { waited += weigh(gap, pause: pause, goesOn: goesOn, paused: &paused) }
            if paused.count > 0 { pause = max(0.002, paused.seconds / paused.count) }
        }
        return waited
    }

    /// Those that may hold a stall; all of them, where they have to tell the pause as well.
    private func gaps(of writer: WriterTurns.Writer, onlyStalls: Bool) -> [Gap] {
        writer.gaps.compactMap { turn, next in
            guard let next, !onlyStalls || next - turn.end > stall else { return nil }
            return gap(after: turn, until: next)
        }
    }

    /// The expected stall in a gap, given the mean pause.
    private func weigh(
        _ gap: Gap, pause: Double, goesOn: Double, paused: inout (seconds: Double, count: Double)
    ) -> Double {
        var total = goesOn * gap.atOnce
        var stalled = gap.length > stall ? total * gap.length : 0
        var seconds = 0.0
        var count = 0.0
        for (wait, weight) in gap.waits {
            let likelihood = (1 - goesOn) * Self.exponential(gap.length - wait, mean: pause) * weight
            total += likelihood
            count += likelihood
            seconds += likelihood * (gap.length - wait)
            if wait > stall { stalled += likelihood * wait }
        }
        guard total > 0 else { return 0 }
        paused.count += count / total
        paused.seconds += seconds / total
        return stalled / total
    }

    private func gap(after turn: WriterTurns.Turn, until next: Double) -> Gap {
        let length = next - turn.end
        // As long as the lock was free it cannot have been waiting.
        var longest = turn.isDisplaced ? length : length - turn.free
        if turns.areHandedOver { longest = min(longest, next - chances.busyStart(before: next)) }
        var waits: [(wait: Double, weight: Double)] = [(0, 1)]
        var grid: [Double] = [0]
        var step = 0.001
        while step < longest {
            grid.append(step)
            step = step * 1.35 + 0.0005
        }
        if longest > 0 { grid.append(longest) }
        for index in grid.indices.dropFirst() {
            let low = (grid[index - 1] + grid[index]) / 2
            let high = index + 1 < grid.count ? (grid[index] + grid[index + 1]) / 2 : grid[index]
            waits.append((grid[index], chances.density(of: grid[index], endingAt: next) * (high - low)))
        }
        let atOnce =
            turn.isDisplaced && !turns.areHandedOver ? chances.density(of: length, endingAt: next) : 0
        return Gap(length: length, waits: waits, atOnce: atOnce)
    }

    /// The density of an exponential distribution.
    private static func exponential(_ value: Double, mean: Double) -> Double {
        RefusalChance.exponential(-value / mean) / mean
    }
}
