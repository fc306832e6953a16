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

    /// The statement as `run` has prepared it for the values in `parameters`, for `run(again:)`; nil when it is not kept.
    package func preparedStatement(_ text: String) -> PreparedStatement? {
        statements.capacity == 0 ? nil : statements.statement(text, parameters, 0, parameters.count)
    }

    private func run(_ statement: PreparedStatement) throws -> PostgresResult {
        let handle = try startStatement(statement.text)
        guard send(statement, handle) else { throw notSent(handle, statement.text) }
        noteTouch(statement.touchesSession)
        let result = try finish(statement, handle)
        if !hasDeadline, !statement.touchesSession { repetition.open(for: statement, handle) }
        return result
    }

    /// Takes the results of a statement that was sent, of which the caller may have taken the first.
    func finish(
        _ statement: PreparedStatement, _ handle: ConnectionHandle, after first: PostgresResult? = nil
    ) throws -> PostgresResult {
        do {
            return try finishStatement(handle, statement.text, after: first)
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
        send(statement, parameters, 0, parameters.count, handle)
    }

    /// Sends a statement with `count` values of a buffer, from `start` on; a nameless one as text.
    func send(
        _ statement: PreparedStatement, _ buffer: ParameterBuffer, _ start: Int, _ count: Int,
        _ handle: ConnectionHandle
    ) -> Bool {
        let all = unsafe buffer.arguments(start, count)
        let (values, lengths) = unsafe (all.values + start, all.lengths + start)
        let formats = unsafe buffer.formats(of: all, for: statement) + start
        let name = unsafe statement.terminatedName
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

    func sendDescribe(_ statement: PreparedStatement, _ handle: ConnectionHandle) -> Bool {
        unsafe PQsendDescribePrepared(handle.pointer, statement.terminatedName) == 1
    }

    /// Forgets all prepared statements: the schema has changed below them.
    package func discardStatements() {
        repetition.close()
        statements.removeAll()
    }

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
