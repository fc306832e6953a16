import Testing

@testable import Monitoring

struct `verdict rules` {
    private static let now: Int64 = 1_780_315_200
    private static let rules = VerdictRules()

    /// A minute as a load leaves it, made once: histories need thousands.
    private static func minute(_ scenario: String) -> MinuteRecord {
        let found = `verdicts of known loads`.scenarios.first { $0.name == scenario }
        guard let found else { preconditionFailure("no scenario \(scenario)") }
        return `verdicts of known loads`.observe(found, seed: 7, rate: nil).0.record()
    }

    private static let good = minute("light")
    private static let contended = minute("contention, 4 in a closed loop")
    private static let single = minute("one saturating writer")
    private static let long = minute("long transactions of 600 ms")

    /// Minutes up to `now`: for each hour before it, how many of its 60 are bad.
    private static func history(
        hours: Int, bad: MinuteRecord = contended, _ badMinutes: (_ hoursAgo: Int) -> Int
    ) -> [MinuteRecord] {
        (0..<hours).flatMap { ago in
            (0..<60).map { index -> MinuteRecord in
                var minute = index < badMinutes(ago) ? bad : good
                minute.start = now - Int64(ago) * 3600 - 60 * Int64(index + 1)
                return minute
            }
        }
    }

    @Test func `a minute is unknown, idle, good or bad`() {
        var idle = Self.good
        idle.commits = 0
        var stuck = Self.long
        stuck.commits = 0
        var short = Self.contended
        short.ticks = 299
        var edge = Self.good
        edge.judgedShare = 0.05
        let table: [(MinuteRecord, VerdictRules.MinuteClass)] = [
            (Self.good, .good), (Self.contended, .bad), (idle, .idle), (stuck, .bad), (short, .unknown),
            (edge, .bad),
        ]
        for (minute, expected) in table { #expect(Self.rules.classify(minute) == expected) }
    }

    /// Bad minutes of each hour by how many hours ago, and what follows.
    @Test func `ratios over 24 h and bad days of seven make the level`() {
        let table: [(String, hours: Int, (Int) -> Int, Verdict.State)] = [
            ("nothing bad", 72, { _ in 0 }, .ok),
            ("23 hours", 23, { _ in 60 }, .unknown),
            ("0.8 % of a day", 72, { $0 == 3 ? 12 : 0 }, .ok),
            ("2 % of a day", 72, { $0 == 3 ? 29 : 0 }, .watch),
            ("12 % of two days", 168, { $0 < 48 ? 7 : 0 }, .watch),
            ("12 % of three days", 168, { $0 < 72 ? 7 : 0 }, .outgrown),
            ("bad for four days, then well for 40 h", 240, { $0 >= 40 && $0 < 136 ? 7 : 0 }, .outgrown),
            ("bad for four days, then well for 80 h", 240, { $0 >= 80 && $0 < 176 ? 7 : 0 }, .ok),
            ("bad for four days, then 3 % for 80 h", 240, { $0 < 80 ? 2 : $0 < 176 ? 7 : 0 }, .outgrown),
        ]
        for (name, hours, bad, expected) in table {
            let verdict = Self.rules.verdict(Self.history(hours: hours, bad), now: Self.now)
            #expect(verdict.state == expected, "\(name): \(verdict.explanation)")
            #expect(!verdict.isProvisional && !verdict.explanation.isEmpty && !verdict.judgements.isEmpty)
        }
    }

    @Test func `a day with writes in fewer than 60 minutes is too little`() {
        let history = Self.history(hours: 72) { _ in 0 }.enumerated().map { index, minute in
            var minute = minute
            if !index.isMultiple(of: 60) { minute.commits = 0 }
            return minute
        }
        let verdict = Self.rules.verdict(history, now: Self.now)
        #expect(verdict.state == .unknown && verdict.state.exitStatus == 3)
        #expect(verdict.explanation.contains("24 minutes") && verdict.explanation.contains("60"))
    }

    @Test func `only a second writer can outgrow a database, and lower bounds decide nothing`() {
        func state(_ bad: MinuteRecord, change: (inout MinuteRecord) -> Void = { _ in }) -> Verdict {
            var bad = bad
            change(&bad)
            return Self.rules.verdict(Self.history(hours: 168, bad: bad) { _ in 10 }, now: Self.now)
        }
        #expect(state(Self.contended).state == .outgrown)
        #expect(state(Self.single).state == .fixFirst)
        #expect(state(Self.single).causes.first?.kind == .saturatingWriter)
        #expect(state(Self.long).causes.first?.kind == .longTransaction)
        let bound = state(Self.contended) { minute in
            (minute.writersAreAtLeast, minute.busyFraction) = (true, 0.5)
            (minute.causes, minute.ifAllFixed) = ([], nil)
        }
        #expect(bound.state == .watch && bound.explanation.contains("root"))
        let one = state(Self.contended) { minute in
            (minute.lockingProcesses, minute.writersAreAtLeast) = (1, true)
        }
        #expect(one.state != .outgrown)
    }

    @Test func `each number stands beside its threshold, and thresholds can be changed`() throws {
        let history = Self.history(hours: 168) { _ in 2 }
        let verdict = Self.rules.verdict(history, now: Self.now)
        #expect(verdict.state == .watch)
        let ratio = try #require(
            verdict.judgements.first {
                $0.threshold == 0.05
                    && $0.subject.contains(
                        "24 "
                            + "h")
            })
        #expect(abs(ratio.value - 2.0 / 60) < 1e-9 && !ratio.exceeds)
        var strict = Self.rules
        strict.badRatio = 0.03
        #expect(strict.verdict(history, now: Self.now).state == .outgrown)
    }

    @Test func `a short look at nothing says what it is`() {
        var idle = Self.good
        (idle.commits, idle.judgedShare) = (0, 0)
        #expect(Self.rules.provisional([idle]).state == .ok)
        #expect(Self.rules.provisional([idle]).explanation.contains("Nobody wrote"))
        #expect(Self.rules.provisional([]).state == .unknown)
        idle.ticks = 100
        #expect(Self.rules.provisional([idle]).state.exitStatus == 3)
        #expect(Verdict.State.allCases.map(\.exitStatus) == [0, 1, 1, 2, 3])
    }

    @Test func `records of nonsense times do not trap`() {
        var minutes = [Self.good, Self.good, Self.good]
        (minutes[0].start, minutes[1].start) = (.min, .max)
        #expect(Self.rules.verdict(minutes, now: Self.now).state == .unknown)
        #expect(Forecast.dailyPeaks(minutes, now: Self.now).count <= 3)
    }

    @Test func `thirty days of minutes take one pass`() {
        let verdict = Self.rules.verdict(Self.history(hours: 720) { $0 < 100 ? 5 : 0 }, now: Self.now)
        #expect(verdict.figures.activeMinutes == 1440 && verdict.figures.badMinutes == 120)
    }
}
