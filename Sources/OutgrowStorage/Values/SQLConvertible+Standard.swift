#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension Int64: SQLConvertible {
    @inlinable public static var sqlType: SQLType { .integer }
    @inlinable public var sqlValue: SQLValue { .integer(self) }
    @inlinable public func append(to row: ParameterRow) throws { try row.append(self) }
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> Int64 {
        try row.int64(at: index)
    }
}

extension Int: SQLConvertible {
    @inlinable public static var sqlType: SQLType { .integer }
    @inlinable public var sqlValue: SQLValue { .integer(Int64(self)) }
    @inlinable public func append(to row: ParameterRow) throws { try row.append(Int64(self)) }
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> Int {
        Int(try row.int64(at: index))
    }
}

extension Double: SQLConvertible {
    @inlinable public static var sqlType: SQLType { .real }
    @inlinable public var sqlValue: SQLValue { .real(self) }
    @inlinable public func append(to row: ParameterRow) throws { try row.append(self) }
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> Double {
        try row.double(at: index)
    }
}

extension Bool: SQLConvertible {
    @inlinable public static var sqlType: SQLType { .boolean }
    @inlinable public var sqlValue: SQLValue { .boolean(self) }
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> Bool {
        try row.bool(at: index)
    }
}

extension String: SQLConvertible {
    @inlinable public static var sqlType: SQLType { .text }
    @inlinable public var sqlValue: SQLValue { .text(self) }
    @inlinable public func append(to row: ParameterRow) throws { try row.append(self) }
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> String {
        try row.string(at: index)
    }
}

extension [UInt8]: SQLConvertible {
    @inlinable public static var sqlType: SQLType { .bytes }
    @inlinable public var sqlValue: SQLValue { .bytes(self) }
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> [UInt8] {
        try row.bytes(at: index)
    }
}

extension Data: SQLConvertible {
    @inlinable public static var sqlType: SQLType { .bytes }
    @inlinable public var sqlValue: SQLValue { .bytes([UInt8](self)) }
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> Data {
        Data(try row.bytes(at: index))
    }
}

extension Date: SQLConvertible {
    @inlinable public static var sqlType: SQLType { .date }
    @inlinable public var sqlValue: SQLValue { .date(self) }
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> Date {
        try row.date(at: index)
    }
}

extension UUID: SQLConvertible {
    @inlinable public static var sqlType: SQLType { .uuid }
    @inlinable public var sqlValue: SQLValue { .uuid(self) }
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> UUID {
        try row.uuid(at: index)
    }
}

extension Decimal: SQLConvertible {
    @inlinable public static var sqlType: SQLType { .decimal }
    @inlinable public var sqlValue: SQLValue { .decimal(self) }
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> Decimal {
        try row.decimal(at: index)
    }
}

extension JSON: SQLConvertible {
    @inlinable public static var sqlType: SQLType { .json }
    @inlinable public var sqlValue: SQLValue { .json(self) }
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> JSON {
        try row.json(at: index)
    }
}

/// NULL is nil.
extension Optional: SQLEncodable where Wrapped: SQLEncodable {
    @inlinable public static var sqlType: SQLType { Wrapped.sqlType }
    @inlinable public var sqlValue: SQLValue {
        switch self {
        case .some(let value): value.sqlValue
        case .none: .null(Wrapped.sqlType)
        }
    }
    @inlinable public func append(to row: ParameterRow) throws {
        switch self {
        case .some(let value): try value.append(to: row)
        case .none: try row.append(.null(Wrapped.sqlType))
        }
    }
}

extension Optional: SQLDecodable where Wrapped: SQLDecodable {
    @inlinable public static func decode(_ row: borrowing Row, at index: Int) throws -> Wrapped? {
        try row.isNull(at: index) ? nil : Wrapped.decode(row, at: index)
    }
}

// Enumerations of strings and numbers.
extension SQLEncodable where Self: RawRepresentable, RawValue: SQLEncodable {
    public static var sqlType: SQLType { RawValue.sqlType }
    public var sqlValue: SQLValue { rawValue.sqlValue }
}

extension SQLDecodable where Self: RawRepresentable, RawValue: SQLDecodable {
    /// Reads the case with the column's raw value; a value that no case has is an error of the kind
    /// ``StorageError/Kind/type``.
    public static func decode(_ row: borrowing Row, at index: Int) throws -> Self {
        guard let value = Self(rawValue: try RawValue.decode(row, at: index)) else {
            throw StorageError(
                .type, "Column \(row.columnName(at: index)) holds no value of \(Self.self).",
                fix: "Add the missing case to the type, or correct the rows.")
        }
        return value
    }
}
