internal import Synchronization

/// What a sampler and a probe of the same database tell each other, on two threads.
package final class ProbeLink: Sendable {
    private let perMille = Atomic(0)
    private let prober = Atomic<Int32>(0)
    private let past = Mutex<[Int32]>([])

    package init() {}

    /// How busy the lock was in the last second or so.
    package var busyFraction: Double { Double(perMille.load(ordering: .relaxed)) / 1000 }

    func set(busyFraction: Double) { perMille.store(Int(busyFraction * 1000), ordering: .relaxed) }

    /// The process that probes: its locks are not the application's. Nil when none does.
    package var process: Int32? {
        let process = prober.load(ordering: .relaxed)
        return process > 0 ? process : nil
    }

    /// The last ones that probed, this one among them: they are no writers of the application's.
    package var processes: Set<Int32> { Set(past.withLock(\.self)) }

    package func set(process: Int32?) {
        prober.store(process ?? 0, ordering: .relaxed)
        guard let process else { return }
        past.withLock { $0 = Array(($0 + [process]).suffix(8)) }
    }
}
