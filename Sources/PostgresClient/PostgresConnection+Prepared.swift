internal import COutgrowLibPQ
internal import Diagnostics

// Statements with the values of `parameters` and binary results.
extension PostgresConnection {
    /// Runs a statement with the values in `parameters`, prepared on the server and kept there for the next time.
    ///
    /// A statement that is new, or the first of a transaction, goes out together with what must precede it, in a
    /// pipeline: one round trip all the same.
    package func run(_ text: String) throws -> PostgresResult {
        if pendingBegin == nil {
            // Outside of a transaction a statement may be one that refuses company, such as VACUUM.
            if statements.capacity == 0 || transactionStatus == .idle { return try runUnnamed(text) }
            if let statement = statements.statement(text, parameters, 0, parameters.count) {
                return try run(statement)
            }
        }
        // Before anything is queued, so that nothing has to be undone.
        try requireNoNUL(text)
        var result: PostgresResult?
        try startPipeline()
        try queue(text)
        try syncPipeline()
        try readBatch { result = $0 }
        try endPipeline()
        guard let result else { throw OutgrowError.defect("A pipeline returned nothing.", at: text) }
        return result
    }

    /// Runs one statement unnamed, without keeping it: for what is run once.
    package func runUnnamed(_ text: String) throws -> PostgresResult {
        try sendPendingBegin()
        let handle = try startStatement(text)
        try requireNoNUL(text)
        guard send(PreparedStatement(name: "", text: text, types: []), handle) else {
            throw notSent(handle, text)
        }
        noteTouch(text.touchesSession)
        return try finishStatement(handle, text)
    }

    /// Runs statements without values, and notes whether they may have left something behind in the session.
    package func runScript(_ text: String) throws {
        try sendPendingBegin()
        noteTouch(text.mayTouchSession)
        try execute(text)
    }

    /// The name under which `run` has prepared a statement for the values in `parameters`, for `run(again:)`; nil when it
    /// is not kept.
    package func preparedName(_ text: String) -> String? {
        statements.capacity == 0 ? nil : statements.statement(text, parameters, 0, parameters.count)?.name
    }

    /// Runs a statement that the caller knows again by other means than its text, with the values in `parameters`.
    ///
    /// Returns nil, and has done nothing, when it has to go the long way: another was run meanwhile, it was forgotten, the
    /// values have other types, or something has to precede it. To be called on the connection's thread.
    package nonisolated func run(again name: String) throws -> PostgresResult? {
        try assumingIsolation { connection in try connection.repeated(name) }
    }

    private func repeated(_ name: String) throws -> PostgresResult? {
        guard pendingBegin == nil, transactionStatus != .idle,
            let statement = statements.recent(name, parameters)
        else { return nil }
        return try run(statement)
    }

    private func run(_ statement: PreparedStatement) throws -> PostgresResult {
        let handle = try startStatement(statement.text)
        guard send(statement, handle) else { throw notSent(handle, statement.text) }
        noteTouch(statement.touchesSession)
        do {
            return try finishStatement(handle, statement.text)
        } catch {
            forgetIfStale(statement)
            throw error
        }
    }

    /// Whether the last failure came from a plan that no longer fits the schema: the transaction may succeed when
    /// it runs again.
    ///
    /// `cached plan must not change result type` has the state of any feature that is not supported; prepared anew,
    /// such a statement fails with that.
    func forgetIfStale(_ statement: PreparedStatement) {
        guard let state = lastFailure?.sqlState, state == "0A000" || state == "26000", !statement.name.isEmpty
        else { return }
        hasStaleStatements = true
        statements.remove(statement, isOnServer: state == "0A000")
    }

    func noteTouch(_ touches: Bool) { if touches { isTouched = true } }

    func send(_ statement: PreparedStatement, _ handle: ConnectionHandle) -> Bool {
        unsafe statement.name.withCString { name in
            unsafe send(statement, name, parameters, 0, parameters.count, handle)
        }
    }

    /// Sends a statement with `count` values of a buffer, from `start` on; a nameless one as text.
    func send(
        _ statement: PreparedStatement, _ name: UnsafePointer<CChar>, _ buffer: ParameterBuffer, _ start: Int,
        _ count: Int, _ handle: ConnectionHandle
    ) -> Bool {
        let all = unsafe buffer.arguments(start, count)
        let (values, lengths, formats) = unsafe (all.values + start, all.lengths + start, all.formats + start)
        if unsafe name[0] == 0 {
            return unsafe PQsendQueryParams(
                handle.pointer, statement.text, Int32(clamping: count), all.types + start, values, lengths,
                formats, 1) == 1
        }
        return unsafe PQsendQueryPrepared(
            handle.pointer, name, Int32(clamping: count), values, lengths, formats, 1) == 1
    }

    func sendPrepare(_ statement: PreparedStatement, _ handle: ConnectionHandle) -> Bool {
        unsafe PQsendPrepare(
            handle.pointer, statement.name, statement.text, Int32(statement.types.count), statement.types)
            == 1
    }

    /// Forgets all prepared statements: the schema has changed below them.
    package func discardStatements() { statements.removeAll() }

    /// How many prepared statements are kept; 0 for none.
    package func limitStatements(to capacity: Int) { statements.capacity = max(0, capacity) }

    /// Frees the statements on the server that gave way to newer ones.
    package func deallocateDiscarded() throws {
        guard !statements.discarded.isEmpty, transactionStatus != .inFailedTransaction else { return }
        let names = statements.discarded
        statements.discarded = []
        try execute(names.map { "DEALLOCATE \($0)" }.joined(separator: "; "))
    }
}
