import Testing

@testable import Monitoring

/// The shapes of load that were measured on real databases, made anew from seeds.
struct `verdicts of known loads` {
    struct Scenario: CustomTestStringConvertible {
        var name: String
        var writers: [VirtualTrace.Writer]
        var facts = DatabaseFacts(journalMode: "wal")
        var writersAreAtLeast = false
        var state: Verdict.State
        /// The first cause.
        var cause: Cause.Kind?
        /// Holds of 5 ms look like 10 ms at 100 Hz, too much near a threshold.
        var needsBursts = false
        /// Tails that the holds get: seconds.
        var syncTail: Double?

        var testDescription: String { name }
    }

    private static func writers(_ count: Int, hold: ClosedRange<Double>, every: Double? = nil)
        -> [VirtualTrace.Writer]
    {
        // 3.36 ms of 3.64 ms, as four processes were measured to do it: handing over takes time.
        let pause = count > 1 ? 0.0002...0.00036 : 0.00002...0.00004
        return Array(repeating: VirtualTrace.Writer(hold: hold, pause: pause, every: every), count: count)
    }

    private static let small = VirtualTrace.Writer(hold: 0.0001...0.0003, every: 0.02)

    static let scenarios: [Scenario] = [
        Scenario(name: "light", writers: writers(1, hold: 0.001...0.003, every: 0.0537), state: .ok),
        Scenario(
            name: "contention, 4 in a closed "
                + "loop", writers: writers(4, hold: 0.0028...0.0039), state: .outgrown,
            cause: .contention),
        Scenario(
            name: "contention, 8 in a closed "
                + "loop", writers: writers(8, hold: 0.0028...0.0039), state: .outgrown,
            cause: .contention),
        Scenario(
            name: "contention, a lower bound of writers, full", writers: writers(4, hold: 0.0028...0.0039),
            writersAreAtLeast: true, state: .outgrown, cause: .contention),
        Scenario(
            name: "contention of fsyncs", writers: writers(4, hold: 0.0028...0.0039),
            facts: DatabaseFacts(journalMode: "wal", syncSeconds: 0.003, syncIsMeasured: true),
            state: .fixFirst,
            cause: .synchronousFull),
        Scenario(
            name: "contention of fsyncs that were seen", writers: writers(4, hold: 0.0028...0.0039),
            facts: DatabaseFacts(journalMode: "wal", commitSyncSeconds: 0.003), state: .fixFirst,
            cause: .synchronousFull),
        Scenario(
            name: "contention of the application's own work", writers: writers(4, hold: 0.0028...0.0039),
            facts: DatabaseFacts(journalMode: "wal", commitSyncSeconds: 0.0001), state: .outgrown,
            cause: .contention),
        Scenario(
            name: "contention in DELETE mode", writers: writers(4, hold: 0.010...0.016),
            facts: DatabaseFacts(journalMode: "delete"), state: .fixFirst, cause: .journalMode),
        Scenario(
            name: "paced, 4 times 29 a second with 5 ms",
            writers: writers(4, hold: 0.005...0.0057, every: 0.0355), state: .watch, cause: .contention,
            needsBursts: true),
        Scenario(
            name: "paced near saturation, 8 times 10 a second with 11 ms",
            writers: writers(8, hold: 0.010...0.013, every: 0.1), state: .outgrown, cause: .contention),
        Scenario(
            name: "one saturating writer", writers: writers(1, hold: 0.003...0.0038), state: .fixFirst,
            cause: .saturatingWriter),
        Scenario(
            name: "a saturating writer starves another",
            writers: [
                VirtualTrace.Writer(hold: 0.003...0.0038),
                VirtualTrace.Writer(hold: 0.002...0.003, every: 1),
            ], state: .fixFirst,
            cause: .saturatingWriter),
        Scenario(
            name: "long transactions of 600 ms",
            writers: [VirtualTrace.Writer(hold: 0.6...0.601, every: 5), small], state: .fixFirst,
            cause: .longTransaction),
        Scenario(
            name: "long transactions of 600 ms among other users' processes",
            writers: [VirtualTrace.Writer(hold: 0.6...0.601, every: 5), small], writersAreAtLeast: true,
            state: .fixFirst, cause: .longTransaction),
        Scenario(
            name: "slow fsync in each commit", writers: writers(1, hold: 0.150...0.156, every: 0.4),
            facts: DatabaseFacts(journalMode: "wal", syncSeconds: 0.15, syncIsMeasured: true),
            state: .fixFirst,
            cause: .slowDisk),
        Scenario(
            name: "slow fsync, seen in the commits", writers: writers(1, hold: 0.150...0.156, every: 0.4),
            facts: DatabaseFacts(journalMode: "wal", commitSyncSeconds: 0.15), state: .fixFirst,
            cause: .slowDisk),
        // As a commit that begins the WAL has.
        Scenario(
            name: "slow fsyncs, now and then three at once",
            writers: [
                VirtualTrace.Writer(hold: 0.150...0.156, every: 2),
                VirtualTrace.Writer(hold: 0.42...0.44, every: 25),
            ],
            facts: DatabaseFacts(journalMode: "wal", commitSyncSeconds: 0.15), state: .fixFirst,
            cause: .slowDisk),
        Scenario(
            name: "slow fsyncs of a rollback journal", writers: writers(1, hold: 0.480...0.500, every: 1),
            facts: DatabaseFacts(journalMode: "delete"), state: .fixFirst, cause: .slowDisk, syncTail: 0.15),
        Scenario(
            name: "slow fsync, seen in the tails only", writers: writers(2, hold: 0.150...0.156, every: 0.8),
            state: .fixFirst, cause: .slowDisk, syncTail: 0.149),
        Scenario(
            name: "slow fsync outside of commits", writers: writers(1, hold: 0.00003...0.00006, every: 0.05),
            facts: DatabaseFacts(journalMode: "wal", syncSeconds: 0.15, syncIsMeasured: true), state: .ok),
    ]

