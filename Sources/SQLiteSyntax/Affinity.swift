/// The storage class that a column prefers (https://sqlite.org/datatype3.html#type_affinity).
package enum Affinity: String, Sendable, Hashable, Codable {
    case integer, text, blob, real, numeric

    /// The affinity that a declared type gives, by the manual's five rules in their order.
    ///
    /// The type `ANY` of a STRICT table has no affinity at all; this rule, which
    /// does not know the table, says `numeric`.
    package init(declaredType: String?) {
        self = declaredType.map { $0.isEmpty ? .blob : .numeric } ?? .blob
        // One pass over the last four letters, as this is asked for each column again and again.
        var letters: UInt32 = 0
        for byte in (declaredType ?? "").utf8 {
            letters = letters << 8 | UInt32((65...90).contains(byte) ? byte + 32 : byte)
            if letters & 0xFF_FFFF == Self.int {
                self = .integer
                return
            }
            guard let word = Self.words.first(where: { $0.letters == letters }) else { continue }
            if Self.rank(of: word.affinity) > Self.rank(of: self) { self = word.affinity }
        }
    }

    /// `int`, which decides wherever it stands.
    private static let int = letters("int")
    private static let words: [(letters: UInt32, affinity: Affinity)] = [
        ("char", .text), ("clob", .text), ("text", .text), ("blob", .blob), ("real", .real), ("floa", .real),
        ("doub", .real),
    ].map { (letters($0), $1) }

    private static func letters(_ word: String) -> UInt32 { word.utf8.reduce(0) { $0 << 8 | UInt32($1) } }

    /// Which word decides where several stand in a type: the rules in their order, backwards.
    private static func rank(of affinity: Affinity) -> Int {
        switch affinity {
        case .numeric: 0
        case .real: 1
        case .blob: 2
        case .text: 3
        case .integer: 4
        }
    }
}
