/// One look at a lock.
struct LockLook: Sendable, Hashable {
    /// Seconds since the window began.
    var time: Double
    var isHeld: Bool
    var holder: Int32?
    /// In a rollback journal's commit: PENDING or more is held.
    var isCommitting = false
    /// Of the database, ever growing.
    var commits: Int
    /// When the WAL, or the database in rollback mode, was last written.
    var lastWrite: Double?
    /// A number that a rollback journal's transaction has and the next one has not.
    var transaction: UInt32?
}

/// Looks joined to episodes: how long a lock was held, and by whom.
///
/// Each look stands for the time halfway to its neighbors. Where looks are missing, the time between is not
/// observed, but for a hold that was there before and is there after.
struct OccupancyTrace: Sendable {
    /// A transaction in a WAL database counts as committed in the moment before it lets the lock go;
    /// in rollback mode earlier, with the lock PENDING.
    let countsBeforeRelease: Bool
    private let period: Double

    private(set) var episodes: [HoldEpisode] = []
    private(set) var observedSeconds = 0.0
    private(set) var busySeconds = 0.0
    private(set) var regularLooks = 0
    private var busyLooks = 0
    private var last: LockLook?
    private var open: Hold?

    private struct Hold {
        var start: Double
        var holder: Int32?
        var commits: Int
        var looks = 1
        var lastWrite: Double?
        /// The counter has moved in its commit: it cannot move for the same transaction again.
        var isCounted = false
        var transaction: UInt32?

        init(start: Double, _ look: LockLook) {
            self.start = start
            holder = look.holder
            commits = look.commits
            lastWrite = look.lastWrite
            transaction = look.transaction
        }
    }

    init(period: Double, countsBeforeRelease: Bool = false) {
        self.period = period
        self.countsBeforeRelease = countsBeforeRelease
    }

    /// The share of the regular looks that found the lock held. Looks that come because it is held, as in
    /// bursts, would bias it: they shorten the time that a held look stands for.
    var busyFraction: Double { regularLooks > 0 ? Double(busyLooks) / Double(regularLooks) : 0 }

    /// More than one look has found the present hold.
    var isLasting: Bool { open?.looks ?? 0 > 1 }

    /// The hold that the last look found, as far as it has lasted.
    var presentHold: HoldEpisode? {
        guard let open, let last else { return nil }
        return HoldEpisode(start: open.start, duration: max(0, last.time - open.start), holder: open.holder)
    }

    /// Seconds that the present hold has lasted; 0 without one.
    var presentSeconds: Double {
        guard let open, let last else { return 0 }
        return max(0, last.time - open.start)
    }

    /// The present hold has lasted for longer than commits do, and goes on writing: more pages than the cache holds, such
    /// as an import's, go into the WAL long before its commit. Who waits for the disk writes nothing meanwhile.
    var isWriting: Bool {
        guard presentSeconds > Self.longestWrite, let now = last?.time, let write = open?.lastWrite else {
            return false
        }
        return now - write < Self.lately
    }

    /// Seconds that an ordinary commit writes for, at most.
    private static let longestWrite = 0.03
    /// The kernel's clock for file times ticks every 4 ms or so, at worst every 10.
    private static let lately = 0.015

    /// Adds a look that stands for so many regular ones: 0 in a burst.
    mutating func add(_ look: LockLook, places: Int = 1) {
        regularLooks += places
        if look.isHeld { busyLooks += places }
        guard let last else {
            observe(look.time, isBusy: look.isHeld)
            if look.isHeld { open = Hold(start: 0, look) }
            self.last = look
            return
        }
        let gap = look.time - last.time
        let continues = continues(look)
        // Without looks for long, nothing is known but what was the same before and after.
        let step = Double(max(1, places)) * period
        let reach = gap <= 3 * step || continues ? gap / 2 : step / 2
        observe(reach, isBusy: last.isHeld)
        observe(reach, isBusy: look.isHeld)
        if !continues {
            close(at: last.time + reach, commits: look.commits)
            if look.isHeld { open = Hold(start: look.time - reach, look) }
        } else {
            open?.looks += 1
            open?.lastWrite = look.lastWrite
            if look.commits != last.commits { open?.isCounted = true }
            if let transaction = look.transaction { open?.transaction = transaction }
        }
        self.last = look
    }

    /// Ends the window; a hold that goes on is cut.
    mutating func finish(at end: Double) {
        guard let last else { return }
        let rest = max(0, min(end - last.time, 3 * period))
        observe(rest, isBusy: last.isHeld)
        close(at: last.time + rest, commits: last.commits)
    }

    private mutating func observe(_ seconds: Double, isBusy: Bool) {
        observedSeconds += seconds
        if isBusy { busySeconds += seconds }
    }

    private mutating func close(at end: Double, commits: Int) {
        guard let open else { return }
        var episode = HoldEpisode(
            start: open.start, duration: max(0, end - open.start), holder: open.holder,
            commits: max(0, commits - open.commits))
        // A single look may have come before the last write.
        if open.looks > 1, episode.commits > 0, let write = open.lastWrite, write > open.start, write < end {
            episode.syncTail = end - write
        }
        episodes.append(episode)
        self.open = nil
    }

    /// Whether the hold that the last look found goes on in this one.
    func continues(_ look: LockLook) -> Bool {
        guard let last, last.isHeld, look.isHeld, last.holder == look.holder else { return false }
        if let now = look.transaction, let before = open?.transaction, now != before { return false }
        let commits = look.commits - last.commits
        guard countsBeforeRelease else { return commits == 0 }
        // The counter moves inside the commit; a commit that is over leaves PENDING.
        if last.isCommitting, !look.isCommitting { return false }
        return commits == 0 || (commits == 1 && look.isCommitting && open?.isCounted == false)
    }
}
