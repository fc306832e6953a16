internal import Schema

/// `digits` × 10^`exponent`: the decimal of an INTEGER, or the shortest of a REAL.
///
/// A double's shortest decimal is the one with the fewest digits that reads back as
/// the same double. It is what people wrote and what SQLite, Python and JavaScript
/// print, so a price of 19.99 arrives as 19.99 and not as its binary expansion.
struct ShortDecimal: Equatable {
    var isNegative: Bool
    /// Without trailing zeros; zero is 0 × 10^0.
    var digits: UInt64
    var exponent: Int

    init(_ integer: Int64) {
        isNegative = integer < 0
        digits = integer.magnitude
        exponent = 0
        normalize()
    }

    /// Returns nil for what no decimal is: −0.0, the infinities, NaN.
    init?(_ real: Double) {
        guard real.isFinite, real != 0 || real.sign == .plus else { return nil }
        isNegative = real < 0
        digits = 0
        exponent = 0
        guard real != 0 else { return }
        if !readFast(real.magnitude) { readDescription(of: real.magnitude) }
        normalize()
    }

    /// How many digits there are; none for zero.
    var digitCount: Int {
        var count = 0
        var rest = digits
        while rest > 0 {
            rest /= 10
            count &+= 1
        }
        return count
    }

    /// Whether `numeric(precision, scale)` holds it without rounding.
    func fits(precision: Int, scale: Int) -> Bool {
        digits == 0 || (0 &- exponent <= scale && digitCount &+ exponent <= precision &- scale)
    }

    /// Decimals with at most 15 digits and six of them behind the point.
    ///
    /// Both operands of the division are exact, so its quotient is the double nearest
    /// to the decimal; and no two decimals of up to 15 digits share a double, so the
    /// one that divides back is the shortest.
    private mutating func readFast(_ magnitude: Double) -> Bool {
        guard magnitude < 1e15 else { return false }
        var power = 1.0
        for places in 0...6 {
            let scaled = (magnitude * power).rounded()
            guard scaled < 1e15 else { return false }
            if scaled / power == magnitude {
                digits = UInt64(scaled)
                exponent = 0 &- places
                return true
            }
            power *= 10
        }
        return false
    }

    /// Swift's own description is the shortest decimal (`1.5`, `5e-324`, `1.0e+22`).
    private mutating func readDescription(of magnitude: Double) {
        var isFraction = false
        var scale = 0
        var written = 0
        var isExponent = false
        var isExponentNegative = false
        for byte in magnitude.description.utf8 {
            switch byte {
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "e"): isExponent = true
            case UInt8(ascii: "-"): isExponentNegative = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = byte &- UInt8(ascii: "0")
                if isExponent {
                    written = written &* 10 &+ Int(digit)
                } else {
                    digits = digits &* 10 &+ UInt64(digit)
                    if isFraction { scale &+= 1 }
                }
            default: break
            }
        }
        exponent = (isExponentNegative ? 0 &- written : written) &- scale
    }

    private mutating func normalize() {
        guard digits > 0 else { return exponent = 0 }
        while true {
            let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { return }
            digits = quotient
            exponent &+= 1
        }
    }
}
