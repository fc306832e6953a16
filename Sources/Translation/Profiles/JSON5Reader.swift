import Diagnostics

/// Reads JSON5 (https://spec.json5.org) into a tree in which everything knows its place.
///
/// A mapping file is input that may be hostile: its size and depth are bounded, a key that stands twice is
/// refused, and every refusal says where. Nothing is read for its number, so numbers stay as written.
struct JSON5Reader {
    static let maxByteCount = 1 << 20
    static let maxDepth = 16

    private let scalars: [Unicode.Scalar]
    private let file: String
    private var index = 0
    private var place = TextPosition(line: 1, column: 1)

    static func read(_ bytes: [UInt8], file: String) throws(OutgrowError) -> JSON5Node {
        guard bytes.count <= maxByteCount else {
            throw mappingError(
                "The file has \(bytes.count) bytes; a mapping has at most \(maxByteCount).",
                at: file, fix: "Check that this is the mapping file: FILE:LINE:COLUMN names it.")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            let line = lines.firstIndex { String(validating: Array($0), as: UTF8.self) == nil } ?? 0
            throw mappingError(
                "The line is not UTF-8.", at: "\(file):\(line + 1):1", fix: "Save the file as UTF-8.")
        }
        var reader = JSON5Reader(scalars: Array(text.unicodeScalars), file: file)
        let node = try reader.value(depth: 0)
        try reader.skipSpace()
        guard reader.next == nil else {
            throw reader.failure("Something follows the end of the value.", "End the file there.")
        }
        return node
    }

    private init(scalars: [Unicode.Scalar], file: String) {
        self.scalars = scalars
        self.file = file
    }

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private func failure(_ summary: String, _ remedy: String, at position: TextPosition? = nil)
        -> OutgrowError
    {
        mappingError(summary, at: "\(file):\((position ?? place).description)", fix: remedy)
    }

    private mutating func advance() {
        guard let scalar = next else { return }
        index += 1
        if scalar == "\n" || (scalar == "\r" && next != "\n") || scalar == "\u{2028}" || scalar == "\u{2029}"
        {
            place = TextPosition(line: place.line + 1, column: 1)
        } else {
            place.column += 1
        }
    }

