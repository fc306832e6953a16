/// Something that explains waits for the lock, with the exact change that removes it and what it is predicted
/// to give.
package struct Cause: Sendable, Hashable, Codable {
    /// In the order in which causes are looked at.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        case longTransaction = "long_transaction"
        case saturatingWriter = "saturating_writer"
        case contention
        case backOff = "back_off"
        case slowDisk = "slow_disk"
        case checkpointStall = "checkpoint_stall"
        case checkpointStarvation = "checkpoint_starvation"
        case pinnedWAL = "pinned_wal"
        case autocheckpointOff = "autocheckpoint_off"
        case journalMode = "journal_mode"
        case synchronousFull = "synchronous_full"
        case networkFileSystem = "network_file_system"
    }

    package enum Certainty: String, Sendable, Hashable, Codable {
        case seen
        /// Follows from what was seen, but was not seen itself.
        case inferred
        /// Would fit; nothing rests on it.
        case possible
    }

    package var kind: Kind
    package var certainty: Certainty
    /// What was seen, with its numbers, in a sentence.
    package var evidence: String
    /// The PRAGMA, the command or the change in the application.
    package var change: String
    /// Nil where nothing can be predicted.
    package var prediction: Prediction?

    package init(
        _ kind: Kind, _ certainty: Certainty, evidence: String, change: String, prediction: Prediction? = nil
    ) {
        self.kind = kind
        self.certainty = certainty
        self.evidence = evidence
        self.change = change
        self.prediction = prediction
    }

    /// False for contention, which is what remains when nothing else explains the waits.
    package var canBeFixed: Bool { kind != .contention }
}

/// What a minute would have been with a change made, from a replay on its own trace.
package struct Prediction: Sendable, Hashable, Codable {
    package var busyFraction: Double
    /// As ``MinuteRecord/judgedShare``.
    package var stallShare: Double
    /// What the prediction takes for granted, in words.
    package var assumption: String

    package init(busyFraction: Double, stallShare: Double, assumption: String) {
        self.busyFraction = busyFraction
        self.stallShare = stallShare
        self.assumption = assumption
    }

    /// How many times today's writes would fit before the lock is held for `limit` of the time; nil when
    /// idle.
    package func headroom(limit: Double = 0.7) -> Double? {
        busyFraction > 0 ? limit / busyFraction : nil
    }
}

/// How long one process held the write lock, in all.
package struct HolderTime: Sendable, Hashable, Codable {
    package var process: Int32
    package var executable: String?
    package var seconds: Double
    package var longest: Double

    package init(process: Int32, executable: String? = nil, seconds: Double, longest: Double) {
        self.process = process
        self.executable = executable
        self.seconds = seconds
        self.longest = longest
    }
}
