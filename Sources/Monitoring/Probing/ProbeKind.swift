/// What an active probe does: asked for by name, never done by itself.
package enum ProbeKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Takes the write lock as a new writer would, and lets it go without writing.
    case lock
    /// The same with a commit: page 1 is written anew as it is.
    case write
    /// Writes 4 KiB into a file of its own in the same folder and waits for the disk.
    case disk

    /// Seconds between two attempts.
    package var interval: Double { self == .disk ? 10 : 1 }

    /// What the figures are, so that nobody takes them for something else.
    package var label: String {
        switch self {
        case .lock: "a new writer's wait for the lock, asking every millisecond"
        case .write:
            "a new writer's whole transaction, asking every millisecond, with synchronous=FULL"
        case .disk: "4 KiB and an fdatasync beside the database; not what a commit takes"
        }
    }
}

/// What became of the attempts of a probe.
package struct ProbeRecord: Sendable, Hashable, Encodable {
    package var kind: ProbeKind
    package var label: String
    package var attempts = 0
    /// Those that had not ended after ``limit`` seconds and were given up: their times are lower bounds.
    package var censored = 0
    /// Not made, as the lock was held for most of the last second or the disk has little room.
    package var skipped = 0
    package var limit = LockProbe.limit
    package var median: Double?
    package var longest: Double?
    /// Why there are no attempts, or no more.
    package var failure: String?

    package init(_ kind: ProbeKind) {
        self.kind = kind
        label = kind.label
    }

    package mutating func finish(_ seconds: [Double]) {
        let sorted = seconds.sorted()
        attempts = sorted.count
        median = sorted.isEmpty ? nil : sorted[sorted.count / 2]
        longest = sorted.last
    }
}
