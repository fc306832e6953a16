import Foundation
import TestSupport
import Testing

@testable import Monitoring

/// The metrics: each can be moved, all are in the reference, and Prometheus' own tool takes the page.
@Suite struct MetricsTests {
    /// What a page is made of.
    struct Scene {
        var windows: [SampleWindow] = []
        var record = MinuteRecord.empty
        var hasMinute = true
        var database = MonitoredDatabase(
            name: "app.db", isUp: true, live: LiveLook(), totals: WatchTotals(), minute: nil, state: .ok,
            databaseByteCount: 0, saturation: 1_800_000_000)
        var health = MonitorHealth(
            version: "1", sqliteVersion: "3", historyIsReachable: true, historyWaiting: 0, historyDropped: 0)

        init() {
            record.pendingPages = 0
            record.walByteCount = 0
            database.totals.add(ProbeRecord(.lock))
        }

        var text: String {
            var database = database
            for window in windows { database.totals.add(window, record, rules: VerdictRules()) }
            database.minute = hasMinute ? record : nil
            return MetricsText.render([database], health)
        }

        mutating func see(_ change: (inout SampleWindow) -> Void) {
            var window = SampleWindow()
            window.length = 60
            change(&window)
            windows.append(window)
        }
    }

    static let moves: [(name: String, move: @Sendable (inout Scene) -> Void)] = [
        ("sqlite_commits_total", { $0.database.live.commits = 7 }),
        ("sqlite_write_lock_busy_ratio", { $0.record.busyFraction = 0.5 }),
        ("sqlite_write_lock_busy_seconds_total", { $0.see { $0.busyFraction = 0.5 } }),
        (
            "sqlite_write_lock_hold_seconds",
            { $0.see { $0.episodes = [HoldEpisode(start: 0, duration: 0.2, commits: 2)] } }
        ),
        ("sqlite_write_lock_present_hold_seconds", { $0.database.live.holdSeconds = 3 }),
        ("sqlite_writer_processes", { $0.record.writerProcesses = 4 }),
        ("sqlite_reader_oldest_seconds", { $0.database.live.oldestReaderSeconds = 9 }),
        (
            "sqlite_write_wait_virtual_seconds",
            { scene in
                scene.record.waits = "3000:0;3000:6000;"
                scene.see { _ in }
            }
        ),
        (
            "sqlite_write_stall_seconds_total",
            { scene in
                scene.record.stallShare = 0.5
                scene.see { _ in }
            }
        ),
        ("sqlite_checkpoint_lock_busy_seconds_total", { $0.see { $0.checkpointBusySeconds = 2 } }),
        (
            "sqlite_probe_latency_seconds",
            { $0.database.totals.add(ProbeRecord(.lock, [LockProbe.Answer(seconds: 0.02)])) }
        ),
        (
            "sqlite_probe_censored_total",
            {
                $0.database.totals.add(
                    ProbeRecord(.lock, [LockProbe.Answer(seconds: 0.25, isCensored: true)]))
            }
        ),
        ("sqlite_database_size_bytes", { $0.database.databaseByteCount = 4096 }),
        ("sqlite_wal_size_bytes", { $0.record.walByteCount = 4152 }),
        ("sqlite_wal_pending_pages", { $0.record.pendingPages = 12 }),
        (
            "sqlite_wal_frames_total",
            { scene in
                scene.see { $0.framesInWAL = 10 }
                scene.see { $0.framesInWAL = 25 }
            }
        ),
        ("sqlite_wal_restarts_total", { $0.see { $0.walRestarts = 1 } }),
        ("sqlite_monitor_up", { $0.database.isUp = false }),
        ("sqlite_monitor_samples_total", { $0.see { $0.ticks = 6000 } }),
        ("sqlite_monitor_missed_ticks_total", { $0.see { $0.missedTicks = 3 } }),
        ("sqlite_monitor_resets_total", { $0.see { $0.counterResets = 1 } }),
        (
            "sqlite_outgrowth_active_windows_total",
            { scene in
                (scene.record.ticks, scene.record.commits) = (6000, 1)
                scene.see { _ in }
            }
        ),
        (
            "sqlite_outgrowth_bad_windows_total",
            { scene in
                (scene.record.ticks, scene.record.commits, scene.record.judgedShare) = (6000, 1, 0.2)
                scene.see { _ in }
            }
        ),
        ("sqlite_outgrowth_state", { $0.database.state = .outgrown }),
        ("sqlite_outgrowth_saturation_timestamp_seconds", { $0.database.saturation = 1_900_000_000 }),
        ("sqlite_monitor_build_info", { $0.health.version = "2" }),
        ("sqlite_monitor_history_up", { $0.health.historyIsReachable = false }),
        ("sqlite_monitor_history_waiting_records", { $0.health.historyWaiting = 5 }),
        ("sqlite_monitor_history_dropped_records_total", { $0.health.historyDropped = 5 }),
    ]

    /// The samples of one metric.
    private static func samples(_ name: String, in text: String) -> [Substring] {
        text.split(separator: "\n").filter {
            $0.hasPrefix("\(name){") || $0.hasPrefix("\(name) ") || $0.hasPrefix("\(name)_")
        }
        .filter { !$0.hasPrefix("\(name)_total") || name.hasSuffix("_total") }
    }

