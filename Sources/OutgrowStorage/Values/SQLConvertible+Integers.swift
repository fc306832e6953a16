// The narrow integers, and Float. UInt and UInt64 are left out: half of their values fit no column of either
// engine, and binding cannot fail. Write `Int64(exactly: number)` and say what is to happen with the others.

extension SQLEncodable where Self: FixedWidthInteger {
    @inlinable public static var sqlType: SQLType { .integer }
    @inlinable public var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension SQLDecodable where Self: FixedWidthInteger {
    /// Reads an integer that the type holds; any other is an error of the kind ``StorageError/Kind/type``.
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> Self {
        let value = try row.int64(at: index)
        guard let fitting = Self(exactly: value) else { throw StorageError.outOfRange(Self.self) }
        return fitting
    }
}

extension Int8: SQLConvertible {}
extension Int16: SQLConvertible {}
extension Int32: SQLConvertible {}
extension UInt8: SQLConvertible {}
extension UInt16: SQLConvertible {}
extension UInt32: SQLConvertible {}

/// Stored as a `Double`, which holds every `Float` exactly.
extension Float: SQLConvertible {
    @inlinable public static var sqlType: SQLType { .real }
    @inlinable public var sqlValue: SQLValue { .real(Double(self)) }

    /// Reads the nearest `Float`; a number too large for one is an error of the kind
    /// ``StorageError/Kind/type``.
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> Float {
        let value = try row.double(at: index)
        let nearest = Float(value)
        guard nearest.isFinite || !value.isFinite else { throw StorageError.outOfRange(Float.self) }
        return nearest
    }
}

extension StorageError {
    @usableFromInline static func outOfRange(_ type: Any.Type) -> StorageError {
        StorageError(
            .type, "A number in a column does not fit into \(type).",
            fix: "Read the column as a wider type, Int64 for instance, or correct the rows.")
    }
}