    private mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        advance()
        return true
    }

    // MARK: White space and comments

    private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
        ["\n", "\r", "\u{2028}", "\u{2029}"].contains(scalar)
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        isLineEnd(scalar) || ["\t", "\u{0B}", "\u{0C}", "\u{FEFF}"].contains(scalar)
            || scalar.properties.generalCategory == .spaceSeparator
    }

    private mutating func skipSpace() throws(OutgrowError) {
        while let scalar = next {
            if scalar == "/" {
                try skipComment()
            } else if Self.isSpace(scalar) {
                advance()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(OutgrowError) {
        let start = place
        advance()
        if accept("/") {
            while let scalar = next, !Self.isLineEnd(scalar) { advance() }
            return
        }
        guard accept("*") else {
            throw failure(
                "A slash begins no value.", "Write comments as // … or /* … */.", at: start)
        }
        while next != nil {
            if accept("*") {
                if accept("/") { return }
            } else {
                advance()
            }
        }
        throw failure("The comment does not end.", "Close it with */.", at: start)
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(OutgrowError) -> JSON5Node {
        try skipSpace()
        let start = place
        guard depth < Self.maxDepth else {
            throw failure(
                "The value lies deeper than \(Self.maxDepth) levels.", "Write it with fewer brackets.")
        }
        switch next {
        case nil: throw failure("The file ends where a value has to stand.", "Write a value there.")
        case "{"?: return JSON5Node(value: .object(try object(depth: depth)), place: start)
        case "["?: return JSON5Node(value: .array(try array(depth: depth)), place: start)
        case "\""?, "'"?: return JSON5Node(value: .string(try string()), place: start)
        default: return JSON5Node(value: try word(), place: start)
        }
    }

    private mutating func object(depth: Int) throws(OutgrowError) -> [JSON5Member] {
        let start = place
        advance()
        var members: [JSON5Member] = []
        var keys: Set<String> = []
        while true {
            try skipSpace()
            if accept("}") { return members }
            guard next != nil else { throw unclosed("{", at: start, "}") }
            let keyPlace = place
            let key = try key()
            guard keys.insert(key).inserted else {
                throw failure("The key \"\(key)\" stands twice.", "Keep one of the two.", at: keyPlace)
            }
            try skipSpace()
            guard accept(":") else {
                throw failure("A colon is missing after the key \"\(key)\".", "Write \(key): VALUE.")
            }
            members.append(JSON5Member(key: key, place: keyPlace, node: try value(depth: depth + 1)))
            try skipSpace()
            if accept(",") || next == "}" { continue }
            throw unclosed("{", at: start, "}")
        }
    }

    private mutating func array(depth: Int) throws(OutgrowError) -> [JSON5Node] {
        let start = place
        advance()
        var nodes: [JSON5Node] = []
        while true {
            try skipSpace()
            if accept("]") { return nodes }
            guard next != nil else { throw unclosed("[", at: start, "]") }
            nodes.append(try value(depth: depth + 1))
            try skipSpace()
            if accept(",") || next == "]" { continue }
            throw unclosed("[", at: start, "]")
        }
    }

    private func unclosed(_ open: String, at start: TextPosition, _ close: String) -> OutgrowError {
        next == nil
            ? failure("The \(open) is never closed.", "Write \(close) at its end.", at: start)
            : failure("A comma is missing here.", "Separate the members by commas.")
    }

    private mutating func key() throws(OutgrowError) -> String {
        if next == "\"" || next == "'" { return try string() }
        var name = ""
        while let scalar = next,
            scalar == "$" || scalar == "_" || scalar.properties.isIDContinue
                || (name.isEmpty && scalar.properties.isIDStart)
        {
            if name.isEmpty, !(scalar == "$" || scalar == "_" || scalar.properties.isIDStart) { break }
            name.unicodeScalars.append(scalar)
            advance()
        }
        guard !name.isEmpty else {
            throw failure("A key has to stand here.", "Write a name, in quotes where it is no word.")
        }
        return name
    }

    /// `true`, `false`, `null`, or a number as it is written.
    private mutating func word() throws(OutgrowError) -> JSON5Value {
        let start = place
        var text = ""
        while let scalar = next,
            scalar.properties.isAlphabetic || "0123456789+-._".unicodeScalars.contains(scalar)
        {
            text.unicodeScalars.append(scalar)
            advance()
        }
        switch text {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "null": return .null
        default:
            guard let first = text.unicodeScalars.first, "0123456789+-.".unicodeScalars.contains(first) else {
                throw failure(
                    "No value begins like this.", "Write texts in quotes, as in type: \"jsonb\".", at: start)
            }
            return .number(text)
        }
    }

    // MARK: Strings

    private mutating func string() throws(OutgrowError) -> String {
        let start = place
        let quote = next
        advance()
        var text = ""
        while let scalar = next {
            if scalar == quote {
                advance()
                return text
            }
            if scalar == "\n" || scalar == "\r" { break }
            advance()
            if scalar == "\\" {
                try escape(into: &text)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        throw failure(
            "The text does not end on its line.", "Close it with the quote it began with.", at: start)
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "b": "\u{08}", "f": "\u{0C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{0B}", "0": "\0",
    ]

    private mutating func escape(into text: inout String) throws(OutgrowError) {
        guard let scalar = next else { return }
        let start = place
        advance()
        switch scalar {
        case "x": text.unicodeScalars.append(try scalarValue(try hexadecimal(2), at: start))
        case "u":
            var code = try hexadecimal(4)
            if (0xD800..<0xDC00).contains(code), accept("\\"), accept("u") {
                let low = try hexadecimal(4)
                code =
                    (0xDC00..<0xE000).contains(low)
                    ? 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) : 0xD800
            }
            text.unicodeScalars.append(try scalarValue(code, at: start))
        case "\r": _ = accept("\n")
        case "\n", "\u{2028}", "\u{2029}": break
        default:
            guard scalar == "0" || !("0"..."9").contains(scalar) else {
                throw failure("There is no escape \\\(scalar).", "Write \\u and four digits.", at: start)
            }
            text.unicodeScalars.append(Self.escapes[scalar] ?? scalar)
        }
    }

    private func scalarValue(_ code: UInt32, at position: TextPosition) throws(OutgrowError) -> Unicode.Scalar
    {
        guard let scalar = Unicode.Scalar(code) else {
            throw failure(
                "The escape is half of a character.", "Write both halves, or the character.", at: position)
        }
        return scalar
    }

    private mutating func hexadecimal(_ count: Int) throws(OutgrowError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<count {
            guard let digit = next.flatMap({ Character($0).hexDigitValue }), next?.isASCII == true else {
                throw failure("The escape needs \(count) hexadecimal digits.", "Write all of them.")
            }
            code = code << 4 | UInt32(digit)
            advance()
        }
        return code
    }
}

/// A place in a text, counted from 1, in characters of Unicode.
struct TextPosition: Sendable, Hashable, CustomStringConvertible {
    var line: Int
    var column: Int
    var description: String { "\(line):\(column)" }
}

struct JSON5Node: Sendable {
    let value: JSON5Value
    let place: TextPosition
}

enum JSON5Value: Sendable {
    case null
    case boolean(Bool)
    case number(String)
    case string(String)
    case array([JSON5Node])
    case object([JSON5Member])

    /// With its article, for messages.
    var words: String {
        switch self {
        case .null: "null"
        case .boolean: "true or false"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

struct JSON5Member: Sendable {
    let key: String
    let place: TextPosition
    let node: JSON5Node
}

func mappingError(_ summary: String, at place: String, fix remedy: String) -> OutgrowError {
    OutgrowError("mapping-invalid", .usage, summary, at: place, fix: remedy)
}
