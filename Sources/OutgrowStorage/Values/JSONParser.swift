/// Reads JSON text and writes it canonically, in one pass and without recursion.
struct JSONParser {
    /// An array or object that is open.
    private struct Frame {
        var isObject: Bool
        var start: Int
        /// Where the members of an object begin in the output, and where their names end.
        var members: [(start: Int, nameEnd: Int)] = []

        var close: UInt8 { isObject ? 0x7D : 0x5D }
    }

    private let input: [UInt8]
    private var position = 0
    private var output: [UInt8] = []
    private var frames: [Frame] = []
    private var depth = 0

    init(_ text: String) {
        input = Array(text.utf8)
        output.reserveCapacity(input.count)
    }

    mutating func parse() throws -> JSON {
        var isComplete = try value()
        while let frame = frames.last {
            if !isComplete {
                isComplete = try member()
            } else if next() == 0x2C {
                advance()
                output.append(0x2C)
                isComplete = try member()
            } else if next() == frame.close {
                advance()
                close(frame)
                isComplete = true
            } else {
                throw error("a comma or the end of the \(frame.isObject ? "object" : "array")")
            }
        }
        guard next() == nil else { throw error("the end of the text") }
        return JSON(canonical: String(decoding: output, as: UTF8.self), depth: depth)
    }

    /// Reads a value. False when it began an array or object that has members.
    private mutating func value() throws -> Bool {
        switch next() {
        case 0x7B: return try open(Frame(isObject: true, start: output.count), 0x7B)
        case 0x5B: return try open(Frame(isObject: false, start: output.count), 0x5B)
        case 0x22: try string()
        case 0x74: try word("true")
        case 0x66: try word("false")
        case 0x6E: try word("null")
        case let byte? where Self.isOfNumber(byte): try number()
        default: throw error("a value")
        }
        return true
    }

    private mutating func open(_ frame: Frame, _ bracket: UInt8) throws -> Bool {
        advance()
        depth = max(depth, frames.count + 1)
        guard depth <= JSON.depthLimit else { throw JSON.Flaw.depth.error }
        output.append(bracket)
        if next() == frame.close {
            advance()
            output.append(frame.close)
            return true
        }
        frames.append(frame)
        return false
    }

    private mutating func member() throws -> Bool {
        guard let frame = frames.last, frame.isObject else { return try value() }
        guard next() == 0x22 else { throw error("the name of a member") }
        let start = output.count
        try string()
        frames[frames.count - 1].members.append((start, output.count))
        guard next() == 0x3A else { throw error("a colon") }
        advance()
        output.append(0x3A)
        return try value()
    }

    private mutating func close(_ frame: Frame) {
        frames.removeLast()
        if frame.isObject { sortMembers(of: frame) }
        output.append(frame.close)
    }

    /// Brings the members of an object into the order of their names, the last of equal ones alone.
    private mutating func sortMembers(of frame: Frame) {
        let members = frame.members
        func name(_ index: Int) -> ArraySlice<UInt8> { output[members[index].start..<members[index].nameEnd] }
        let isSorted = (1..<max(1, members.count)).allSatisfy {
            name($0 - 1).lexicographicallyPrecedes(name($0))
        }
        guard !isSorted else { return }
        let order = members.indices.sorted {
            let (first, second) = (name($0), name($1))
            return first == second ? $0 < $1 : first.lexicographicallyPrecedes(second)
        }
        var sorted: [UInt8] = [0x7B]
        for (place, index) in order.enumerated() {
            if place + 1 < order.count, name(order[place + 1]) == name(index) { continue }
            let end = index + 1 < members.count ? members[index + 1].start - 1 : output.count
            if sorted.count > 1 { sorted.append(0x2C) }
            sorted += output[members[index].start..<end]
        }
        output.replaceSubrange(frame.start..., with: sorted)
    }
}

// Words, numbers, strings.
extension JSONParser {
    private mutating func word(_ word: StaticString) throws {
        let bytes = Array("\(word)".utf8)
        guard input[position...].starts(with: bytes) else { throw error("a value") }
        output += bytes
        position += bytes.count
    }

    private mutating func number() throws {
        let start = position
        while position < input.count, Self.isOfNumber(input[position]) { position += 1 }
        guard let number = JSONNumber(Array(input[start..<position])) else {
            position = start
            throw error("a number")
        }
        guard number.fitsNumeric else { throw JSON.Flaw.number.error }
        output += number.bytes
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: true
        default: false
        }
    }

    private mutating func string() throws {
        position += 1
        output.append(0x22)
        while position < input.count {
            let byte = input[position]
            position += 1
            switch byte {
            case 0x22: return output.append(0x22)
            case 0x5C: try escape()
            case 0x20...: output.append(byte)
            default:
                position -= 1
                throw error("a string without control characters")
            }
        }
        throw error("the end of a string")
    }

    private mutating func escape() throws {
        guard position < input.count else { throw error("the end of a string") }
        let byte = input[position]
        position += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: output.appendJSON(byte)
        case 0x62: output.appendJSON(0x08)
        case 0x66: output.appendJSON(0x0C)
        case 0x6E: output.appendJSON(0x0A)
        case 0x72: output.appendJSON(0x0D)
        case 0x74: output.appendJSON(0x09)
        case 0x75:
            let scalar = try escapedScalar()
            for unit in String(scalar).utf8 { output.appendJSON(unit) }
        default:
            position -= 1
            throw error("an escape")
        }
    }

    /// Reads what follows `\u`: one code unit, or two that make a pair.
    private mutating func escapedScalar() throws -> Unicode.Scalar {
        let unit = try hexadecimal()
        guard unit != 0 else { throw JSON.Flaw.nulCharacter.error }
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xDC00, input[position...].starts(with: [0x5C, 0x75]) else {
            throw JSON.Flaw.loneSurrogate.error
        }
        position += 2
        let low = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
        else { throw JSON.Flaw.loneSurrogate.error }
        return scalar
    }

    private mutating func hexadecimal() throws -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < input.count, let digit = Self.hexadecimalDigit(input[position]) else {
                throw error("four hexadecimal digits")
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46: UInt32(byte - 0x41 + 10)
        case 0x61...0x66: UInt32(byte - 0x61 + 10)
        default: nil
        }
    }

    /// Skips space; returns the byte that comes now, and stays in front of it.
    private mutating func next() -> UInt8? {
        while position < input.count {
            switch input[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return input[position]
            }
        }
        return nil
    }

    private mutating func advance() { position += 1 }

    private func error(_ expected: String) -> StorageError {
        StorageError(
            .type, "A text is not JSON: at byte \(position) there should be \(expected).",
            fix: "Correct the text; RFC 8259 says how JSON is written.")
    }
}

extension JSON.Flaw {
    /// What both backends answer when such a value is to be stored.
    var error: StorageError {
        switch self {
        case .nulCharacter:
            StorageError(
                .unsupportedValue, "A JSON value holds the character U+0000, which Postgres cannot store.",
                fix: "Leave the character out, or store the value as bytes.")
        case .loneSurrogate:
            StorageError(
                .unsupportedValue, "A JSON value holds half of a surrogate pair, which is no character.",
                fix: "Write characters above U+FFFF as two \\u escapes, or as they are.")
        case .number:
            StorageError(
                .unsupportedValue, "A JSON value holds a number that the database cannot store.",
                fix:
                    "Store it as a string; numbers may have 131072 digits before the point and 16383 behind it."
            )
        case .depth:
            StorageError(
                .unsupportedValue, "A JSON value has more than \(JSON.depthLimit) levels.",
                fix: "Store a flatter value, or the text as text.")
        }
    }
}
