#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One row of the report: the same work, done by each contender.
struct Contest {
    var title: String
    /// How many operations one turn has: the cost of a turn is divided by it.
    var operationCount: Int
    /// What the library may cost at most, as a multiple of the first contender; nil when nothing is promised.
    var limit: Double?
    /// Runs before each turn and is not measured.
    var prepare: () throws -> Void = {}
    var entries: [Entry]

    struct Entry {
        var name: String
        /// One turn. The sum shows that the contenders did the same.
        var turn: () async throws -> Checksum
    }

    /// The cost of every turn, in nanoseconds of CPU time per operation: one list per entry, one item per round.
    ///
    /// The contenders alternate, and each round begins with another one, so that a machine that
    /// becomes slower or faster does so for all. A first round is thrown away: it fills the caches.
    func run(rounds: Int) async throws -> Outcome {
        var costs = entries.map { _ in [Double]() }
        var expected: Checksum?
        for round in 0...rounds {
            for offset in entries.indices {
                let index = (offset + round) % entries.count
                try prepare()
                let start = CPUClock.now
                let sum = try await entries[index].turn()
                let cost = Double(CPUClock.now - start) / Double(operationCount)
                guard sum == expected ?? sum else {
                    throw BenchFailure("\(title): \(entries[index].name) read \(sum), not \(expected ?? sum)")
                }
                expected = sum
                if round > 0 { costs[index].append(cost) }
            }
        }
        return Outcome(contest: self, costs: costs)
    }
}

/// What a contest has cost.
struct Outcome {
    var contest: Contest
    /// Per entry, per round: CPU nanoseconds per operation.
    var costs: [[Double]]
}

/// The CPU time that this process has used, all its threads together, user and system.
enum CPUClock {
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
