/// The texts of a statement between its placeholders: enough to know it again without putting them together.
///
/// A statement that a loop runs again has the same literals at the same addresses, which `==` of strings sees at once.
final class StatementShape: Sendable {
    private let head: String
    private let tails: [String]
    private let isASCII: Bool

    init(_ statement: RenderedSQL) {
        head = statement.head
        tails = statement.parts.map(\.tail)
        isASCII = ([head] + tails).allSatisfy { $0.utf8.allSatisfy { $0 < 128 } }
    }

    /// Whether it is cut in the same places and has the same text.
    @inline(__always) func fits(_ statement: RenderedSQL) -> Bool {
        guard tails.count == statement.parts.count, isSame(head, statement.head) else { return false }
        for index in 0..<tails.count where !isSame(tails[index], statement.parts[index].tail) { return false }
        return true
    }

    /// Byte for byte: `==` also takes "e\u{301}" for "\u{E9}", which as a literal are two.
    @inline(__always) private func isSame(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && one == other && (isASCII || one.utf8.elementsEqual(other.utf8))
    }
}
