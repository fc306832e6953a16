import Foundation
import TestSupport

@testable import Monitoring

/// A load on a database, and what a verdict may say of it.
struct LoadScenario: Sendable {
    var name: String
    var journal: String
    var writers: [[String]]
    /// One more that holds a snapshot.
    var hasReader = false
    /// Milliseconds that each fsync takes longer.
    var fsync = 0
    var isNeverOutgrown = false
    /// The first cause is one of these; nil: any.
    var causes: Set<Cause.Kind>?

    static func named(_ name: String, journal: String) -> LoadScenario? {
        let isWAL = journal == "wal"
        let closed = ["--inside", "3"]
        var scenario = LoadScenario(name: name, journal: journal, writers: [])
        switch name {
        case "idle": scenario.isNeverOutgrown = true
        case "light":
            (scenario.writers, scenario.isNeverOutgrown) = (repeated(["--rate", "10"], 2), true)
        case "one saturating writer":
            (scenario.writers, scenario.isNeverOutgrown) = ([closed], true)
            scenario.causes = isWAL ? [.saturatingWriter] : [.saturatingWriter, .journalMode]
        case "four in a closed loop":
            (scenario.writers, scenario.causes) = (
                repeated(closed, 4), isWAL ? [.contention] : [.journalMode]
            )
        case "eight in a closed loop":
            (scenario.writers, scenario.causes) = (
                repeated(closed, 8), isWAL ? [.contention] : [.journalMode]
            )
        case "paced near saturation":
            scenario.writers = repeated(["--rate", "10", "--inside", "9"], 8)
            scenario.causes = isWAL ? [.contention, .backOff] : [.journalMode, .backOff]
        case "a long transaction now and then":
            scenario.writers = repeated(["--rate", "25"], 2) + [["--rate", "0.4", "--inside", "600"]]
            (scenario.isNeverOutgrown, scenario.causes) = (true, [.longTransaction])
        case "a long reader":
            (scenario.writers, scenario.hasReader) = ([["--rate", "50", "--rows", "20"]], isWAL)
            (scenario.isNeverOutgrown, scenario.causes) = (true, isWAL ? [.pinnedWAL] : nil)
        case "fsync of 150 ms":
            (scenario.writers, scenario.fsync) = ([["--rate", "2", "--synchronous", "full"]], 150)
            (scenario.isNeverOutgrown, scenario.causes) = (
                true, [.slowDisk, .synchronousFull, .longTransaction]
            )
        case "fsync of 150 ms, NORMAL":
            (scenario.writers, scenario.fsync) = ([["--rate", "20"]], 150)
            scenario.isNeverOutgrown = true
        case "four with an fsync of 3 ms":
            (scenario.writers, scenario.fsync) = (repeated(["--synchronous", "full"], 4), 3)
            scenario.causes = isWAL ? [.synchronousFull] : [.journalMode, .slowDisk]
        case "checkpoints on a slow disk":
            (scenario.writers, scenario.fsync) = (repeated(["--rate", "40", "--inside", "3"], 4), 120)
            scenario.causes = [.slowDisk, .checkpointStall, .backOff]
        case "bulk import":
            (scenario.writers, scenario.isNeverOutgrown) = ([["--rows", "20000"]], true)
            scenario.causes = [.longTransaction, .checkpointStall, .saturatingWriter, .journalMode]
        default: return nil
        }
        return scenario
    }

    private static func repeated(_ options: [String], _ count: Int) -> [[String]] {
        Array(repeating: options, count: count)
    }
}

/// A scenario that was run: what the writers logged, and what was made of it from outside.
struct LoadRun: CustomStringConvertible {
    let truths: [LoadProcess.Figures]
    let window: SampleWindow
    let minute: MinuteRecord
    let verdict: Verdict
    /// A process that has the database open and does nothing with it.
    let keeper: Int32
    private let seconds: Double

    init(_ scenario: LoadScenario, seconds: Double) throws {
        self.seconds = seconds
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        try SQLiteShell.run(
            "PRAGMA journal_mode = \(scenario.journal); CREATE TABLE load(id INTEGER PRIMARY KEY, pid, filler);",
            on: path)
        // So that the first to end removes nothing that is still to be read.
        let keeper = try LiveShell(path)
        try keeper.run("SELECT count(*) FROM load;")
        self.keeper = keeper.processID
        let changes = try scenario.fsync > 0 ? Self.slowDisk(folder, milliseconds: scenario.fsync) : [:]
        let writers = try scenario.writers.enumerated().map { index, options in
            try LoadProcess(
                [path, "--seconds", "\(seconds)", "--seed", "\(index + 1)"] + options, environment: changes)
        }
        let reader = scenario.hasReader ? try LiveShell(path) : nil
        for writer in writers { try writer.waitUntilReady() }
        try reader?.run("BEGIN; SELECT count(*) FROM load;")
        let run = try SamplerRun(path)
        for writer in writers { try writer.start() }
        if writers.isEmpty { try run.wait("ticks") { $0.looks >= 400 } }
        truths = try writers.map { try $0.figures() }
        window = try run.end()
        minute = window.observation.record()
        verdict = VerdictRules().provisional([minute])
        withExtendedLifetime((keeper, reader)) {}
    }

    /// A library that makes every fsync slower, built by the system's compiler.
    private static func slowDisk(_ folder: TemporaryFolder, milliseconds: Int) throws -> [String: String] {
        let source = try folder.write(
            """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <stdlib.h>
            #include <unistd.h>
            static void wait_for_disk(void) { usleep(1000 * atoi(getenv("FSYNC_MILLISECONDS"))); }
            int fsync(int file) {
                int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
                wait_for_disk();
                return next(file);
            }
            int fdatasync(int file) {
                int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
                wait_for_disk();
                return next(file);
            }
            """, to: "slow.c")
        let library = folder.file("slow.so")
        try Program.run("cc", ["-shared", "-fPIC", "-o", library, source, "-ldl"])
        return ["LD_PRELOAD": library, "FSYNC_MILLISECONDS": "\(milliseconds)"]
    }

    var commits: Int { truths.reduce(0) { $0 + $1.commits } }
    /// Of a transaction, from BEGIN IMMEDIATE's end to COMMIT's.
    var holdTime: Double { truths.reduce(0) { $0 + $1.heldSeconds } / Double(max(1, commits)) }
    var stalled: Double { truths.reduce(0) { $0 + $1.stalledShare } / Double(max(1, truths.count)) }
    /// One of them kept nearly all others out for as long as it was watched: that is what is to be said of it first.
    var isHogged: Bool {
        Double(truths.map(\.commits).max() ?? 0) >= 0.95 * Double(max(1, commits))
    }
    /// Of the time in which they wrote, as theirs is.
    var felt: Double { minute.feltShare * window.length / seconds }

    var description: String {
        func text(_ value: Double) -> String { String(format: "%.3f", value) }
        return "commits \(commits)/\(window.commits), stalled \(text(stalled))/\(text(felt)), "
            + "hold \(text(holdTime))/\(text(minute.holdTime)) s, U \(text(window.busyFraction)), "
            + "judged \(text(minute.judgedShare)), \(verdict.state.label), "
            + "causes \(verdict.causes.map(\.kind.rawValue).joined(separator: " ")), "
            + "looks missed \(window.missedTicks), core \(text(window.processorShare))"
    }
}
