/// A Swift type that can be bound to a statement.
public protocol SQLEncodable: Sendable {
    /// The type of ``sqlValue``, known without a value: it types NULLs and lists.
    static var sqlType: SQLType { get }
    /// The value to store.
    var sqlValue: SQLValue { get }
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
