internal import COutgrowLibPQ
package import Diagnostics
internal import Foundation

// The transactions of a pooled session.
extension PostgresConnection {
    /// Begins a transaction; the statement goes out with the first one that is run.
    package func beginLater(_ begin: String) {
        pendingBegin = begin
        isTouched = false
        hasStaleStatements = false
        lastFailure = nil
    }

    package func sendPendingBegin() throws {
        guard let begin = pendingBegin else { return }
        pendingBegin = nil
        try execute(begin)
    }

    /// A transaction is open, or will be with the first statement.
    package var isInTransaction: Bool {
        if pendingBegin != nil { return true }
        return switch transactionStatus {
        case .inTransaction, .inFailedTransaction, .active: true
        case .idle, .unknown: false
        }
    }

    package enum CommitOutcome: Sendable {
        case committed
        /// The server rolled back instead, as after a failed statement.
        case rolledBack
        /// The transaction had already been ended, by a statement of its own.
        case noTransaction
        /// COMMIT was sent, and no answer came.
        case unknown(OutgrowError)
    }

    /// Commits. Once the statement is on its way, an interruption waits for the server's answer.
    ///
    /// - Throws: What the server says when it refuses, for instance for a deferred constraint.
    package func commit() throws -> CommitOutcome {
        if pendingBegin != nil {
            pendingBegin = nil
            _ = try liveHandle()
            return .committed
        }
        let handle = try liveHandle()
        guard transactionStatus != .idle else { return .noTransaction }
        isCommitting = true
        defer { isCommitting = false }
        do {
            guard unsafe PQsendQuery(handle.pointer, "COMMIT") == 1 else { throw notSent(handle, "COMMIT") }
            return try finishStatement(handle, "COMMIT").commandTag == "COMMIT" ? .committed : .rolledBack
        } catch let error as OutgrowError where self.handle == nil || !handle.isUp || error.endsSession {
            close()
            return .unknown(error)
        }
    }

    /// Rolls back, within a few seconds; a connection that cannot is closed, with the same effect on the server.
    package func rollBackOrClose() {
        pendingBegin = nil
        guard handle != nil, !isInterrupted else { return close() }
        guard transactionStatus != .idle else { return }
        let failure = lastFailure
        deadline = .now + .seconds(5)
        defer { deadline = nil }
        do {
            if copyDirection == .toServer { try failCopy("The transaction is rolled back.") }
            try execute("ROLLBACK")
        } catch {
            close()
        }
        lastFailure = failure
    }

    /// Whether the next user may have the session: it is open, outside of any transaction, and as it was.
    package func isReusable() -> Bool {
        deadline = nil
        handle?.notices.removeAll()
        return isOpen && !isInterrupted && !isTouched && copyDirection == nil && transactionStatus == .idle
    }

    /// Whether the server still answers. Costs a system call, and a round trip only if something has arrived
    /// unasked, which in most cases is the news that the server has ended the session.
    package func isAlive(asking mustAsk: Bool = false) -> Bool {
        do {
            let handle = try liveHandle()
            guard try mustAsk || wait(handle, for: POLLIN, until: .now) != 0 else { return true }
            try execute("")
            return true
        } catch {
            close()
            return false
        }
    }
}

extension OutgrowError {
    /// The server's last words before it ends a session: https://www.postgresql.org/docs/current/errcodes-appendix.html
    fileprivate var endsSession: Bool {
        causeCode.map { $0.hasPrefix("57P") || $0.hasPrefix("08") } ?? false
    }
}

extension PostgresConnection {
    /// Ends a COPY whose rows could not be made; the transaction has failed then. A connection that broke is closed.
    package func abandonCopy() {
        guard copyDirection == .toServer, handle != nil else { return }
        do {
            try failCopy("The rows ended early.")
        } catch {
            close()
        }
    }
}
