#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension JSON {
    /// The six kinds of JSON value.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// `null`, which is a value and not a NULL of SQL.
        case null
        /// `true` or `false`.
        case boolean
        /// A number, whole or not.
        case number
        /// A string.
        case string
        /// Values in their order.
        case array
        /// Values by their names.
        case object
    }

    /// Which kind of value it is.
    public var kind: Kind {
        switch text.utf8.first {
        case 0x7B: .object
        case 0x5B: .array
        case 0x22: .string
        case 0x74, 0x66: .boolean
        case 0x6E: .null
        default: .number
        }
    }

    /// Whether it is JSON's `null`.
    public var isNull: Bool { kind == .null }

    /// The truth value, when it is one.
    public var bool: Bool? { kind == .boolean ? text.utf8.first == 0x74 : nil }

    /// The number, when it is a whole one that `Int64` holds.
    public var int64: Int64? { kind == .number ? Int64(text) : nil }

    /// The nearest `Double`, when it is a number that is not too large for one.
    public var double: Double? {
        guard kind == .number, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The number exactly, when `Decimal` holds all its digits.
    public var decimal: Decimal? { kind == .number ? DecimalText.decimal(text) : nil }

    /// The string, when it is one.
    public var string: String? {
        kind == .string ? JSONScanner.string(Array(text.utf8)[...]) : nil
    }

    /// The elements of an array; nil for anything else.
    public var elements: [JSON]? {
        guard kind == .array else { return nil }
        var scanner = JSONScanner(text)
        var result: [JSON] = []
        while scanner.enterNext() { result.append(part(scanner.value())) }
        return result
    }

    /// The members of an object in the order of their names' bytes; nil for anything else.
    public var members: [(name: String, value: JSON)]? {
        guard kind == .object else { return nil }
        var scanner = JSONScanner(text)
        var result: [(name: String, value: JSON)] = []
        while scanner.enterNext() {
            result.append((JSONScanner.string(scanner.name()), part(scanner.value())))
        }
        return result
    }

    /// The member of an object with this name.
    ///
    /// - Complexity: O(*n*) in the length of the text.
    public subscript(name: String) -> JSON? {
        guard kind == .object else { return nil }
        let wanted = Array(JSON.quoted(name).utf8)
        var scanner = JSONScanner(text)
        while scanner.enterNext() {
            let isWanted = scanner.name().elementsEqual(wanted)
            let value = scanner.value()
            if isWanted { return part(value) }
        }
        return nil
    }

    /// The element of an array at this index, counted from 0; nil when there is none.
    ///
    /// - Complexity: O(*n*) in the length of the text.
    public subscript(index: Int) -> JSON? {
        guard kind == .array, index >= 0 else { return nil }
        var scanner = JSONScanner(text)
        var position = 0
        while scanner.enterNext() {
            let value = scanner.value()
            if position == index { return part(value) }
            position += 1
        }
        return nil
    }

    /// A part of canonical text is canonical; what cannot be stored may be in another part.
    private func part(_ part: (bytes: ArraySlice<UInt8>, depth: Int)) -> JSON {
        let text = String(decoding: part.bytes, as: UTF8.self)
        guard let flaw else { return JSON(canonical: text, depth: part.depth) }
        var parser = JSONParser(text)
        do {
            return try parser.parse()
        } catch {
            return JSON(canonical: text, depth: part.depth, flaw: flaw)
        }
    }
}

/// Walks over canonical text, which needs no checks.
struct JSONScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Steps over the bracket or comma in front of the next element; false at the end.
    mutating func enterNext() -> Bool {
        position += 1
        return position < bytes.count && bytes[position] != 0x5D && bytes[position] != 0x7D
    }

    /// Steps over the name of a member and its colon, and returns it with its quotes.
    mutating func name() -> ArraySlice<UInt8> {
        let start = position
        skipString()
        defer { position += 1 }
        return bytes[start..<position]
    }

    /// Steps over a value and returns it, with its number of levels.
    mutating func value() -> (bytes: ArraySlice<UInt8>, depth: Int) {
        let start = position
        var (level, depth) = (0, 0)
        repeat {
            switch bytes[position] {
            case 0x22: skipString()
            case 0x5B, 0x7B:
                level += 1
                depth = max(depth, level)
                position += 1
            case 0x5D, 0x7D:
                level -= 1
                position += 1
            case 0x2C, 0x3A: position += 1
            default: while position < bytes.count, !Self.isSign(bytes[position]) { position += 1 }
            }
        } while level > 0 && position < bytes.count
        return (bytes[start..<position], depth)
    }

    private mutating func skipString() {
        position += 1
        while position < bytes.count, bytes[position] != 0x22 { position += bytes[position] == 0x5C ? 2 : 1 }
        position += 1
    }

    private static func isSign(_ byte: UInt8) -> Bool { byte == 0x2C || byte == 0x5D || byte == 0x7D }

    /// The string that a quoted one means.
    static func string(_ quoted: ArraySlice<UInt8>) -> String {
        let content = quoted.dropFirst().dropLast()
        guard content.contains(0x5C) else { return String(decoding: content, as: UTF8.self) }
        var result: [UInt8] = []
        var position = content.startIndex
        while position < content.endIndex {
            guard content[position] == 0x5C else {
                result.append(content[position])
                position += 1
                continue
            }
            let escape = content[position + 1]
            position += 2
            switch escape {
            case 0x62: result.append(0x08)
            case 0x66: result.append(0x0C)
            case 0x6E: result.append(0x0A)
            case 0x72: result.append(0x0D)
            case 0x74: result.append(0x09)
            case 0x75:
                // Canonical text has `\u` for control characters alone.
                let digits = String(decoding: content[position..<position + 4], as: UTF8.self)
                result.append(UInt8(digits, radix: 16) ?? 0)
                position += 4
            default: result.append(escape)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
