internal import PostgresClient

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension ParameterBuffer {
    /// Writes the values of a statement.
    ///
    /// - Throws: ``StorageError/Kind/unsupportedValue`` for what cannot be stored.
    func bind(_ parts: [SQL.Part]) throws {
        removeAll()
        for part in parts {
            switch part.parameter {
            case .value(let value): try bind(value)
            case .list(let values, let type): try bind(list: values, of: type)
            }
        }
    }

    func bind(_ value: SQLValue) throws {
        switch value {
        case .null(let type): appendNull(type: type.postgresType)
        case .integer(let number): append(number, type: PostgresType.int8)
        case .real(let number): try bind(number)
        case .boolean(let truth): append(truth, type: PostgresType.boolean)
        case .text(let text): try bind(text)
        case .bytes(let bytes):
            if let refusal = value.refusal { throw refusal }
            append(bytes: bytes, type: PostgresType.bytea)
        case .date(let date):
            append(try InstantText.microseconds(date) - PostgresType.epoch, type: PostgresType.timestamptz)
        case .uuid(let uuid): append(bytes: uuid.bytes, type: PostgresType.uuid)
        case .decimal(let number): _ = append(text: try DecimalText.text(number), type: PostgresType.numeric)
        case .json(let json):
            guard value.refusal == nil, append(text: json.text, type: PostgresType.jsonb) else {
                throw refused(value)
            }
        }
    }

    func bind(_ number: Double) throws {
        if number.isNaN { throw DecimalText.notANumber }
        append(number == 0 ? 0 : number, type: PostgresType.float8)
    }

    func bind(_ text: String) throws {
        // Looks for U+0000 while it copies.
        guard text.utf8.count <= SQLValueSize.limit, append(text: text, type: PostgresType.inferred)
        else { throw refused(.text(text)) }
    }

    private func refused(_ value: SQLValue) -> StorageError {
        value.refusal
            ?? StorageError(
                .unsupportedValue, "A value cannot be stored.", fix: "Leave the character U+0000 out.")
    }

    private func bind(list values: [SQLValue], of type: SQLType) throws {
        switch type {
        case .text, .decimal, .json:
            _ = append(text: try PostgresArrayText.text(values), type: type.postgresArrayType)
            return
        default: break
        }
        startArray(of: type.postgresType, count: values.count, type: type.postgresArrayType)
        for value in values {
            if let refusal = value.refusal { throw refusal }
            switch (type, value) {
            case (.integer, .integer(let number)): appendElement(number)
            case (.real, .real(let number)): appendElement(number == 0 ? 0 : number)
            case (.boolean, .boolean(let truth)): appendElement(truth)
            case (.bytes, .bytes(let bytes)): appendElement(bytes: bytes)
            case (.date, .date(let date)):
                appendElement(try InstantText.microseconds(date) - PostgresType.epoch)
            case (.uuid, .uuid(let uuid)): appendElement(bytes: uuid.bytes)
            default: throw StorageError.mixedList
            }
        }
        endArray()
    }
}

/// An array as Postgres reads it from text, every element quoted.
///
/// https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
private enum PostgresArrayText {
    static func text(_ values: [SQLValue]) throws -> String {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for value in values {
            if let refusal = value.refusal { throw refusal }
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "\""))
            for byte in try element(value).utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                    bytes.append(UInt8(ascii: "\\"))
                }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func element(_ value: SQLValue) throws -> String {
        switch value {
        case .text(let text): text
        case .decimal(let number): try DecimalText.text(number)
        case .json(let json): json.text
        default: throw StorageError.mixedList
        }
    }
}

extension StorageError {
    fileprivate static var mixedList: StorageError {
        StorageError(
            .misuse, "A list holds NULL, or values of more than one type.",
            fix: "Leave NULL out of the list, which never equals anything, and use one type.")
    }
}

extension UUID {
    var bytes: [UInt8] {
        let all = uuid
        return [
            all.0, all.1, all.2, all.3, all.4, all.5, all.6, all.7, all.8, all.9, all.10, all.11, all.12,
            all.13,
            all.14, all.15,
        ]
    }

    /// Nil unless there are sixteen bytes.
    init?(bytes all: [UInt8]) {
        guard all.count == 16 else { return nil }
        self.init(
            uuid: (
                all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7], all[8], all[9], all[10],
                all[11],
                all[12], all[13], all[14], all[15]
            ))
    }
}
