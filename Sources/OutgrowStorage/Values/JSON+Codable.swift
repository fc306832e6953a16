#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension JSON {
    /// Encodes a value of Swift as JSON; a `Date` becomes a string in the form that SQLite's columns have.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/unsupportedValue`` for what JSON or
    /// Postgres does
    ///   not know (NaN, U+0000), and ``StorageError/Kind/type`` when the value cannot be encoded.
    public init<Value: Encodable>(encoding value: Value) throws {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(try InstantText.text(date))
        }
        do {
            self = try JSON(text: String(decoding: try encoder.encode(value), as: UTF8.self))
        } catch EncodingError.invalidValue(let value, _) where value is any FloatingPoint {
            throw Flaw.number.error
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(
                .type, "A value of \(Value.self) cannot be encoded as JSON.",
                fix: "Correct its encode(to:).", cause: Self.cause(of: error))
        }
    }

    /// Decodes a value of Swift.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/type`` when the JSON does not fit the type.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            guard let date = InstantText.date(try container.decode(String.self)) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no instant")
            }
            return date
        }
        do {
            return try decoder.decode(type, from: Data(text.utf8))
        } catch {
            throw StorageError(
                .type, "A JSON value does not fit the type \(Value.self).",
                fix: "Give the type the members that the value has, or correct the rows.",
                cause: Self.cause(of: error))
        }
    }

    /// Where an error lies, without the values that its description may hold.
    static func cause(of error: any Error) -> String? {
        func path(_ keys: [any CodingKey]) -> String {
            keys.isEmpty ? "the value itself" : keys.map(\.stringValue).joined(separator: ".")
        }
        return switch error {
        case DecodingError.keyNotFound(let key, let context): "\(path(context.codingPath + [key])) is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\(path(context.codingPath)) has another type"
        case DecodingError.dataCorrupted(let context): "\(path(context.codingPath)) cannot be read"
        case EncodingError.invalidValue(_, let context): "\(path(context.codingPath)) cannot be written"
        default: nil
        }
    }
}

extension JSON: Codable {
    /// Reads any JSON. Whole numbers are exact within `Int64`, others have up to 38 digits, as
    /// `Decimal` has.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = Self.attempt({ try container.decode(Bool.self) }) {
            self.init(value)
        } else if let value = Self.attempt({ try container.decode(Int64.self) }) {
            self.init(value)
        } else if let value = Self.attempt({ try container.decode(Decimal.self) }) {
            self = try JSON(text: DecimalText.text(value))
        } else if let value = Self.attempt({ try container.decode(String.self) }) {
            self.init(value)
        } else if let elements = Self.attempt({ try container.decode([JSON].self) }) {
            self.init(elements)
        } else {
            self.init(members: try container.decode([String: JSON].self).map { ($0, $1) })
        }
    }

    /// Decoders tell what a value is by what they refuse.
    private static func attempt<Value>(_ decode: () throws -> Value) -> Value? {
        do {
            return try decode()
        } catch {
            return nil
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch kind {
        case .null: try container.encodeNil()
        case .boolean: try container.encode(bool ?? false)
        case .string: try container.encode(string ?? "")
        case .array: try container.encode(elements ?? [])
        case .object:
            try container.encode(Dictionary((members ?? []).map { ($0.name, $0.value) }) { $1 })
        case .number:
            if let int64 {
                try container.encode(int64)
            } else if let decimal {
                try container.encode(decimal)
            } else {
                throw EncodingError.invalidValue(
                    text, .init(codingPath: container.codingPath, debugDescription: "more than 38 digits"))
            }
        }
    }
}