    private static func names(in text: String) -> [String] {
        text.matches(of: /# TYPE (\w+)/).map { String($0.1) }
    }

    @Test(arguments: moves.map(\.name))
    func `each metric is moved by what it is named after`(_ name: String) throws {
        let move = try #require(Self.moves.first { $0.name == name }).move
        let still = Scene()
        var moved = Scene()
        move(&moved)
        let before = Self.samples(name, in: still.text)
        let after = Self.samples(name, in: moved.text)
        #expect(!before.isEmpty)
        #expect(before != after)
    }

    @Test func `every metric is in the table above, and in the reference`() throws {
        let names = Self.names(in: Scene().text)
        #expect(Set(names) == Set(Self.moves.map(\.name)))
        #expect(names.count == Self.moves.count)
        let page = try Self.file("docs/reference/metrics.md")
        for name in names { #expect(page.contains("`\(name)`"), "\(name)") }
        for name in page.matches(of: /`(sqlite_\w+)`/).map({ String($0.1) }) {
            #expect(names.contains(name), "\(name)")
        }
    }

    @Test func `what a probe gave up is under no bound, and without a probe nothing is said of one`() {
        var totals = WatchTotals()
        #expect(totals.probe == nil)
        totals.add(
            ProbeRecord(
                .write, [LockProbe.Answer(seconds: 0.02), LockProbe.Answer(seconds: 0.25, isCensored: true)]))
        var scene = Scene()
        scene.database.totals = totals
        let lines = Self.samples("sqlite_probe_latency_seconds", in: scene.text)
        #expect(lines.contains { $0.contains(#"probe="write",le="0.025"} 1"#) })
        #expect(lines.contains { $0.contains(#"probe="write",le="10"} 1"#) })
        #expect(lines.contains { $0.contains(#"probe="write",le="+Inf"} 2"#) })
        scene.database.totals = WatchTotals()
        #expect(!Self.names(in: scene.text).contains { $0.hasPrefix("sqlite_probe") })
    }

    @Test func `what is not known yet is left out, and names of files harm nothing`() {
        var scene = Scene()
        scene.hasMinute = false
        scene.database.saturation = nil
        scene.health.historyIsReachable = nil
        scene.database.name = "a\"b\\c\nd"
        let names = Self.names(in: scene.text)
        #expect(!names.contains("sqlite_write_lock_busy_ratio"))
        #expect(!names.contains("sqlite_monitor_history_up"))
        #expect(!names.contains("sqlite_outgrowth_saturation_timestamp_seconds"))
        #expect(scene.text.contains(#"{db="a\"b\\c\nd"}"#))
    }

    // Prometheus' own judgement.

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func file(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// In PATH, or where `scripts/ensure-promtool` puts it.
    static let promtool: String? = [
        root.appending(path: ".build/tools/promtool").path, "/usr/bin/promtool", "/usr/local/bin/promtool",
    ].first { FileManager.default.isExecutableFile(atPath: $0) }

    @Test(.enabled(if: promtool != nil, "promtool is missing; scripts/ensure-promtool gets it"))
    func `promtool takes the metrics`() throws {
        var scene = Scene()
        for row in Self.moves { row.move(&scene) }
        let folder = try TemporaryFolder()
        let file = try folder.write(scene.text, to: "metrics")
        let tool = try #require(Self.promtool)
        let complaints = try Program.run("bash", ["-c", "'\(tool)' check metrics < '\(file)' 2>&1"])
        #expect(complaints.isEmpty, "\(complaints)")
    }

    @Test(.enabled(if: promtool != nil, "promtool is missing; scripts/ensure-promtool gets it"))
    func `promtool takes the alert rules`() throws {
        let rules = Self.root.appending(path: "docs/how-to/outgrow-alerts.yml").path
        let answer = try Program.run(try #require(Self.promtool), ["check", "rules", "--lint-fatal", rules])
        #expect(answer.contains("SUCCESS"), "\(answer)")
    }

    @Test func `the alert rules use metrics that exist`() throws {
        let names = Set(Self.moves.map(\.name))
        let rules = try Self.file("docs/how-to/outgrow-alerts.yml")
        let used = rules.matches(of: /sqlite_\w+/).map { String($0.output) }
        #expect(used.count > 5)
        for name in used {
            let family = name.replacing(/_(bucket|sum|count)$/, with: "")
            #expect(names.contains(name) || names.contains(family), "\(name)")
        }
    }
}

extension MinuteRecord {
    fileprivate static var empty: MinuteRecord {
        MinuteRecord(
            start: 0, observed: 60, ticks: 0, missedTicks: 0, journalMode: "wal", busyFraction: 0, commits: 0,
            longestHold: nil, longestHolder: nil, stallShare: 0, stallShareIfPolled: 0, waitP50: 0,
            waitP95: 0,
            waitP99: 0, waitMaximum: 0, waits: nil, checkpointBusySeconds: 0, longestCheckpoint: 0,
            pendingPages: nil, walByteCount: nil, walRestarts: 0, oldestReaderSeconds: nil, oldestReader: nil,
            writerProcesses: 0, writersAreAtLeast: false, counterResets: 0)
    }
}
