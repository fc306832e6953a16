/// The figures of one window from its episodes, before causes.
struct MinuteFigures: Sendable {
    let window: Double
    /// The episodes with what lies before the window cut off; what reaches past it stays, for the replay.
    let episodes: [HoldEpisode]
    let occupancy: Occupancy
    /// U.
    let busyFraction: Double
    /// S = U / X.
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
        holdTime = seen.commits > 0 ? seconds / Double(seen.commits) : 0
        ordinaryHold =
            ordinaryCommits >= max(1, longCommits)
            ? (seconds - longSeconds) / Double(ordinaryCommits) : holdTime
        ordinaryBusyFraction = window > 0 ? min(1, (seconds - longSeconds) / window) : 0
        holders = Self.holders(of: inside, executables: seen.executables)

        checkpoints = seen.checkpoints.compactMap { [window] in Self.clip($0, from: 0, to: window) }
        let writers = Set(inside.compactMap(\.holder))
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

    /// Of the time of the processes that held the lock often, how much lay between two of their holds of more
    /// than `gap` seconds apart; nil with fewer than two such processes.
    ///
    /// Where the lock is full, whoever does not hold it waits for it, so this is what the writers feel.
    func timeBetweenHolds(over gap: Double) -> Double? {
        var ends: [Int32: (last: Double, count: Int, apart: Double)] = [:]
        for episode in episodes.sorted(by: { $0.start < $1.start }) where episode.start < window {
            guard let holder = episode.holder, holder > 0 else { continue }
            var holds = ends[holder] ?? (0, 0, 0)
            if episode.start - holds.last > gap { holds.apart += episode.start - holds.last }
            holds.last = max(holds.last, episode.end)
            holds.count += 1
            ends[holder] = holds
        }
        let shares = ends.values.filter { $0.count >= 10 }.map { holds in
            holds.apart + (window - holds.last > gap ? window - holds.last : 0)
        }
        return shares.count >= 2 ? min(1, shares.reduce(0, +) / (window * Double(shares.count))) : nil
    }

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
