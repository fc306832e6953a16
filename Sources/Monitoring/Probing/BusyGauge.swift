internal import Synchronization

/// How busy the lock was in the last second or so, for whoever must know on another thread.
package final class BusyGauge: Sendable {
    private let perMille = Atomic(0)

    package init() {}

    package var fraction: Double { Double(perMille.load(ordering: .relaxed)) / 1000 }

    func set(_ fraction: Double) { perMille.store(Int(fraction * 1000), ordering: .relaxed) }
}
