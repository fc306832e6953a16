/// The write lock's holds by turns: who had it for how long, and how each turn ended.
///
/// A turn is a stretch in which one process takes the lock again and again and no other gets in. What a process
/// does after its own commit, while nobody else has taken the lock, shows whether it has more to write at once
/// (a closed loop, or a queue behind it) or pauses.
struct WriterTurns: Sendable {
    struct Turn: Sendable, Hashable {
        var process: Int32
        var start: Double
        var end: Double
        var commits: Int
        /// Seconds until anybody has the lock again, or the window ends.
        var free: Double
        /// The next turn is the same process's.
        var comesBack: Bool

        /// Another process took the lock before this one could: it says nothing about a pause.
        var isDisplaced: Bool { !comesBack && free < WriterTurns.near }
    }

    /// What is known of one process.
    struct Writer: Sendable {
        var turns: [Turn] = []
        /// Commits after which it had the lock again at once.
        var retakes = 0
        /// Pauses that it ended itself, and those that another process cut off.
        var pauses: [Double] = []
        var cutPauses: [Double] = []
        /// Seconds of single holds, and how many.
        var heldSeconds = 0.0
        var holds = 0
        /// Its turn is more than a look can part: short transactions.
        var meanHold: Double { holds > 0 ? heldSeconds / Double(holds) : 0 }
        var pauseCount: Int { pauses.count + cutPauses.count }
        /// Before another process got in.
        var commitsPerTurn: Double { Double(retakes + turns.count) / Double(max(1, turns.count)) }
    }

    let turns: [Turn]
    let writers: [Int32: Writer]
    /// Most changes of hands come within a moment of the release: who waits asks every millisecond or so, not with
    /// SQLite's growing pauses.
    let areHandedOver: Bool
    /// Of the commits, the share within turns that were seen.
    let seenShare: Double
    /// When the lock was free for so long that nobody can have been waiting.
    let quiet: [ClosedRange<Double>]

    /// Seconds within which a process that takes the lock again has not paused.
    static let near = 0.005
    /// SQLite asks at least every 100 ms, so that nobody waits through a longer free stretch.
    private static let longestPause = 0.15
    /// Between two looks a millisecond apart a change of hands is at once.
    static let atOnce = 0.0016

    init(_ episodes: [HoldEpisode], window: Double, commits: Int) {
        let named = episodes.filter { ($0.holder ?? 0) > 0 && $0.start < window }
            .sorted { $0.start < $1.start }
        turns = Self.join(named, window: window)
        var writers: [Int32: Writer] = [:]
        for turn in turns { writers[turn.process, default: Writer()].add(turn) }
        for hold in named {
            guard let holder = hold.holder else { continue }
            writers[holder]?.heldSeconds += hold.duration
            writers[holder]?.holds += 1
        }
        self.writers = writers
        // Where all go on at once, the lock is never free for longer, however they ask.
        areHandedOver = Self.areHandedOver(named) && Self.retakeShare(writers) < 0.75
        let seen = turns.reduce(0) { $0 + $1.commits }
        seenShare = commits > 0 ? min(1, Double(seen) / Double(commits)) : 1
        quiet = Self.quiet(turns, window: window)
    }

    /// The share of all commits after which the processes went on at once.
    var retakeShare: Double { Self.retakeShare(writers) }

    private static func retakeShare(_ writers: [Int32: Writer]) -> Double {
        let retakes = writers.values.reduce(0) { $0 + $1.retakes }
        let pauses = writers.values.reduce(0) { $0 + $1.pauseCount }
        return (Double(retakes) + 0.5) / (Double(retakes + pauses) + 1)
    }

    /// The instant from which, after `start`, nobody can have been waiting any more; `end` when there is none.
    func quiet(after start: Double, before end: Double) -> Double {
        for stretch in quiet where stretch.upperBound > start && stretch.lowerBound < end {
            return max(start, stretch.lowerBound)
        }
        return end
    }

    /// The end of the last quiet stretch before `instant`; 0 when there is none.
    func quiet(before instant: Double) -> Double {
        quiet.last { $0.upperBound <= instant + 1e-9 }?.upperBound ?? 0
    }

    private static func join(_ holds: [HoldEpisode], window: Double) -> [Turn] {
        var turns: [Turn] = []
        for hold in holds {
            guard let process = hold.holder else { continue }
            let end = min(hold.end, window)
            if let last = turns.last, last.process == process, hold.start - last.end < near {
                turns[turns.count - 1].end = max(last.end, end)
                turns[turns.count - 1].commits += hold.commits
            } else {
                turns.append(
                    Turn(
                        process: process, start: hold.start, end: end, commits: hold.commits, free: 0,
                        comesBack: false))
            }
        }
        for index in turns.indices {
            let next = index + 1 < turns.count ? turns[index + 1] : nil
            turns[index].free = max(0, (next?.start ?? window) - turns[index].end)
            turns[index].comesBack = next?.process == turns[index].process
        }
        return turns
    }

    private static func areHandedOver(_ holds: [HoldEpisode]) -> Bool {
        var changes = 0
        var prompt = 0
        for (last, next) in zip(holds, holds.dropFirst()) where last.holder != next.holder {
            changes += 1
            if next.start - last.end < atOnce { prompt += 1 }
        }
        return changes >= 30 && Double(prompt) >= 0.7 * Double(changes)
    }

    private static func quiet(_ turns: [Turn], window: Double) -> [ClosedRange<Double>] {
        var quiet: [ClosedRange<Double>] = []
        var last = 0.0
        for turn in turns {
            if turn.start - last > longestPause { quiet.append(last...turn.start) }
            last = max(last, turn.end)
        }
        if window - last > longestPause { quiet.append(last...window) }
        return quiet
    }
}

extension WriterTurns.Writer {
    fileprivate mutating func add(_ turn: WriterTurns.Turn) {
        turns.append(turn)
        retakes += max(0, turn.commits - 1)
        if turn.comesBack {
            pauses.append(turn.free)
        } else if !turn.isDisplaced {
            cutPauses.append(turn.free)
        }
    }

    /// Seconds that it pauses on average, from the pauses that nobody cut off and those that somebody did, as for
    /// exponential ones; nil with fewer than `least` of the former.
    func meanPause(least: Int) -> Double? {
        guard pauses.count >= least else { return nil }
        return (pauses.reduce(0, +) + cutPauses.reduce(0, +)) / Double(pauses.count)
    }

    /// Where it may have begun to wait, and where it had the lock again; nil: not within the window.
    var gaps: [(turn: WriterTurns.Turn, next: Double?)] {
        turns.indices.compactMap { index in
            if turns[index].comesBack { return nil }
            return (turns[index], index + 1 < turns.count ? turns[index + 1].start : nil)
        }
    }
}
