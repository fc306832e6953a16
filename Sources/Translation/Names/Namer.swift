/// Hands out names that Postgres accepts: at most 63 bytes, and none twice in its namespace.
struct Namer: Sendable {
    /// `NAMEDATALEN` less its terminator.
    static let byteLimit = 63

    private(set) var taken: Set<String> = []

    init(taken: Set<String> = []) { self.taken = taken }

    /// Returns `wanted`, or the nearest name that is free, and takes it.
    mutating func take(_ wanted: String) -> String {
        let name = free(wanted)
        taken.insert(name)
        return name
    }

    /// The name that `take` would give.
    func free(_ wanted: String) -> String {
        var name = Self.shortened(wanted)
        var number = 1
        while taken.contains(name) {
            let suffix = String(number)
            name = Self.cut(wanted, to: Self.byteLimit - suffix.utf8.count) + suffix
            number += 1
        }
        return name
    }

    /// Cuts a name that is too long at a character and ends it with a hash of the whole.
    static func shortened(_ name: String) -> String {
        guard name.utf8.count > byteLimit else { return name }
        return cut(name, to: byteLimit - 9) + "_" + hash(name)
    }

    private static func cut(_ name: String, to byteCount: Int) -> String {
        var result = ""
        var count = 0
        for scalar in name.unicodeScalars {
            count += UTF8.width(scalar)
            if count > byteCount { break }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    /// FNV-1a, folded to 32 bits: the same on every machine and in every version.
    private static func hash(_ name: String) -> String {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let text = String(UInt32(truncatingIfNeeded: value ^ (value >> 32)), radix: 16)
        return String(repeating: "0", count: 8 - text.count) + text
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0..<0x80: 1
        case 0x80..<0x800: 2
        case 0x800..<0x10000: 3
        default: 4
        }
    }
}
