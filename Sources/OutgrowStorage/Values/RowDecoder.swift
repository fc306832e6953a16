/// Decodes a row by the names of its columns.
struct RowDecoder: Decoder {
    let row: Row.Source
    let layout: RowLayout
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Decodes a whole row.
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try Value(from: self)
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(
                .type, "A row does not fit the type \(Value.self).",
                fix:
                    "Give the columns the names of the type's members (AS), and the members the columns' types.",
                cause: JSON.cause(of: error))
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Columns(decoder: self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Self.notKeyed }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw Self.notKeyed }

    static var notKeyed: StorageError {
        StorageError(
            .type, "A row is decoded into a type without members.",
            fix: "Use rows(_:as:) for values, and a struct for rows.")
    }

    /// Reads a column as any type: those of SQL from the column, all others from the JSON in it.
    func column<Value: Decodable>(_ index: Int, _ type: Value.Type) throws -> Value {
        let row = Row(row)
        if let type = type as? any SQLDecodable.Type {
            let value: any SQLDecodable = try type.decode(row, at: index)
            if let value = value as? Value { return value }
        }
        do {
            // An enumeration of strings, for instance, asks for one value.
            return try Value(from: ColumnDecoder(row: self, index: index))
        } catch is ColumnDecoder.NeedsJSON {
            return try row.json(at: index).decode(type)
        }
    }
}

/// Where the columns of a query are: found once, used for each row.
final class RowLayout {
    private var indexes: [String: Int?] = [:]

    init(_ row: borrowing Row) {
        for index in 0..<row.columnCount {
            let name = row.columnName(at: index)
            // Of two columns with one name neither is meant.
            indexes[name] = indexes[name] == nil ? index : .some(nil)
        }
    }

    /// The column that a key names, as it is or in snake case: `firstName` finds `first_name`.
    func index(of key: String) -> Int? {
        if let found = indexes[key] { return found }
        let found = indexes[Self.snakeCase(key)] ?? nil
        indexes[key] = .some(found)
        return found
    }

    /// `userID` becomes `user_id`, `urlOfHTTPServer` `url_of_http_server`.
    static func snakeCase(_ name: String) -> String {
        let letters = Array(name)
        var result = ""
        for (index, letter) in letters.enumerated() {
            if letter.isUppercase, index > 0, letters[index - 1] != "_" {
                let endsWord = !letters[index - 1].isUppercase
                let beginsWord = index + 1 < letters.count && letters[index + 1].isLowercase
                if endsWord || beginsWord { result += "_" }
            }
            result += letter.lowercased()
        }
        return result
    }
}

/// The columns of a row as members.
private struct Columns<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: RowDecoder
    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] {
        let row = Row(decoder.row)
        return (0..<row.columnCount).compactMap { Key(stringValue: row.columnName(at: $0)) }
    }

    func contains(_ key: Key) -> Bool { decoder.layout.index(of: key.stringValue) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try Row(decoder.row).isNull(at: index(key)) }

    private func index(_ key: Key) throws -> Int {
        guard let index = decoder.layout.index(of: key.stringValue) else {
            throw StorageError(
                .type, "The query returns no column \(key.stringValue), or several.",
                fix: "Name each column once, by AS if need be, as the type's member or in snake case.")
        }
        return index
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try decoder.column(index(key), type)
    }

    // The forms that are not generic would otherwise be needed one by one.
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try decoder.column(index(key), type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try decoder.column(index(key), type)
    }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        try decoder.column(index(key), type)
    }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try decoder.column(index(key), type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try decoder.column(index(key), type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try decoder.column(index(key), type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try decoder.column(index(key), type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try decoder.column(index(key), type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try decoder.column(index(key), type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try decoder.column(index(key), type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 {
        try decoder.column(index(key), type)
    }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 {
        try decoder.column(index(key), type)
    }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt {
        try ColumnDecoder(row: decoder, index: index(key)).decode(type)
    }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 {
        try ColumnDecoder(row: decoder, index: index(key)).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw Self.nested }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw Self.nested }

    func superDecoder() throws -> any Decoder { decoder }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        ColumnDecoder(row: decoder, index: try index(key))
    }

    private static var nested: StorageError {
        StorageError(
            .type, "A type decodes the inside of a column by hand.",
            fix: "Give what is inside a Codable type of its own; it is read from the column's JSON.")
    }
}

/// Decodes one column: a single value from the column itself.
private struct ColumnDecoder: Decoder, SingleValueDecodingContainer {
    /// Says that the type has members or elements.
    struct NeedsJSON: Error {}

    let row: RowDecoder
    let index: Int
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        throw NeedsJSON()
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw NeedsJSON() }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool {
        do {
            return try Row(row.row).isNull(at: index)
        } catch {
            return false
        }
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try row.column(index, type) }

    func decode(_ type: UInt.Type) throws -> UInt { try unsigned(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try unsigned(type) }

    /// Not a type of SQL, as half of its values fit no column; those that are there can be read.
    private func unsigned<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
        guard let value = Value(exactly: try Row(row.row).int64(at: index)) else {
            throw StorageError.outOfRange(type)
        }
        return value
    }
}
