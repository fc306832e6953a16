/// The figures of one window from its episodes, before causes.
struct MinuteFigures: Sendable {
    let window: Double
    /// The episodes with what lies before the window cut off; what reaches past it stays, for the replay.
    let episodes: [HoldEpisode]
    let occupancy: Occupancy
    /// U.
    let busyFraction: Double
    /// Of a transaction: the lock's seconds, and those of checkpoints that commits run, by commits.
    let holdTime: Double
    /// The hold of the ordinary transaction: without the long ones, where those are the fewer.
    ///
    /// One transaction of 600 ms among five of 1 ms makes a mean of 101 ms; the other five are not stalled by
    /// it unless they wait for it, which the replay sees.
    let ordinaryHold: Double
    /// The busy fraction without long holds.
    let ordinaryBusyFraction: Double
    let holders: [HolderTime]
    let checkpoints: [HoldEpisode]
    /// Of the time, that a writer spent in checkpoints so long that it stalled.
    let checkpointShare: Double

    init(_ seen: MinuteObservation, rules: VerdictRules) {
        window = max(0, seen.observed)
        episodes = seen.episodes.compactMap { Self.clip($0, from: 0, to: .infinity) }
        occupancy = Occupancy(episodes)
        let inside = episodes.compactMap { [window] in Self.clip($0, from: 0, to: window) }
        let held = Double(occupancy.busy(within: 0..<max(0, Occupancy.microseconds(window)))) / 1e6
        let seconds = if let share = seen.busyFraction { share * window } else { held }
        busyFraction = window > 0 ? min(1, seconds / window) : 0

        let long = inside.filter { $0.isLong(rules.stall) }
        let longSeconds = min(seconds, long.reduce(0) { $0 + $1.duration })
        let longCommits = long.count
        let ordinaryCommits = seen.commits - longCommits
        ordinaryHold =
            ordinaryCommits >= max(1, longCommits)
            ? (seconds - longSeconds) / Double(ordinaryCommits)
            : seen.commits > 0 ? seconds / Double(seen.commits) : 0
        ordinaryBusyFraction = window > 0 ? min(1, (seconds - longSeconds) / window) : 0
        holders = Self.holders(of: inside, executables: seen.executables)

        checkpoints = seen.checkpoints.compactMap { [window] in Self.clip($0, from: 0, to: window) }
        let writers = Set(inside.compactMap(\.holder))
        let ofCommits = checkpoints.filter { $0.holder.map(writers.contains) ?? writers.isEmpty }
        let inCommits = seconds + ofCommits.reduce(0) { $0 + $1.duration }
        holdTime = seen.commits > 0 ? inCommits / Double(seen.commits) : 0
        let stalling = checkpoints.filter { checkpoint in
            guard checkpoint.duration >= rules.stall else { return false }
            guard let holder = checkpoint.holder, !writers.isEmpty else { return true }
            return writers.contains(holder)
        }
        checkpointShare = window > 0 ? min(1, stalling.reduce(0) { $0 + $1.duration } / window) : 0
    }

    /// The episodes of the window that held the lock long in one transaction.
    func longHolds(rules: VerdictRules) -> [HoldEpisode] {
        episodes.filter { $0.start < window && $0.isLong(rules.stall) }
            .sorted { ($1.duration, $0.start) < ($0.duration, $1.start) }
    }

    /// Seconds of each process within transactions of its own that took longer than `stall`: the hold, and the
    /// checkpoint that its commit runs when the lock is free again.
    func ownStalls(stall: Double) -> [Int32: Double] {
        let inside = episodes.compactMap { Self.clip($0, from: 0, to: window) }.sorted { $0.start < $1.start }
        var waiting = checkpoints.sorted { $0.start < $1.start }
        var stalls: [Int32: Double] = [:]
        for hold in inside {
            guard let holder = hold.holder else { continue }
            var seconds = hold.duration
            let own = waiting.firstIndex { $0.holder == holder && abs($0.start - hold.end) < Self.commitTail }
            if let own { seconds += waiting.remove(at: own).duration }
            if hold.isLong(stall) || (own != nil && seconds > stall) { stalls[holder, default: 0] += seconds }
        }
        let writers = Set(inside.compactMap(\.holder))
        for checkpoint in waiting where checkpoint.duration > stall {
            guard let holder = checkpoint.holder, writers.contains(holder) else { continue }
            stalls[holder, default: 0] += checkpoint.duration
        }
        return stalls
    }

    /// Seconds between a hold and the checkpoint of its commit, at most: about a look.
    private static let commitTail = 0.012

    static func clip(_ episode: HoldEpisode, from start: Double, to end: Double) -> HoldEpisode? {
        guard episode.start.isFinite, episode.duration.isFinite else { return nil }
        let first = max(episode.start, start)
        let last = min(episode.end, end)
        guard last > first else { return nil }
        var clipped = episode
        clipped.start = first
        clipped.duration = last - first
        return clipped
    }

    private static func holders(of episodes: [HoldEpisode], executables: [Int32: String]) -> [HolderTime] {
        var times: [Int32: HolderTime] = [:]
        for episode in episodes {
            guard let holder = episode.holder, holder > 0 else { continue }
            var time =
                times[holder]
                ?? HolderTime(process: holder, executable: executables[holder], seconds: 0, longest: 0)
            time.seconds += episode.duration
            time.longest = max(time.longest, episode.duration)
            times[holder] = time
        }
        return times.values.sorted { ($1.seconds, $0.process) < ($0.seconds, $1.process) }
    }
}

extension HoldEpisode {
    /// Seconds per transaction: an episode that saw no commit is one transaction that had not ended.
    var perCommit: Double { duration / Double(max(1, commits)) }

    /// One long transaction: a hold that lasted, with hardly a commit in it.
    ///
    /// It may have a few, as those of others that follow at once are counted with it until the next look.
    func isLong(_ limit: Double) -> Bool { duration >= limit && perCommit >= 0.3 * limit }

    /// Most of a long hold was spent waiting for the disk after the last write.
    var isSpentInSync: Bool { syncTail.map { $0 >= 0.5 * duration } ?? false }
}
