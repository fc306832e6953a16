internal import COutgrowLibPQ
internal import Diagnostics

/// What it takes to run the statement that ran last once more, while nothing else has used the connection since.
///
/// To be used on the connection's thread.
@safe final class Repetition: @unchecked Sendable {
    @unsafe struct Way {
        fileprivate let statement: ObjectIdentifier
        fileprivate let connection: OpaquePointer
        fileprivate let watch: Int32
    }

    // Not a stored property, each use of which Swift would check for exclusive access.
    private let way: UnsafeMutablePointer<Way?>

    init() {
        unsafe way = .allocate(capacity: 1)
        unsafe way.initialize(to: nil)
    }

    deinit { unsafe way.deallocate() }

    /// The statement has just run, in a transaction and without a deadline.
    func open(for statement: PreparedStatement, _ handle: ConnectionHandle) {
        guard handle.inputWatch >= 0 else { return }
        unsafe way.pointee = unsafe Way(
            statement: ObjectIdentifier(statement), connection: handle.pointer, watch: handle.inputWatch)
    }

    /// Something else is done with the connection.
    func close() { unsafe way.pointee = nil }

    fileprivate func way(for statement: PreparedStatement) -> Way? {
        guard let open = unsafe way.pointee, unsafe open.statement == ObjectIdentifier(statement) else {
            return nil
        }
        return unsafe open
    }
}

// Around a statement of some microseconds, what an isolated function looks at is a tenth of the whole: so a loop over one
// statement goes from libpq to libpq, and back into the actor as soon as anything is not as it was the last time.
extension PostgresConnection {
    /// Runs a statement again, with the values in `parameters`.
    ///
    /// Returns nil, and has done nothing, when it has to go the long way: the connection was used for something else since
    /// it ran, the values have other types, or the transaction has ended or failed. To be called on the connection's thread.
    package nonisolated func run(again statement: PreparedStatement) throws -> PostgresResult? {
        assert(isOnItsThread)
        guard let way = unsafe repetition.way(for: statement), !isInterrupted,
            statement.types.count == parameters.count, parameters.hasTypes(statement.types, at: 0),
            unsafe PQtransactionStatus(way.connection) == PQTRANS_INTRANS
        else { return nil }
        let arguments = unsafe parameters.arguments(0, parameters.count)
        guard
            unsafe PQsendQueryPrepared(
                way.connection, statement.terminatedName, Int32(clamping: parameters.count), arguments.values,
                arguments.lengths, parameters.formats(of: arguments, for: statement), 1) == 1
        else { throw unsafe broken(way) }
        guard unsafe PQflush(way.connection) == 0, try unsafe hasAnswer(way) else {
            return try finishTheLongWay(statement)
        }
        guard let pointer = unsafe PQgetResult(way.connection) else { return try finishTheLongWay(statement) }
        let status = unsafe PQresultStatus(pointer)
        let result = unsafe PostgresResult(owning: pointer)
        guard status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK, try unsafe hasAnswer(way)
        else {
            return try finishTheLongWay(statement, after: result)
        }
        guard let next = unsafe PQgetResult(way.connection) else { return result }
        return try finishTheLongWay(statement, after: unsafe PostgresResult(owning: next))
    }

    /// Waits until libpq has a whole message; false when something else has happened, which is to be looked at.
    private nonisolated func hasAnswer(_ way: Repetition.Way) throws -> Bool {
        while unsafe PQisBusy(way.connection) != 0 {
            guard unsafe outgrow_watch_wait(way.watch) == 1, !isInterrupted else { return false }
            guard unsafe PQconsumeInput(way.connection) == 1 else { throw unsafe broken(way) }
        }
        return true
    }

    private nonisolated func broken(_ way: Repetition.Way) -> OutgrowError {
        let message = unsafe String(cString: PQerrorMessage(way.connection))
        return assumingIsolation { $0.lost(message) }
    }

    private nonisolated func finishTheLongWay(
        _ statement: PreparedStatement, after first: PostgresResult? = nil
    ) throws -> PostgresResult {
        try assumingIsolation { connection in
            // Where it is left, the statement may be half sent; what comes next finds out.
            if first == nil { connection.handle?.isSending = true }
            return try connection.finish(statement, connection.liveHandle(), after: first)
        }
    }
}
