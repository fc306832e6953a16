/// What was seen of one database in one minute, or in a shorter window: all that the verdict knows.
package struct MinuteRecord: Sendable, Hashable, Codable {
    /// Seconds since 1970.
    package var start: Int64
    /// Seconds that were observed.
    package var observed: Double
    package var ticks: Int
    package var missedTicks: Int
    /// `wal`, or what the rollback journal does: `delete` where it cannot be told.
    package var journalMode: String
    /// The share of the time in which the write lock was held.
    package var busyFraction: Double
    package var commits: Int
    package var longestHold: HoldEpisode?
    /// The executable's name of the longest holder, read while it held.
    package var longestHolder: String?
    /// Holds of 100 ms and more, the longest first, at most 20.
    package var longHolds: [HoldEpisode] = []
    /// Of the time, with SQLite's own back-off: how much of it a new writer would have waited for more than
    /// 100 ms.
    package var stallShare: Double
    /// The same if writers asked every millisecond.
    package var stallShareIfPolled: Double
    /// Seconds that a new writer would have waited.
    package var waitP50: Double
    package var waitP95: Double
    package var waitP99: Double
    package var waitMaximum: Double
    /// The waits as a base-64 HdrHistogram or another form that can be merged; microseconds.
    package var waits: String?
    package var checkpointBusySeconds: Double
    package var longestCheckpoint: Double
    /// Pages in the WAL that are not yet in the database.
    package var pendingPages: Int?
    package var walByteCount: Int64?
    package var walRestarts: Int
    package var oldestReaderSeconds: Double?
    package var oldestReader: Int32?
    /// Distinct processes that were seen to hold the write lock or to have the database open for writing.
    package var writerProcesses: Int
    /// Other users' processes could not be looked at, so there may be more.
    package var writersAreAtLeast: Bool
    package var counterResets: Int
    /// What could not be seen, in words.
    package var blindSpots: [String] = []
    /// Seconds that a transaction took from having the lock to the end of its COMMIT: the time that the lock was
    /// held, and that of the checkpoints which commits ran, divided by the commits. 0 without commits.
    package var holdTime: Double = 0
    /// The same without the holds of 100 ms and more, when those are the fewer.
    package var ordinaryHold: Double = 0
    /// The share of the time in which a new writer's wait and its own ordinary hold together exceed 100 ms,
    /// long checkpoints by writers included: what the verdict judges.
    package var judgedShare: Double = 0
    /// An estimate of what the writers that were there felt: the share of their time within transactions of
    /// more than 100 ms, from when each had the lock (``StallEstimate``).
    package var feltShare: Double = 0
    /// Distinct processes that were seen to hold the write lock; where the kernel names none, those that
    /// could write. A reader that opened the database for writing, as SQLite does by default, is not among
    /// them.
    package var lockingProcesses: Int = 0
    /// Who held the lock for how long, the longest first, at most 5.
    package var holders: [HolderTime] = []
    /// What explains the waits, in the order in which it should be looked at.
    package var causes: [Cause] = []
    /// What this minute would have been with every found cause fixed; nil when none was found.
    package var ifAllFixed: Prediction?
}
