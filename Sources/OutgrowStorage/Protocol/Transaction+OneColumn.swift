// A row of one value is no tuple in Swift: `[(repeat each Value)]` with one type in the pack is not seen to be `[Value]`
// where a generic function takes it, as `==` does. So one column has forms of its own, which the compiler prefers.
extension Transaction {
    /// Returns all values of a query with one column, in memory.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/type`` for a row of more than one column.
    @inlinable public func rows<Value: SQLDecodable>(_ query: SQL, as type: Value.Type) throws -> [Value] {
        var all: [Value] = []
        try forEachRow(
            query,
            while: { row in
                all.append(try row.decode(as: type))
                return true
            })
        return all
    }

    /// Returns the value of the first row of a query with one column, or nil when there is no row.
    ///
    /// The rest is not read. For a column that may be NULL the result has two levels: no row is nil, a NULL is `.some(nil)`.
    @inlinable public func first<Value: SQLDecodable>(_ query: SQL, as type: Value.Type) throws -> Value? {
        var found: Value?
        try forEachRow(
            query,
            while: { row in
                found = .some(try row.decode(as: type))
                return false
            })
        return found
    }

    /// Returns the one value of a query with one column.
    ///
    /// - Throws: ``StorageError/Kind/noRow`` or ``StorageError/Kind/severalRows`` when there is not exactly one row.
    @inlinable public func one<Value: SQLDecodable>(_ query: SQL, as type: Value.Type) throws -> Value {
        var found: Value?
        try forEachRow(
            query,
            while: { row in
                guard found == nil else { throw StorageError.severalRows }
                found = .some(try row.decode(as: type))
                return true
            })
        guard let found else { throw StorageError.noRow }
        return found
    }

    /// Runs a statement once for each value, which stands at its placeholder `\(parameter: 1)`.
    ///
    /// The same as with rows of several values.
    ///
    /// ```swift
    /// try tx.execute("DELETE FROM item WHERE id = \(parameter: 1)", forEach: ids)
    /// ```
    @inlinable @discardableResult public func execute<Rows: Sequence>(
        _ statement: SQL, forEach rows: Rows
    ) throws -> Int where Rows.Element: SQLEncodable {
        try feed(statement: statement) { try ParameterRow($0).take(rows) { try $1.append(to: $0) } }
    }

    /// Inserts many values into one column the fastest way that the backend has.
    ///
    /// The same as with rows of several values.
    @inlinable @discardableResult public func bulkInsert<Rows: Sequence>(
        into table: String, columns: [String], rows: Rows
    ) throws -> Int where Rows.Element: SQLEncodable {
        try feed(table: table, columns: columns) { try ParameterRow($0).take(rows) { try $1.append(to: $0) } }
    }
}
