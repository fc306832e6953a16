internal import Diagnostics
internal import Monitoring
internal import OutgrowStorage

/// The minutes of many databases, kept in a storage: appended, recalled for a verdict, rolled up when they are old.
///
/// Nothing else depends on it, so all of it may be lost.
final class HistoryStore: Sendable {
    /// Which database a minute belongs to: the path with links resolved, on a machine.
    struct Key: Sendable, Hashable {
        var host: String
        var path: String
    }

    /// Minutes older than this become hours.
    static let rawSeconds: Int64 = 14 * 86400
    /// What the rules look back: seven days that were bad, and how it became so.
    static let judgedSeconds: Int64 = 10 * 86400

    private let storage: any Storage

    private init(_ storage: any Storage) { self.storage = storage }

    /// Opens the history and brings its tables up to date.
    static func open(_ place: HistoryPlace) async throws -> HistoryStore {
        try await SchemaErrors.translated {
            let storage = try await place.open(isReadOnly: false)
            do {
                try await HistorySchema.migrations().up(on: storage, lockTimeout: .seconds(20))
                return HistoryStore(storage)
            } catch {
                await storage.shutdown()
                throw error
            }
        }
    }

    /// Opens the history for reading; nil when there is none.
    static func openForReading(_ place: HistoryPlace) async throws -> HistoryStore? {
        guard !place.isMissing else { return nil }
        return try await SchemaErrors.translated {
            let storage = try await place.open(isReadOnly: true)
            do {
                // A database in which nobody has kept anything yet.
                guard try await HistorySchema.migrations().status(on: storage).isUpToDate else {
                    await storage.shutdown()
                    return nil
                }
                return HistoryStore(storage)
            } catch {
                await storage.shutdown()
                throw error
            }
        }
    }

    func close() async { await storage.shutdown() }

    private static let limit: Duration = .seconds(20)

    // MARK: Writing

    /// Appends minutes; one that is there already, from another watch of the same database, stays as it is.
    func append(_ minutes: [(Key, KeptMinute)]) async throws {
        try await write("append") { tx in
            var ids: [Key: Int64] = [:]
            for (key, minute) in minutes {
                let id = try ids[key] ?? Self.identify(key, in: tx)
                ids[key] = id
                try Self.insert(minute, of: id, in: tx)
            }
        }
    }

    private static func identify(_ key: Key, in tx: Transaction) throws -> Int64 {
        if let id = try find(key, in: tx) { return id }
        let id = try tx.one("SELECT coalesce(max(id), 0) + 1 FROM watched_database", as: Int64.self)
        try tx.execute(
            "INSERT INTO watched_database (id, host, path) VALUES (\(id), \(key.host), \(key.path))")
        return id
    }

    private static func find(_ key: Key, in tx: Transaction) throws -> Int64? {
        try tx.first(
            "SELECT id FROM watched_database WHERE host = \(key.host) AND path = \(key.path)",
            as: Int64.self)
    }

