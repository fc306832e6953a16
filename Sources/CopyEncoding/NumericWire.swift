/// A `ShortDecimal` in the binary form of Postgres' `numeric`: base-10000 digits with a weight.
///
/// The layout is `numeric_send`'s: digit count, weight of the first digit, sign,
/// display scale, digits; all of them 16 bits wide.
struct NumericWire {
    static let maxGroupCount = 6

    /// The lowest first.
    private(set) var groups = InlineArray<6, Int16>(repeating: 0)
    private(set) var groupCount = 0
    private(set) var weight: Int16 = 0
    let sign: UInt16
    let scale: UInt16

    var byteCount: Int { 8 &+ 2 &* groupCount }

    init(_ decimal: ShortDecimal) {
        sign = decimal.isNegative ? 0x4000 : 0
        scale = UInt16(clamping: 0 &- decimal.exponent)
        guard decimal.digits > 0 else { return }
        // The lowest group is filled up with zeros so that the exponent becomes a multiple of four.
        let shift = decimal.exponent & 3
        var (rest, part) = decimal.digits.quotientAndRemainder(dividingBy: Self.powers[4 &- shift])
        append(part &* Self.powers[shift])
        while rest > 0 {
            (rest, part) = rest.quotientAndRemainder(dividingBy: 10_000)
            append(part)
        }
        weight = Int16(truncatingIfNeeded: groupCount &- 1 &+ (decimal.exponent &- shift) / 4)
    }

    private mutating func append(_ group: UInt64) {
        groups[groupCount] = Int16(truncatingIfNeeded: group)
        groupCount &+= 1
    }

    private static let powers: InlineArray<5, UInt64> = [1, 10, 100, 1000, 10_000]
}
