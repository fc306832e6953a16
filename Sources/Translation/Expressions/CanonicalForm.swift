/// Whether a text is written exactly as Postgres would write the value, so that
/// the order and equality of text are those of the type.
enum CanonicalForm {
    static func matches(_ text: String, _ kind: Typed.Kind) -> Bool {
        let bytes = Array(text.utf8)
        switch kind {
        case .date: return isDate(bytes[...])
        case .time: return isTime(bytes[...])
        case .timestamp:
            guard bytes.count >= 19, bytes[10] == UInt8(ascii: " ") else { return false }
            return isDate(bytes[..<10]) && isTime(bytes[11...])
        case .uuid: return isUUID(bytes)
        default: return false
        }
    }

    static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard fits(bytes, "####-##-##") else { return false }
        let digits = bytes.filter { $0 != UInt8(ascii: "-") }.map { Int($0) - 48 }
        let year = digits[0...3].reduce(0) { $0 * 10 + $1 }
        let month = digits[4] * 10 + digits[5]
        let day = digits[6] * 10 + digits[7]
        guard year > 0, (1...12).contains(month) else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...lengths[month - 1]).contains(day)
    }

    /// `HH:MM:SS`, or with a fraction of one to six digits that does not end in 0.
    static func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count >= 8, fits(bytes.prefix(8), "##:##:##") else { return false }
        let digits = bytes.prefix(8).filter { $0 != UInt8(ascii: ":") }.map { Int($0) - 48 }
        guard digits[0] * 10 + digits[1] < 24, digits[2] < 6, digits[4] < 6 else { return false }
        let rest = bytes.dropFirst(8)
        guard let point = rest.first else { return true }
        let fraction = rest.dropFirst()
        return point == UInt8(ascii: ".") && (1...6).contains(fraction.count)
            && fraction.allSatisfy { (48...57).contains($0) } && fraction.last != 48
    }

    private static func isUUID(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == 36 else { return false }
        return bytes.enumerated().allSatisfy { position, byte in
            if [8, 13, 18, 23].contains(position) { return byte == UInt8(ascii: "-") }
            return (48...57).contains(byte) || (97...102).contains(byte)
        }
    }

    private static func fits(_ bytes: ArraySlice<UInt8>, _ form: String) -> Bool {
        let pattern = Array(form.utf8)
        return bytes.count == pattern.count
            && zip(bytes, pattern).allSatisfy { byte, sign in
                sign == UInt8(ascii: "#") ? (48...57).contains(byte) : byte == sign
            }
    }
}
