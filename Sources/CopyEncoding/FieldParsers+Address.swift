/// An IPv4 or IPv6 address: the last four bytes of `low`, or all sixteen.
struct IPAddress: Equatable, CustomStringConvertible {
    var isIPv6: Bool
    var high: UInt64
    var low: UInt64

    init(isIPv6: Bool, high: UInt64, low: UInt64) {
        self.isIPv6 = isIPv6
        self.high = high
        self.low = low
    }

    /// Reads the whole text or refuses it: four decimal numbers without leading zeros, or the forms of
    /// RFC 4291, section 2.2. No prefix length, no zone.
    init?(_ text: ByteView) {
        guard text.count <= 45 else { return nil }
        if let number = Self.dotted(text, from: 0) {
            self.init(isIPv6: false, high: 0, low: UInt64(number))
        } else {
            guard let groups = Self.groups(of: text) else { return nil }
            func half(_ start: Int) -> UInt64 {
                groups[start..<start + 4].reduce(0) { $0 << 16 | UInt64($1) }
            }
            self.init(isIPv6: true, high: half(0), low: half(4))
        }
    }

    private static func dotted(_ text: ByteView, from start: Int) -> UInt32? {
        var result: UInt32 = 0
        var part: UInt32 = 0
        var digitCount = 0
        var pointCount = 0
        for index in start..<text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            if digit < 10 {
                guard digitCount < 3, digitCount == 0 || part > 0 else { return nil }
                part = part &* 10 &+ UInt32(digit)
                digitCount &+= 1
                guard part < 256 else { return nil }
            } else {
                guard text[index] == UInt8(ascii: "."), digitCount > 0, pointCount < 3 else { return nil }
                result = result << 8 | part
                (part, digitCount, pointCount) = (0, 0, pointCount &+ 1)
            }
        }
        return digitCount > 0 && pointCount == 3 ? result << 8 | part : nil
    }

    private static func groups(of text: ByteView) -> [UInt16]? {
        var groups: [UInt16] = []
        var gap: Int?
        var index = 0
        if text.count >= 2, text[0] == UInt8(ascii: ":") {
            guard text[1] == UInt8(ascii: ":") else { return nil }
            gap = 0
            index = 2
        }
        while index < text.count {
            if let number = dotted(text, from: index) {
                groups += [UInt16(number >> 16), UInt16(truncatingIfNeeded: number)]
                break
            }
            var value: UInt32 = 0
            let start = index
            while index < text.count, index < start + 4 {
                let nibble = FieldParsers.hexadecimal(text[index])
                guard nibble < 16 else { break }
                value = value << 4 | UInt32(nibble)
                index += 1
            }
            guard index > start, groups.count < 8 else { return nil }
            groups.append(UInt16(value))
            guard index < text.count else { break }
            guard text[index] == UInt8(ascii: ":"), index + 1 < text.count else { return nil }
            index += 1
            if text[index] == UInt8(ascii: ":") {
                guard gap == nil else { return nil }
                gap = groups.count
                index += 1
            }
        }
        guard let gap else { return groups.count == 8 ? groups : nil }
        guard groups.count < 8 else { return nil }
        groups.insert(contentsOf: [UInt16](repeating: 0, count: 8 - groups.count), at: gap)
        return groups
    }

    /// As Postgres prints it: groups in lower case, the first longest run of zeros as `::`.
    var description: String {
        if !isIPv6 { return Self.dotted(low) }
        let groups = [high, low].flatMap { half in
            stride(from: 48, through: 0, by: -16).map { half >> UInt64($0) & 0xFFFF }
        }
        var run = 0..<0
        var start = 0
        for index in 0...8 where index == 8 || groups[index] != 0 {
            if index - start > max(run.count, 1) { run = start..<index }
            start = index + 1
        }
        if run.lowerBound == 0, run.count == 6 || (run.count == 5 && groups[5] == 0xFFFF) {
            return (run.count == 6 ? "::" : "::ffff:") + Self.dotted(low)
        }
        let words = groups.map { String($0, radix: 16) }
        guard !run.isEmpty else { return words.joined(separator: ":") }
        return words[..<run.lowerBound].joined(separator: ":") + "::"
            + words[run.upperBound...].joined(separator: ":")
    }

    private static func dotted(_ number: UInt64) -> String {
        stride(from: 24, through: 0, by: -8).map { String(number >> UInt64($0) & 0xFF) }.joined(
            separator: ".")
    }

    func isWritten(as text: ByteView) -> Bool {
        let own = Array(description.utf8)
        return own.count == text.count && own.indices.allSatisfy { own[$0] == text[$0] }
    }
}
