internal import COutgrowLibPQ
internal import Foundation
internal import Synchronization

/// The way to stop a connection from another thread.
///
/// Setting it off wakes the connection's `poll` through a pipe and asks the server to
/// cancel the statement. `PQcancel` opens a connection of its own and blocks, so it runs on
/// a thread of its own: the caller may be in the middle of a signal or of a task's cancellation.
@safe final class Interruption: Sendable {
    /// libpq documents that the handle may be used from any thread.
    @safe private struct CancelHandle: @unchecked Sendable {
        let pointer: OpaquePointer
    }

    private struct State {
        var isInterrupted = false
        /// A request to cancel is on its way.
        var isAsking = false
        var cancel: CancelHandle?
    }

    /// Readable once interrupted; never read, so that it stays so.
    let wakeDescriptor: Int32
    private let signalDescriptor: Int32
    private let state = Mutex(State())
    /// The same as in `state`, for those who only look, as is done before each statement.
    private let hasBeenSet = Atomic(false)

    init() {
        var ends: (Int32, Int32) = (-1, -1)
        _ = unsafe withUnsafeMutableBytes(of: &ends) { bytes in
            unsafe pipe(bytes.bindMemory(to: Int32.self).baseAddress)
        }
        // Without descriptors both are -1, which `poll` passes over: then only the server's answer ends a wait.
        (wakeDescriptor, signalDescriptor) = ends
        for end in [ends.0, ends.1] where end >= 0 {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
    }

    deinit {
        for end in [wakeDescriptor, signalDescriptor] where end >= 0 { close(end) }
        if let cancel = state.withLock({ $0.cancel }) { unsafe PQfreeCancel(cancel.pointer) }
    }

    var isInterrupted: Bool { hasBeenSet.load(ordering: .acquiring) }

    /// Called once, when the connection is up.
    func arm(with connection: OpaquePointer) {
        guard let pointer = unsafe PQgetCancel(connection) else { return }
        let handle = unsafe CancelHandle(pointer: pointer)
        state.withLock { $0.cancel = handle }
        if isInterrupted { cancelOnServer() }
    }

    func interrupt() {
        let isFirst = state.withLock { state in
            defer {
                state.isInterrupted = true
                hasBeenSet.store(true, ordering: .releasing)
            }
            return !state.isInterrupted
        }
        guard isFirst else { return }
        var signal: UInt8 = 1
        _ = unsafe write(signalDescriptor, &signal, 1)
        cancelAgain()
    }

    /// Repeats the request, which may have reached the server before the statement did.
    ///
    /// One at a time: a server that does not answer holds the thread for as long as the system tries to connect.
    func cancelAgain() {
        let isFirst = state.withLock { state in
            defer { state.isAsking = true }
            return !state.isAsking
        }
        guard isFirst else { return }
        Thread.detachNewThread { [self] in
            cancelOnServer()
            state.withLock { $0.isAsking = false }
        }
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