    private static func insert(_ minute: KeptMinute, of id: Int64, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO watched_minute (database_id, start, observed, ticks, busy_fraction, commits, longest_hold,
              judged_share, stall_share, felt_share, wait_p99, writer_processes, locking_processes,
              writers_are_at_least, pending_pages, causes, detail)
            VALUES (\(id), \(minute.start), \(minute.observed), \(Int64(minute.ticks)), \(minute.busyFraction),
              \(Int64(minute.commits)), \(minute.longestHold), \(minute.judgedShare), \(minute.stallShare),
              \(minute.feltShare), \(minute.waitP99), \(Int64(minute.writerProcesses)),
              \(Int64(minute.lockingProcesses)), \(minute.writersAreAtLeast),
              \(minute.pendingPages.map { Int64($0) }), \(minute.causes), \(minute.detail))
            ON CONFLICT (database_id, start) DO NOTHING
            """)
    }

    /// Adds up what is older than ``rawSeconds``, some days of it at a time.
    func rollUp(now: Int64, rules: VerdictRules) async throws {
        let end = (now - Self.rawSeconds) / 3600 * 3600
        try await write("roll-up") { tx in
            let ids = try tx.rows("SELECT id FROM watched_database", as: Int64.self)
            for id in ids {
                let oldest = try tx.one(
                    "SELECT min(start) FROM watched_minute WHERE database_id = \(id)", as: Int64?.self)
                guard let oldest, oldest < end else { continue }
                // Not all at once: others may be writing the same history.
                let upTo = min(end, oldest / 3600 * 3600 + 3 * 86400)
                let minutes = try Self.light(of: id, from: oldest, to: upTo, in: tx)
                for hour in KeptHour.sums(of: minutes, rules: rules) {
                    try Self.insert(hour, of: id, in: tx)
                }
                try tx.execute("DELETE FROM watched_minute WHERE database_id = \(id) AND start < \(upTo)")
            }
        }
    }

    private static func insert(_ hour: KeptHour, of id: Int64, in tx: Transaction) throws {
        try tx.execute(
            """
            INSERT INTO watched_hour (database_id, start, observed, busy_seconds, commits, active_minutes,
              bad_minutes, idle_minutes, unknown_minutes, longest_hold, peak_rate)
            VALUES (\(id), \(hour.start), \(hour.observed), \(hour.busySeconds), \(Int64(hour.commits)),
              \(Int64(hour.activeMinutes)), \(Int64(hour.badMinutes)), \(Int64(hour.idleMinutes)),
              \(Int64(hour.unknownMinutes)), \(hour.longestHold), \(hour.peakRate))
            ON CONFLICT (database_id, start) DO NOTHING
            """)
    }

    private func write(_ label: String, _ body: @escaping @Sendable (Transaction) throws -> Void) async throws
    {
        try await SchemaErrors.translated {
            try await storage.write(TransactionOptions(.write, timeout: Self.limit, label: label), body)
        }
    }

    // MARK: Reading

    /// What is known of one database.
    func recall(_ key: Key, now: Int64, rules: VerdictRules) async throws -> RecalledHistory {
        try await SchemaErrors.translated {
            try await storage.read(TransactionOptions(.read, timeout: Self.limit, label: "recall")) { tx in
                var history = RecalledHistory()
                guard let id = try Self.find(key, in: tx) else { return history }
                let day = now - 26 * 3600
                history.minutes = try Self.light(of: id, from: now - Self.judgedSeconds, to: day, in: tx)
                    .map(\.record)
                let recent = try Self.recent(of: id, from: day, now: now, in: tx)
                if !recent.contains(where: { $0.judgedShare >= rules.badMinuteShare }) {
                    try Self.explain(&history.minutes, of: id, from: now - 7 * 86400, rules, in: tx)
                }
                history.minutes += recent.map(\.record)
                history.quarters = try Self.quarters(of: id, in: tx)
                let hours = try tx.rows(
                    "SELECT start, peak_rate, observed FROM watched_hour WHERE database_id = \(id)",
                    as: Int64.self, Double.self, Double.self)
                history.firstStart = hours.map(\.0).min()
                history.quarters += hours.filter { $0.1 > 0 }.map {
                    .init(start: $0.0, commits: Int($0.1 * 900), observed: 900)
                }
                let first = try tx.one(
                    "SELECT min(start) FROM watched_minute WHERE database_id = \(id)", as: Int64?.self)
                history.firstStart = history.firstStart ?? first
                return history
            }
        }
    }

    /// Minutes with what makes them active, idle or bad.
    private static func light(
        of id: Int64, from start: Int64, to end: Int64, in tx: Transaction
    ) throws -> [KeptMinute] {
        var minutes: [KeptMinute] = []
        try tx.forEach(
            """
            SELECT start, observed, ticks, busy_fraction, commits, longest_hold, judged_share
            FROM watched_minute WHERE database_id = \(id) AND start >= \(start) AND start < \(end)
            ORDER BY start
            """, as: Int64.self, Double.self, Int64.self, Double.self, Int64.self, Double.self, Double.self
        ) { start, observed, ticks, busy, commits, longest, judged in
            minutes.append(
                KeptMinute(
                    start: start, observed: observed, ticks: Int(ticks), busyFraction: busy,
                    commits: Int(commits), longestHold: longest, judgedShare: judged))
        }
        return minutes
    }

    /// Whole minutes, those of the last hour with their details.
    private static func recent(
        of id: Int64, from start: Int64, now: Int64, in tx: Transaction
    ) throws -> [KeptMinute] {
        let detailed = now - 3600
        var minutes: [KeptMinute] = []
        try tx.forEach(
            """
            SELECT start, observed, ticks, busy_fraction, commits, longest_hold, judged_share, stall_share,
              felt_share, wait_p99, writer_processes, locking_processes, writers_are_at_least, pending_pages,
              causes, CASE WHEN start >= \(detailed) THEN detail END
            FROM watched_minute WHERE database_id = \(id) AND start >= \(start) ORDER BY start
            """, as: Int64.self, Double.self, Int64.self, Double.self, Int64.self, Double.self, Double.self,
            Double.self, Double.self, Double.self, Int64.self, Int64.self, Bool.self, Int64?.self,
            String?.self, String?.self
        ) {
            start, observed, ticks, busy, commits, longest, judged, stall, felt, p99, writers, locking, least,
            pending, causes, detail in
            var minute = KeptMinute(
                start: start, observed: observed, ticks: Int(ticks), busyFraction: busy,
                commits: Int(commits), longestHold: longest, judgedShare: judged)
            (minute.stallShare, minute.feltShare, minute.waitP99) = (stall, felt, p99)
            (minute.writerProcesses, minute.lockingProcesses) = (Int(writers), Int(locking))
            minute.writersAreAtLeast = least
            minute.pendingPages = pending.map { Int($0) }
            (minute.causes, minute.detail) = (causes, detail)
            minutes.append(minute)
        }
        return minutes
    }

    /// Adds the causes of bad minutes, when the last day has none and the verdict must look further back.
    private static func explain(
        _ minutes: inout [MinuteRecord], of id: Int64, from start: Int64, _ rules: VerdictRules,
        in tx: Transaction
    ) throws {
        let texts = try tx.rows(
            """
            SELECT start, causes FROM watched_minute WHERE database_id = \(id) AND start >= \(start)
              AND judged_share >= \(rules.badMinuteShare) AND causes IS NOT NULL
            """, as: Int64.self, String.self)
        let causes = Dictionary(texts.map { ($0.0, $0.1) }) { first, _ in first }
        for index in minutes.indices {
            guard let text = causes[minutes[index].start] else { continue }
            var kept = KeptMinute(minutes[index])
            kept.causes = text
            minutes[index] = kept.record
        }
    }

    private static func quarters(of id: Int64, in tx: Transaction) throws -> [RecalledHistory.Quarter] {
        try tx.rows(
            """
            SELECT start / 900, CAST(sum(commits) AS bigint), sum(observed)
            FROM watched_minute WHERE database_id = \(id) GROUP BY start / 900
            """, as: Int64.self, Int64.self, Double.self
        ).map { RecalledHistory.Quarter(start: $0.0 * 900, commits: Int($0.1), observed: $0.2) }
    }
}

/// What the history knows of one database.
struct RecalledHistory: Sendable {
    struct Quarter: Sendable {
        var start: Int64
        var commits: Int
        var observed: Double
    }

    /// The oldest first; those of the last day whole, the others as far as the rules look at them.
    var minutes: [MinuteRecord] = []
    /// For the forecast, as far back as anything is kept.
    var quarters: [Quarter] = []
    /// When the watching began.
    var firstStart: Int64?

    /// When the last minute ended.
    var lastEnd: Int64? { minutes.last.map { $0.start + Int64($0.observed.rounded(.up)) } }

    static func forecast(
        from quarters: [Quarter], holdTime: Double, now: Int64, rules: VerdictRules
    ) -> Monitoring.Forecast {
        let peaks = Monitoring.Forecast.dailyPeaks(
            quarters: quarters.map { ($0.start, $0.commits, $0.observed) }, now: now)
        return Monitoring.Forecast(peaks: peaks, holdTime: holdTime, now: now, rules: rules)
    }
}
