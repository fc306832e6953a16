package import Monitoring
internal import Synchronization

/// What a watch knows of one database at the moment.
package struct WatchedState: Sendable, Encodable {
    /// Its name in metrics and on the screen: the end of its path.
    package var name: String
    /// Links resolved.
    package var path: String
    /// Nil until the first minute is over.
    package var verdict: Verdict?
    package var forecast: String?
    /// The last minute that is over.
    package var minute: MinuteRecord?
    /// Who held the write lock in the last minute, the busiest first.
    package var holders: [LockHolder] = []
    package var live = LiveLook()
    package var fileSystem: String?
    package var databaseByteCount: Int64 = 0
    package var freeByteCount: Int64?
    package var isMissing = false
    /// Of one core.
    package var processorShare = 0.0
    /// When the oldest minute of the history began, in seconds since 1970.
    package var watchedSince: Int64?
    /// Of each of the last 24 hours, the oldest first: the share of bad minutes among the active ones; nil without.
    package var badHours: [Double?] = []
    package var totals = WatchTotals()
    /// Of the last minute, where a probe was asked for.
    package private(set) var probe: ProbeRecord?
    /// Seconds since 1970 at which the lock is expected to be full; nil when nothing is expected.
    package var saturation: Int64?
    /// The waits of the last hour.
    package var waits = WaitProfile()

    private enum CodingKeys: String, CodingKey {
        case name, path, verdict, forecast, minute, holders, live, fileSystem, databaseByteCount,
            freeByteCount, isMissing, processorShare, watchedSince, badHours, saturation, probe
    }

    init(name: String, path: String) {
        self.name = name
        self.path = path
    }

    mutating func add(_ record: ProbeRecord) {
        probe = record
        totals.add(record)
    }
}

/// The state of all watched databases: written by the samplers, read by the screen, the metrics and the server.
package final class WatchBoard: Sendable {
    private let states: Mutex<[WatchedState]>
    private let keeping = Mutex(HistoryHealth())

    init(_ states: [WatchedState]) { self.states = Mutex(states) }

    package var all: [WatchedState] { states.withLock(\.self) }
    package var history: HistoryHealth { keeping.withLock(\.self) }

    func update(_ index: Int, _ change: (inout WatchedState) -> Void) {
        states.withLock { change(&$0[index]) }
    }

    func update(_ health: HistoryHealth) { keeping.withLock { $0 = health } }
}

/// Whether minutes reach the history.
package struct HistoryHealth: Sendable, Hashable, Encodable {
    /// Nil when none is kept.
    package var place: String?
    package var isReachable = true
    /// Minutes that wait to be written.
    package var waiting = 0
    /// Minutes that were given up, because too many waited.
    package var dropped = 0
    package var problem: String?
}
