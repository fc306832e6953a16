/// The row that every contender writes and reads.
struct Item: Sendable {
    var id: Int64
    var name: String
    var price: Double
    var note: String

    /// The item with this key: short and long text, some of it not ASCII.
    init(id: Int64) {
        self.id = id
        name = "item \(id &* 7919 % 100_003)"
        price = Double(id % 10_000) / 4
        note = "Note \(id): \(id % 5 == 0 ? "größer als" : "longer than") what fits into a small string"
    }

    static func makeItems(_ ids: ClosedRange<Int64>) -> [Item] { ids.map(Item.init) }
}

/// What a contender has read: two contenders that did the same work have the same sum.
///
/// Every value flows into it, so that nobody can leave a column undecoded.
struct Checksum: Equatable, CustomStringConvertible {
    private var total: UInt64 = 0
    private(set) var rowCount = 0

    @inline(__always)
    mutating func add(id: Int64, name: String, price: Double, note: String) {
        total &+= UInt64(bitPattern: id) &+ price.bitPattern
        total &+= UInt64(name.utf8.count) &* 31 &+ UInt64(note.utf8.count) &* 1009
        rowCount += 1
    }

    var description: String { "\(rowCount) rows, sum \(total)" }
}

/// The items as the rows that the library takes: made in the round that is not measured, as an application's own shape
/// of a row is not the library's cost.
final class TupleShelf {
    private var rows: [(Int64, String, Double, String)] = []

    func of(_ items: [Item]) -> [(Int64, String, Double, String)] {
        if rows.count != items.count { rows = items.map { ($0.id, $0.name, $0.price, $0.note) } }
        return rows
    }
}
