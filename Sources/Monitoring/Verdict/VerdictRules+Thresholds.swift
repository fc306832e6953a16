extension VerdictRules {
    /// One threshold as a user names and changes it.
    package struct Threshold: Sendable {
        package enum Unit: String, Sendable {
            case seconds, share, count
        }

        package let name: String
        package let unit: Unit
        /// What may be set; whole numbers for a count.
        package let range: ClosedRange<Double>
        /// In words, for the reference.
        package let meaning: String
        private let read: @Sendable (VerdictRules) -> Double
        private let write: @Sendable (inout VerdictRules, Double) -> Void

        package func value(in rules: VerdictRules) -> Double { read(rules) }

        fileprivate func set(_ value: Double, in rules: inout VerdictRules) { write(&rules, value) }

        fileprivate init(
            _ name: String, _ unit: Unit, _ range: ClosedRange<Double>,
            _ path: any WritableKeyPath<VerdictRules, Double> & Sendable, _ meaning: String
        ) {
            (self.name, self.unit, self.range, self.meaning) = (name, unit, range, meaning)
            read = { $0[keyPath: path] }
            write = { $0[keyPath: path] = $1 }
        }

        fileprivate init(
            _ name: String, _ range: ClosedRange<Int>,
            _ path: any WritableKeyPath<VerdictRules, Int> & Sendable,
            _ meaning: String
        ) {
            (self.name, unit, self.meaning) = (name, .count, meaning)
            self.range = Double(range.lowerBound)...Double(range.upperBound)
            read = { Double($0[keyPath: path]) }
            write = { $0[keyPath: path] = Int($1) }
        }
    }

    /// All thresholds, in the order in which they are applied.
    package static let thresholds: [Threshold] = [
        Threshold("stall", .seconds, 0.001...3600, \.stall, "from which a write counts as stalled"),
        Threshold(
            "bad-minute-share", .share, 0.0001...1, \.badMinuteShare,
            "of a minute's time in which a write would stall, from which the minute is bad"),
        Threshold("minimum-looks", 1...1_000_000, \.minimumTicks, "looks without which a minute is unknown"),
        Threshold(
            "watch-ratio", .share, 0.0001...1, \.watchRatio,
            "bad of the active minutes in 24 h, from which to watch"),
        Threshold(
            "bad-ratio", .share, 0.0001...1, \.badRatio,
            "bad of the active minutes in 24 h, from which it is bad"),
        Threshold("bad-days", 1...366, \.badDays, "days with that share, from which it is bad"),
        Threshold("days", 1...366, \.dayCount, "last days among which those are counted"),
        Threshold(
            "leave-ratio", .share, 0.0001...1, \.leaveRatio,
            "bad of the active minutes in 24 h, below which it is no longer bad"),
        Threshold("leave-hours", 1...8784, \.leaveHours, "hours for which it must have been below that"),
        Threshold(
            "minimum-hours", 1...8784, \.minimumHours, "hours of history without which nothing is said"),
        Threshold(
            "minimum-active-minutes", 1...1440, \.minimumActiveMinutes,
            "minutes with writes in 24 h without which nothing is said"),
        Threshold(
            "full-busy-fraction", .share, 0.05...1, \.fullBusyFraction,
            "of the time with the write lock held, from which it is full"),
        Threshold(
            "outgrown-writers", 2...1000, \.outgrownWriters,
            "processes that take the write lock, from which contention can outgrow a database"),
        Threshold(
            "dominant-share", .share, 0.5...1, \.dominantShare,
            "of the busy time, from which one of several writers is the one that saturates the lock"),
        Threshold(
            "pending-pages", 1...1_000_000_000, \.pendingPages,
            "pages waiting in the WAL, from which it is a cause"),
        Threshold("long-reader", .seconds, 0.1...86_400, \.longReader, "from which a reader counts as long"),
        Threshold("slow-sync", .seconds, 0.001...60, \.slowSync, "from which an fsync is slow"),
    ]

    /// Why a setting such as `stall=0.2` cannot be taken.
    package enum SettingFailure: Error, Sendable, Hashable {
        case form(String)
        case unknown(String)
        case range(Threshold.Name, String)
    }

    /// Takes `name=value`: a plain number, `200ms` and `2s` for seconds, `5%` for shares.
    package mutating func set(_ text: String) throws(SettingFailure) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .form(text) }
        guard let threshold = Self.thresholds.first(where: { $0.name == parts[0] }) else {
            throw .unknown(String(parts[0]))
        }
        guard let value = threshold.number(String(parts[1])), threshold.range.contains(value) else {
            throw .range(threshold.name, threshold.rangeText)
        }
        threshold.set(value, in: &self)
    }
}

extension VerdictRules.Threshold {
    package typealias Name = String

    private static let units: [(suffix: String, unit: Unit, factor: Double)] = [
        ("ms", .seconds, 0.001), ("s", .seconds, 1), ("%", .share, 0.01),
    ]

    fileprivate func number(_ text: String) -> Double? {
        for (suffix, unit, factor) in Self.units where unit == self.unit && text.hasSuffix(suffix) {
            return Double(text.dropLast(suffix.count)).map { $0 * factor }
        }
        guard let value = Double(text), value.isFinite else { return nil }
        return unit != .count || value == value.rounded() ? value : nil
    }

    /// `1 to 366`.
    package var rangeText: String {
        let (low, high) = (range.lowerBound, range.upperBound)
        return switch unit {
        case .count: "\(Int(low)) to \(Int(high))"
        case .seconds: "\(low) to \(Int(high)) seconds"
        case .share: "\(low) to \(high)"
        }
    }
}