    static func observe(_ scenario: Scenario, seed: UInt64, rate: Double?) -> (
        MinuteObservation, VirtualTrace
    ) {
        let trace = VirtualTrace(scenario.writers, seconds: 60, seed: seed)
        var episodes = rate.map { trace.sampled(perSecond: $0) } ?? trace.episodes
        if let tail = scenario.syncTail {
            for index in episodes.indices { episodes[index].syncTail = min(tail, episodes[index].duration) }
        }
        // One more has the database open for writing and only reads, as SQLite's default is.
        var seen = MinuteObservation(
            start: 0, observed: 60, ticks: 6000, commits: trace.commits, episodes: episodes,
            writerProcesses: trace.holders + 1, facts: scenario.facts)
        seen.writersAreAtLeast = scenario.writersAreAtLeast
        seen.executables = [100: "/usr/bin/importer"]
        return (seen, trace)
    }

    /// Four writers without a pause: the seconds of a transaction, what of it is the disk's, and what follows.
    static let disks: [(hold: Double, sync: Double, state: Verdict.State)] = [
        (0.0012, 0.0011, .fixFirst),
        (0.001, 0.0009, .fixFirst),
        (0.0009, 0.0008, .fixFirst),
        (0.0004, 0.0003, .fixFirst),
        // The frames are written, and nobody waits for the disk.
        (0.0004, 0.00001, .outgrown),
        (0.0009, 0.0001, .outgrown),
        (0.0012, 0.0001, .outgrown),
    ]

    @Test(arguments: disks)
    func `commits that wait for a disk are told from work, however fast it is`(
        hold: Double, sync: Double, state: Verdict.State
    ) {
        let writer = VirtualTrace.Writer(hold: (0.9 * hold)...(1.1 * hold))
        let trace = VirtualTrace(Array(repeating: writer, count: 4), seconds: 20, seed: 3)
        let seen = MinuteObservation(
            start: 0, observed: 20, ticks: 2000, commits: trace.commits, episodes: trace.episodes,
            writerProcesses: 4, facts: DatabaseFacts(journalMode: "wal", commitSyncSeconds: sync))
        let verdict = VerdictRules().provisional([seen.record()])
        #expect(verdict.state == state, "\(verdict.explanation)")
        let isNamed = verdict.causes.contains { $0.kind == .synchronousFull }
        #expect(isNamed == (state == .fixFirst), "\(verdict.causes.map(\.kind))")
    }

