/// A metric: a row of the page that a Prometheus server reads (docs/reference/metrics.md).
struct Metric: Sendable {
    enum Kind: String, Sendable { case counter, gauge, histogram }

    /// What one database contributes.
    enum Value: Sendable {
        /// Of a database that says nothing now.
        case none
        case number(Double)
        /// Each with a further label.
        case labeled(String, [(String, Double)])
        case histogram(MetricHistogram)
        /// With a further label and its value.
        case labeledHistogram(String, String, MetricHistogram)
    }

    let name: String
    let kind: Kind
    let help: String
    let value: @Sendable (MonitoredDatabase) -> Value

    init(
        _ name: String, _ kind: Kind, _ help: String,
        _ value: @escaping @Sendable (MonitoredDatabase) -> Value
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.value = value
    }

    private static func optional(_ number: (some BinaryInteger)?) -> Value {
        number.map { .number(Double($0)) } ?? .none
    }

    static let all: [Metric] = locks + waits + probes + files + monitor + outgrowth

    private static let locks = [
        Metric(
            "sqlite_commits_total", .counter,
            "Transactions that were committed since the watching began, counted exactly."
        ) { .number(Double($0.live.commits)) },
        Metric(
            "sqlite_write_lock_busy_ratio", .gauge,
            "Share of the last minute in which somebody held the write lock."
        ) { $0.minute.map { .number($0.busyFraction) } ?? .none },
        Metric("sqlite_write_lock_busy_seconds_total", .counter, "Time for which the write lock was held.") {
            .number($0.totals.busySeconds)
        },
        Metric(
            "sqlite_write_lock_hold_seconds", .histogram,
            "How long a transaction held the write lock, as sampled."
        ) { .histogram($0.totals.holds) },
        Metric(
            "sqlite_write_lock_present_hold_seconds", .gauge,
            "How long the one who holds the write lock now has held it; 0 when nobody does."
        ) { .number($0.live.holdSeconds ?? 0) },
        Metric(
            "sqlite_writer_processes", .gauge,
            "Processes that held the write lock or have the database open for writing."
        ) { optional($0.minute?.writerProcesses) },
        Metric(
            "sqlite_reader_oldest_seconds", .gauge,
            "How long the longest read transaction has lasted; 0 without one."
        ) { .number($0.live.oldestReaderSeconds ?? 0) },
    ]

    private static let waits = [
        Metric(
            "sqlite_write_wait_virtual_seconds", .histogram,
            "How long a new writer would have waited for the lock, by SQLite's own back-off; a hundred a second."
        ) { .histogram($0.totals.waits) },
        Metric(
            "sqlite_write_stall_seconds_total", .counter,
            "Time in which a new writer would have waited for longer than the threshold in seconds."
        ) { .labeled("threshold", [("0.1", $0.totals.stallSeconds)]) },
        Metric(
            "sqlite_checkpoint_lock_busy_seconds_total", .counter,
            "Time for which the checkpoint lock was held."
        ) { .number($0.totals.checkpointSeconds) },
    ]

    private static let probes = [
        Metric(
            "sqlite_probe_latency_seconds", .histogram,
            "What a probe waited that was asked for; what it gave up is in no bucket but the last."
        ) { $0.totals.probe.map { .labeledHistogram("probe", $0.kind.rawValue, $0.latencies) } ?? .none },
        Metric(
            "sqlite_probe_censored_total", .counter, "Attempts of a probe that were given up after 250 ms."
        ) { $0.totals.probe.map { .labeled("probe", [($0.kind.rawValue, Double($0.censored))]) } ?? .none },
    ]

    private static let files = [
        Metric("sqlite_database_size_bytes", .gauge, "Size of the database file.") {
            .number(Double($0.databaseByteCount))
        },
        Metric("sqlite_wal_size_bytes", .gauge, "Size of the -wal file, which stays at its high-water mark.")
        {
            optional($0.minute?.walByteCount)
        },
        Metric("sqlite_wal_pending_pages", .gauge, "Pages in the WAL that are not in the database yet.") {
            optional($0.minute?.pendingPages)
        },
        Metric("sqlite_wal_frames_total", .counter, "Pages that were written to the WAL, at least.") {
            .number(Double($0.totals.walFrames))
        },
        Metric("sqlite_wal_restarts_total", .counter, "How often the WAL was begun anew.") {
            .number(Double($0.totals.walRestarts))
        },
    ]

    private static let monitor = [
        Metric("sqlite_monitor_up", .gauge, "1 while the database file is there and sampled.") {
            .number($0.isUp ? 1 : 0)
        },
        Metric("sqlite_monitor_samples_total", .counter, "Looks at the locks, at the regular rate.") {
            .number(Double($0.totals.samples))
        },
        Metric("sqlite_monitor_missed_ticks_total", .counter, "Looks that were due and could not be made.") {
            .number(Double($0.totals.missedTicks))
        },
        Metric(
            "sqlite_monitor_resets_total", .counter,
            "How often the counters began anew: a -shm or a database file that was replaced."
        ) { .number(Double($0.totals.counterResets)) },
    ]

    private static let outgrowth = [
        Metric(
            "sqlite_outgrowth_active_windows_total", .counter, "Minutes in which something was written."
        ) { .number(Double($0.totals.activeMinutes)) },
        Metric(
            "sqlite_outgrowth_bad_windows_total", .counter,
            "Active minutes in which writes were stalled for a twentieth of the time and more."
        ) { .number(Double($0.totals.badMinutes)) },
        Metric("sqlite_outgrowth_state", .gauge, "1 for the verdict of outgrow check, 0 for the others.") {
            database in
            .labeled(
                "state", Verdict.State.allCases.map { ($0.rawValue, database.state == $0 ? 1 : 0) })
        },
        Metric(
            "sqlite_outgrowth_saturation_timestamp_seconds", .gauge,
            "When the write lock is expected to be full; missing without a trend."
        ) { optional($0.saturation) },
    ]
}
