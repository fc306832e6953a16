/// The rows of a query as they are read: an asynchronous sequence over one consistent snapshot.
///
/// Rows travel in batches, and the next batch is read when it is asked for, so a slow consumer holds little memory. An
/// iterator holds a connection, and on SQLite a read transaction, which keeps the WAL from being reused: do not keep one
/// open for long. It lets go when the rows end, an error is thrown, the task is canceled, or the iterator goes away.
public struct RowStream<Element: Sendable>: AsyncSequence, Sendable {
    @usableFromInline let batchSize: Int
    @usableFromInline let open: @Sendable () async throws -> RowCursor<Element>

    @usableFromInline init(
        batchSize: Int, open: @escaping @Sendable () async throws -> RowCursor<Element>
    ) {
        self.batchSize = Swift.max(1, batchSize)
        self.open = open
    }

    @inlinable public func makeAsyncIterator() -> Iterator { Iterator(self) }

    // Seen by the application's build, and made concrete there: a row of a batch costs it no call.
    /// Reads the rows from the first to the last. It opens its connection when the first row is asked for.
    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline let stream: RowStream
        @usableFromInline var cursor: RowCursor<Element>?
        /// The rest of the batch, the next row last: from there it can be moved out.
        @usableFromInline var batch: [Element] = []
        @usableFromInline var hasEnded = false

        @inlinable init(_ stream: RowStream) { self.stream = stream }

        /// Returns the next row, or nil after the last.
        @inlinable public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws -> Element? {
            if let row = batch.popLast() { return row }
            return try await nextAfterBatch(isolation: actor)
        }

        @inlinable @inline(never) mutating func nextAfterBatch(
            isolation actor: isolated (any Actor)?
        ) async throws -> Element? {
            guard !hasEnded else { return nil }
            do {
                let cursor = try await openedCursor(isolation: actor)
                batch = try await cursor.next(stream.batchSize)
                batch.reverse()
                if let row = batch.popLast() { return row }
                hasEnded = true
                await cursor.close()
                return nil
            } catch {
                hasEnded = true
                await cursor?.close()
                throw error
            }
        }

        @inlinable mutating func openedCursor(
            isolation actor: isolated (any Actor)?
        ) async throws -> RowCursor<Element> {
            if let cursor { return cursor }
            let opened = try await stream.open()
            cursor = opened
            return opened
        }
    }
}

/// A query whose rows are read a batch at a time, on the thread of the connection it holds.
///
/// What a backend hands out for ``Storage/stream(_:as:batchSize:)``. Closing it, or letting go of it, gives the
/// connection back.
public final class RowCursor<Element: Sendable>: Sendable {
    private let read: @Sendable (Int) async throws -> [Element]
    private let finish: @Sendable () async -> Void

    /// - Parameters:
    ///   - read: Returns up to that many more rows; an empty array means the end.
    ///   - finish: Gives the connection back; may be called more than once.
    @usableFromInline init(
        read: @escaping @Sendable (Int) async throws -> [Element],
        finish: @escaping @Sendable () async -> Void
    ) {
        self.read = read
        self.finish = finish
    }

    deinit {
        Task { [finish] in await finish() }
    }

    /// Returns up to `count` more rows; an empty array means the end.
    public func next(_ count: Int) async throws -> [Element] { try await read(count) }

    /// Gives the connection back. Calling it again does nothing.
    public func close() async { await finish() }
}

extension Storage {
    /// Reads the rows of a query as an asynchronous sequence over one snapshot.
    ///
    /// ```swift
    /// for try await (id, name) in db.stream("SELECT id, name FROM person", as: Int64.self, String.self) { … }
    /// ```
    ///
    /// - Parameters:
    ///   - query: The query; it is run when the first row is asked for.
    ///   - types: The type of each column, from left to right.
    ///   - batchSize: How many rows are read at a time: a hop between threads costs as much as some hundred rows.
    @inlinable public func stream<each Column: SQLDecodable>(
        _ query: SQL, as types: repeat (each Column).Type, batchSize: Int = 1024
    ) -> RowStream<(repeat each Column)> {
        RowStream(batchSize: batchSize) {
            let shelf = NumberedRows<(repeat each Column)>()
            let cursor = try await self.cursor(query) { row in
                shelf.append(try row.decode(as: repeat each types))
            }
            return RowCursor(
                read: { count in shelf.take(try await cursor.next(count)) }, finish: { await cursor.close() })
        }
    }
}

/// Holds decoded rows until they are asked for, so that backends need to hand on no more than their numbers.
///
/// A backend knows nothing of the types of a row, and storing a row without knowing costs more than reading it. This
/// class is made concrete in the application's build.
///
/// Unchecked, as a lock for each row would cost more than reading it: one side uses it at a time. The connection's thread
/// appends while the iterator, which no two tasks share, awaits a batch; the iterator takes when that has been returned.
@usableFromInline final class NumberedRows<Element: Sendable>: @unchecked Sendable {
    @usableFromInline struct Rows {
        @usableFromInline var rows: [Element] = []
        /// The number of the first row.
        @usableFromInline var start = 0
        @usableFromInline var lastCount = 0

        @inlinable init() {}

        @inlinable mutating func append(_ row: Element) -> Int {
            if rows.isEmpty { rows.reserveCapacity(lastCount) }
            rows.append(row)
            return start + rows.count - 1
        }

        /// Rows that are never asked for belong to an attempt that was given up.
        @inlinable mutating func take(_ numbers: [Int]) -> [Element] {
            guard let first = numbers.first, let last = numbers.last else { return [] }
            let isAll = first == start && numbers.count == rows.count
            let taken = isAll ? rows : numbers.map { rows[$0 - start] }
            if last + 1 == start + rows.count {
                (start, lastCount) = (last + 1, numbers.count)
                rows = []
            }
            return taken
        }
    }

    @usableFromInline var rows = Rows()

    @inlinable init() {}

    /// Returns the row's number.
    @inlinable func append(_ row: Element) -> Int { rows.append(row) }

    /// Returns the rows with these numbers, in which no number is missing, and forgets them.
    @inlinable func take(_ numbers: [Int]) -> [Element] { rows.take(numbers) }
}
