/// An hour of minutes that have grown old, added up: what remains of them in the history.
package struct KeptHour: Sendable, Hashable {
    /// Seconds since 1970, a whole hour.
    package var start: Int64
    package var observed = 0.0
    package var busySeconds = 0.0
    package var commits = 0
    package var activeMinutes = 0
    package var badMinutes = 0
    package var idleMinutes = 0
    package var unknownMinutes = 0
    package var longestHold = 0.0
    /// Commits per second of the busiest quarter of an hour, for the forecast.
    package var peakRate = 0.0

    package init(start: Int64) { self.start = start }

    /// Adds minutes up by the hour, in the order of the hours. Classes are those of `rules`, for good.
    package static func sums(of minutes: [KeptMinute], rules: VerdictRules) -> [KeptHour] {
        var hours: [Int64: KeptHour] = [:]
        var quarters: [Int64: (commits: Int, observed: Double)] = [:]
        for minute in minutes {
            let start = minute.start - minute.start % 3600
            hours[start, default: KeptHour(start: start)].add(minute, as: rules.classify(minute.record))
            let quarter = minute.start - minute.start % 900
            quarters[quarter, default: (0, 0)].commits += minute.commits
            quarters[quarter, default: (0, 0)].observed += minute.observed
        }
        for (quarter, sum) in quarters where sum.observed >= 300 {
            let start = quarter - quarter % 3600
            let rate = Double(sum.commits) / sum.observed
            if rate > hours[start]?.peakRate ?? 0 { hours[start]?.peakRate = rate }
        }
        return hours.values.sorted { $0.start < $1.start }
    }

    private mutating func add(_ minute: KeptMinute, as kind: VerdictRules.MinuteClass) {
        observed += minute.observed
        busySeconds += minute.busyFraction * minute.observed
        commits += minute.commits
        longestHold = max(longestHold, minute.longestHold)
        switch kind {
        case .unknown: unknownMinutes += 1
        case .idle: idleMinutes += 1
        case .good: activeMinutes += 1
        case .bad:
            activeMinutes += 1
            badMinutes += 1
        }
    }
}

extension Forecast {
    /// The daily peaks of quarters of an hour that were added up elsewhere, each with the seconds that were watched.
    package static func dailyPeaks(
        quarters: [(start: Int64, commits: Int, observed: Double)], now: Int64
    ) -> [DailyPeak] {
        dailyPeaks(
            quarters.map {
                KeptMinute(
                    start: $0.start, observed: $0.observed, ticks: 0, busyFraction: 0, commits: $0.commits,
                    longestHold: 0, judgedShare: 0
                ).record
            }, now: now)
    }
}
