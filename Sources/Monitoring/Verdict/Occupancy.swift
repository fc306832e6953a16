/// When the write lock was held: sorted stretches that neither touch nor overlap, in whole microseconds.
///
/// Each stretch holds its first microsecond and not its last, so that a lock released at `t` can be taken at
/// `t`.
package struct Occupancy: Sendable, Hashable {
    private(set) var starts: [Int64] = []
    private(set) var ends: [Int64] = []

    package init(_ episodes: [HoldEpisode]) {
        let stretches = episodes.compactMap { episode -> (Int64, Int64)? in
            guard episode.start.isFinite, episode.duration.isFinite, episode.duration > 0 else { return nil }
            return (Self.microseconds(episode.start), Self.microseconds(episode.end))
        }
        for (start, end) in stretches.sorted(by: { $0.0 < $1.0 }) where end > start {
            if let last = ends.last, start <= last {
                ends[ends.count - 1] = max(last, end)
            } else {
                starts.append(start)
                ends.append(end)
            }
        }
    }

    /// The time at which the stretch that holds the lock at `time` ends; nil when the lock is free then.
    func release(at time: Int64) -> Int64? {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= time { low = middle + 1 } else { high = middle }
        }
        guard low > 0, ends[low - 1] > time else { return nil }
        return ends[low - 1]
    }

    /// Microseconds held within a window.
    func busy(within window: Range<Int64>) -> Int64 {
        var sum: Int64 = 0
        for (start, end) in zip(starts, ends) {
            sum += max(0, min(end, window.upperBound) - max(start, window.lowerBound))
        }
        return sum
    }

    /// Whole microseconds of a number of seconds, kept within what an addition cannot overflow.
    static func microseconds(_ seconds: Double) -> Int64 {
        guard seconds.isFinite else { return 0 }
        return Int64(min(max((seconds * 1e6).rounded(), -4e15), 4e15))
    }
}
