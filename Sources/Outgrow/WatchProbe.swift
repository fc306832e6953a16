internal import Diagnostics
internal import Foundation
internal import Monitoring
internal import Synchronization

/// The probe that a watch was asked for, on a thread of its own.
///
/// The process that has the database open lives for a minute, and none is started while that could do harm: an
/// application that ends is not to find that a probe keeps its files alive for days, and one that is not there yet ends
/// no watch.
final class WatchProbe: Sendable {
    let link = ProbeLink()
    private let kind: ProbeKind
    private let path: String
    private let log: ProbeLog
    private let isStopped = Atomic(false)

    /// Seconds that one process probes, and between two tries to start one.
    private static let lifetime = 60.0
    private static let retry = 10.0

    init(_ kind: ProbeKind, path: String) {
        self.kind = kind
        self.path = path
        log = ProbeLog(kind)
        let thread = Thread { [self] in run() }
        thread.name = "probe"
        thread.start()
    }

    /// What it saw since the last time.
    func take() -> ProbeRecord { log.take() }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    private func run() {
        while !isStopped.load(ordering: .relaxed) {
            do {
                let driver = try ProbeDriver(kind, path: path, link: link, log: log)
                driver.run(seconds: Self.lifetime) { isStopped.load(ordering: .relaxed) }
            } catch {
                log.fail(OutgrowError(describing: error).summary)
                pause()
            }
        }
    }

    private func pause() {
        let end = Date(timeIntervalSinceNow: Self.retry)
        while !isStopped.load(ordering: .relaxed), Date() < end { Thread.sleep(forTimeInterval: 0.1) }
    }
}
