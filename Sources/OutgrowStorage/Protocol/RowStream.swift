/// The rows of a query as they are read: an asynchronous sequence over one consistent snapshot.
///
/// Rows travel in batches, and the next batch is read when it is asked for, so a slow consumer holds little memory. An
/// iterator holds a connection, and on SQLite a read transaction, which keeps the WAL from being reused: do not keep one
/// open for long. It lets go when the rows end, an error is thrown, the task is canceled, or the iterator goes away.
public struct RowStream<Element: Sendable>: AsyncSequence, Sendable {
    @usableFromInline let batchSize: Int
    @usableFromInline let open: @Sendable () async throws -> RowCursor
    @usableFromInline let decode: @Sendable (borrowing Row) throws -> Element

    @inlinable init(
        batchSize: Int, open: @escaping @Sendable () async throws -> RowCursor,
        decode: @escaping @Sendable (borrowing Row) throws -> Element
    ) {
        self.batchSize = Swift.max(1, batchSize)
        self.open = open
        self.decode = decode
    }

    @inlinable public func makeAsyncIterator() -> Iterator { Iterator(self) }

    // Seen by the application's build, and made concrete there: a row of a batch costs it no call.
    /// Reads the rows from the first to the last. It opens its connection when the first row is asked for.
    public struct Iterator: AsyncIteratorProtocol {
        @usableFromInline let stream: RowStream
        @usableFromInline var cursor: RowCursor?
        @usableFromInline var batch = RowBatch()
        /// The next row of the batch.
        @usableFromInline var index = 0
        @usableFromInline var hasEnded = false

        @inlinable init(_ stream: RowStream) { self.stream = stream }

        /// Returns the next row, or nil after the last.
        @inlinable public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws -> Element? {
            guard index < batch.count else { return try await nextAfterBatch(isolation: actor) }
            do {
                let row = batch.row(at: index)
                index += 1
                return try stream.decode(row)
            } catch {
                throw await ended(after: error, isolation: actor)
            }
        }

        @inlinable @inline(never) mutating func nextAfterBatch(
            isolation actor: isolated (any Actor)?
        ) async throws -> Element? {
            guard !hasEnded else { return nil }
            do {
                let cursor = try await openedCursor(isolation: actor)
                // Let go of before the next is read, which can use its memory then.
                (batch, index) = (RowBatch(), 1)
                batch = try await cursor.next(stream.batchSize)
                if batch.count > 0 { return try stream.decode(batch.row(at: 0)) }
                hasEnded = true
                await cursor.close()
                return nil
            } catch {
                throw await ended(after: error, isolation: actor)
            }
        }

        /// Nothing comes after an error.
        @inlinable @inline(never) mutating func ended(
            after error: any Error, isolation actor: isolated (any Actor)?
        ) async -> any Error {
            (hasEnded, batch) = (true, RowBatch())
            await cursor?.close()
            return error
        }

        @inlinable mutating func openedCursor(
            isolation actor: isolated (any Actor)?
        ) async throws -> RowCursor {
            if let cursor { return cursor }
            let opened = try await stream.open()
            cursor = opened
            return opened
        }
    }
}

extension Storage {
    /// Reads the rows of a query as an asynchronous sequence over one snapshot.
    ///
    /// ```swift
    /// for try await (id, name) in db.stream("SELECT id, name FROM person", as: Int64.self, String.self) { … }
    /// ```
    ///
    /// A row is decoded when it is asked for, by the task that asks.
    ///
    /// - Parameters:
    ///   - query: The query; it is run when the first row is asked for.
    ///   - types: The type of each column, from left to right.
    ///   - batchSize: How many rows are read at a time, at most: a hop between threads costs as much as some hundred rows.
    ///     Large rows are read fewer at a time.
    @inlinable public func stream<each Column: SQLDecodable>(
        _ query: SQL, as types: repeat (each Column).Type, batchSize: Int = 1024
    ) -> RowStream<(repeat each Column)> {
        RowStream(
            batchSize: batchSize, open: { try await self.cursor(query) },
            decode: { row in try row.decode(as: repeat (each Column).self) })
    }
}
