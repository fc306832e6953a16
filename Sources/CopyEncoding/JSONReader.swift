/// Checks JSON text against RFC 8259 and turns it into the bytes of its value.
///
/// Two texts have the same bytes exactly when Postgres' `jsonb` calls them equal:
/// members ordered by key, strings unescaped, numbers as decimals without
/// superfluous zeros. Texts that `jsonb` would refuse or silently change do not
/// pass: duplicate keys, U+0000, lone surrogates, numbers beyond `numeric`.
///
/// Every piece is preceded by a tag and a length, so no two values share their bytes.
struct JSONReader: ~Copyable {
    /// Postgres parses JSON recursively, too, on a stack of limited size.
    static let maxDepth = 500
    /// `jsonb` counts the bytes and elements of a container in 28 bits.
    static let maxByteCount = 0x0FFF_FFFF

    /// Working memory beyond this is given back before the next text is read.
    private static let keptByteCount = 1 << 20

    private var canonical = ScratchBuffer()
    private var spare = ScratchBuffer()
    private var members: [Member] = []
    private var position = 0

    private struct Member {
        var start: Int
        var keyEnd: Int
        var end: Int
    }

    init() {}

    /// The value of the text that was read last; valid until the next `read`.
    var value: ByteView { canonical.view }

    /// Returns whether `text` is JSON that `jsonb` holds without loss.
    mutating func read(_ text: ByteView) -> Bool {
        canonical.removeAll(keepingAtMost: Self.keptByteCount)
        spare.removeAll(keepingAtMost: Self.keptByteCount)
        members.removeAll(keepingCapacity: members.capacity <= Self.keptByteCount / 32)
        position = 0
        guard text.count <= Self.maxByteCount else { return false }
        let traits = TextTraits.validate(text)
        guard traits.isValidUTF8, !traits.hasNUL, readValue(text, depth: 0) else { return false }
        skipSpace(text)
        return position == text.count
    }

    private mutating func readValue(_ text: ByteView, depth: Int) -> Bool {
        skipSpace(text)
        guard depth <= Self.maxDepth, position < text.count else { return false }
        switch text[position] {
        case UInt8(ascii: "{"): return readObject(text, depth: depth)
        case UInt8(ascii: "["): return readArray(text, depth: depth)
        case UInt8(ascii: "\""): return readString(text)
        case UInt8(ascii: "t"): return readWord(text, "true")
        case UInt8(ascii: "f"): return readWord(text, "false")
        case UInt8(ascii: "n"): return readWord(text, "null")
        default: return readNumber(text)
        }
    }

    private mutating func readObject(_ text: ByteView, depth: Int) -> Bool {
        position &+= 1
        canonical.append(UInt8(ascii: "o"))
        let countOffset = canonical.count
        canonical.append(number: UInt32(0))
        let body = canonical.count
        let firstMember = members.count
        if skipped(UInt8(ascii: "}"), in: text) { return true }
        repeat {
            skipSpace(text)
            guard position < text.count, text[position] == UInt8(ascii: "\"") else { return false }
            let start = canonical.count
            guard readString(text) else { return false }
            let keyEnd = canonical.count
            guard skipped(UInt8(ascii: ":"), in: text), readValue(text, depth: depth &+ 1) else {
                return false
            }
            members.append(Member(start: start, keyEnd: keyEnd, end: canonical.count))
        } while skipped(UInt8(ascii: ","), in: text)
        guard skipped(UInt8(ascii: "}"), in: text) else { return false }
        canonical.patch(UInt32(truncatingIfNeeded: members.count &- firstMember), at: countOffset)
        return sortMembers(from: firstMember, body: body)
    }

    private mutating func readArray(_ text: ByteView, depth: Int) -> Bool {
        position &+= 1
        canonical.append(UInt8(ascii: "a"))
        let countOffset = canonical.count
        canonical.append(number: UInt32(0))
        if skipped(UInt8(ascii: "]"), in: text) { return true }
        var count: UInt32 = 0
        repeat {
            guard readValue(text, depth: depth &+ 1) else { return false }
            count &+= 1
        } while skipped(UInt8(ascii: ","), in: text)
        canonical.patch(count, at: countOffset)
        return skipped(UInt8(ascii: "]"), in: text)
    }

    /// Puts the members of the object that ends here in the order of their keys.
    /// Returns false when two keys are the same.
    private mutating func sortMembers(from first: Int, body: Int) -> Bool {
        defer { members.removeSubrange(first...) }
        let view = canonical.view
        func key(_ member: Member) -> ByteView {
            view.slice(from: member.start &+ 5, count: member.keyEnd &- member.start &- 5)
        }
        var own = members[first...]
        func isAscending() -> Bool {
            zip(own, own.dropFirst()).allSatisfy { Self.isLess(key($0), key($1)) }
        }
        if isAscending() { return true }
        own.sort { Self.isLess(key($0), key($1)) }
        guard isAscending() else { return false }
        spare.removeAll()
        for member in own { spare.append(view.slice(from: member.start, count: member.end &- member.start)) }
        canonical.overwrite(from: body, with: spare.view)
        return true
    }

    private static func isLess(_ one: ByteView, _ other: ByteView) -> Bool {
        for index in 0..<min(one.count, other.count) where one[index] != other[index] {
            return one[index] < other[index]
        }
        return one.count < other.count
    }

