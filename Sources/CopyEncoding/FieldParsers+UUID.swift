/// The sixteen bytes of a UUID, the first eight in `high`.
struct UUIDBytes {
    var high: UInt64
    var low: UInt64
    /// Written as Postgres prints it: dashed, in lower case, without braces.
    var isPostgresForm: Bool
}

extension FieldParsers {
    /// 32 hexadecimal digits in either case, plain or dashed 8-4-4-4-12, optionally in braces.
    static func uuid(_ text: ByteView) -> UUIDBytes? {
        var digits = text
        let isBraced = text.count == 34 || text.count == 38
        if isBraced {
            guard text[0] == UInt8(ascii: "{"), text[text.count &- 1] == UInt8(ascii: "}") else { return nil }
            digits = text.slice(from: 1, count: text.count &- 2)
        }
        let isDashed = digits.count == 36
        guard isDashed || digits.count == 32 else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        var digitCount = 0
        var hasUpperCase = false
        for index in 0..<digits.count {
            let byte = digits[index]
            if isDashed && (index == 8 || index == 13 || index == 18 || index == 23) {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let nibble = hexadecimal(byte)
            guard nibble < 16 else { return nil }
            hasUpperCase = hasUpperCase || (byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "F"))
            if digitCount < 16 {
                halves.0 = halves.0 << 4 | UInt64(nibble)
            } else {
                halves.1 = halves.1 << 4 | UInt64(nibble)
            }
            digitCount &+= 1
        }
        return UUIDBytes(
            high: halves.0, low: halves.1, isPostgresForm: isDashed && !isBraced && !hasUpperCase)
    }

    /// The value of a hexadecimal digit, or 255.
    @inline(__always) static func hexadecimal(_ byte: UInt8) -> UInt8 {
        let digit = byte &- UInt8(ascii: "0")
        if digit < 10 { return digit }
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter &+ 10 : 255
    }
}
