/// The text that stands for a number in a text column, as SQLite writes it.
///
/// Integers in decimal. Reals with all the digits that they need to read back as
/// the same double (SQLite itself prints fifteen, which loses some), always with a
/// point, and with an exponent like `1.0e+19` where SQLite would use one. A column
/// with REAL affinity restores each of them.
struct NumberText {
    private(set) var bytes = InlineArray<40, UInt8>(repeating: 0)
    private(set) var count = 0

    init(_ integer: Int64) {
        if integer < 0 { append("-") }
        append(digits: integer.magnitude, pointAfter: nil)
    }

    /// Returns nil for −0.0 and the infinities, which no affinity restores from text everywhere.
    init?(_ real: Double) {
        guard let decimal = ShortDecimal(real) else { return nil }
        if decimal.isNegative { append("-") }
        let digitCount = max(decimal.digitCount, 1)
        let leading = digitCount &- 1 &+ decimal.exponent
        if leading < -4 || leading > 14 {
            append(digits: decimal.digits, pointAfter: 1)
            append("e")
            append(leading < 0 ? "-" : "+")
            if leading.magnitude < 10 { append("0") }
            append(digits: UInt64(leading.magnitude), pointAfter: nil)
        } else if leading < 0 {
            append("0")
            append(".")
            for _ in 0..<(-1 &- leading) { append("0") }
            append(digits: decimal.digits, pointAfter: nil)
        } else {
            append(digits: decimal.digits, pointAfter: leading &+ 1)
        }
    }

    /// Writes the digits, and a point after so many of them, with zeros where digits are missing.
    private mutating func append(digits: UInt64, pointAfter: Int?) {
        var reversed = InlineArray<20, UInt8>(repeating: 0)
        var length = 0
        var rest = digits
        repeat {
            reversed[length] = UInt8(truncatingIfNeeded: rest % 10) &+ UInt8(ascii: "0")
            rest /= 10
            length &+= 1
        } while rest > 0
        guard let pointAfter else {
            for index in 0..<length { append(byte: reversed[length &- 1 &- index]) }
            return
        }
        for index in 0..<max(length, pointAfter &+ 1) {
            if index == pointAfter { append(".") }
            append(byte: index < length ? reversed[length &- 1 &- index] : UInt8(ascii: "0"))
        }
    }

    private mutating func append(_ character: Unicode.Scalar) { append(byte: UInt8(ascii: character)) }

    private mutating func append(byte: UInt8) {
        bytes[count] = byte
        count &+= 1
    }
}
