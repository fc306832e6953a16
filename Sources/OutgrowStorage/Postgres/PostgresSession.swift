internal import Diagnostics
internal import PostgresClient

/// One leased connection while a transaction runs on it. Every call comes on the connection's own thread.
final class PostgresSession: Session {
    let connection: PostgresConnection
    /// How the last result is read: a loop over one query asks the same each time.
    private var lastColumns: PostgresColumns?

    /// A statement that was run twice in a row, as the program wrote it and as the server has it.
    private var recent: KnownStatement?
    private var last: PreparedStatement?

    private final class KnownStatement {
        let shape: StatementShape
        let prepared: PreparedStatement
        /// Those of its results: the server refuses to run it when they have become others.
        var columns: PostgresColumns?

        init(_ statement: RenderedSQL, _ prepared: PreparedStatement) {
            self.prepared = prepared
            shape = StatementShape(statement)
        }
    }

    init(_ connection: PostgresConnection) { self.connection = connection }

    var dialect: Dialect { .postgres }

    var isInTransaction: Bool { connection.assumeIsolated { $0.isInTransaction } }

    func execute(_ statement: RenderedSQL) throws -> Int {
        if let recent, let result = try again(recent, statement) { return result.changedRows }
        return try result(of: statement).changedRows
    }

    /// Runs a statement that ran before in this transaction, which is known by its literals, without its text; nil when it
    /// has to go the long way.
    private func again(_ known: KnownStatement, _ statement: RenderedSQL) throws -> PostgresResult? {
        guard known.shape.fits(statement) else { return nil }
        try connection.parameters.bind(statement.parts)
        do {
            return try connection.run(again: known.prepared)
        } catch let error as OutgrowError {
            let text = known.prepared.text
            throw connection.assumeIsolated { $0.storageError(error, statement: text) }
        }
    }

    private func result(of statement: RenderedSQL) throws -> PostgresResult {
        let text = statement.text
        let (result, prepared) = try connection.assumeIsolated { connection in
            (try connection.result(of: statement, text), connection.preparedStatement(text))
        }
        // Not at the first time: to remember each of many statements would cost more than it saves.
        if let prepared, prepared === last { recent = KnownStatement(statement, prepared) }
        last = prepared
        return result
    }

    func forEachRow(_ statement: RenderedSQL, _ body: (borrowing Row) throws -> Bool) throws {
        let rows = try rows(of: statement)
        for index in 0..<rows.rowCount {
            guard try body(Row(rows, at: index)) else { return }
        }
    }

    func load(_ statement: RenderedSQL) throws -> RowBatch { RowBatch(try rows(of: statement)) }

    private func rows(of statement: RenderedSQL) throws -> PostgresRows {
        guard let recent, let result = try again(recent, statement) else {
            return try rows(try result(of: statement))
        }
        if let columns = recent.columns { return PostgresRows(result, columns) }
        let rows = try rows(result)
        recent.columns = rows.columns
        return rows
    }

    private func rows(_ result: PostgresResult) throws -> PostgresRows {
        if let lastColumns, result.hasTypes(lastColumns.oids) { return PostgresRows(result, lastColumns) }
        let rows = try connection.assumeIsolated { try $0.rows(result) }
        lastColumns = rows.columns
        return rows
    }

    func executeScript(_ sql: String) throws {
        try StatementWords.checkTransactionControl(inScript: sql, .postgres)
        try connection.assumeIsolated { connection in
            try connection.translated("") { try connection.runScript(sql) }
            connection.discardStatements()
        }
    }

    func executeAll(_ statements: [RenderedSQL]) throws -> [Int] {
        guard !statements.isEmpty else { return [] }
        for statement in statements { try StatementWords.refuseTransactionControl(statement.text) }
        return try connection.assumeIsolated { try $0.executeAll(statements) }
    }

    func feed(_ target: RowTarget, _ fill: (any RowSink) throws -> Void) throws -> Int {
        switch target {
        case .statement(let text):
            try StatementWords.refuseTransactionControl(text)
            let sink = PostgresStatementSink(connection, text)
            return try sink.run(fill)
        case .table(let name, let columns):
            let sink = PostgresCopySink(connection, table: name, columns: columns)
            return try sink.run(fill)
        }
    }
}

extension PostgresResult {
    /// Statements that were prepared before may have other columns now: `cached plan must not change result type`.
    /// A transaction that changes a table itself would meet that at each repetition too.
    fileprivate var changesSchema: Bool {
        guard columnCount == 0 else { return false }
        return commandTag.hasPrefix("ALTER") || commandTag.hasPrefix("DROP") || commandTag.hasPrefix("CREATE")
    }
}

// Statements of the library on a connection, with the library's errors.
extension PostgresConnection {
    func result(of statement: RenderedSQL, _ text: String) throws -> PostgresResult {
        try requireCount(of: statement)
        try StatementWords.refuseTransactionControl(text)
        try parameters.bind(statement.parts)
        let result = try translated(text) { try run(text) }
        if result.changesSchema { discardStatements() }
        return result
    }

    func executeAll(_ statements: [RenderedSQL]) throws -> [Int] {
        var counts: [Int] = []
        for statement in statements { try requireCount(of: statement) }
        do {
            try startPipeline()
            // One batch after another, so that neither side must hold all the answers at once.
            for start in stride(from: 0, to: statements.count, by: 256) {
                for statement in statements[start..<min(start + 256, statements.count)] {
                    try parameters.bind(statement.parts)
                    try queue(statement.text)
                }
                try syncPipeline()
                while unreadBatchCount > 1 { try readBatch { counts.append($0.changedRows) } }
                if hasPipelineFailed { break }
            }
            while unreadBatchCount > 0 { try readBatch { counts.append($0.changedRows) } }
            try endPipeline()
        } catch {
            abandonPipeline()
            guard let error = error as? OutgrowError else { throw error }
            throw storageError(error, statement: "")
        }
        return counts
    }

    /// The protocol counts the values of a statement in 16 bits; libpq's refusal of more would read like a lost
    /// connection.
    /// https://www.postgresql.org/docs/current/limits.html
    func requireCount(of statement: RenderedSQL) throws {
        guard statement.parts.count <= 65_535 else {
            throw StorageError(
                .statement, "The statement has \(statement.parts.count) values, and 65535 are allowed.",
                fix: "Use \\(list:) for lists, and execute(_:forEach:) or bulkInsert for rows.")
        }
    }

    /// The rows of a result; types that the library does not know are looked up once per connection.
    func rows(_ result: PostgresResult) throws -> PostgresRows {
        var columns: [PostgresColumn] = []
        columns.reserveCapacity(result.columnCount)
        for index in 0..<result.columnCount {
            let oid = result.typeOID(index)
            columns.append(try PostgresColumn(oid) ?? lookedUp(oid))
        }
        return PostgresRows(result, PostgresColumns((0..<result.columnCount).map(result.typeOID), columns))
    }

    private func lookedUp(_ oid: UInt32) throws -> PostgresColumn {
        if let isText = textTypes[oid] { return isText ? .text : .other(oid) }
        let sender = try translated("") {
            try scalar(
                "SELECT p.proname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_proc p ON p.oid = t.typsend "
                    + "WHERE t.oid = $1::oid", ["\(oid)"])
        }
        let isText = sender.map(PostgresColumn.textSenders.contains) ?? false
        textTypes[oid] = isText
        return isText ? .text : .other(oid)
    }

    /// Runs `body` and turns what the client throws into the library's error.
    func translated<Result>(_ statement: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as OutgrowError {
            throw storageError(error, statement: statement)
        }
    }
}
