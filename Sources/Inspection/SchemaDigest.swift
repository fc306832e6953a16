/// A digest that tells two schemas apart (64-bit FNV-1a, twice): for noticing change, not for security.
struct SchemaDigest {
    private var low: UInt64 = 0xcbf2_9ce4_8422_2325
    private var high: UInt64 = 0x9ae1_6a3b_2f90_404f

    mutating func add(_ text: String) {
        for byte in text.utf8 {
            low = (low ^ UInt64(byte)) &* 0x100_0000_01b3
            high = (high &+ UInt64(byte)) &* 0x9e37_79b9_7f4a_7c15
            high ^= high >> 29
        }
    }

    var hexadecimal: String {
        [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
