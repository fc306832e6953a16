/// A Swift type that can be bound to a statement.
public protocol SQLEncodable: Sendable {
    /// The type of ``sqlValue``, known without a value: it types NULLs and lists.
    static var sqlType: SQLType { get }
    /// The value to store.
    var sqlValue: SQLValue { get }
    /// Appends the value to a row that is on its way to the database.
    ///
    /// Types of an application leave it out: it appends ``sqlValue``. The commonest types have one of their own, which is
    /// faster where many rows are written.
    func append(to row: ParameterRow) throws
}

extension SQLEncodable {
    @inlinable public func append(to row: ParameterRow) throws { try row.append(sqlValue) }
}

/// A row of values on its way to the database, which takes them from left to right.
///
/// See ``Transaction/execute(_:forEach:append:)`` and ``SQLEncodable/append(to:)``.
public struct ParameterRow {
    @usableFromInline let sink: any RowSink

    @inlinable init(_ sink: any RowSink) { self.sink = sink }

    /// Appends the next value.
    @inlinable public func append(_ value: SQLValue) throws { try sink.append(value) }
    /// Appends a whole number.
    @inlinable public func append(_ value: Int64) throws { try sink.append(value) }
    /// Appends a floating-point number.
    @inlinable public func append(_ value: Double) throws { try sink.append(value) }
    /// Appends a text.
    @inlinable public func append(_ value: String) throws { try sink.append(value) }
    /// Appends a value of any type that can be stored; `nil` is NULL.
    @inlinable public func append<Value: SQLEncodable>(_ value: Value) throws { try value.append(to: self) }

    /// Makes a row of each item.
    @inlinable func take<Items: Sequence>(
        _ items: Items, _ append: (ParameterRow, Items.Element) throws -> Void
    ) throws {
        for item in items {
            try append(self, item)
            try sink.endRow()
        }
    }
}

/// A Swift type that can be read from a column.
public protocol SQLDecodable: Sendable {
    /// Reads column `index`, counted from 0, of `row`.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/type`` when the column holds something else,
    ///   NULL among it. Nothing is converted by guess.
    static func decode(_ row: borrowing Row, at index: Int) throws -> Self
}

/// A Swift type that goes both ways.
///
/// An enumeration of strings or numbers needs no code: `enum Status: String, SQLConvertible { case open, done }`.
public typealias SQLConvertible = SQLEncodable & SQLDecodable