    private mutating func readWord(_ text: ByteView, _ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard position &+ length <= text.count else { return false }
        let matches = word.withUTF8Buffer { letters in
            let expected = unsafe ByteView(UnsafeRawBufferPointer(letters))
            for index in 0..<length where text[position &+ index] != expected[index] { return false }
            return true
        }
        canonical.append(text[position])
        position &+= length
        return matches
    }

    private mutating func skipSpace(_ text: ByteView) {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position &+= 1
            default: return
            }
        }
    }

    /// Whether the next character is `byte`, which is passed then.
    private mutating func skipped(_ byte: UInt8, in text: ByteView) -> Bool {
        skipSpace(text)
        guard position < text.count, text[position] == byte else { return false }
        position &+= 1
        return true
    }
}

extension JSONReader {
    private mutating func readString(_ text: ByteView) -> Bool {
        canonical.append(UInt8(ascii: "s"))
        let lengthOffset = canonical.count
        canonical.append(number: UInt32(0))
        position &+= 1
        var plain = position
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                canonical.append(text.slice(from: plain, count: position &- plain))
                position &+= 1
                if byte == UInt8(ascii: "\"") {
                    canonical.patch(
                        UInt32(truncatingIfNeeded: canonical.count &- lengthOffset &- 4), at: lengthOffset)
                    return true
                }
                guard readEscape(text) else { return false }
                plain = position
            } else {
                guard byte >= 0x20 else { return false }
                position &+= 1
            }
        }
        return false
    }

    /// What follows a backslash.
    private mutating func readEscape(_ text: ByteView) -> Bool {
        guard position < text.count else { return false }
        let byte = text[position]
        position &+= 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): canonical.append(byte)
        case UInt8(ascii: "b"): canonical.append(0x08)
        case UInt8(ascii: "f"): canonical.append(0x0C)
        case UInt8(ascii: "n"): canonical.append(0x0A)
        case UInt8(ascii: "r"): canonical.append(0x0D)
        case UInt8(ascii: "t"): canonical.append(0x09)
        case UInt8(ascii: "u"): return readUnicodeEscape(text)
        default: return false
        }
        return true
    }

    private mutating func readUnicodeEscape(_ text: ByteView) -> Bool {
        guard var code = readFourDigits(text), code != 0 else { return false }
        if code & 0xF800 == 0xD800 {
            // A high surrogate and the low one that must follow it.
            guard code < 0xDC00, position &+ 2 <= text.count, text[position] == UInt8(ascii: "\\"),
                text[position &+ 1] == UInt8(ascii: "u")
            else { return false }
            position &+= 2
            guard let low = readFourDigits(text), low & 0xFC00 == 0xDC00 else { return false }
            code = 0x10000 &+ (code &- 0xD800) << 10 &+ (low &- 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { return false }
        for unit in UTF8.encode(scalar).unsafelyUnwrappedUnits { canonical.append(unit) }
        return true
    }

    private mutating func readFourDigits(_ text: ByteView) -> UInt32? {
        guard position &+ 4 <= text.count else { return nil }
        var code: UInt32 = 0
        for _ in 0..<4 {
            let nibble = FieldParsers.hexadecimal(text[position])
            guard nibble < 16 else { return nil }
            code = code << 4 | UInt32(nibble)
            position &+= 1
        }
        return code
    }
}

extension JSONReader {
    /// A number within what `numeric` holds: 131,072 digits before the point, 16,383 behind it.
    private mutating func readNumber(_ text: ByteView) -> Bool {
        let isNegative = text[position] == UInt8(ascii: "-")
        if isNegative { position &+= 1 }
        let whole = position
        let wholeCount = skipDigits(text)
        guard wholeCount > 0, wholeCount == 1 || text[whole] != UInt8(ascii: "0") else { return false }
        var fraction = position
        var fractionCount = 0
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position &+= 1
            fraction = position
            fractionCount = skipDigits(text)
            guard fractionCount > 0 else { return false }
        }
        guard let written = readExponent(text) else { return false }
        guard wholeCount &+ written <= 131_072, fractionCount &- written <= 16_383 else { return false }
        let decimal = DecimalDigits(
            isNegative: isNegative, whole: text.slice(from: whole, count: wholeCount),
            fraction: text.slice(from: fraction, count: fractionCount), exponent: written)
        canonical.append(UInt8(ascii: "d"))
        decimal.append(to: &canonical)
        return true
    }

    /// The exponent behind the digits, 0 when there is none, nil when it is malformed or absurd.
    private mutating func readExponent(_ text: ByteView) -> Int? {
        guard position < text.count, text[position] | 0x20 == UInt8(ascii: "e") else { return 0 }
        position &+= 1
        var isNegative = false
        if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") {
            isNegative = text[position] == UInt8(ascii: "-")
            position &+= 1
        }
        let start = position
        guard skipDigits(text) > 0 else { return nil }
        var exponent = 0
        for index in start..<position {
            exponent = exponent &* 10 &+ Int(text[index] &- UInt8(ascii: "0"))
            guard exponent < 1_000_000 else { return nil }
        }
        return isNegative ? 0 &- exponent : exponent
    }

    private mutating func skipDigits(_ text: ByteView) -> Int {
        let start = position
        while position < text.count, text[position] &- UInt8(ascii: "0") < 10 { position &+= 1 }
        return position &- start
    }
}

extension Optional where Wrapped == UTF8.EncodedScalar {
    /// Every Unicode scalar has a UTF-8 form.
    fileprivate var unsafelyUnwrappedUnits: UTF8.EncodedScalar { self ?? UTF8.encodedReplacementCharacter }
}
