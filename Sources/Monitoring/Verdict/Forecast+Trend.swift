extension Forecast {
    /// The busiest quarter of an hour of one day.
    package struct DailyPeak: Sendable, Hashable, Codable {
        /// Days since 1970, in UTC.
        package var day: Int64
        package var commitsPerSecond: Double

        package init(day: Int64, commitsPerSecond: Double) {
            self.day = day
            self.commitsPerSecond = commitsPerSecond
        }
    }

    /// Days without which there is no forecast.
    package static let leastDays = 14

    /// The peaks of the days before the one that `now` is in, which is not over.
    ///
    /// A quarter counts when at least five minutes of it were watched; longer records count where they begin.
    package static func dailyPeaks(_ minutes: [MinuteRecord], now: Int64) -> [DailyPeak] {
        var quarters: [Int64: (commits: Int, seconds: Double)] = [:]
        let today = floorDivide(now, 86400)
        for minute in minutes where floorDivide(minute.start, 86400) < today && minute.observed > 0 {
            let quarter = floorDivide(minute.start, 900)
            quarters[quarter, default: (0, 0)].commits += minute.commits
            quarters[quarter, default: (0, 0)].seconds += minute.observed
        }
        var peaks: [Int64: Double] = [:]
        for (quarter, sum) in quarters where sum.seconds >= 300 {
            let day = floorDivide(quarter, 96)
            peaks[day] = max(peaks[day] ?? 0, Double(sum.commits) / sum.seconds)
        }
        return peaks.map { DailyPeak(day: $0.key, commitsPerSecond: $0.value) }.sorted { $0.day < $1.day }
    }

    /// A line through the daily peaks, with the hold time as it is now.
    ///
    /// The slope is the median of the slopes between all pairs of days (Theil 1950, Sen 1968), which a few
    /// odd days do not move; its 80 % band are the order statistics of those slopes that Kendall's variance
    /// gives (Sen 1968). The band takes the days as independent: a weekly rhythm makes it too narrow.
    package init(
        peaks: [DailyPeak], holdTime: Double, now: Int64, rules: VerdictRules = VerdictRules()
    ) {
        let days = peaks.filter { $0.commitsPerSecond.isFinite }
        fullRate = holdTime > 0 ? rules.fullBusyFraction / holdTime : .infinity
        guard days.count >= Self.leastDays, holdTime > 0 else {
            (slope, slopeBand, today) = (0, 0...0, days.last?.commitsPerSecond ?? 0)
            if holdTime <= 0 { fullRate = 0 }
            outcome = .tooFewDays(have: days.count, need: Self.leastDays)
            return
        }
        let slopes = Self.slopes(days)
        slope = Self.median(slopes)
        slopeBand = Self.band(slopes, days: days.count)
        let present = Double(now) / 86400
        let middle = slope
        today = max(
            0, Self.median(days.map { $0.commitsPerSecond + middle * (present - Double($0.day) - 0.5) }))
        outcome = .noTrend
        if today >= fullRate {
            outcome = .fullAlready
        } else if slopeBand.upperBound < 0 {
            outcome = .shrinking
        } else if slopeBand.lowerBound > 0 {
            outcome = .full(
                likely: date(slope, from: now) ?? .max,
                earliest: date(slopeBand.upperBound, from: now) ?? now,
                latest: date(slopeBand.lowerBound, from: now))
        }
    }

    /// When the line reaches the full rate; nil beyond a hundred years.
    private func date(_ slope: Double, from now: Int64) -> Int64? {
        let days = (fullRate - today) / slope
        return days < 36_525 ? now + Int64(days * 86400) : nil
    }

    private static func slopes(_ days: [DailyPeak]) -> [Double] {
        var slopes: [Double] = []
        for (index, first) in days.enumerated() {
            for second in days[(index + 1)...] where second.day != first.day {
                slopes.append(
                    (second.commitsPerSecond - first.commitsPerSecond) / Double(second.day - first.day))
            }
        }
        return slopes.sorted()
    }

    private static func band(_ slopes: [Double], days: Int) -> ClosedRange<Double> {
        guard let first = slopes.first, let last = slopes.last else { return 0...0 }
        let n = Double(days)
        // 1.2816: the normal distribution's 90th percentile, for 80 % between.
        let spread = 1.2816 * (n * (n - 1) * (2 * n + 5) / 18).squareRoot()
        let below = Int(((Double(slopes.count) - spread) / 2).rounded(.down)) - 1
        let above = Int(((Double(slopes.count) + spread) / 2).rounded(.up))
        let low = slopes.indices.contains(below) ? slopes[below] : first
        let high = slopes.indices.contains(above) ? slopes[above] : last
        return low...max(low, high)
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// The forecast in a sentence.
    package var sentence: String {
        switch outcome {
        case .tooFewDays(let have, let need):
            "No forecast yet: it takes the peaks of \(need) days, and there are \(have)."
        case .noTrend: "No trend: the daily peaks neither grow nor shrink beyond chance."
        case .shrinking: "The daily peaks shrink."
        case .fullAlready: "The write lock is full at the daily peak already."
        case .full(let likely, let earliest, let latest):
            "At today's growth the write lock is full about \(CivilDate(likely)): with 80 % probability not "
                + "before "
                + "\(CivilDate(earliest))" + (latest.map { " and not after \(CivilDate($0))." } ?? ".")
        }
    }
}

/// A day of the Gregorian calendar in UTC, as `2026-11-23`.
struct CivilDate: Sendable, Hashable, CustomStringConvertible {
    let year: Int64
    let month: Int64
    let day: Int64

    /// By Howard Hinnant's `civil_from_days`: years begin in March, eras of 400 years are alike.
    init(_ seconds: Int64) {
        // Far beyond any forecast, and far from overflow.
        let limited = min(max(seconds, 0), 253_402_300_799)
        let shifted = limited / 86400 + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var description: String {
        "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }
}
