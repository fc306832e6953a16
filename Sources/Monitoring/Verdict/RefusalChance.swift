#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// How likely a writer that asked at some time was refused until some other, by the trace of the lock.
struct RefusalChance: Sendable {
    private let turns: WriterTurns
    /// For each millisecond the logarithm of the chance that a question about then is refused.
    private let refusals: [Float]
    private let attempts: [Double]
    /// Of turns, in order.
    private let starts: [Double]
    private let ends: [Double]

    /// The times of a waiting writer's questions are known to some milliseconds only.
    private static let blur = 3
    /// A question can also fail as somebody commits between its snapshot and its lock, and the looks' resolution
    /// blunts it: longer waits are likelier than the trace alone says.
    private static let dullness = 0.8
    /// Of several that ask every millisecond, one gets the lock at each change of hands.
    private static let passedOver = 0.55
    private static let handOver = 300.0

    init(_ turns: WriterTurns, window: Double, busyFraction: Double) {
        self.turns = turns
        let count = Int(min(max(0, window), 86_400) * 1000) + 2
        var slots = [Float](repeating: 0, count: count)
        var covered = 0.0
        for turn in turns.turns {
            covered += max(0, turn.end - turn.start)
            Self.mark(turn.start, turn.end, in: &slots)
        }
        var sum: Float = 0
        for index in slots.indices {
            sum += min(1, slots[index])
            slots[index] = sum
        }
        // Within a turn the lock is free for moments that no look sees.
        let share = covered > 0 ? busyFraction * window / covered : 1
        refusals = Self.refusals(slots, heldWithinTurns: min(0.995, max(0.5, share)))
        attempts = BackOff.sqlite().attempts().map { Double($0) / 1e6 }
        starts = turns.turns.map(\.start)
        ends = turns.turns.map(\.end)
    }

    /// Per second: that who asked `wait` before `end` was refused until then and got the lock there.
    func density(of wait: Double, endingAt end: Double) -> Double {
        if turns.areHandedOver {
            let passed = Self.lowerBound(ends, end - 0.0001) - Self.lowerBound(ends, end - wait)
            return Self.exponential(Double(max(0, passed - 1)) * Self.logarithm(Self.passedOver))
                * Self.handOver
        }
        var logarithm = 0.0
        for offset in attempts {
            if offset >= wait - 0.0008 { break }
            let place = min(max(0, Int((end - wait + offset) * 1000)), refusals.count - 1)
            logarithm += Double(refusals[place])
            if logarithm < Self.hopeless { return 0 }
        }
        return Self.exponential(logarithm) / pause(at: wait)
    }

    /// The beginning of the stretch before `instant` in which the lock went from hand to hand.
    func busyStart(before instant: Double) -> Double {
        var index = Self.lowerBound(starts, instant - 1e-9) - 1
        var start = instant
        while index >= 0, start - turns.turns[index].end < WriterTurns.atOnce {
            start = turns.turns[index].start
            index -= 1
        }
        return start
    }

    /// Below this a wait so long is left out.
    private static let hopeless = -15.0

    private static func refusals(_ sums: [Float], heldWithinTurns: Double) -> [Float] {
        sums.indices.map { index in
            let low = max(0, index - blur)
            let high = min(sums.count - 1, index + blur + 1)
            let share = high > low ? Double(sums[high] - sums[low]) / Double(high - low) : 1
            return Float(dullness * logarithm(min(0.995, max(1e-4, share * heldWithinTurns))))
        }
    }

    /// The pause that SQLite makes after having waited so long.
    private func pause(at wait: Double) -> Double {
        let next = attempts.firstIndex { $0 > wait } ?? attempts.count - 1
        return next > 0 ? max(0.001, attempts[next] - attempts[next - 1]) : 0.1
    }

    private static func mark(_ start: Double, _ end: Double, in slots: inout [Float]) {
        let first = max(0, start * 1000)
        let last = min(Double(slots.count - 1), end * 1000)
        guard last > first else { return }
        var index = Int(first)
        while Double(index) < last {
            slots[index] += Float(min(last, Double(index + 1)) - max(first, Double(index)))
            index += 1
        }
    }

    private static func lowerBound(_ values: [Double], _ value: Double) -> Int {
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low + high) / 2
            if values[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    static func exponential(_ value: Double) -> Double { exp(value) }
    private static func logarithm(_ value: Double) -> Double { log(value) }
}
