package import Histogram

/// The waits of many virtual writers, as an HdrHistogram that can be added to others and written as text.
///
/// A writer that still waits when the trace ends is *censored*: its wait was at least so long. It counts in a
/// share whose threshold it has passed and is left out of one that it has not; in percentiles it counts with
/// what it had waited, so they are lower bounds while ``censored`` is not 0.
package struct WaitProfile: Sendable, Hashable {
    /// Waits that ended, in microseconds: three significant digits.
    package private(set) var ended = Self.histogram()
    /// What the censored ones had waited.
    package private(set) var cut = Self.histogram()
    /// How many gave up with `SQLITE_BUSY`; they are among the ended ones, with the whole busy timeout.
    package private(set) var refused: UInt64 = 0
    /// The longest, exactly.
    private var longestWait: Int64 = 0

    package init() {}

    package var count: UInt64 { ended.totalCount + cut.totalCount }
    package var censored: UInt64 { cut.totalCount }

    mutating func record(_ wait: VirtualProbe.Wait) {
        switch wait {
        case .ended(let microseconds), .refused(let microseconds):
            longestWait = max(longestWait, microseconds)
            Self.add(microseconds, times: 1, to: &ended)
            if case .refused = wait { refused += 1 }
        case .censored(let microseconds):
            longestWait = max(longestWait, microseconds)
            Self.add(microseconds, times: 1, to: &cut)
        }
    }

    package mutating func merge(_ other: WaitProfile) {
        for value in other.ended.recordedValues() {
            Self.add(Int64(value.value), times: value.count, to: &ended)
        }
        for value in other.cut.recordedValues() { Self.add(Int64(value.value), times: value.count, to: &cut) }
        refused += other.refused
        longestWait = max(longestWait, other.longestWait)
    }

    /// The share of the writers, and so of the time at which they came, that waited longer; 0 when none is
    /// decided.
    package func share(over seconds: Double) -> Double {
        guard seconds >= 0 else { return count == 0 ? 0 : 1 }
        let limit = UInt64(Occupancy.microseconds(seconds))
        let over = Self.count(in: ended, over: limit)
        let overAtEnd = Self.count(in: cut, over: limit)
        let decided = ended.totalCount + overAtEnd
        return decided == 0 ? 0 : Double(over + overAtEnd) / Double(decided)
    }

    /// Seconds at a percentile from 0 to 100; 0 of an empty profile.
    package func percentile(_ percentile: Double) -> Double {
        guard count > 0 else { return 0 }
        var all = ended
        for value in cut.recordedValues() { _ = all.record(value.value, count: value.count) }
        return min(Double(all.valueAtPercentile(percentile)) / 1e6, maximum)
    }

    package var maximum: Double { Double(longestWait) / 1e6 }

    /// Writers that waited longer, for a cumulative bucket of a metric: censored ones count when they had.
    package func count(over seconds: Double) -> UInt64 {
        let limit = UInt64(max(0, Occupancy.microseconds(seconds)))
        return Self.count(in: ended, over: limit) + Self.count(in: cut, over: limit)
    }

    /// The sum of all waits, in seconds.
    package var sum: Double {
        (ended.mean * Double(ended.totalCount) + cut.mean * Double(cut.totalCount)) / 1e6
    }

    private static func histogram() -> Histogram<UInt64> {
        Histogram(
            lowestDiscernibleValue: 1, highestTrackableValue: UInt64(Self.longest),
            numberOfSignificantValueDigits: .three)
    }

    /// An hour; no busy timeout in use is longer, and what is, counts as an hour.
    private static let longest: Int64 = 3_600_000_000

    private static func add(_ microseconds: Int64, times: UInt64, to histogram: inout Histogram<UInt64>) {
        _ = histogram.record(UInt64(min(max(0, microseconds), longest)), count: times)
    }

    private static func count(in histogram: Histogram<UInt64>, over limit: UInt64) -> UInt64 {
        guard histogram.totalCount > 0, limit < UInt64(longest) else { return 0 }
        return histogram.totalCount - min(histogram.totalCount, histogram.count(within: 0...limit))
    }
}

extension WaitProfile {
    package static func == (left: WaitProfile, right: WaitProfile) -> Bool { left.text == right.text }
    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// `longest:refused;microseconds:count …;microseconds:count …`: the ended ones, then the censored ones.
    package var text: String { "\(longestWait):\(refused);\(Self.text(of: ended));\(Self.text(of: cut))" }

    /// Reads what ``text`` wrote; nil for anything else.
    package init?(text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        guard parts.count == 3, let head = Self.counts(in: parts[0])?.first else { return nil }
        guard let ended = Self.counts(in: parts[1]), let cut = Self.counts(in: parts[2]) else { return nil }
        self.init()
        (longestWait, refused) = head
        for (value, count) in ended { Self.add(value, times: count, to: &self.ended) }
        for (value, count) in cut { Self.add(value, times: count, to: &self.cut) }
    }

    private static func text(of histogram: Histogram<UInt64>) -> String {
        histogram.recordedValues().map { "\($0.value):\($0.count)" }.joined(separator: " ")
    }

    private static func counts(in text: Substring) -> [(Int64, UInt64)]? {
        var counts: [(Int64, UInt64)] = []
        for pair in text.split(separator: " ") {
            let numbers = pair.split(separator: ":")
            guard numbers.count == 2, let value = Int64(numbers[0]), let count = UInt64(numbers[1]) else {
                return nil
            }
            guard value >= 0, count < 1 << 40 else { return nil }
            counts.append((value, count))
        }
        return counts
    }
}
