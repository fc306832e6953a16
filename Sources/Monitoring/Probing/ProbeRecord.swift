internal import Synchronization

/// What became of the attempts of a probe.
package struct ProbeRecord: Sendable, Hashable, Encodable {
    package var kind: ProbeKind
    package var label: String
    package private(set) var attempts = 0
    /// Those that had not ended after ``limit`` seconds and were given up: their times are lower bounds.
    package private(set) var censored = 0
    /// Not made, as the lock was held for most of the last second or the disk has little room.
    package fileprivate(set) var skipped = 0
    package var limit = LockProbe.limit
    package private(set) var median: Double?
    package private(set) var longest: Double?
    /// Why there are no attempts, or no more.
    package fileprivate(set) var failure: String?
    /// Each attempt.
    package private(set) var answers: [LockProbe.Answer] = []

    private enum CodingKeys: String, CodingKey {
        case kind, label, attempts, censored, skipped, limit, median, longest, failure
    }

    package init(_ kind: ProbeKind, _ answers: [LockProbe.Answer] = []) {
        self.kind = kind
        label = kind.label
        self.answers = answers
        attempts = answers.count
        censored = answers.count { $0.isCensored }
        let sorted = answers.map(\.seconds).sorted()
        median = sorted.isEmpty ? nil : sorted[sorted.count / 2]
        longest = sorted.last
    }
}

/// Collects what a probe sees, for whoever asks on another thread.
package final class ProbeLog: Sendable {
    private struct State {
        var answers: [LockProbe.Answer] = []
        var skipped = 0
        var failure: String?
    }

    private let kind: ProbeKind
    private let state = Mutex(State())

    package init(_ kind: ProbeKind) { self.kind = kind }

    package func add(_ answer: LockProbe.Answer) {
        state.withLock { state in
            state.answers.append(answer)
            state.failure = nil
        }
    }

    package func skip() { state.withLock { $0.skipped += 1 } }
    package func fail(_ reason: String) { state.withLock { $0.failure = reason } }

    /// What came since the last time.
    package func take() -> ProbeRecord {
        state.withLock { state in
            var record = ProbeRecord(kind, state.answers)
            (record.skipped, record.failure) = (state.skipped, state.failure)
            (state.answers, state.skipped) = ([], 0)
            return record
        }
    }
}
