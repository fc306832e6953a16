/// What the sampler saw in one minute, before anything is made of it.
package struct MinuteObservation: Sendable, Hashable {
    /// Seconds since 1970.
    package var start: Int64
    /// Seconds in the window.
    package var observed: Double
    package var ticks: Int
    package var missedTicks = 0
    package var commits: Int
    /// Holds of the write lock that touch the window, in seconds from its beginning: they may begin before 0
    /// and reach past the end.
    package var episodes: [HoldEpisode]
    /// How far the episodes are known, when past the window: 5 s more leave no virtual writer censored.
    package var observedUntil: Double?
    /// The share of the time in which the lock was held, where ticks tell it better than the episodes do.
    package var busyFraction: Double?
    /// Holds of the checkpoint lock, as the episodes.
    package var checkpoints: [HoldEpisode] = []
    /// The names of the executables, by process, read while they held a lock.
    package var executables: [Int32: String] = [:]

    package var pendingPages: Int?
    /// Pages that waited in the WAL when the window began.
    package var pendingPagesBefore: Int?
    package var walByteCount: Int64?
    package var walRestarts = 0
    package var oldestReaderSeconds: Double?
    package var oldestReader: Int32?

    package var writerProcesses: Int
    package var writersAreAtLeast = false
    /// As ``SampleWindow/waitingProcesses``.
    package var waitingProcesses = 0
    /// As ``SampleWindow/waits``.
    package var waits: [WriterWait] = []
    /// As ``SampleWindow/watched``.
    package var watched: Set<Int32> = []
    /// As ``SampleWindow/bystanders``.
    package var bystanders: Set<Int32> = []
    package var counterResets = 0
    package var blindSpots: [String] = []
    package var facts: DatabaseFacts

    package init(
        start: Int64, observed: Double, ticks: Int, commits: Int, episodes: [HoldEpisode],
        writerProcesses: Int,
        facts: DatabaseFacts
    ) {
        self.start = start
        self.observed = observed
        self.ticks = ticks
        self.commits = commits
        self.episodes = episodes
        self.writerProcesses = writerProcesses
        self.facts = facts
    }

    /// The figures, the causes and the counterfactual predictions of the window.
    ///
    /// Costs up to a dozen replays of some 6000 virtual writers each for a minute in which somebody waits.
    package func record(rules: VerdictRules = VerdictRules()) -> MinuteRecord {
        MinuteDiagnosis(self, rules: rules).record()
    }
}

/// What is known of a database beside its locks.
package struct DatabaseFacts: Sendable, Hashable, Codable {
    /// As ``MinuteRecord/journalMode``.
    package var journalMode: String
    /// Seconds that an fsync takes on this disk, from a probe or from the tails of the holds; nil: not
    /// measured.
    package var syncSeconds: Double?
    /// Seconds that a commit of a WAL database waits for the disk, as seen in the holds; nil: too few were seen.
    package var commitSyncSeconds: Double?
    /// True when a probe timed it; otherwise it is from tails, which tell short ones badly.
    package var syncIsMeasured: Bool
    /// The file system's name, when it is one that a network or a virtual machine stands behind.
    package var networkFileSystem: String?

    package init(
        journalMode: String, syncSeconds: Double? = nil, syncIsMeasured: Bool = false,
        networkFileSystem: String? = nil, commitSyncSeconds: Double? = nil
    ) {
        self.commitSyncSeconds = commitSyncSeconds
        self.journalMode = journalMode
        self.syncIsMeasured = syncIsMeasured
        self.syncSeconds = syncSeconds
        self.networkFileSystem = networkFileSystem
    }
}
