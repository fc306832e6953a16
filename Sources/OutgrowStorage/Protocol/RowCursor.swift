internal import PostgresClient
internal import SQLiteClient
internal import Synchronization

/// A query whose rows are read a batch at a time, on the thread of the connection it holds.
///
/// What a backend hands out for ``Storage/stream(_:as:batchSize:)``. Closing it, or letting go of it, gives the
/// connection back.
public final class RowCursor: Sendable {
    private let read: @Sendable (Int) async throws -> RowBatch
    private let finish: @Sendable () async -> Void

    /// - Parameters:
    ///   - read: Returns up to that many more rows; an empty batch means the end.
    ///   - finish: Gives the connection back; may be called more than once.
    init(
        read: @escaping @Sendable (Int) async throws -> RowBatch,
        finish: @escaping @Sendable () async -> Void
    ) {
        self.read = read
        self.finish = finish
    }

    /// For rows that were all read already.
    convenience init(of rows: RowBatch) {
        let rest = Mutex(rows)
        self.init(
            read: { count in rest.withLock { $0.removeFirst(count) } },
            finish: { rest.withLock { $0 = RowBatch() } })
    }

    deinit {
        Task { [finish] in await finish() }
    }

    /// Returns up to `count` more rows; an empty batch means the end.
    public func next(_ count: Int) async throws -> RowBatch { try await read(count) }

    /// Gives the connection back. Calling it again does nothing.
    public func close() async { await finish() }
}

/// Rows that a ``RowCursor`` has read, in the form in which the engine gave them.
///
/// Nothing is made of them until somebody asks, on whatever thread that is.
public struct RowBatch: Sendable {
    enum Rows: Sendable {
        case none
        case sqlite(SQLiteRowBatch)
        case postgres(PostgresRows)
    }

    private let rows: Rows
    /// Which of the rows are meant.
    private var range: Range<Int>

    /// No rows.
    public init() { (rows, range) = (.none, 0..<0) }

    init(_ rows: SQLiteRowBatch) { (self.rows, range) = (.sqlite(rows), 0..<rows.count) }
    init(_ rows: PostgresRows) { (self.rows, range) = (.postgres(rows), 0..<rows.rowCount) }

    /// How many rows there are.
    public var count: Int { range.count }

    /// The row with this number, counted from 0.
    public func row(at index: Int) -> Row {
        switch rows {
        case .sqlite(let batch): Row(batch, at: range.lowerBound + index)
        case .postgres(let rows): Row(rows, at: range.lowerBound + index)
        case .none: preconditionFailure("An empty batch has no rows.")
        }
    }

    /// Takes rows off its begin.
    fileprivate mutating func removeFirst(_ count: Int) -> RowBatch {
        var first = self
        first.range = range.prefix(count)
        range = range.dropFirst(count)
        return first
    }
}
