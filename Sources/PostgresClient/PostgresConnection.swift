internal import COutgrowLibPQ
internal import Diagnostics
internal import Foundation
internal import Threading

/// One session on a Postgres server, on a thread of its own.
///
/// All calls are synchronous inside the actor: `connection.run { connection in … }` runs any number
/// of statements on the connection's thread without a hop between them. libpq is used without
/// blocking; every wait is a `poll` of the socket and of a pipe, so that an interruption is seen
/// at once, whatever the server does.
///
/// An interrupted connection is over: the operation that notices throws `.interrupted` and
/// closes it, which makes the server roll back, and later operations throw the same.
package actor PostgresConnection {
    private nonisolated let executor: ThreadExecutor
    nonisolated let interruption = Interruption()
    var handle: ConnectionHandle? { didSet { repetition.close() } }
    var copyDirection: CopyDirection?
    package private(set) var endpoint: PostgresEndpoint

    /// Lets messages quote DETAIL and CONTEXT, which hold values of the user's rows.
    package var showValues = false
    /// The fields of the last failure of a statement; the thrown error holds its SQLSTATE as `causeCode`.
    package internal(set) var lastFailure: PostgresFailure?

    /// Past this instant the statement that runs is canceled, and the connection is over as after an interruption.
    package var deadline: ContinuousClock.Instant? {
        didSet {
            hasDeadline = deadline != nil
            repetition.close()
        }
    }
    /// As `deadline` says: an instant is costly to look at before every statement.
    private(set) var hasDeadline = false
    /// It was the deadline that ended the connection.
    package internal(set) var hasPassedDeadline = false
    /// COMMIT is on its way: what the server says decides, so an interruption waits a moment for it.
    var isCommitting = false
    /// A BEGIN that goes out together with the first statement.
    var pendingBegin: String?
    /// The values of the next statement.
    package nonisolated let parameters = ParameterBuffer()
    nonisolated let repetition = Repetition()
    package internal(set) var statements = StatementCache()
    /// What was sent in pipeline mode and is not answered yet.
    var pipeline = Pipeline()
    /// A prepared statement no longer fitted the schema: the transaction may succeed when it runs again.
    package internal(set) var hasStaleStatements = false
    /// A statement changed what the next user of the session would notice.
    package internal(set) var isTouched = false
    /// Which state of the schema the prepared statements belong to, as the owner of the connection counts.
    package var schemaGeneration = 0
    /// Types whose binary form is text, by OID, as far as they have been asked for.
    package var textTypes: [UInt32: Bool] = [:]

    /// A COPY in progress owns the connection.
    enum CopyDirection { case toServer, fromServer }

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    init(to endpoint: PostgresEndpoint) {
        executor = ThreadExecutor(name: "postgres")
        self.endpoint = endpoint
    }

    deinit { executor.stop() }

    /// Runs `body` on the connection's thread.
    ///
    /// Canceling the task interrupts the connection.
    package func run<Result: Sendable>(
        _ body: @Sendable (isolated PostgresConnection) throws -> Result
    ) async throws -> Result {
        try await withTaskCancellationHandler {
            try body(self)
        } onCancel: {
            interrupt()
        }
    }

    /// Runs `body` in place, which the caller has reached on the connection's thread, inside of `run`.
    ///
    /// As `assumeIsolated`, which asks the runtime each time where it is: a fortieth of a short statement. Here only
    /// builds for debugging ask.
    @inline(__always)
    package nonisolated func assumingIsolation<Result>(
        _ body: (isolated PostgresConnection) throws -> Result
    ) rethrows -> Result {
        assert(isOnItsThread)
        return try withoutActuallyEscaping(body) { body in
            let plain = unsafe unsafeBitCast(body, to: ((PostgresConnection) throws -> Result).self)
            return try plain(self)
        }
    }

    nonisolated var isOnItsThread: Bool {
        preconditionIsolated()
        return true
    }

    /// Stops what the connection does, now and for good; callable from any thread.
    package nonisolated func interrupt() { interruption.interrupt() }

    /// Ends the session. Later operations throw.
    package func close() {
        // libpq would still send what it holds, and the server would run it for nobody.
        if let handle, holdsUnsent(handle) { handle.stopSending() }
        pipeline = Pipeline()
        handle = nil
        copyDirection = nil
    }

    /// libpq has taken something that it has not sent yet, as far as is known.
    private func holdsUnsent(_ handle: ConnectionHandle) -> Bool {
        pipeline.isInsideBatch || handle.isSending
    }

    func setShowValues(_ isShown: Bool) { showValues = isShown }
    func noteEndpoint(_ endpoint: PostgresEndpoint) { self.endpoint = endpoint }
}

