/// One stretch of time in which somebody held the write lock, as far as the samples show it.
///
/// The sampler parts holds of one process that follow one another when the commit counter says so, or when
/// another process has the lock: such episodes touch (one's end is the next one's start) without a free
/// moment that was seen. A single look at a busy lock is an episode as long as the time between two looks.
package struct HoldEpisode: Sendable, Hashable, Codable {
    /// Seconds since the beginning of the observed window.
    package var start: Double
    /// Seconds; half a tick is added or taken off at each end, as a lock is seen only when it is looked for.
    package var duration: Double
    /// The process; nil where the kernel does not say (another PID namespace).
    package var holder: Int32?
    /// How often the commit counter moved from the first look at it to the look that found it over: 1 for one
    /// transaction; more where several were too short to be told apart; 0 for a transaction that was rolled
    /// back or had not ended.
    package var commits: Int
    /// Seconds from the last write into the WAL or the journal to the end of the hold, where the file's times
    /// tell it: what a transaction spends waiting for the disk at its end, mostly in fsync. Nil: not looked
    /// at.
    package var syncTail: Double?

    package init(
        start: Double, duration: Double, holder: Int32? = nil, commits: Int = 0, syncTail: Double? = nil
    ) {
        self.start = start
        self.duration = duration
        self.holder = holder
        self.commits = commits
        self.syncTail = syncTail
    }

    package var end: Double { start + duration }
}
