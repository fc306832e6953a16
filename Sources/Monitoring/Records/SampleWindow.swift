/// What the sampler saw of one database in one stretch of time: facts, before anybody judges them.
///
/// All times are seconds since the window began.
package struct SampleWindow: Sendable, Hashable, Codable {
    /// Seconds since 1970.
    package var start: Int64 = 0
    /// Seconds that were observed: without what was missed.
    package var observed = 0.0
    /// Seconds from the window's beginning to its end.
    package var length = 0.0
    /// Looks, counted as if all had come at the regular rate.
    package var ticks = 0
    /// How often it really looked: more in bursts, less while nobody writes.
    package var looks = 0
    package var missedTicks = 0
    package var isWAL = false
    package var pageSize: Int64 = 4096
    /// The share of the regular looks that found the write lock held.
    package var busyFraction = 0.0
    /// The share of the regular looks that found a writer waiting for the disk: its frames in the WAL, its commit
    /// not yet done. Nil in rollback mode.
    package var syncFraction: Double?
    package var commits = 0
    package var episodes: [HoldEpisode] = []
    /// When somebody held the checkpoint lock.
    package var checkpoints: [HoldEpisode] = []
    package var checkpointBusySeconds = 0.0
    /// Those that held the write lock; the busiest first.
    package var holders: [LockHolder] = []
    package var framesInWAL: Int?
    package var pendingPages: Int?
    package var pendingPagesBefore: Int?
    package var walByteCount: Int64?
    package var walRestarts = 0
    package var databaseByteCount: Int64 = 0
    package var oldestReaderSeconds: Double?
    package var oldestReader: Int32?
    /// Those that held the lock, or have the database open for writing.
    package var writers: Set<Int32> = []
    package var writersAreAtLeast = false
    /// When writers waited for the lock, of the processes in `watched`.
    package var waits: [WriterWait] = []
    /// Processes whose threads could be looked at.
    package var watched: Set<Int32> = []
    /// Of those, who wrote nothing in the whole window, to no file: they have it open for writing and no more.
    package var bystanders: Set<Int32> = []
    /// Of those that have the database open for writing, could not be watched and never had the lock: how many slept
    /// again and again as SQLite does that waits for it.
    package var waitingProcesses = 0
    package var counterResets = 0
    package var fileSystem: FileSystemKind?
    package var freeByteCount: Int64?
    package var tornReads = 0
    /// Of one core, for the sampling itself.
    package var processorShare = 0.0
    /// What could not be seen, in words.
    package var blindSpots: [String] = []

    package init() {}

    /// Somebody held the lock who has no PID here.
    package var hasUnseenHolder: Bool { episodes.contains { $0.holder == nil } }

    /// For the verdict.
    package var observation: MinuteObservation {
        var facts = DatabaseFacts(journalMode: isWAL ? "wal" : "delete")
        facts.syncSeconds = medianSyncTail
        // Under 20 looks say too little.
        if let syncFraction, commits > 0, busyFraction * Double(ticks) >= 20 {
            facts.commitSyncSeconds = syncFraction * length / Double(commits)
        }
        if let kind = fileSystem, kind.isNetwork || kind.isForeign { facts.networkFileSystem = kind.name }
        var result = MinuteObservation(
            start: start, observed: length, ticks: ticks, commits: commits, episodes: episodes,
            writerProcesses: writers.count + (hasUnseenHolder ? 1 : 0), facts: facts)
        result.missedTicks = missedTicks
        result.busyFraction = busyFraction
        result.checkpoints = checkpoints
        for holder in holders { result.executables[holder.process] = holder.shownName }
        result.pendingPages = pendingPages
        result.pendingPagesBefore = pendingPagesBefore
        result.walByteCount = walByteCount
        result.walRestarts = walRestarts
        result.oldestReaderSeconds = oldestReaderSeconds
        result.oldestReader = oldestReader
        result.writersAreAtLeast = writersAreAtLeast
        result.waitingProcesses = waitingProcesses
        (result.waits, result.watched, result.bystanders) = (waits, watched, bystanders)
        result.counterResets = counterResets
        result.blindSpots = blindSpots
        return result
    }

    /// What an fsync takes, where enough holds show it.
    private var medianSyncTail: Double? {
        let tails = episodes.compactMap(\.syncTail).sorted()
        return tails.count >= 5 ? tails[tails.count / 2] : nil
    }
}
