import Schema
import Testing

@testable import Translation

@Suite("Names in Postgres")
struct NamesTests {
    @Test(arguments: [
        ("OrderItems", "order_items"), ("HTTPServer", "http_server"), ("unit price", "unit_price"),
        ("already_snake", "already_snake"), ("userID2Name", "user_id2_name"), ("_private", "_private"),
        ("A", "a"), ("--", "--"), ("Größe", "größe"), ("a__b", "a__b"),
    ])
    func `become snake case`(_ name: String, _ wanted: String) {
        #expect(NamePolicy.snake.applied(to: name) == wanted)
    }

    @Test func `fold ASCII only in lower case`() { #expect(NamePolicy.lower.applied(to: "ÄB") == "Äb") }

    @Test func `fit 63 bytes, whole characters, and stay apart`() {
        var namer = Namer()
        let stem = String(repeating: "ä", count: 40)
        let names = (0..<12).map { namer.take(stem + "\($0 % 3)") }
        #expect(Set(names).count == 12)
        #expect(names.allSatisfy { $0.utf8.count <= 63 })
        #expect(names.allSatisfy { !$0.contains("\u{FFFD}") })
        #expect(Namer.shortened(stem) == Namer.shortened(stem))
    }

    @Test(arguments: [
        ("a*", "Apple", true), ("a*", "banana", false), ("?b", "ab", true), ("[a-c]x", "Bx", true),
        ("[!a]x", "ax", false),
        ("*_log", "x_log_log", true), ("*", "", true), ("a[", "a[", true), ("", "a", false),
        ("a*b*c", "axxbyyc", true),
        ("a*b*c", "axxbyy", false),
    ])
    func `match shell patterns`(_ pattern: String, _ name: String, _ matches: Bool) {
        #expect(TablePattern(pattern).matches(name) == matches)
    }
}
