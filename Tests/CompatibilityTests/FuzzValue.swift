import PostgresDDL
import SQLiteClient

/// A value that goes into both engines, and what comes out of them in one spelling.
enum FuzzValue: Sendable, CustomStringConvertible {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    /// The arguments that take the place of `*` in SQLite and of an array in Postgres.
    case list([FuzzValue])

    var description: String {
        switch self {
        case .null: "NULL"
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .text(let value): value.debugDescription
        case .blob(let bytes): "x'\(Self.hexadecimal(bytes))'"
        case .list(let values): "\(values)"
        }
    }

    /// The class and the exact value: a double by its bits, except that the two zeros are one.
    var canonical: String {
        switch self {
        case .null: "n"
        case .integer(let value): "i\(value)"
        case .real(let value):
            "r\(Self.hexadecimal((0..<8).map { UInt8(truncatingIfNeeded: Self.bits(value) >> (56 - 8 * $0)) }))"
        case .text(let value): "t\(value)"
        case .blob(let bytes): "b\(Self.hexadecimal(bytes))"
        case .list(let values): "\(values.map(\.canonical))"
        }
    }

    private static func bits(_ value: Double) -> UInt64 { value == 0 ? 0 : value.bitPattern }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { $0 < 16 ? "0\(String($0, radix: 16))" : String($0, radix: 16) }.joined()
    }

    func bind(to statement: SQLiteStatement, at index: Int) throws {
        switch self {
        case .null: try statement.bindNull(at: index)
        case .integer(let value): try statement.bind(value, at: index)
        case .real(let value): try statement.bind(value, at: index)
        case .text(let value): try statement.bind(value, at: index)
        case .blob(let bytes): try statement.bind(bytes, at: index)
        case .list: preconditionFailure("A list is bound one by one.")
        }
    }

    /// The literal of `type` in Postgres.
    func literal(as type: FuzzType) -> String {
        switch (self, type) {
        case (.null, _): return "NULL::\(type.name)"
        case (.list(let values), _):
            let element: FuzzType = type == .texts ? .text : .any
            return "ARRAY[\(values.map { $0.literal(as: element) }.joined(separator: ","))]::\(type.name)"
        case (_, .any): return "sqlite.to_any(\(literal(as: storageType)))"
        case (.real, .number): return "sqlite.real_number(\(literal(as: .real)))"
        case (.integer(let value), _): return "'\(value)'::\(type.name)"
        case (.real(let value), _):
            return value.isInfinite
                ? "'\(value < 0 ? "-" : "")Infinity'::double precision" : "'\(value)'::double precision"
        case (.text(let value), _): return "\(PostgresDDL.literal(value))::text"
        case (.blob(let bytes), _): return "'\\x\(Self.hexadecimal(bytes))'::bytea"
        }
    }

    private var storageType: FuzzType {
        switch self {
        case .null, .list: .any
        case .integer: .integer
        case .real: .real
        case .text: .text
        case .blob: .blob
        }
    }
}

/// The type of an argument in Postgres.
enum FuzzType: Sendable {
    case integer, real, number, text, blob, any, texts, anys

    var name: String {
        switch self {
        case .integer: "bigint"
        case .real: "double precision"
        case .number: "numeric"
        case .text: "text"
        case .blob: "bytea"
        case .any: "jsonb"
        case .texts: "text[]"
        case .anys: "jsonb[]"
        }
    }
}