    @Test(arguments: scenarios, [nil, 1000, 100] as [Double?])
    func `a load gets its verdict, its first cause and the stalled time that its writers feel`(
        _ scenario: Scenario, rate: Double?
    ) throws {
        if scenario.needsBursts, rate == 100 { return }
        let seed: UInt64 = 7
        let (seen, trace) = Self.observe(scenario, seed: seed, rate: rate)
        let minute = seen.record()
        let verdict = VerdictRules().provisional([minute])
        let story: Comment =
            """
            seed \(seed): U \(minute.busyFraction), judged \(minute.judgedShare), polled \
            \(minute.stallShareIfPolled), felt \(minute.feltShare), truth \(trace.stalledTime)
            if fixed \(String(describing: minute.ifAllFixed))
            causes \(verdict.causes.map { "\($0.kind) \($0.prediction?.stallShare ?? -1)" })
            \(verdict.explanation)
            """
        #expect(verdict.state == scenario.state, story)
        if let cause = scenario.cause { #expect(verdict.causes.first?.kind == cause, story) }
        #expect(abs(minute.feltShare - trace.stalledTime) <= 0.10, story)
        #expect(abs(minute.busyFraction - trace.busyFraction) <= 0.03, story)
        #expect(verdict.isProvisional && !verdict.explanation.isEmpty)
        if scenario.state == .fixFirst {
            let fixed = try #require(verdict.ifAllFixed, story)
            #expect(fixed.stallShare < 0.05 && fixed.busyFraction < minute.busyFraction, story)
        }
    }

    @Test func `a single hold of five seconds is a long transaction, named`() throws {
        var seen = MinuteObservation(
            start: 0, observed: 60, ticks: 6000, commits: 0,
            episodes: [HoldEpisode(start: 20, duration: 5, holder: 42)], writerProcesses: 1,
            facts: DatabaseFacts(journalMode: "wal"))
        seen.executables = [42: "nightly"]
        let minute = seen.record()
        #expect(minute.longestHold?.holder == 42 && minute.longestHolder == "nightly")
        #expect(minute.longHolds.count == 1 && minute.holders.first?.longest == 5)
        let verdict = VerdictRules().provisional([minute])
        #expect(verdict.state == .fixFirst)
        let cause = try #require(verdict.causes.first)
        #expect(cause.kind == .longTransaction && cause.evidence.contains("nightly (process 42)"))
    }

    @Test func `what waits in the WAL is told by who holds it back`() {
        let tables: [(reader: Double?, checkpoints: [HoldEpisode], pages: Int, Cause.Kind?)] = [
            (30, [], 3960, .pinnedWAL), (nil, [], 9000, .autocheckpointOff),
            (0.2, [HoldEpisode(start: 1, duration: 0.01)], 9000, .checkpointStarvation), (nil, [], 900, nil),
            (1, [], 3000, nil),
        ]
        for (reader, checkpoints, pages, kind) in tables {
            var (seen, _) = Self.observe(Self.scenarios[0], seed: 3, rate: nil)
            (seen.oldestReaderSeconds, seen.oldestReader) = (reader, reader.map { _ in 77 })
            (seen.checkpoints, seen.pendingPages, seen.pendingPagesBefore) = (checkpoints, pages, 10)
            let verdict = VerdictRules().provisional([seen.record()])
            #expect(verdict.causes.first?.kind == kind, "\(pages) pages, reader \(reader ?? 0)")
            #expect(verdict.state == (kind == nil ? .ok : .watch))
            seen.walRestarts = 1
            #expect(
                VerdictRules().provisional([seen.record()]).causes.isEmpty, "a WAL that starts anew is well")
        }
    }

    @Test func `checkpoints of 300 ms in a writer stall it, elsewhere they do not`() {
        var (seen, trace) = Self.observe(Self.scenarios[0], seed: 5, rate: nil)
        seen.checkpoints = (0..<12).map { HoldEpisode(start: Double($0) * 5, duration: 0.35, holder: 100) }
        seen.facts.syncSeconds = 0.15
        seen.facts.syncIsMeasured = true
        let verdict = VerdictRules().provisional([seen.record()])
        #expect(verdict.state == .fixFirst)
        #expect(Set(verdict.causes.map(\.kind)) == [.checkpointStall, .slowDisk])
        seen.checkpoints = seen.checkpoints.map {
            HoldEpisode(start: $0.start, duration: $0.duration, holder: 999)
        }
        #expect(VerdictRules().provisional([seen.record()]).state == .ok)
        #expect(trace.commits > 0)
    }

    @Test func `a network file system is fixed first, whatever the load`() {
        var (seen, _) = Self.observe(Self.scenarios[0], seed: 5, rate: nil)
        seen.facts.networkFileSystem = "NFS"
        let verdict = VerdictRules().provisional([seen.record()])
        #expect(verdict.state == .fixFirst && verdict.explanation.contains("NFS"))
    }

    @Test func `Little's law gives the hold, and one long hold does not make the others long`() {
        let episodes =
            [HoldEpisode(start: 0, duration: 0.6, commits: 1)]
            + (1...5).map { HoldEpisode(start: Double($0), duration: 0.001, commits: 1) }
        let seen = MinuteObservation(
            start: 0, observed: 10, ticks: 1000, commits: 6, episodes: episodes, writerProcesses: 1,
            facts: DatabaseFacts(journalMode: "wal"))
        let minute = seen.record()
        #expect(abs(minute.holdTime - 0.605 / 6) < 1e-9)
        #expect(abs(minute.ordinaryHold - 0.001) < 1e-9)
        #expect(minute.judgedShare < 0.1)
    }
}
