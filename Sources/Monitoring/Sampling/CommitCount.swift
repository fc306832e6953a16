/// Commits counted by a counter of SQLite's that other processes move, and that may begin anew.
struct CommitCount: Sendable, Hashable {
    private(set) var total = 0
    /// How often the counter began anew: the file was made again or recovered.
    private(set) var resets = 0
    private var last: UInt32?

    /// A counter can move by this much between two looks; what looks like more is a step back.
    private static let largestStep: UInt32 = 1 << 24

    mutating func observe(_ counter: UInt32) {
        defer { last = counter }
        guard let last else { return }
        let step = counter &- last
        if step <= Self.largestStep {
            total += Int(step)
        } else {
            resets += 1
            // It counts from 0 since.
            total += counter <= Self.largestStep ? Int(counter) : 0
        }
    }

    /// The counter was made anew while this was watching: all that it counts is to be counted.
    mutating func beginAnew() {
        if last != nil { resets += 1 }
        last = 0
    }

    /// Another file took the place: what it counted before is not known.
    mutating func forget() {
        if last != nil { resets += 1 }
        last = nil
    }
}
