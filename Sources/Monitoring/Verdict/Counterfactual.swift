/// A change to a trace: what it would have been, had something been fixed.
struct Counterfactual: Sendable, Hashable {
    /// Cuts every long transaction to this many seconds.
    var longHoldLimit: Double?
    /// Seconds of disk time that each commit saves.
    var savedPerCommit = 0.0
    /// Cuts the time that long holds spent in the disk after their last write.
    var cutsSyncTails = false
    /// The process that pauses after each commit for as long as the commit took.
    var pacedHolder: Pace?
    var backOff = BackOff.sqlite()
    var keepsCheckpoints = true

    enum Pace: Sendable, Hashable {
        case everyone
        case process(Int32)
    }

    /// No commit holds the lock for less: what a WAL commit of one row without fsync took where it was
    /// measured.
    static let leastHold = 0.000_04

    /// The episodes after the change.
    ///
    /// An episode of many commits is spread into one stretch per commit first, so that what is saved lies
    /// where it would lie; not finer than a millisecond.
    func apply(to episodes: [HoldEpisode], ordinaryHold: Double, stall: Double) -> [HoldEpisode] {
        var changed: [HoldEpisode] = []
        var isKept = false
        for episode in episodes {
            let isLong = episode.isLong(stall)
            let factor = scale(of: episode, isLong: isLong, ordinaryHold: ordinaryHold)
            let isPaced = !isLong && paces(episode)
            guard factor < 1 || isPaced else {
                changed.append(episode)
                continue
            }
            for var stretch in isLong ? [episode] : Self.spread(episode) {
                isKept.toggle()
                if isPaced && !isKept { continue }
                stretch.duration *= factor
                changed.append(stretch)
            }
        }
        return changed
    }

    /// What remains of an ordinary transaction's own hold.
    func ordinaryHold(after hold: Double, stall: Double) -> Double {
        var after = hold
        if let longHoldLimit, hold >= stall { after = min(after, longHoldLimit) }
        if cutsSyncTails, hold >= stall { after = min(after, hold / 10) }
        return min(hold, max(Self.leastHold, after - savedPerCommit))
    }

    private func scale(of episode: HoldEpisode, isLong: Bool, ordinaryHold: Double) -> Double {
        let hold = isLong ? episode.duration : ordinaryHold > 0 ? ordinaryHold : episode.perCommit
        var left = hold - savedPerCommit
        if isLong, cutsSyncTails, episode.isSpentInSync { left -= episode.syncTail ?? 0 }
        if isLong, !episode.isSpentInSync, let longHoldLimit { left = min(left, longHoldLimit) }
        return min(1, max(Self.leastHold, left) / hold)
    }

    private func paces(_ episode: HoldEpisode) -> Bool {
        switch pacedHolder {
        case nil: false
        case .everyone: true
        case .process(let process): episode.holder == process
        }
    }

    private static func spread(_ episode: HoldEpisode) -> [HoldEpisode] {
        let count = min(episode.commits, Int(min(episode.duration / 0.001, 1e6)))
        guard count > 1 else { return [episode] }
        let length = episode.duration / Double(count)
        return (0..<count).map { index in
            HoldEpisode(
                start: episode.start + Double(index) * length, duration: length, holder: episode.holder,
                commits: 1)
        }
    }
}
