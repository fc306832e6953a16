// Rows that an application has as values of its own type. Nothing is made between the item and the row; a tuple, which the
// parameter pack takes apart value by value, costs as much again as all else that the library does for the row.
extension Transaction {
    /// Runs a statement once for each item, whose values `append` gives to the placeholders `\(parameter: 1)`… in order.
    ///
    /// As ``execute(_:forEach:)-1q6sc``, without a tuple for each row: the fastest form for many rows. Returns how many
    /// rows were changed in all.
    ///
    /// ```swift
    /// try tx.execute("UPDATE item SET price = \(parameter: 2) WHERE id = \(parameter: 1)", forEach: items) { row, item in
    ///     try row.append(item.id)
    ///     try row.append(item.price)
    /// }
    /// ```
    @inlinable @discardableResult public func execute<Items: Sequence>(
        _ statement: SQL, forEach items: Items, append: (ParameterRow, Items.Element) throws -> Void
    ) throws -> Int {
        try feed(statement: statement) { try ParameterRow($0).take(items, append) }
    }

    /// Inserts a row for each item the fastest way that the backend has; `append` gives the values in the order of
    /// `columns`.
    ///
    /// As ``bulkInsert(into:columns:rows:)-439vk``, without a tuple for each row. Returns how many rows were inserted.
    ///
    /// ```swift
    /// try tx.bulkInsert(into: "item", columns: ["id", "price"], items: items) { row, item in
    ///     try row.append(item.id)
    ///     try row.append(item.price)
    /// }
    /// ```
    @inlinable @discardableResult public func bulkInsert<Items: Sequence>(
        into table: String, columns: [String], items: Items,
        append: (ParameterRow, Items.Element) throws -> Void
    ) throws -> Int {
        try feed(table: table, columns: columns) { try ParameterRow($0).take(items, append) }
    }
}
