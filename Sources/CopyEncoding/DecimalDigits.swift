/// A decimal of any length as digits before and behind a point and an exponent,
/// and the one form that stands for its value.
///
/// The form: sign (0 or 1), exponent of the last digit (Int32), digit count
/// (UInt32), digits as ASCII; without leading and trailing zeros, and zero is
/// positive with no digits at all.
struct DecimalDigits {
    var isNegative: Bool
    var whole: ByteView
    var fraction: ByteView
    var exponent: Int

    func append(to buffer: inout ScratchBuffer) {
        let count = whole.count &+ fraction.count
        var first = 0
        while first < count, self[first] == UInt8(ascii: "0") { first &+= 1 }
        var end = count
        while end > first, self[end &- 1] == UInt8(ascii: "0") { end &-= 1 }
        let isZero = first == end
        buffer.append(isNegative && !isZero ? 1 : 0)
        let last = exponent &- fraction.count &+ (count &- end)
        buffer.append(number: isZero ? 0 : Int32(truncatingIfNeeded: last))
        buffer.append(number: UInt32(truncatingIfNeeded: end &- first))
        for index in first..<end { buffer.append(self[index]) }
    }

    private subscript(index: Int) -> UInt8 {
        index < whole.count ? whole[index] : fraction[index &- whole.count]
    }
}
