/// The one place where names and values become SQL text.
///
/// What comes out never holds a raw control character, and outside of `E'…'` no
/// backslash: it is safe in psql, in a log line and on a terminal.
extension PostgresDDL {
    /// Returns `name` as an identifier, in double quotes unless it needs none.
    package static func identifier(_ name: String) -> String {
        if isPlain(name) { return name }
        guard name.unicodeScalars.contains(where: { needsEscape($0) || $0 == "\\" }) else {
            return "\"\(doubling("\"", in: name))\""
        }
        var escaped = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"": escaped += "\"\""
            case "\\": escaped += "\\005C"
            default:
                escaped += needsEscape(scalar) ? "\\\(hexadecimal(scalar.value, digits: 4))" : String(scalar)
            }
        }
        return "U&\"\(escaped)\""
    }

    /// Returns `schema.name`, both quoted where needed.
    package static func qualified(_ schema: String, _ name: String) -> String {
        "\(identifier(schema)).\(identifier(name))"
    }

    /// Returns `text` as a string literal that reads the same whatever `standard_conforming_strings` says.
    package static func literal(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { needsEscape($0) || $0 == "\\" }) else {
            return "'\(doubling("'", in: text))'"
        }
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'": escaped += "''"
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\r": escaped += "\\r"
            case "\t": escaped += "\\t"
            default:
                escaped += needsEscape(scalar) ? "\\u\(hexadecimal(scalar.value, digits: 4))" : String(scalar)
            }
        }
        return "E'\(escaped)'"
    }

    /// Returns `bytes` as a `bytea` literal.
    package static func literal(_ bytes: [UInt8]) -> String {
        "'\\x\(bytes.map { hexadecimal(UInt32($0), digits: 2).lowercased() }.joined())'::bytea"
    }

    /// Returns `text` as `--` comment lines: control characters become spaces, so that none can end the
    /// comment.
    package static func comment(_ text: String) -> String {
        "-- " + String(String.UnicodeScalarView(text.unicodeScalars.map { needsEscape($0) ? " " : $0 }))
    }

    private static func isPlain(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
            && !Keywords.needingQuotes.contains(name)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || byte == 0x5F }

    /// Controls, and the separators and direction marks that rearrange a line on a terminal.
    private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func doubling(_ quote: Character, in text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            if Character(character) == quote { result.unicodeScalars.append(character) }
            result.unicodeScalars.append(character)
        }
        return result
    }

    private static func hexadecimal(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
