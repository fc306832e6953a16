/// One connection with a transaction open on it, seen from the thread that owns it.
///
/// What a backend implements below ``Transaction``; all calls are synchronous. Failures are `StorageError`s.
protocol Session: AnyObject {
    var dialect: Dialect { get }

    /// Runs one statement and throws its rows away. Returns how many rows it inserted, updated or deleted.
    func execute(_ statement: RenderedSQL) throws -> Int

    /// Runs one statement and calls `body` with each row until it returns false.
    func forEachRow(_ statement: RenderedSQL, _ body: (borrowing Row) throws -> Bool) throws

    /// Runs one statement and returns its rows, all of them, to be read on another thread.
    func load(_ statement: RenderedSQL) throws -> RowBatch

    /// Runs statements that take no values, separated by semicolons.
    func executeScript(_ sql: String) throws

    /// Runs several statements with as few round trips as the backend can, and returns each one's row count.
    func executeAll(_ statements: [RenderedSQL]) throws -> [Int]

    /// Runs one statement once for each row of values that `fill` writes into the sink, or copies the rows into a
    /// table. Returns how many rows were changed.
    func feed(_ target: RowTarget, _ fill: (any RowSink) throws -> Void) throws -> Int

    /// False once the engine itself has ended the transaction, after which no savepoint can be returned to.
    var isInTransaction: Bool { get }
}

/// Where rows given to `Session.feed` go.
enum RowTarget: Sendable {
    /// The statement holds placeholders `$1` to `$n` in the order of a row's values.
    case statement(String)
    /// Names that are not quoted yet.
    case table(name: String, columns: [String])
}

/// Takes the values of rows one by one, in the order of the columns.
@usableFromInline protocol RowSink: AnyObject {
    /// Takes the next value of the row.
    func append(_ value: SQLValue) throws
    /// As `append(_:)`, without making a `SQLValue` of what rows hold most.
    func append(_ value: Int64) throws
    func append(_ value: Double) throws
    func append(_ value: String) throws
    /// Ends the row.
    func endRow() throws
}
