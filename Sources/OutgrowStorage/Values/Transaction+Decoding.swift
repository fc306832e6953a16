// A convenience: a decoded row costs several times as much as the same row as a tuple.
extension Transaction {
    /// Returns all rows of a query, decoded by the names of their columns.
    ///
    /// ```swift
    /// struct Person: Codable { var id: Int64; var firstName: String; var tags: [String]? }
    /// let people = try tx.rows("SELECT id, first_name, tags FROM person", decoding: Person.self)
    /// ```
    ///
    /// A member takes the column with its name (its coding key), or with its name in snake case; NULL and a
    /// column that is not there are nil. What is no type of SQL itself (arrays, dictionaries, structs)
    /// is read from a column with JSON.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/type`` when a column is missing or does not
    /// fit.
    public func rows<Value: Decodable>(_ query: SQL, decoding type: Value.Type) throws -> [Value] {
        var all: [Value] = []
        try forEach(query, decoding: type) { all.append($0) }
        return all
    }

    /// Returns the one row of a query, decoded as by ``rows(_:decoding:)``.
    ///
    /// - Throws: ``StorageError/Kind/noRow`` or ``StorageError/Kind/severalRows`` when there is not exactly
    /// one.
    public func one<Value: Decodable>(_ query: SQL, decoding type: Value.Type) throws -> Value {
        var found: Value?
        try forEach(query, decoding: type) { value in
            guard found == nil else { throw StorageError.severalRows }
            found = .some(value)
        }
        guard let found else { throw StorageError.noRow }
        return found
    }

    /// Returns the first row of a query, decoded as by ``rows(_:decoding:)``, or nil when there is none.
    public func first<Value: Decodable>(_ query: SQL, decoding type: Value.Type) throws -> Value? {
        var found: Value?
        try forEachRow(
            query,
            while: { row in
                found = try row.decode(type)
                return false
            })
        return found
    }

    /// Calls `body` with each row of a query, decoded as by ``rows(_:decoding:)``.
    public func forEach<Value: Decodable>(
        _ query: SQL, decoding type: Value.Type, do body: (Value) throws -> Void
    ) throws {
        var layout: RowLayout?
        try forEachRow(query) { row in
            let known = layout ?? RowLayout(row)
            layout = known
            try body(RowDecoder(row: row.source, layout: known).decode(type))
        }
    }
}

extension Row {
    /// The row as a value that is `Decodable`, by the names of its columns; see
    /// ``Transaction/rows(_:decoding:)``, which looks for the names only once.
    public borrowing func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try RowDecoder(row: source, layout: RowLayout(self)).decode(type)
    }
}

extension Storage {
    /// Reads the rows of a query as an asynchronous sequence of decoded values; see
    /// ``Transaction/rows(_:decoding:)`` and ``stream(_:as:batchSize:)``.
    public func stream<Value: Decodable & Sendable>(
        _ query: SQL, decoding type: Value.Type, batchSize: Int = 512
    ) -> RowStream<Value> {
        RowStream(
            batchSize: batchSize, open: { try await self.cursor(query) },
            decode: { row in try row.decode(type) })
    }
}
