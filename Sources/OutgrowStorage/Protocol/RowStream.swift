/// The rows of a query as they are read: an asynchronous sequence over one consistent snapshot.
///
/// Rows travel in batches, and the next batch is read when it is asked for, so a slow consumer holds little memory. An
/// iterator holds a connection, and on SQLite a read transaction, which keeps the WAL from being reused: do not keep one
/// open for long. It lets go when the rows end, an error is thrown, the task is canceled, or the iterator goes away.
public struct RowStream<Element: Sendable>: AsyncSequence, Sendable {
    let batchSize: Int
    let open: @Sendable () async throws -> RowCursor<Element>

    @usableFromInline init(
        batchSize: Int, open: @escaping @Sendable () async throws -> RowCursor<Element>
    ) {
        self.batchSize = Swift.max(1, batchSize)
        self.open = open
    }

    public func makeAsyncIterator() -> Iterator { Iterator(self) }

    public struct Iterator: AsyncIteratorProtocol {
        private let stream: RowStream
        private var cursor: RowCursor<Element>?
        // Seen by the application's build, so that a row of a batch costs it no call.
        @usableFromInline var batch: [Element] = []
        @usableFromInline var position = 0
        private var hasEnded = false

        fileprivate init(_ stream: RowStream) { self.stream = stream }

        /// Returns the next row, or nil after the last.
        @inlinable public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws -> Element? {
            if position < batch.count {
                defer { position += 1 }
                return batch[position]
            }
            return try await nextAfterBatch(isolation: actor)
        }

        @usableFromInline mutating func nextAfterBatch(
            isolation actor: isolated (any Actor)?
        ) async throws -> Element? {
            guard !hasEnded else { return nil }
            do {
                return try await nextOfNewBatch(isolation: actor)
            } catch {
                hasEnded = true
                await cursor?.close()
                throw error
            }
        }

        private mutating func nextOfNewBatch(
            isolation actor: isolated (any Actor)?
        ) async throws -> Element? {
            if cursor == nil { cursor = try await stream.open() }
            guard let cursor else { return nil }
            batch = try await cursor.next(stream.batchSize)
            position = 1
            guard let first = batch.first else {
                hasEnded = true
                await cursor.close()
                return nil
            }
            return first
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
    init(
        read: @escaping @Sendable (Int) async throws -> [Element], finish: @escaping @Sendable () async -> Void
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
        _ query: SQL, as types: repeat (each Column).Type, batchSize: Int = 512
    ) -> RowStream<(repeat each Column)> {
        RowStream(batchSize: batchSize) {
            try await self.cursor(query) { row in try row.decode(as: repeat each types) }
        }
    }
}
