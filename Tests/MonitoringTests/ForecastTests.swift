import Testing

@testable import Monitoring

struct `forecasts` {
    /// 2026-06-01, 12:00 UTC.
    private static let now: Int64 = 1_780_315_200
    private static let today: Int64 = now / 86400

    private static func peaks(_ days: Int, _ rate: (Int) -> Double) -> [Forecast.DailyPeak] {
        (0..<days).map { Forecast.DailyPeak(day: today - Int64(days - $0), commitsPerSecond: rate($0)) }
    }

    @Test func `steady growth is full on the day where the line says so`() throws {
        // 2 more a second each day; 100 a second are full at 7 ms; the line is at 69 at noon of today.
        let forecast = Forecast(peaks: Self.peaks(20) { 30 + 2 * Double($0) }, holdTime: 0.007, now: Self.now)
        #expect(abs(forecast.slope - 2) < 1e-9 && abs(forecast.today - 70) < 1e-9)
        #expect(abs(forecast.fullRate - 100) < 1e-9)
        guard case .full(let likely, let earliest, let latest) = forecast.outcome else {
            Issue.record("\(forecast.outcome)")
            return
        }
        #expect(abs(likely - (Self.now + 15 * 86400)) <= 1 && earliest <= likely)
        #expect(try #require(latest) >= likely)
        #expect(forecast.sentence.contains("2026-06-16"))
    }

    @Test(arguments: [31, 32, 33, 34, 35].map { UInt64($0) })
    func `noise widens the band around the true growth, and odd days do not move it`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let peaks = Self.peaks(28) { day in
            day == 9 || day == 17 ? 900 : 50 + Double(day) + Double.random(in: -4...4, using: &numbers)
        }
        let forecast = Forecast(peaks: peaks, holdTime: 0.002, now: Self.now)
        #expect(abs(forecast.slope - 1) < 0.25, "seed \(seed)")
        #expect(
            forecast.slopeBand.lowerBound < forecast.slope && forecast.slope < forecast.slopeBand.upperBound)
        guard case .full(let likely, let earliest, let latest) = forecast.outcome else {
            Issue.record("seed \(seed): \(forecast.outcome)")
            return
        }
        #expect(earliest < likely && likely < latest ?? .max)
    }

    /// The band is one of 80 %: with the truth known, it holds it about that often.
    @Test func `the band holds the true slope in about four of five series`() {
        var numbers = SeededNumbers(seed: 99)
        let held = (0..<300).count { _ in
            let peaks = Self.peaks(21) {
                100 + 0.5 * Double($0) + Double.random(in: -10...10, using: &numbers)
            }
            return Forecast(peaks: peaks, holdTime: 0.001, now: Self.now).slopeBand.contains(0.5)
        }
        #expect((216...270).contains(held), "\(held) of 300")
    }

    @Test func `no growth, too few days, shrinking and a full lock are told apart`() {
        func outcome(_ days: Int, hold: Double = 0.005, _ rate: (Int) -> Double) -> Forecast.Outcome {
            Forecast(peaks: Self.peaks(days, rate), holdTime: hold, now: Self.now).outcome
        }
        #expect(outcome(20) { $0.isMultiple(of: 2) ? 40 : 50 } == .noTrend)
        #expect(outcome(20) { _ in 40 } == .noTrend)
        #expect(outcome(13) { Double($0) } == .tooFewDays(have: 13, need: 14))
        #expect(outcome(20) { 100 - Double($0) } == .shrinking)
        #expect(outcome(20) { 200 + Double($0) } == .fullAlready)
        #expect(outcome(20, hold: 0) { Double($0) } == .tooFewDays(have: 20, need: 14))
    }

    @Test func `a day's peak is its busiest quarter of an hour, and today is not over`() {
        func minute(_ start: Int64, commits: Int) -> MinuteRecord {
            let seen = MinuteObservation(
                start: start, observed: 60, ticks: 6000, commits: commits, episodes: [], writerProcesses: 1,
                facts: DatabaseFacts(journalMode: "wal"))
            return seen.record()
        }
        let yesterday = (Self.today - 1) * 86400
        var minutes = (0..<60).map { minute(yesterday + 60 * Int64($0), commits: 60) }
        minutes += (0..<15).map { minute(yesterday + 7200 + 60 * Int64($0), commits: 300) }
        minutes.append(minute(yesterday + 36000, commits: 9000))
        minutes += (0..<30).map { minute(Self.today * 86400 + 60 * Int64($0), commits: 6000) }
        let peaks = Forecast.dailyPeaks(minutes, now: Self.now)
        #expect(peaks == [Forecast.DailyPeak(day: Self.today - 1, commitsPerSecond: 5)])
    }

    @Test func `dates are those of the calendar`() {
        let dates: [(Int64, String)] = [
            (0, "1970-01-01"), (951_782_400, "2000-02-29"), (1_709_164_800, "2024-02-29"),
            (4_107_542_400, "2100-03-01"), (1_798_761_599, "2026-12-31"), (.min, "1970-01-01"),
            (.max, "9999-12-31"),
        ]
        for (seconds, text) in dates { #expect("\(CivilDate(seconds))" == text) }
    }

    @Test func `a move costs a round trip per statement`() {
        let cost = MoveCost(statementsPerTransaction: 4, roundTrip: 0.0005, commitsPerSecond: 1000)
        #expect(abs(cost.secondsPerTransaction - 0.003) < 1e-12)
        #expect(abs(cost.waitingConnections - 3) < 1e-9)
        #expect(cost.sentence.contains("3 ms longer") && cost.sentence.contains("0.5 ms"))
    }
}
