import Testing

@testable import Monitoring

/// What the turns of processes say of their waits.
@Suite struct WriterTurnsTests {
    /// Holds of 3 ms by turns: process, holds, pause after the turn.
    private static func holds(_ turns: [(Int32, Int, Double)]) -> [HoldEpisode] {
        var holds: [HoldEpisode] = []
        var time = 0.0
        for (process, count, pause) in turns {
            for _ in 0..<count {
                holds.append(HoldEpisode(start: time, duration: 0.003, holder: process, commits: 1))
                time += 0.0031
            }
            time += pause
        }
        return holds
    }

    @Test func `a turn is what nobody else came between`() {
        let turns = WriterTurns(
            Self.holds([(7, 10, 0), (8, 5, 0.05), (8, 2, 0.05), (7, 3, 0)]), window: 0.2, commits: 20)
        #expect(turns.turns.map(\.process) == [7, 8, 8, 7])
        #expect(turns.turns.map(\.commits) == [10, 5, 2, 3])
        #expect(turns.turns.map(\.isDisplaced) == [true, false, false, false])
        #expect(turns.writers[7]?.retakes == 11)
        #expect(turns.writers[8]?.pauses.count == 1)
        #expect(turns.writers[8]?.cutPauses.count == 1)
        #expect(turns.seenShare == 1)
    }

    @Test func `who loses the lock in a closed loop waits until it has it again`() {
        // Each has it for 310 ms and waits for as long.
        let holds = Self.holds((0..<40).map { (Int32(7 + $0 % 2), 100, 0) })
        let window = 40 * 0.31
        let seen = MinuteObservation(
            start: 0, observed: window, ticks: 1240, commits: 4000, episodes: holds, writerProcesses: 2,
            facts: DatabaseFacts(journalMode: "wal"))
        #expect(abs(seen.record().feltShare - 0.5) < 0.03)
    }

    @Test func `who pauses while the lock is free is not waiting`() {
        // One transaction each every 400 ms, 200 ms apart.
        let holds = Self.holds((0..<60).map { (Int32(7 + $0 % 2), 1, 0.2) })
        let seen = MinuteObservation(
            start: 0, observed: 60 * 0.2031, ticks: 1218, commits: 60, episodes: holds, writerProcesses: 2,
            facts: DatabaseFacts(journalMode: "wal"))
        #expect(seen.record().feltShare < 0.01)
    }

    @Test func `one process alone waits for nobody, and those that only sleep as waiting ones do count`() {
        let holds = Self.holds([(7, 3000, 0)])
        var seen = MinuteObservation(
            start: 0, observed: 9.3, ticks: 930, commits: 3000, episodes: holds, writerProcesses: 2,
            facts: DatabaseFacts(journalMode: "wal"))
        #expect(seen.record().feltShare == 0)
        seen.waitingProcesses = 1
        #expect(seen.record().feltShare == 0.5)
    }

    @Test func `a wait that was seen is felt, by who never had the lock, too`() {
        let holds = Self.holds([(7, 3000, 0)])
        var seen = MinuteObservation(
            start: 0, observed: 9.3, ticks: 930, commits: 3000, episodes: holds, writerProcesses: 2,
            facts: DatabaseFacts(journalMode: "wal"))
        seen.watched = [7, 8]
        // Short waits are no stalls.
        seen.waits = (0..<50).map {
            WriterWait(process: 8, thread: 8, start: Double($0) * 0.1, end: Double($0) * 0.1 + 0.09)
        }
        #expect(seen.record().feltShare == 0)
        seen.waits = [WriterWait(process: 8, thread: 8, start: 0, end: seen.observed)]
        let record = seen.record()
        #expect(abs(record.feltShare - 0.5) < 0.001)
        #expect(record.lockingProcesses == 2)
        // Two threads of one process are two writers.
        seen.waits = [8, 9].map { WriterWait(process: 8, thread: $0, start: 0, end: seen.observed) }
        #expect(abs(seen.record().feltShare - 2.0 / 3) < 0.001)
    }

    @Test func `who has the database open and writes nothing is no writer that did not wait`() {
        // Two that write three times and pause, by turns, and wait half of the time; a third of the commits no look
        // has met.
        let holds = Self.holds((0..<400).map { (Int32(7 + $0 % 2), 3, 0.02) })
        let window = 400 * 0.0293
        var seen = MinuteObservation(
            start: 0, observed: window, ticks: Int(window * 100), commits: 1800, episodes: holds,
            writerProcesses: 3, facts: DatabaseFacts(journalMode: "wal"))
        seen.watched = [7, 8, 9]
        seen.waits = (0..<40).map {
            let (process, length) = (Int32(7 + $0 % 2), window / 40)
            return WriterWait(
                process: process, thread: process, start: Double($0) * length, end: Double($0 + 1) * length)
        }
        // One that was never seen to wait may have committed what no look has met.
        #expect(abs(seen.record().feltShare - 1.0 / 3) < 0.05)
        seen.bystanders = [9]
        #expect(abs(seen.record().feltShare - 0.5) < 0.05)
    }

    /// Process 7 nearly all the time, and two that wait for it; turns of so many commits of those.
    @Test(arguments: [(20, Cause.Kind.contention), (2, .saturatingWriter)])
    func `who goes on for long once it is its turn is one of several that saturate`(
        _ turn: Int, _ cause: Cause.Kind
    )
        throws
    {
        let order: [(Int32, Int, Double)] = [
            (7, 2900, 0), (8, turn, 0), (7, 1500, 0), (9, turn, 0), (7, 1000, 0),
        ]
        let holds = Self.holds(order)
        let window = try #require(holds.last).end
        var seen = MinuteObservation(
            start: 0, observed: window, ticks: Int(window * 100), commits: holds.count, episodes: holds,
            writerProcesses: 3, facts: DatabaseFacts(journalMode: "wal"))
        seen.watched = [7, 8, 9]
        for process in [8, 9] as [Int32] {
            let own = try #require(holds.first { $0.holder == process })
            seen.waits += [(0, own.start), (own.start + 0.1, window)].map {
                WriterWait(process: process, thread: process, start: $0.0, end: $0.1)
            }
        }
        #expect(seen.record().causes.first?.kind == cause)
        let state = VerdictRules().provisional([seen.record()]).state
        #expect(state == (cause == .contention ? .outgrown : .fixFirst))
    }
}