extension PostgresConnection {
    package enum TransactionStatus: Sendable {
        case idle, active, inTransaction, inFailedTransaction, unknown
    }

    package var isOpen: Bool { handle?.isUp ?? false }
    package nonisolated var isInterrupted: Bool { interruption.isInterrupted }

    /// For instance 150018 for 15.18; 0 when closed.
    package var serverVersion: Int {
        handle.map { Int(unsafe PQserverVersion($0.pointer)) } ?? 0
    }

    package var isEncrypted: Bool {
        handle.map { unsafe PQsslInUse($0.pointer) != 0 } ?? false
    }

    package var transactionStatus: TransactionStatus {
        guard let handle else { return .unknown }
        return switch unsafe PQtransactionStatus(handle.pointer) {
        case PQTRANS_IDLE: .idle
        case PQTRANS_ACTIVE: .active
        case PQTRANS_INTRANS: .inTransaction
        case PQTRANS_INERROR: .inFailedTransaction
        default: .unknown
        }
    }

    /// A setting the server reports on its own, such as `server_encoding`; nil when it does not.
    package func parameterStatus(_ name: String) -> String? {
        guard let handle, let value = unsafe PQparameterStatus(handle.pointer, name) else { return nil }
        return unsafe String(cString: value)
    }

    package var notices: [PostgresNotice] { handle?.notices.notices ?? [] }
    package func clearNotices() { handle?.notices.removeAll() }
}

// Waiting and failing: every wait of this target is here.
extension PostgresConnection {
    /// How long an interrupted statement may take to say that it has ended.
    private static let farewell: Duration = .seconds(5)
    /// After how long it is asked once more: a request that overtakes its statement finds nothing to cancel.
    private static let patience: Duration = .milliseconds(50)

    /// The open connection, or the error that says why there is none.
    func liveHandle() throws -> ConnectionHandle {
        repetition.close()
        if isInterrupted { throw endInterrupted() }
        guard let handle else {
            throw OutgrowError(
                "target-closed", .target, "The connection to the server is closed.", at: "\(endpoint)",
                fix: "Run again; the error before this one says why the connection ended.")
        }
        if hasDeadline, let deadline, deadline <= .now { throw endOverdue() }
        return handle
    }

    /// Waits until the socket is ready for one of `events`, and returns what it is ready for; 0 when
    /// `limit` has passed.
    func wait(
        _ handle: ConnectionHandle, for events: Int32, until limit: ContinuousClock.Instant? = nil
    ) throws -> Int32 {
        if isCommitting { return try waitForCommit(handle, events) }
        let end = earlier(limit, deadline)
        while true {
            let (ready, found) = pollOnce(handle.socket, events, until: end, wakes: true)
            if ready < 0, errno != EINTR { throw lost("poll: error \(errno)") }
            if isInterrupted { throw endInterrupted() }
            if ready > 0 { return found }
            if ready == 0, let end, end <= .now {
                if let deadline, deadline <= .now { throw endOverdue() }
                return 0
            }
        }
    }

    /// As `wait`, but an interruption or the deadline only cancels on the server, and leaves it some time to answer.
    private func waitForCommit(_ handle: ConnectionHandle, _ events: Int32) throws -> Int32 {
        var end = deadline
        var isEnding = false
        while true {
            if !isEnding, isInterrupted || end.map({ $0 <= .now }) == true {
                hasPassedDeadline = hasPassedDeadline || !isInterrupted
                interruption.interrupt()
                (isEnding, end) = (true, .now + Self.farewell)
            }
            let limit = isEnding ? earlier(end, .now + Self.patience) : end
            let (ready, found) = pollOnce(handle.socket, events, until: limit, wakes: !isEnding)
            if ready < 0, errno != EINTR { throw lost("poll: error \(errno)") }
            if ready > 0, found != 0 { return found }
            guard isEnding else { continue }
            if let end, end <= .now { throw lost("no answer to COMMIT") }
            interruption.cancelAgain()
        }
    }

    /// `poll` of the socket and the wake-up. Returns its result and what the socket is ready for.
    private func pollOnce(
        _ socket: Int32, _ events: Int32, until end: ContinuousClock.Instant?, wakes: Bool
    ) -> (Int32, Int32) {
        var pair = (
            pollfd(fd: socket, events: Int16(events), revents: 0),
            pollfd(fd: wakes ? interruption.wakeDescriptor : -1, events: Int16(POLLIN), revents: 0)
        )
        let ready = unsafe withUnsafeMutableBytes(of: &pair) { bytes in
            unsafe poll(bytes.bindMemory(to: pollfd.self).baseAddress, 2, end.milliseconds)
        }
        return (ready, Int32(pair.0.revents))
    }

