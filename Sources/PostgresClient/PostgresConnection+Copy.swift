internal import COutgrowLibPQ
internal import Diagnostics
internal import Foundation

// COPY FROM STDIN: `copyIn`, any number of `putCopyData`, then `endCopy` or `failCopy`.
extension PostgresConnection {
    /// Starts a COPY … FROM STDIN.
    package func copyIn(_ sql: String) throws {
        try startCopy(sql, .toServer, expecting: PGRES_COPY_IN)
    }

    /// Sends a block; rows may be cut anywhere between two blocks.
    ///
    /// libpq would buffer without limit, so each block is sent to its end before this returns. What the
    /// server says meanwhile is read: an error ends the COPY here, not after the last of a billion rows.
    package func putCopyData(_ block: RawSpan) throws {
        let handle = try copyHandle(.toServer)
        var isQueued: Int32 = 0
        while isQueued == 0 {
            isQueued = unsafe block.withUnsafeBytes { bytes in
                unsafe PQputCopyData(
                    handle.pointer, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count))
            }
            // 0: libpq can take nothing now; it does once something has gone out.
            if isQueued == 0 { try flush(handle) }
        }
        if isQueued < 0 { throw try copyFailure(handle) }
        let noticeCount = handle.notices.count
        var hasInput = try flush(handle)
        if try wait(handle, for: POLLIN, until: .now) & POLLIN != 0 {
            try consumeInput(handle)
            hasInput = true
        }
        if hasInput, try !isOnlyNotices(handle, since: noticeCount) { throw try copyFailure(handle) }
    }

    /// Sends a block of bytes, as `putCopyData(_:)` does.
    package func putCopyData(_ block: [UInt8]) throws {
        let span = block.span
        try putCopyData(unsafe span.bytes)
    }

    /// Ends the COPY and returns how many rows the server took.
    package func endCopy() throws -> Int64 {
        let handle = try copyHandle(.toServer)
        try sendCopyEnd(handle, message: nil)
        copyDirection = nil
        return try finishStatement(handle, "COPY FROM STDIN").affectedRows
    }

    /// Makes the server forget the COPY: the statement fails there with `message`, as it must.
    package func failCopy(_ message: String) throws {
        let handle = try copyHandle(.toServer)
        try sendCopyEnd(handle, message: message)
        copyDirection = nil
        do {
            _ = try finishStatement(handle, "COPY FROM STDIN")
        } catch let error as OutgrowError where error.causeCode != nil {
            return
        }
    }

    /// During a COPY the server speaks only to raise a notice or an error, and libpq does not tell which
    /// came. A notice may come in two halves, so it gets a moment to become whole.
    private func isOnlyNotices(_ handle: ConnectionHandle, since count: Int) throws -> Bool {
        let deadline = ContinuousClock.now + .milliseconds(100)
        while true {
            _ = unsafe PQisBusy(handle.pointer)  // parses what has come in
            if handle.notices.count > count { return true }
            guard try wait(handle, for: POLLIN, until: deadline) & POLLIN != 0 else { return false }
            try consumeInput(handle)
        }
    }

    /// The server's own reason for refusing the rows.
    private func copyFailure(_ handle: ConnectionHandle) throws -> OutgrowError {
        try sendCopyEnd(handle, message: "The server has already failed.")
        copyDirection = nil
        do {
            _ = try finishStatement(handle, "COPY FROM STDIN")
        } catch let error as OutgrowError {
            return error
        }
        return .defect("The server refused rows of a COPY without an error.", at: "\(endpoint)")
    }

    private func sendCopyEnd(_ handle: ConnectionHandle, message: String?) throws {
        while true {
            let state = unsafe PQputCopyEnd(handle.pointer, message)
            if state < 0 { throw lost(handle.errorMessage) }
            if state > 0 { return }
            try flush(handle)
        }
    }
}

// COPY TO STDOUT.
extension PostgresConnection {
    /// Runs a COPY … TO STDOUT and calls `body` with each row's message; the bytes are gone afterwards.
    ///
    /// In the binary format the first message also holds the file header, and the last is the trailer.
    /// When `body` throws, the statement is canceled on the server and the error goes on.
    package func copyOut(_ sql: String, _ body: (RawSpan) throws -> Void) throws {
        try startCopy(sql, .fromServer, expecting: PGRES_COPY_OUT)
        let handle = try copyHandle(.fromServer)
        do {
            while try nextRow(handle, body) {}
        } catch {
            try abandonCopyOut(handle)
            throw error
        }
        copyDirection = nil
        _ = try finishStatement(handle, sql)
    }

    /// Returns false after the last row, or when the server failed and the result says why.
    private func nextRow(_ handle: ConnectionHandle, _ body: (RawSpan) throws -> Void) throws -> Bool {
        var buffer: UnsafeMutablePointer<CChar>?
        let count = unsafe PQgetCopyData(handle.pointer, &buffer, 1)
        defer { unsafe PQfreemem(buffer) }
        if count == 0 {
            try awaitInput(handle)
            return true
        }
        guard count > 0, let start = unsafe buffer else { return false }
        try body(unsafe RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: Int(count)))
        return true
    }

    /// Reads the canceled COPY to its end, so that the session can go on.
    private func abandonCopyOut(_ handle: ConnectionHandle) throws {
        guard self.handle != nil, !isInterrupted else { return close() }
        interruption.cancelOnServer()
        while try nextRow(handle, { _ in }) {}
        copyDirection = nil
        while try nextResult(handle) != nil {}
    }

    private func startCopy(_ sql: String, _ direction: CopyDirection, expecting status: ExecStatusType) throws
    {
        let handle = try startStatement(sql)
        try requireNoNUL(sql)
        guard unsafe PQsendQuery(handle.pointer, sql) == 1 else { throw notSent(handle, sql) }
        try flush(handle)
        guard let result = try nextResult(handle) else { throw lost(handle.errorMessage) }
        if result.status == status {
            copyDirection = direction
            return
        }
        while try nextResult(handle) != nil {}
        guard result.status == PGRES_FATAL_ERROR else {
            throw OutgrowError.defect("A statement was expected to start a COPY, and did not.", at: sql)
        }
        throw thrown(PostgresFailure(result, statement: sql))
    }

    private func copyHandle(_ direction: CopyDirection) throws -> ConnectionHandle {
        let handle = try liveHandle()
        guard copyDirection == direction else {
            throw OutgrowError.defect("Rows of a COPY were moved while none was in progress.")
        }
        return handle
    }
}
