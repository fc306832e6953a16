import Foundation
import Synchronization

@testable import Monitoring

/// A sampler at work on a thread of its own, and what it has seen so far: for handshakes instead of sleeps.
final class SamplerRun: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    struct Seen: Sendable {
        var isReady = false
        var hold: HoldEpisode?
        var checkpoint: HoldEpisode?
        var commits = 0
        var looks = 0
        var readerSeconds = 0.0
        var window: SampleWindow?
        var failure: (any Error)?
    }

    private let condition = NSCondition()
    private let seen = Mutex(Seen())
    private let stop = Atomic(false)

    /// Returns when the sampler has its starting point.
    init(_ path: String, settings: SamplingSettings = SamplingSettings()) throws {
        let thread = Thread { [self] in
            do {
                let sampler = try DatabaseSampler(path, settings: settings)
                update { $0.isReady = true }
                let window = sampler.observe(seconds: 300) {
                    update {
                        $0.hold = sampler.presentHold
                        $0.checkpoint = sampler.presentCheckpoint
                        $0.commits = sampler.commits
                        $0.looks += 1
                        $0.readerSeconds = sampler.oldestReader?.seconds ?? 0
                    }
                    return stop.load(ordering: .acquiring)
                }
                update { $0.window = window }
            } catch {
                update { $0.failure = error }
            }
        }
        thread.start()
        try wait("start") { $0.isReady }
    }

    /// Returns when what was seen is so; the limit only ends a test that would hang.
    func wait(_ what: String, until isTrue: (Seen) -> Bool) throws {
        let limit = Date(timeIntervalSinceNow: 60)
        condition.lock()
        defer { condition.unlock() }
        while true {
            let now = seen.withLock(\.self)
            if let failure = now.failure { throw failure }
            if isTrue(now) { return }
            guard condition.wait(until: limit) else {
                throw Failure(description: "The sampler did not see: \(what); it saw \(now)")
            }
        }
    }

    /// Ends it with a last look.
    func end() throws -> SampleWindow {
        stop.store(true, ordering: .releasing)
        try wait("end") { $0.window != nil }
        guard let window = seen.withLock({ $0.window }) else { throw Failure(description: "no window") }
        return window
    }

    private func update(_ body: (inout Seen) -> Void) {
        condition.lock()
        seen.withLock { body(&$0) }
        condition.broadcast()
        condition.unlock()
    }
}
