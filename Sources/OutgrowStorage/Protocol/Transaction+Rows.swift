// Generic over the columns, and inlinable so that an application's build makes them concrete: a parameter pack that is
// not specialized costs more than the statement (`make bench`, row "SQLite point select").
extension Transaction {
    /// Returns the one row of a query.
    ///
    /// - Throws: ``StorageError/Kind/noRow`` or ``StorageError/Kind/severalRows`` when there is not exactly one.
    @inlinable public func one<each Column: SQLDecodable>(
        _ query: SQL, as types: repeat (each Column).Type
    ) throws -> (repeat each Column) {
        var found: (repeat each Column)?
        try forEachRow(
            query,
            while: { row in
                guard found == nil else { throw StorageError.severalRows }
                let values = try row.decode(as: repeat each types)
                found = values
                return true
            })
        guard let found else { throw StorageError.noRow }
        return found
    }

    /// Returns the first row of a query, or nil when there is none. The rest is not read.
    @inlinable public func first<each Column: SQLDecodable>(
        _ query: SQL, as types: repeat (each Column).Type
    ) throws -> (repeat each Column)? {
        var found: (repeat each Column)?
        try forEachRow(
            query,
            while: { row in
                let values = try row.decode(as: repeat each types)
                found = values
                return false
            })
        return found
    }

    /// Returns all rows of a query, in memory; for many rows see ``forEach(_:as:do:)`` and
    /// ``Storage/stream(_:as:batchSize:)``.
    @inlinable public func rows<each Column: SQLDecodable>(
        _ query: SQL, as types: repeat (each Column).Type
    ) throws -> [(repeat each Column)] {
        var all: [(repeat each Column)] = []
        try forEachRow(
            query,
            while: { row in
                all.append(try row.decode(as: repeat each types))
                return true
            })
        return all
    }

    /// Calls `body` with the columns of each row.
    @inlinable public func forEach<each Column: SQLDecodable>(
        _ query: SQL, as types: repeat (each Column).Type, do body: (repeat each Column) throws -> Void
    ) throws {
        try forEachRow(
            query,
            while: { row in
                // Without a tuple between, which would copy each value.
                try row.requireCount(of: repeat each types)
                var index = 0
                try body(repeat try Row.take((each Column).self, from: row, at: &index))
                return true
            })
    }

    /// Runs a statement once for each row of values, which stand at its placeholders `\(parameter: 1)`…
    ///
    /// SQLite compiles the statement once; Postgres gets all of them in a pipeline, without waiting for one
    /// answer before the next is sent. Returns how many rows were changed in all.
    ///
    /// ```swift
    /// try tx.execute("UPDATE item SET price = \(parameter: 2) WHERE id = \(parameter: 1)", forEach: prices)
    /// ```
    @inlinable @discardableResult public func execute<each Value: SQLEncodable, Rows: Sequence>(
        _ statement: SQL, forEach rows: Rows
    ) throws -> Int where Rows.Element == (repeat each Value) {
        try feed(statement: statement) { sink in
            let target = ParameterRow(sink)
            for row in rows {
                // Not `for value in repeat each row`, which looks up the type of each value and copies it.
                _ = (repeat try (each row).append(to: target))
                try sink.endRow()
            }
        }
    }

    /// Inserts many rows the fastest way that the backend has: COPY on Postgres, one compiled statement on SQLite.
    ///
    /// Returns how many rows were inserted. As with any statement, the first row that a constraint refuses fails all.
    /// https://www.postgresql.org/docs/current/sql-copy.html
    @inlinable @discardableResult public func bulkInsert<each Value: SQLEncodable, Rows: Sequence>(
        into table: String, columns: [String], rows: Rows
    ) throws -> Int where Rows.Element == (repeat each Value) {
        try feed(table: table, columns: columns) { sink in
            let target = ParameterRow(sink)
            for row in rows {
                // Not `for value in repeat each row`, which looks up the type of each value and copies it.
                _ = (repeat try (each row).append(to: target))
                try sink.endRow()
            }
        }
    }

    @usableFromInline func feed(statement: SQL, _ fill: (any RowSink) throws -> Void) throws -> Int {
        let rendered = try prepared(statement)
        guard rendered.parts.isEmpty else {
            throw StorageError(
                .misuse, "A statement that runs for each row takes its values from the rows.",
                fix: "Use \\(parameter: 1) instead of a value, and put the value into the rows.")
        }
        return try feed(.statement(rendered.text), fill)
    }

    @usableFromInline func feed(
        table: String, columns: [String], _ fill: (any RowSink) throws -> Void
    ) throws -> Int {
        try feed(.table(name: table, columns: columns), fill)
    }
}

extension StorageError {
    @usableFromInline static var noRow: StorageError {
        StorageError(.noRow, "The query returns no row.", fix: "Use first(_:as:) where a row may be missing.")
    }

    @usableFromInline static var severalRows: StorageError {
        StorageError(
            .severalRows, "The query returns more than one row.",
            fix: "Use rows(_:as:), or narrow the WHERE clause.")
    }
}
