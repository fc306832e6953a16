internal import CLibPQ
internal import Foundation
internal import Synchronization

/// The way to stop a connection from another thread.
///
/// Setting it off wakes the connection's `poll` through an eventfd and asks the server to
/// cancel the statement. `PQcancel` opens a connection of its own and blocks, so it runs on
/// a thread of its own: the caller may be in the middle of a signal or of a task's cancellation.
@safe final class Interruption: Sendable {
    /// libpq documents that the handle may be used from any thread.
    @safe private struct CancelHandle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private struct State {
        var isInterrupted = false
        var cancel: CancelHandle?
    }

    /// Readable once interrupted; never read, so that it stays so.
    let wakeDescriptor: Int32
    private let state = Mutex(State())

    init() { wakeDescriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK)) }

    deinit {
        close(wakeDescriptor)
        if let cancel = state.withLock({ $0.cancel }) { unsafe PQfreeCancel(cancel.pointer) }
    }

    var isInterrupted: Bool { state.withLock { $0.isInterrupted } }

    /// Called once, when the connection is up.
    func arm(with connection: OpaquePointer) {
        guard let pointer = unsafe PQgetCancel(connection) else { return }
        let handle = unsafe CancelHandle(pointer: pointer)
        state.withLock { $0.cancel = handle }
        if isInterrupted { cancelOnServer() }
    }

    func interrupt() {
        let isFirst = state.withLock { state in
            defer { state.isInterrupted = true }
            return !state.isInterrupted
        }
        guard isFirst else { return }
        eventfd_write(wakeDescriptor, 1)
        Thread.detachNewThread { [self] in cancelOnServer() }
    }

    /// Blocks until the server has taken the request; whether there was anything to cancel is not known.
    func cancelOnServer() {
        guard let cancel = state.withLock({ $0.cancel }) else { return }
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            // A refused request needs no answer: the connection is closed next, which ends the statement too.
            _ = unsafe PQcancel(cancel.pointer, buffer.baseAddress, Int32(buffer.count))
        }
    }
}
