/// A `numeric` in its binary form: groups of four decimal digits.
///
/// `src/backend/utils/adt/numeric.c`, `numeric_send`; https://www.postgresql.org/docs/current/datatype-numeric.html
struct PostgresNumeric {
    enum Sign { case plus, minus, notANumber, infinity, minusInfinity }

    private var groups: [Int] = []
    /// The power of 10,000 that the first group counts.
    private var weight = 0
    private(set) var sign = Sign.plus
    /// How many digits stand after the point.
    private(set) var scale = 0

    /// Nil when the bytes are no `numeric`.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 8, bytes.count % 2 == 0 else { return nil }
        func word(_ index: Int) -> Int { Int(bytes[2 * index]) << 8 | Int(bytes[2 * index + 1]) }
        guard bytes.count == 8 + 2 * word(0) else { return nil }
        weight = Int(Int16(truncatingIfNeeded: word(1)))
        switch word(2) {
        case 0x0000: sign = .plus
        case 0x4000: sign = .minus
        case 0xC000: sign = .notANumber
        case 0xD000: sign = .infinity
        case 0xF000: sign = .minusInfinity
        default: return nil
        }
        scale = word(3) & 0x3FFF
        groups = (0..<word(0)).map { word(4 + $0) }
    }

    /// As Postgres prints it.
    var text: String {
        switch sign {
        case .notANumber: return "NaN"
        case .infinity: return "Infinity"
        case .minusInfinity: return "-Infinity"
        case .plus, .minus: break
        }
        var digits: [UInt8] = sign == .minus ? [UInt8(ascii: "-")] : []
        let start = digits.count
        if weight >= 0 { for power in 0...weight { Self.append(group(power), to: &digits) } }
        let firstDigit = digits[start...].firstIndex { $0 != UInt8(ascii: "0") } ?? digits.endIndex
        digits.removeSubrange(start..<firstDigit)
        if digits.count == start { digits.append(UInt8(ascii: "0")) }
        guard scale > 0 else { return String(decoding: digits, as: UTF8.self) }
        digits.append(UInt8(ascii: "."))
        let end = digits.count + scale
        var power = -1
        while digits.count < end {
            Self.append(group(weight - power), to: &digits)
            power -= 1
        }
        digits.removeSubrange(end...)
        return String(decoding: digits, as: UTF8.self)
    }

    /// The integer, when there is no fraction and it fits.
    var int64: Int64? { scale == 0 && (sign == .plus || sign == .minus) ? Int64(text) : nil }

    /// Group `index` from the left; the zeros around are not stored, so 0.00001 has the weight -2.
    private func group(_ index: Int) -> Int { groups.indices.contains(index) ? groups[index] : 0 }

    private static func append(_ group: Int, to digits: inout [UInt8]) {
        for unit in [1000, 100, 10, 1] { digits.append(UInt8(ascii: "0") + UInt8(group / unit % 10)) }
    }
}
