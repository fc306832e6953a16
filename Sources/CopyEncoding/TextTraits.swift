package import SQLiteClient

/// What the scan needs to know of every TEXT value, whatever its column becomes.
package struct TextTraits: Sendable, Equatable {
    package var isValidUTF8: Bool
    package var hasNUL: Bool
    /// A column with numeric affinity would have stored a number instead.
    package var looksNumeric: Bool

    /// Looks at the bytes of a TEXT value. Must not be called for another storage class.
    package init(_ value: BorrowedValue) {
        self.init(unsafe ByteView(value.bytes))
    }

    init(_ text: ByteView) {
        (isValidUTF8, hasNUL) = Self.validate(text)
        looksNumeric = Self.looksNumeric(text)
    }

    /// Postgres can hold the value as `text`.
    package var isStorable: Bool { isValidUTF8 && !hasNUL }

    /// UTF-8 as RFC 3629 has it (no overlong forms, no surrogates), eight ASCII bytes at a time.
    static func validate(_ text: ByteView) -> (isValidUTF8: Bool, hasNUL: Bool) {
        let highBits: UInt64 = 0x8080_8080_8080_8080
        let count = text.count
        var hasNUL = false
        var index = 0
        while index < count {
            if count >= 8 {
                // The last word overlaps the one before it, so that no tail is left.
                let start = min(index, count &- 8)
                let word = text.word(at: start)
                // The second test is exact when no high bit is set, and that is tested first.
                if word & highBits == 0, (word &- 0x0101_0101_0101_0101) & highBits == 0 {
                    index = start &+ 8
                    continue
                }
            }
            let byte = text[index]
            if byte < 0x80 {
                if byte == 0 { hasNUL = true }
                index &+= 1
                continue
            }
            let length = sequenceLength(text, at: index, first: byte)
            guard length > 0 else { return (false, hasNUL || containsNUL(text, from: index)) }
            index &+= length
        }
        return (true, hasNUL)
    }

    /// How many characters a valid text has, as Postgres counts them: code points.
    static func characterCount(_ text: ByteView) -> Int {
        var count = 0
        for index in 0..<text.count where text[index] & 0xC0 != 0x80 { count &+= 1 }
        return count
    }

    private static func containsNUL(_ text: ByteView, from start: Int) -> Bool {
        for index in start..<text.count where text[index] == 0 { return true }
        return false
    }

    /// The length of the multi-byte sequence at `index`, or 0 when it is not well formed
    /// (table 3-7 of the Unicode standard).
    @inline(__always)
    private static func sequenceLength(_ text: ByteView, at index: Int, first: UInt8) -> Int {
        let left = text.count &- index
        func isContinuation(_ offset: Int) -> Bool { text[index &+ offset] & 0xC0 == 0x80 }
        switch first {
        case 0xC2...0xDF:
            return left >= 2 && isContinuation(1) ? 2 : 0
        case 0xE0...0xEF:
            guard left >= 3, isContinuation(1), isContinuation(2) else { return 0 }
            let second = text[index &+ 1]
            if first == 0xE0 && second < 0xA0 { return 0 }
            return first == 0xED && second > 0x9F ? 0 : 3
        case 0xF0...0xF4:
            guard left >= 4, isContinuation(1), isContinuation(2), isContinuation(3) else { return 0 }
            let second = text[index &+ 1]
            if first == 0xF0 && second < 0x90 { return 0 }
            return first == 0xF4 && second > 0x8F ? 0 : 4
        default:
            return 0
        }
    }

    /// SQLite's rule for applying numeric affinity to text: an optional sign, digits with an optional
    /// point, an optional exponent, and white space around it (https://sqlite.org/datatype3.html).
    static func looksNumeric(_ text: ByteView) -> Bool {
        var index = afterSpace(in: text, from: 0)
        // Most texts end the question with their first letter.
        guard index < text.count, text[index] <= UInt8(ascii: "9") else { return false }
        if text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index &+= 1 }
        let whole = afterDigits(in: text, from: index)
        var digits = whole &- index
        index = whole
        if index < text.count, text[index] == UInt8(ascii: ".") {
            let fraction = afterDigits(in: text, from: index &+ 1)
            digits &+= fraction &- index &- 1
            index = fraction
        }
        guard digits > 0 else { return false }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index &+= 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") {
                index &+= 1
            }
            let exponent = afterDigits(in: text, from: index)
            guard exponent > index else { return false }
            index = exponent
        }
        return afterSpace(in: text, from: index) == text.count
    }

    private static func afterSpace(in text: ByteView, from start: Int) -> Int {
        var index = start
        while index < text.count, text[index] == 0x20 || (text[index] >= 0x09 && text[index] <= 0x0D) {
            index &+= 1
        }
        return index
    }

    private static func afterDigits(in text: ByteView, from start: Int) -> Int {
        var index = start
        while index < text.count, text[index] &- UInt8(ascii: "0") < 10 { index &+= 1 }
        return index
    }
}
