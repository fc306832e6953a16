/// Whether a text is JSON that `jsonb` holds: RFC 8259, no duplicate keys, no U+0000.
struct JSONText {
    private let bytes: [UInt8]
    private var position = 0

    static func isStorable(_ text: String) -> Bool {
        var reader = JSONText(bytes: Array(text.utf8))
        guard reader.value(depth: 0) else { return false }
        reader.skipSpace()
        return reader.position == reader.bytes.count
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) -> Bool {
        guard depth < 100 else { return false }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return string() != nil
        default:
            for word in ["true", "false", "null"] where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return true
            }
            return number()
        }
    }

    private mutating func object(depth: Int) -> Bool {
        position += 1
        skipSpace()
        if accept("}") { return true }
        var keys: Set<[UInt8]> = []
        repeat {
            skipSpace()
            guard let key = string(), keys.insert(key).inserted else { return false }
            skipSpace()
            guard accept(":"), value(depth: depth + 1) else { return false }
            skipSpace()
        } while accept(",")
        return accept("}")
    }

    private mutating func array(depth: Int) -> Bool {
        position += 1
        skipSpace()
        if accept("]") { return true }
        repeat {
            guard value(depth: depth + 1) else { return false }
            skipSpace()
        } while accept(",")
        return accept("]")
    }

    /// The text between the quotes; one with a `\u` escape is refused, which is more careful than needed.
    private mutating func string() -> [UInt8]? {
        guard accept("\"") else { return nil }
        let start = position
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { return nil }
            position += 1
            if byte == UInt8(ascii: "\\") {
                guard let escape = next, "\"\\/bfnrt".utf8.contains(escape) else { return nil }
                position += 1
            }
        }
        let content = Array(bytes[start..<position])
        return accept("\"") ? content : nil
    }

    private mutating func number() -> Bool {
        _ = accept("-")
        guard let first = next, (48...57).contains(first) else { return false }
        let start = position
        skipDigits()
        if first == 48, position - start > 1 { return false }
        if accept(".") {
            guard let digit = next, (48...57).contains(digit) else { return false }
            skipDigits()
        }
        if accept("e") || accept("E") {
            _ = accept("+") || accept("-")
            guard let digit = next, (48...57).contains(digit) else { return false }
            skipDigits()
        }
        return true
    }

    private mutating func skipDigits() {
        while let byte = next, (48...57).contains(byte) { position += 1 }
    }
}
