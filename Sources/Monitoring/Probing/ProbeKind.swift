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
