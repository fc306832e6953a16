internal import COutgrowLibPQ
internal import Diagnostics

extension PostgresConnection {
    /// Runs one or several statements without parameters, and returns the result of the last.
    @discardableResult
    package func execute(_ sql: String) throws -> PostgresResult {
        let handle = try startStatement(sql)
        try requireNoNUL(sql)
        guard unsafe PQsendQuery(handle.pointer, sql) == 1 else { throw notSent(handle, sql) }
        return try finishStatement(handle, sql)
    }

    /// Runs one statement; parameters and results as text, NULL as nil.
    package func query(_ sql: String, _ parameters: [String?] = []) throws -> PostgresResult {
        try query(sql, parameters, resultFormat: 0)
    }

    /// Runs one statement with results in Postgres' binary formats: see `PostgresResult.bytes`.
    package func queryBinary(_ sql: String, _ parameters: [String?] = []) throws -> PostgresResult {
        try query(sql, parameters, resultFormat: 1)
    }

    /// The first field of the first row; nil for NULL and when there is no row.
    package func scalar(_ sql: String, _ parameters: [String?] = []) throws -> String? {
        try query(sql, parameters)[0, 0]
    }

    /// Runs `body` in a transaction, and rolls back when it throws.
    ///
    /// When not even the rollback works, the connection is closed, with the same effect on the server.
    package func withTransaction<Result>(
        _ mode: String = "", _ body: () throws -> Result
    ) throws -> Result {
        try execute("BEGIN \(mode)")
        let result: Result
        do {
            result = try body()
        } catch {
            rollBack()
            throw error
        }
        // COMMIT of a failed transaction is a rollback that reports success.
        let tag = try execute("COMMIT").commandTag
        guard tag == "COMMIT" else {
            throw OutgrowError.defect("A transaction went on after a failed statement, and was rolled back.")
        }
        return result
    }

    private func rollBack() {
        guard !isInterrupted, handle != nil else { return close() }
        do {
            if copyDirection == .toServer { try failCopy("The transaction is rolled back.") }
            let failure = lastFailure
            try execute("ROLLBACK")
            lastFailure = failure
        } catch {
            close()
        }
    }

    private func query(_ sql: String, _ parameters: [String?], resultFormat: Int32) throws -> PostgresResult {
        let handle = try startStatement(sql)
        try requireNoNUL(sql)
        let isSent = try unsafe withCStrings(parameters) { values in
            unsafe PQsendQueryParams(
                handle.pointer, sql, Int32(parameters.count), nil, values, nil, nil, resultFormat)
        }
        guard isSent == 1 else { throw notSent(handle, sql) }
        return try finishStatement(handle, sql)
    }
}

// The life of one statement, also used by COPY.
extension PostgresConnection {
    func startStatement(_ sql: String) throws -> ConnectionHandle {
        guard copyDirection == nil else {
            throw OutgrowError.defect("A statement was started while a COPY was in progress.")
        }
        return try liveHandle()
    }

    func notSent(_ handle: ConnectionHandle, _ sql: String) -> OutgrowError {
        lost(handle.errorMessage, statement: sql)
    }

    /// Takes all results of what was sent, of which `first` may be taken already; throws the first failure, else returns
    /// the last result.
    func finishStatement(
        _ handle: ConnectionHandle, _ sql: String, after first: PostgresResult? = nil
    ) throws -> PostgresResult {
        try flush(handle)
        var last: PostgresResult?
        var next = try first ?? nextResult(handle)
        while let result = next {
            let status = result.status
            guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY
            else {
                throw try failure(beginningWith: result, handle, sql)
            }
            last = result
            next = try nextResult(handle)
        }
        guard let last else { throw lost(handle.errorMessage) }
        return last
    }

    /// Takes the results that follow one that is not good, and makes the error of the first failure.
    private func failure(
        beginningWith first: PostgresResult, _ handle: ConnectionHandle, _ sql: String
    ) throws -> OutgrowError {
        var failure: PostgresFailure?
        var next: PostgresResult? = first
        while let result = next {
            switch result.status {
            case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE:
                failure = failure ?? PostgresFailure(result, statement: sql)
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                close()
                return OutgrowError.copyAsStatement
            default: break
            }
            do {
                next = try nextResult(handle)
            } catch let error as OutgrowError where failure != nil && error.kind != .interrupted {
                // The server said why before it hung up, and that is the news.
                break
            }
        }
        if let failure { return thrown(failure) }
        return lost(handle.errorMessage)
    }

    func nextResult(_ handle: ConnectionHandle) throws -> PostgresResult? {
        while unsafe PQisBusy(handle.pointer) != 0 { try awaitInput(handle) }
        return unsafe PQgetResult(handle.pointer).map { unsafe PostgresResult(owning: $0) }
    }

    /// Remembers the failure, closes a connection that it ended, and makes the error for the user.
    func thrown(_ failure: PostgresFailure) -> OutgrowError {
        lastFailure = failure
        if let handle, !handle.isUp { close() }
        return failure.outgrowError(at: endpoint, showingValues: showValues)
    }

    func requireNoNUL(_ sql: String) throws {
        guard !sql.utf8.contains(0) else {
            throw OutgrowError.defect("A statement for the server contains a NUL character.")
        }
    }
}

extension OutgrowError {
    /// The connection is closed then: nobody would feed or read the COPY.
    static let copyAsStatement = OutgrowError(
        "internal", .internal, "A COPY was run as an ordinary statement.",
        fix: "Use bulkInsert(into:columns:rows:) to write many rows, and a query or a stream to read them.")
}
