/// The thresholds from which a verdict follows; each is shown beside the number that it judged.
package struct VerdictRules: Sendable, Hashable, Codable {
    /// Seconds from which a writer counts as stalled.
    package var stall = 0.1
    /// The share of a minute's time in which writers would stall, from which the minute is bad.
    package var badMinuteShare = 0.05
    /// Ticks without which nothing is said of a minute.
    package var minimumTicks = 300
    /// Of the active minutes of 24 h, the share of bad ones from which to watch.
    package var watchRatio = 0.01
    /// The share from which it is bad, when ``badDays`` of the last ``dayCount`` days were.
    package var badRatio = 0.05
    package var badDays = 3
    package var dayCount = 7
    /// What was bad stays so until the share was below this for ``leaveHours``.
    package var leaveRatio = 0.02
    package var leaveHours = 48
    package var minimumHours = 24
    package var minimumActiveMinutes = 60
    /// The busy fraction at which a write lock is full: beyond it waits grow without bound.
    package var fullBusyFraction = 0.7
    /// Writer processes from which a database can be outgrown by contention.
    package var outgrownWriters = 2
    /// The share of the busy time from which one writer among several is the one that saturates the lock.
    package var dominantShare = 0.9
    /// Pages that wait in the WAL from which a pinned or unchecked WAL is reported: four automatic
    /// checkpoints.
    package var pendingPages = 4000
    /// Seconds after which a reader counts as long.
    package var longReader = 5.0
    /// Seconds from which an fsync is slow.
    package var slowSync = 0.05

    package init() {}
}
