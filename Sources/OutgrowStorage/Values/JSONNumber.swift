/// A decimal number of any length: `±digits × 10^exponent`, with neither zeros in front nor at the end.
struct JSONNumber: Hashable {
    private(set) var isNegative = false
    private(set) var digits: [UInt8] = []
    private(set) var exponent = 0

    /// Reads a number; nil when it is none.
    ///
    /// - Parameter isStrict: Asks for JSON's grammar. Else a plus sign and zeros may stand in front, and one
    /// side of the
    ///   point may be empty, as databases write and read numbers.
    init?(_ text: [UInt8], isStrict: Bool = true) {
        var rest = text[...]
        isNegative = rest.take(0x2D)
        if !isNegative, !isStrict { _ = rest.take(0x2B) }
        let whole = rest.takeDigits()
        var fraction: ArraySlice<UInt8> = []
        let hasPoint = rest.take(0x2E)
        if hasPoint { fraction = rest.takeDigits() }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        if isStrict {
            guard let first = whole.first, first != 0x30 || whole.count == 1, hasPoint != fraction.isEmpty
            else { return nil }
        }
        if rest.take(0x65) || rest.take(0x45) {
            let isBelow = rest.take(0x2D)
            if !isBelow { _ = rest.take(0x2B) }
            let written = rest.takeDigits()
            if written.isEmpty { return nil }
            // Beyond nine digits nothing is a number to a database: the value only has to stay that large.
            let size = written.reduce(0) { min($0 * 10 + Int($1 - 0x30), 1_000_000_000) }
            exponent = isBelow ? -size : size
        }
        guard rest.isEmpty else { return nil }
        digits = Array((whole + fraction).drop { $0 == 0x30 })
        exponent -= fraction.count
        while digits.last == 0x30 {
            digits.removeLast()
            exponent += 1
        }
        if digits.isEmpty { (isNegative, exponent) = (false, 0) }
    }

    /// Whether Postgres' `numeric` holds it: 131072 digits before the point, 16383 behind it.
    /// https://www.postgresql.org/docs/current/datatype-numeric.html
    var fitsNumeric: Bool { digits.count + exponent <= 131_072 && exponent >= -16_383 }

    /// The canonical text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    var bytes: [UInt8] {
        guard !digits.isEmpty else { return [0x30] }
        var result: [UInt8] = isNegative ? [0x2D] : []
        let pointPosition = digits.count + exponent
        if exponent >= 0, exponent <= 20 {
            result += digits + Array(repeating: 0x30, count: exponent)
        } else if exponent < 0, pointPosition > 0 {
            result += digits[..<pointPosition] + [0x2E] + digits[pointPosition...]
        } else if exponent < 0, pointPosition > -20 {
            result += [0x30, 0x2E] + Array(repeating: 0x30, count: -pointPosition) + digits
        } else {
            result.append(digits[0])
            if digits.count > 1 { result += [0x2E] + digits[1...] }
            result += [0x65] + Array(String(pointPosition - 1).utf8)
        }
        return result
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func take(_ byte: UInt8) -> Bool {
        guard first == byte else { return false }
        removeFirst()
        return true
    }

    fileprivate mutating func takeDigits() -> ArraySlice<UInt8> {
        let digits = prefix { (0x30...0x39).contains($0) }
        self = self[digits.endIndex...]
        return digits
    }
}
