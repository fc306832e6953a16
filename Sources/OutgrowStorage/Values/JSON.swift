/// A JSON value (RFC 8259), equal to another when it means the same: the order of members, the spelling of
/// numbers and the space between do not count.
///
/// Stored as `jsonb` on Postgres and as ``text`` on SQLite, it comes back equal from both. What `jsonb`
/// refuses is refused when it is parsed or bound, with ``StorageError/Kind/unsupportedValue``: the character
/// U+0000, half of a surrogate pair, a number that `numeric` cannot hold, and more than 512 levels. Of
/// members with the same name the last counts. https://www.postgresql.org/docs/current/datatype-json.html
///
/// ```swift
/// let settings: JSON = ["theme": "dark", "sizes": [1, 2.5]]
/// settings["sizes"]?[1]?.double      // 2.5
/// ```
///
/// A value holds its text alone: reading a member scans it, in the time that the text is long. For more than
/// a few members use ``members`` or ``decode(_:)``.
///
/// ## Topics
/// ### Making
/// - ``init(text:)``
/// - ``init(encoding:)``
/// ### Reading
/// - ``text``
/// - ``kind``
/// - ``decode(_:)``
public struct JSON: Sendable {
    /// The canonical text: no space, members in the order of their names' bytes, numbers without useless
    /// digits.
    ///
    /// Equal values have equal texts. A number is written in full while that takes no more than twenty zeros,
    /// else as `1.5e300`.
    public let text: String
    /// Set when a literal holds what a database cannot: refused when it is bound.
    let flaw: Flaw?
    /// How many levels of arrays and objects there are.
    let depth: Int

    /// Why a value cannot be stored.
    enum Flaw: Sendable {
        case nulCharacter, loneSurrogate, number, depth
    }

    static let depthLimit = 512

    /// Parses JSON text.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/type`` when it is not JSON, and
    ///   ``StorageError/Kind/unsupportedValue`` when it is JSON that Postgres cannot hold.
    /// - Complexity: O(*n*), with one copy; unsorted members are sorted.
    public init(text: String) throws {
        var parser = JSONParser(text)
        self = try parser.parse()
    }

    init(canonical text: String, depth: Int = 0, flaw: Flaw? = nil) {
        self.text = text
        self.depth = depth
        self.flaw = flaw ?? (depth > JSON.depthLimit ? .depth : nil)
    }

    /// The JSON `null`, which is a value and not a NULL of SQL.
    public static let null = JSON(canonical: "null")
}

extension JSON: Hashable {
    // Not the comparison of `String`, for which two spellings of a letter are equal and a database's texts
    // are not.
    public static func == (first: JSON, second: JSON) -> Bool {
        first.text.utf8.elementsEqual(second.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xFF))
    }
}

extension JSON: CustomStringConvertible {
    /// ``text``.
    public var description: String { text }
}

// Making values.
extension JSON {
    /// `true` or `false`.
    public init(_ value: Bool) { self.init(canonical: value ? "true" : "false") }

    /// A whole number.
    public init(_ value: Int64) { self.init(canonical: String(value)) }

    /// A number, with the shortest digits that give the same `Double` again. NaN and infinity, which JSON
    /// does not know, are refused when the value is bound.
    public init(_ value: Double) {
        let number = value.isFinite ? JSONNumber(Array("\(value)".utf8)) : nil
        self.init(canonical: number?.text ?? "1e999999", flaw: number == nil ? .number : nil)
    }

    /// A string.
    public init(_ value: String) {
        self.init(
            canonical: JSON.quoted(value), flaw: value.utf8.contains(0) ? .nulCharacter : nil)
    }

    /// An array.
    public init(_ elements: [JSON]) {
        self.init(
            canonical: "[" + elements.map(\.text).joined(separator: ",") + "]",
            depth: 1 + (elements.lazy.map(\.depth).max() ?? 0),
            flaw: elements.lazy.compactMap(\.flaw).first)
    }

    /// An object. Of members with the same name the last counts.
    public init(members: some Sequence<(String, JSON)>) {
        var found: [(name: [UInt8], value: JSON)] = members.map { (Array(JSON.quoted($0).utf8), $1) }
        found = found.enumerated().sorted {
            $0.element.name == $1.element.name
                ? $0.offset < $1.offset : $0.element.name.lexicographicallyPrecedes($1.element.name)
        }.map(\.element)
        var last: [(name: [UInt8], value: JSON)] = []
        for member in found {
            if last.last?.name == member.name { last.removeLast() }
            last.append(member)
        }
        let texts = last.map { String(decoding: $0.name, as: UTF8.self) + ":" + $0.value.text }
        self.init(
            canonical: "{" + texts.joined(separator: ",") + "}",
            depth: 1 + (last.lazy.map(\.value.depth).max() ?? 0),
            flaw: last.lazy.compactMap(\.value.flaw).first
                ?? (last.contains { $0.name.isEscapedNUL } ? .nulCharacter : nil))
    }

    /// `value` as a JSON string, with its quotes.
    static func quoted(_ value: String) -> String {
        var bytes: [UInt8] = [0x22]
        bytes.reserveCapacity(value.utf8.count + 2)
        for byte in value.utf8 { bytes.appendJSON(byte) }
        bytes.append(0x22)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends one byte of a string, escaped where JSON asks for it.
    mutating func appendJSON(_ byte: UInt8) {
        switch byte {
        case 0x22, 0x5C: append(contentsOf: [0x5C, byte])
        case 0x20...: append(byte)
        case 0x08: append(contentsOf: [0x5C, 0x62])
        case 0x09: append(contentsOf: [0x5C, 0x74])
        case 0x0A: append(contentsOf: [0x5C, 0x6E])
        case 0x0C: append(contentsOf: [0x5C, 0x66])
        case 0x0D: append(contentsOf: [0x5C, 0x72])
        default:
            let digits = Array("0123456789abcdef".utf8)
            append(contentsOf: [0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
        }
    }

    /// Whether a quoted string holds `\u0000`: a control character has no other escape that begins so.
    fileprivate var isEscapedNUL: Bool {
        var isEscape = false
        for index in indices {
            if isEscape {
                isEscape = false
                if self[index] == 0x75, self[(index + 1)...].prefix(4).allSatisfy({ $0 == 0x30 }) {
                    return true
                }
            } else {
                isEscape = self[index] == 0x5C
            }
        }
        return false
    }
}

// Literals.
extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self.init(value) }
    public init(integerLiteral value: Int64) { self.init(value) }
    public init(floatLiteral value: Double) { self.init(value) }
    public init(stringLiteral value: String) { self.init(value) }
    public init(arrayLiteral elements: JSON...) { self.init(elements) }
    public init(dictionaryLiteral members: (String, JSON)...) { self.init(members: members) }
}