    /// Waits for input and hands it to libpq.
    func awaitInput(_ handle: ConnectionHandle) throws {
        if try hasDeadline || isCommitting || !waitByWatch(handle) { _ = try wait(handle, for: POLLIN) }
        try consumeInput(handle)
    }

    /// Waits with the kernel's own list of what is watched; false when there is none, or it has failed.
    private func waitByWatch(_ handle: ConnectionHandle) throws -> Bool {
        guard handle.inputWatch >= 0 else { return false }
        while true {
            let found = outgrow_watch_wait(handle.inputWatch)
            if isInterrupted { throw endInterrupted() }
            if found == 1 { return true }
            if found < 0, errno != EINTR { return false }
        }
    }

    func consumeInput(_ handle: ConnectionHandle) throws {
        guard unsafe PQconsumeInput(handle.pointer) == 1 else { throw lost(handle.errorMessage) }
    }

    /// Sends all that libpq has buffered, taking in what the server says meanwhile: with both sides'
    /// buffers full, neither would go on. Returns whether anything came in.
    @discardableResult
    func flush(_ handle: ConnectionHandle) throws -> Bool {
        var hasInput = false
        while true {
            let state = unsafe PQflush(handle.pointer)
            handle.isSending = state != 0
            if state < 0 { throw lost(handle.errorMessage) }
            if state == 0 { return hasInput }
            if try wait(handle, for: POLLIN | POLLOUT) & POLLIN != 0 {
                hasInput = true
                try consumeInput(handle)
            }
        }
    }

    /// The connection broke: no SQLSTATE, and nothing more to be done with it.
    func lost(_ message: String, statement: String? = nil) -> OutgrowError {
        let failure = PostgresFailure(connecting: message)
        lastFailure = failure
        var error = failure.outgrowError(at: endpoint)
        if error.code != "target-lost", failure.sqlState == nil {
            error.code = "target-lost"
            error.summary = "The connection to the server broke."
        }
        close()
        return error
    }

    /// Waits a moment for the canceled statement to end on the server, so that its locks are gone when
    /// the user reads the message, and closes the connection.
    @discardableResult
    func endInterrupted() -> OutgrowError {
        if let handle, copyDirection == nil, transactionStatus == .active {
            // Of what is not sent to its end nothing is to be run, and the server would wait for the rest of it.
            if holdsUnsent(handle) { handle.stopSending() }
            drain(handle, until: .now + Self.farewell)
        }
        close()
        return OutgrowError(
            "interrupted", .interrupted, "The work was interrupted.", at: "\(endpoint)",
            fix: "Run the same command again.")
    }

    /// The deadline has passed: the statement is canceled as if somebody had interrupted it.
    private func endOverdue() -> OutgrowError {
        hasPassedDeadline = true
        interruption.interrupt()
        return endInterrupted()
    }

    private func drain(_ handle: ConnectionHandle, until deadline: ContinuousClock.Instant) {
        var hasEnded = false
        while true {
            while unsafe PQisBusy(handle.pointer) != 0 {
                var descriptor = pollfd(fd: handle.socket, events: Int16(POLLIN), revents: 0)
                let patience = Optional(min(deadline, .now + Self.patience)).milliseconds
                let ready = unsafe poll(&descriptor, 1, patience)
                guard deadline > .now, ready >= 0 || errno == EINTR else { return }
                guard ready != 0 else {
                    interruption.cancelAgain()
                    continue
                }
                guard unsafe PQconsumeInput(handle.pointer) == 1 else { return }
            }
            guard let result = unsafe PQgetResult(handle.pointer) else {
                // In a pipeline the first null ends a statement, and a second one all that was queued.
                guard !hasEnded, unsafe PQpipelineStatus(handle.pointer) != PQ_PIPELINE_OFF else { return }
                hasEnded = true
                continue
            }
            hasEnded = false
            let status = unsafe PQresultStatus(result)
            unsafe PQclear(result)
            let isCopy = status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH
            guard !isCopy else { return }
        }
    }
}

extension Optional where Wrapped == ContinuousClock.Instant {
    /// For `poll`: -1 waits for ever. Rounded up, so that a wait does not spin at its end.
    fileprivate var milliseconds: Int32 {
        guard let deadline = self else { return -1 }
        let left = deadline - .now
        guard left > .zero else { return 0 }
        return Int32(
            clamping: left / .milliseconds(1) < 1_000_000 ? Int64(left / .milliseconds(1)) + 1 : 1_000_000)
    }
}

/// Nil stands for never.
private func earlier(
    _ one: ContinuousClock.Instant?, _ other: ContinuousClock.Instant?
) -> ContinuousClock.Instant? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
}
