internal import Dispatch
internal import Foundation
internal import Synchronization

/// The first SIGINT, SIGTERM or SIGHUP ends the work in good order; the second ends the process.
///
/// Sendable although dispatch sources are not marked so: they are made here, activated once, and only kept alive.
final class SignalWatch: @unchecked Sendable {
    private let number = Mutex<Int32?>(nil)
    private let sources: [any DispatchSourceSignal]

    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    init() {
        sources = Self.signals.map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
    }

    var received: Int32? { number.withLock(\.self) }

    func start(canceling task: Task<ExitStatus, any Error>) {
        for (signalNumber, source) in zip(Self.signals, sources) {
            // The default action would end the process before the source is told.
            signal(signalNumber, SIG_IGN)
            source.setEventHandler { [self] in
                let isFirst = number.withLock { number in
                    defer { number = number ?? signalNumber }
                    return number == nil
                }
                if isFirst { task.cancel() } else { _exit(128 + signalNumber) }
            }
            source.activate()
        }
    }
}
