internal import Dispatch
internal import Foundation
internal import Synchronization

/// The first SIGINT, SIGTERM or SIGHUP ends the work in good order; the second ends the process.
///
/// One key press or one `timeout` may arrive twice, through the process and through its group: what follows
/// within half a second is the same wish.
/// Sendable although dispatch sources are not marked so: they are made here, activated once, and only kept alive.
final class SignalWatch: @unchecked Sendable {
    private let first = Mutex<(number: Int32, time: ContinuousClock.Instant)?>(nil)
    private let sources: [any DispatchSourceSignal]

    private static let signals = [SIGINT, SIGTERM, SIGHUP]
    private static let echoTime: Duration = .milliseconds(500)

    init() {
        sources = Self.signals.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
    }

    var received: Int32? { first.withLock { $0?.number } }

    func start(canceling task: Task<Int32, any Error>) {
        for (signalNumber, source) in zip(Self.signals, sources) {
            // The default action would end the process before the source is told.
            signal(signalNumber, SIG_IGN)
            source.setEventHandler { [self] in
                let now = ContinuousClock.now
                let earlier = first.withLock { first in
                    defer { first = first ?? (signalNumber, now) }
                    return first
                }
                guard let earlier else { return task.cancel() }
                if now - earlier.time > Self.echoTime { _exit(128 + signalNumber) }
            }
            source.activate()
        }
    }
}
