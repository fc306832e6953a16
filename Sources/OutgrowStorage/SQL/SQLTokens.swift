/// SQL cut into words and signs, as far as both engines agree on that: no grammar.
struct SQLTokens {
    enum Token: Hashable {
        /// A keyword or unquoted name, in lower case.
        case word(String)
        case quotedName
        case string
        case number
        /// `$1`.
        case parameter
        /// One character, or several that stand for one thing.
        case sign(String)
    }

    /// Signs of more than one character, longest first.
    private static let longSigns = [
        "->>", "#>>", "!~*", "::", "||", "->", "#>", "@>", "<@", "?|", "?&", "~*", "!~", "<>", "!=", "==",
        "<=", ">=", "<<", ">>",
    ].map { Array($0.utf8) }

    private let bytes: [UInt8]
    private var position = 0
    private(set) var tokens: [Token] = []

    init(_ text: String) {
        bytes = Array(text.utf8)
        while position < bytes.count { step() }
    }

    private mutating func step() {
        let byte = bytes[position]
        switch byte {
        case 0x09...0x0D, 0x20: position += 1
        case 0x27: skip(to: 0x27, as: .string)
        case 0x22: skip(to: 0x22, as: .quotedName)
        case 0x2D where starts(with: "--"): skipLine()
        case 0x2F where starts(with: "/*"): skipComment()
        case 0x30...0x39: number()
        case 0x24 where next.map(Self.isDigit) == true: parameter()
        case _ where Self.isWord(byte): word()
        default: sign()
        }
    }

    private var next: UInt8? { position + 1 < bytes.count ? bytes[position + 1] : nil }

    private func starts(with text: StaticString) -> Bool { bytes[position...].starts(with: "\(text)".utf8) }

    /// Both engines write a quote inside of quotes twice.
    private mutating func skip(to quote: UInt8, as token: Token) {
        position += 1
        while position < bytes.count {
            if bytes[position] != quote {
                position += 1
            } else if next == quote {
                position += 2
            } else {
                break
            }
        }
        position += 1
        tokens.append(token)
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != 0x0A { position += 1 }
    }

    private mutating func skipComment() {
        position += 2
        while position < bytes.count, !starts(with: "*/") { position += 1 }
        position += 2
    }

    private mutating func number() {
        while position < bytes.count, Self.isWord(bytes[position]) || bytes[position] == 0x2E {
            position += 1
        }
        tokens.append(.number)
    }

    private mutating func parameter() {
        position += 1
        while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
        tokens.append(.parameter)
    }

    private mutating func word() {
        let start = position
        while position < bytes.count, Self.isWord(bytes[position]) || bytes[position] == 0x24 {
            position += 1
        }
        tokens.append(.word(String(decoding: bytes[start..<position], as: UTF8.self).lowercased()))
    }

    private mutating func sign() {
        let rest = bytes[position...]
        let sign = Self.longSigns.first { rest.starts(with: $0) } ?? [bytes[position]]
        position += sign.count
        tokens.append(.sign(String(decoding: sign, as: UTF8.self)))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
            || byte >= 0x80
    }
}
