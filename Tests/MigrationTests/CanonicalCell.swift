import Foundation

/// A value as SQLite's `quote()` writes it.
enum SQLiteLiteral: Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text([UInt8])
    case blob([UInt8])
}

struct UnreadableCell: Error, CustomStringConvertible {
    var description: String
    init(_ what: String) { description = what }
}

/// Reads literals one after another, each followed by one byte that separates it from the next.
struct LiteralReader {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func next() throws -> SQLiteLiteral {
        let literal = try read()
        guard !isAtEnd, bytes[position] == 0x1F || bytes[position] == 0x1E else {
            throw UnreadableCell("no separator at byte \(position)")
        }
        position += 1
        return literal
    }

    private mutating func read() throws -> SQLiteLiteral {
        if bytes[position] == UInt8(ascii: "'") { return .text(quoted()) }
        let start = position
        while !isAtEnd, bytes[position] != 0x1F, bytes[position] != 0x1E { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        if word == "NULL" { return .null }
        if word.hasPrefix("X'") { return .blob(try Self.unhexed(word.utf8.dropFirst(2).dropLast())) }
        if let integer = Int64(word) { return .integer(integer) }
        guard !word.isEmpty else { throw UnreadableCell("nothing at byte \(start)") }
        return .real(try Self.number(word))
    }

    private mutating func quoted() -> [UInt8] {
        var text: [UInt8] = []
        position += 1
        while !isAtEnd {
            let byte = bytes[position]
            position += 1
            guard byte == UInt8(ascii: "'") else {
                text.append(byte)
                continue
            }
            guard !isAtEnd, bytes[position] == byte else { break }
            text.append(byte)
            position += 1
        }
        return text
    }

    /// The nearest double, as the C library reads it.
    static func number(_ word: String) throws -> Double {
        guard let value = Double(word) else { throw UnreadableCell("no number: \(word)") }
        return value
    }

    static func unhexed(_ digits: some Collection<UInt8>) throws -> [UInt8] {
        var result: [UInt8] = []
        var half: UInt8?
        for digit in digits {
            guard let value = Character(UnicodeScalar(digit)).hexDigitValue.map(UInt8.init) else {
                throw UnreadableCell("no hexadecimal digit")
            }
            if let high = half {
                result.append(high << 4 | value)
                half = nil
            } else {
                half = value
            }
        }
        return result
    }
}

/// The one form in which equal values of both sides are equal bytes.
enum CanonicalCell {
    static let null = Array("NULL".utf8)

    /// A source value that must have become a value of `type`.
    static func make(_ literal: SQLiteLiteral, as type: String) throws -> [UInt8] {
        switch (literal, base(type)) {
        case (.null, _): return null
        case (.integer(let value), "double precision"): return bits(Double(value))
        case (.integer(let value), "boolean"): return Array((value == 1 ? "t" : value == 0 ? "f" : "?").utf8)
        case (.integer(let value), _): return Array("\(value)".utf8)
        case (.real(let value), "bigint"), (.real(let value), "numeric"): return number(value)
        case (.real(let value), _): return bits(value)
        case (.blob(let bytes), _): return shown(bytes)
        case (.text(let bytes), "bytea"), (.text(let bytes), "text"): return shown(bytes)
        case (.text(let bytes), let type): return try moment(String(decoding: bytes, as: UTF8.self), type)
        }
    }

    /// What psql shows of a value of `type`.
    static func make(_ field: [UInt8]?, as type: String) throws -> [UInt8] {
        guard let field else { return null }
        let text = String(decoding: field, as: UTF8.self)
        switch base(type) {
        case "double precision": return bits(try LiteralReader.number(text))
        case "numeric": return try decimal(text)
        case "bytea": return shown(try LiteralReader.unhexed(field.dropFirst(2)))
        case "text": return shown(field)
        case "bigint", "boolean", "jsonb": return field
        case let type: return try moment(text, type)
        }
    }

    private static func base(_ type: String) -> String {
        if type.hasPrefix("numeric") { return "numeric" }
        if type.hasPrefix("varchar") { return "text" }
        return ["integer", "smallint"].contains(type) ? "bigint" : type
    }

    /// Apart from the word NULL, whatever the bytes are.
    private static func shown(_ bytes: [UInt8]) -> [UInt8] { [UInt8(ascii: "'")] + bytes }

    private static func bits(_ value: Double) -> [UInt8] {
        Array("\(value) \(String(value.bitPattern, radix: 16))".utf8)
    }

    /// Whole numbers by their digits, all others bit for bit.
    private static func number(_ value: Double) -> [UInt8] {
        Int64(exactly: value).map { Array("\($0)".utf8) } ?? bits(value)
    }

    private static func decimal(_ text: String) throws -> [UInt8] {
        let whole = text.split(separator: ".", maxSplits: 1)
        let hasFraction = whole.count == 2 && whole[1].contains { $0 != "0" }
        if !hasFraction, let integer = Int64(whole[0]) { return Array("\(integer)".utf8) }
        return number(try LiteralReader.number(text))
    }

    private static func moment(_ text: String, _ type: String) throws -> [UInt8] {
        switch type {
        case "timestamp": return Array(try Moment(text).wallClock.utf8)
        case "timestamptz": return Array("\(try Moment(text).instant)".utf8)
        case "time": return Array(try Moment("2000-01-01 " + text).wallClock.dropFirst(11).utf8)
        case "date": return Array(text.utf8)
        case "uuid": return Array(text.lowercased().filter { $0.isHexDigit }.utf8)
        default: throw UnreadableCell("a value of type \(type)")
        }
    }
}

/// A date with a time, read without any of the product's parsers.
private struct Moment {
    var date: String
    var clock: [String]
    var fraction: String
    var offset: Int

    init(_ text: String) throws {
        let normal = text.replacing("T", with: " ").replacing("Z", with: "+00")
        date = String(normal.prefix(10))
        var rest = normal.dropFirst(10).drop { $0 == " " }
        offset = 0
        if let sign = rest.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let digits = rest[rest.index(after: sign)...].filter { $0 != ":" }
            let hours = Int(digits.prefix(2)) ?? 0
            let minutes = Int(digits.dropFirst(2)) ?? 0
            offset = (rest[sign] == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
            rest = rest[..<sign]
        }
        let halves = rest.split(separator: ".", maxSplits: 1)
        clock =
            halves.first.map { $0.split(separator: ":").map { $0.trimmingPrefix(" ").filter { $0 != " " } } }
            ?? []
        while clock.count < 3 { clock.append("00") }
        fraction = halves.count == 2 ? String(halves[1].filter(\.isNumber).prefix(6)) : ""
        fraction += String(repeating: "0", count: 6 - fraction.count)
    }

    var wallClock: String { "\(date) \(clock.joined(separator: ":")).\(fraction)" }

    /// Microseconds since 1970 in UTC: days from March, as leap days then end the year.
    var instant: Int {
        let parts = date.split(separator: "-").compactMap { Int($0) }
        let (year, month) = parts[1] > 2 ? (parts[0], parts[1] - 3) : (parts[0] - 1, parts[1] + 9)
        let days =
            year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + parts[2] - 719_469
        let times = clock.compactMap { Int($0) }
        let seconds = days * 86400 + times[0] * 3600 + times[1] * 60 + times[2] - offset
        return seconds * 1_000_000 + (Int(fraction) ?? 0)
    }
}
