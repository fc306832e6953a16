/// Writers that never were: how long each would have waited for the lock, had it come at its intended time.
///
/// A trace of the lock and SQLite's own back-off determine the wait, so nothing has to be written to measure
/// it. The virtual writers come at a fixed spacing whether or not earlier ones still wait, and each at its
/// intended time, so the share of them that waits is a share of the *time*: starved writers issue few
/// transactions, and percentiles by transaction hide a starvation of seconds.
package struct VirtualProbe: Sendable, Hashable {
    package var backOff: BackOff
    /// Between two arrivals.
    package var spacing: Duration

    package init(backOff: BackOff = .sqlite(), spacing: Duration = .milliseconds(10)) {
        self.backOff = backOff
        self.spacing = spacing
    }

    /// What became of one virtual writer; all in microseconds.
    enum Wait: Sendable, Hashable {
        case ended(Int64)
        /// The lock was still held when the busy timeout was over: `SQLITE_BUSY`.
        case refused(Int64)
        /// The trace ended first: it waited at least so long.
        case censored(Int64)
    }

    /// The waits of the writers that come within the first `window` seconds of a trace.
    ///
    /// Costs a binary search per question of each writer: at most some 60 of them in 5 s of back-off.
    ///
    /// - Parameters:
    ///   - episodes: may begin before 0 and reach past the window.
    ///   - observedUntil: where the trace ends, when it reaches past the window; looking on by the
    ///     busy timeout leaves no writer censored.
    package func replay(
        _ episodes: [HoldEpisode], window: Double, observedUntil: Double? = nil
    ) -> WaitProfile {
        replay(Occupancy(episodes), window: window, observedUntil: observedUntil)
    }

    package func replay(
        _ occupancy: Occupancy, window: Double, observedUntil: Double? = nil
    ) -> WaitProfile {
        var profile = WaitProfile()
        let attempts = backOff.attempts()
        let close = max(0, Occupancy.microseconds(window))
        let end = max(close, Occupancy.microseconds(observedUntil ?? window))
        for arrival in stride(from: Int64(0), to: close, by: Int64.Stride(max(1, spacing.microseconds))) {
            profile.record(wait(from: arrival, attempts: attempts, on: occupancy, until: end))
        }
        return profile
    }

    private func wait(
        from arrival: Int64, attempts: [Int64], on occupancy: Occupancy, until end: Int64
    ) -> Wait {
        var index = 0
        while index < attempts.count {
            let time = arrival + attempts[index]
            guard time < end else { return .censored(end - arrival) }
            guard let release = occupancy.release(at: time) else { return .ended(attempts[index]) }
            index = Self.next(in: attempts, after: index, notBefore: release - arrival)
        }
        let limit = attempts.last ?? 0
        return arrival + limit < end ? .refused(limit) : .censored(end - arrival)
    }

    /// The first attempt after `index` that is not before the release: the ones between would find the lock
    /// held.
    private static func next(in attempts: [Int64], after index: Int, notBefore offset: Int64) -> Int {
        var low = index + 1
        var high = attempts.count
        while low < high {
            let middle = (low + high) / 2
            if attempts[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
