/// One database as the metrics show it.
package struct MonitoredDatabase: Sendable {
    /// The label `db`: a name, no path.
    package var name: String
    /// The file was there and could be sampled.
    package var isUp: Bool
    package var live: LiveLook
    package var totals: WatchTotals
    /// Nil until the first minute is over.
    package var minute: MinuteRecord?
    package var state: Verdict.State
    package var databaseByteCount: Int64
    /// Seconds since 1970; nil when nothing is expected.
    package var saturation: Int64?

    package init(
        name: String, isUp: Bool, live: LiveLook, totals: WatchTotals, minute: MinuteRecord?,
        state: Verdict.State, databaseByteCount: Int64, saturation: Int64?
    ) {
        self.name = name
        self.isUp = isUp
        self.live = live
        self.totals = totals
        self.minute = minute
        self.state = state
        self.databaseByteCount = databaseByteCount
        self.saturation = saturation
    }
}

/// What the metrics say of the monitor itself.
package struct MonitorHealth: Sendable {
    package var version: String
    package var sqliteVersion: String
    /// Nil when no history is kept.
    package var historyIsReachable: Bool?
    package var historyWaiting: Int
    package var historyDropped: Int

    package init(
        version: String, sqliteVersion: String, historyIsReachable: Bool?, historyWaiting: Int,
        historyDropped: Int
    ) {
        self.version = version
        self.sqliteVersion = sqliteVersion
        self.historyIsReachable = historyIsReachable
        self.historyWaiting = historyWaiting
        self.historyDropped = historyDropped
    }
}
