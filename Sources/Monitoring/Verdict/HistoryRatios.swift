/// Bad and active minutes by the hour, for the rules that look back over days.
struct HistoryRatios: Sendable {
    struct Hour: Sendable {
        var bad = 0
        var active = 0
        var idle = 0
        var unknown = 0
        var observed = 0.0
        var busy = 0.0
    }

    /// By how many hours ago they ended, negative.
    private var hours: [Int64: Hour] = [:]

    /// Minutes that begin after `now`, or more than a year before, are left out.
    init(_ minutes: [MinuteRecord], now: Int64, rules: VerdictRules) {
        // Hours end at `now`, so that 24 of them are exactly the last 24 hours.
        for minute in minutes where minute.start < now && minute.start > now - 366 * 86400 {
            let hour = -((now - minute.start - 1) / 3600)
            hours[hour, default: Hour()].add(minute, as: rules.classify(minute))
        }
    }

    var known: Int { hours.values.reduce(0) { $0 + $1.active + $1.idle } }

    /// The sums of `count` hours, of which the last ended `ago` hours ago.
    func sum(hours count: Int, endingAgo ago: Int = 0) -> Hour {
        var sum = Hour()
        for hour in 0..<count {
            guard let one = hours[-Int64(ago + hour)] else { continue }
            sum.add(one)
        }
        return sum
    }

    func ratio(hours count: Int, endingAgo ago: Int = 0) -> Double { sum(hours: count, endingAgo: ago).ratio }

    /// Of the last days, each ending at the same time of day, how many were bad.
    func badDays(of days: Int, endingAgo ago: Int = 0, rules: VerdictRules) -> Int {
        (0..<days).count { ratio(hours: 24, endingAgo: ago + 24 * $0) >= rules.badRatio }
    }

    /// The highest busy fraction of an hour in the last 24 that was watched for a tenth of it.
    var peakBusyFraction: Double {
        (0..<24).map { sum(hours: 1, endingAgo: $0) }.filter { $0.observed >= 360 }
            .map { $0.busy / $0.observed }.max() ?? sum(hours: 24).busyFraction
    }

    /// Whether the state is bad now, by walking from the oldest hour on: it becomes so when the last 24 h and
    /// enough of the last days are bad, and remains so until the share was low for long enough.
    func isBad(rules: VerdictRules) -> Bool {
        guard let oldest = hours.keys.min() else { return false }
        var isBad = false
        var lowHours = 0
        for ago in stride(from: Int(-oldest), through: 0, by: -1) {
            let day = ratio(hours: 24, endingAgo: ago)
            lowHours = day < rules.leaveRatio ? lowHours + 1 : 0
            if day >= rules.badRatio,
                badDays(of: rules.dayCount, endingAgo: ago, rules: rules) >= rules.badDays
            {
                isBad = true
            } else if lowHours >= rules.leaveHours {
                isBad = false
            }
        }
        return isBad
    }
}

extension HistoryRatios.Hour {
    var ratio: Double { active > 0 ? Double(bad) / Double(active) : 0 }
    var busyFraction: Double { observed > 0 ? busy / observed : 0 }

    mutating func add(_ minute: MinuteRecord, as kind: VerdictRules.MinuteClass) {
        switch kind {
        case .unknown: unknown += 1
        case .idle: idle += 1
        case .good: active += 1
        case .bad:
            active += 1
            bad += 1
        }
        guard kind != .unknown else { return }
        observed += minute.observed
        busy += minute.busyFraction * minute.observed
    }

    mutating func add(_ other: Self) {
        bad += other.bad
        active += other.active
        idle += other.idle
        unknown += other.unknown
        observed += other.observed
        busy += other.busy
    }
}
