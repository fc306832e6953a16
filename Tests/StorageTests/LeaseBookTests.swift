import TestSupport
import Testing

@testable import OutgrowStorage

/// The pool's policy as plain values: strings wait for integers.
@Suite struct LeaseBookTests {
    typealias Book = LeaseBook<Int, String>

    static let start = ContinuousClock.now

    private func held(_ connection: Int, expiresAfter: Duration? = nil, idleFor: Duration = .zero)
        -> Book.Held
    {
        Book.Held(
            connection: connection, expiry: expiresAfter.map { Self.start + $0 },
            idleSince: Self.start - idleFor)
    }

    private func isPlace(_ answer: Book.Answer) -> Bool {
        if case .granted(.place) = answer { true } else { false }
    }

    private func isParked(_ answer: Book.Answer) -> Bool { if case .park = answer { true } else { false } }

    private func connection(_ answer: Book.Answer) -> Int? {
        if case .granted(.connection(let held)) = answer { held.connection } else { nil }
    }

    @Test func `places are given up to the limit, and then requests wait`() {
        var book = Book(maximum: 2)
        let first = book.requested(by: "a")
        #expect(isPlace(first))
        let second = book.requested(by: "b")
        #expect(isPlace(second))
        let third = book.requested(by: "c")
        #expect(isParked(third))
        #expect(book.openCount == 2 && book.waitingCount == 1)
    }

    @Test func `who waits longest is served first`() {
        var book = Book(maximum: 1)
        _ = book.requested(by: "a")
        _ = book.requested(by: "b")
        _ = book.requested(by: "c")
        let second = book.returned(held(1))
        #expect(second?.0 == "b")
        let third = book.returned(held(1))
        #expect(third?.0 == "c")
        let nobody = book.returned(held(1))
        #expect(nobody == nil)
        #expect(book.idle.map(\.connection) == [1])
    }

    @Test func `the connection that came back last is lent first`() {
        var book = Book(maximum: 3)
        for waiter in ["a", "b", "c"] { _ = book.requested(by: waiter) }
        for connection in 1...3 { _ = book.returned(held(connection)) }
        let lent = book.requested(by: "d")
        #expect(connection(lent) == 3)
    }

    @Test func `the place of a lost connection goes to the next in line`() {
        var book = Book(maximum: 1)
        _ = book.requested(by: "a")
        _ = book.requested(by: "b")
        let next = book.lost()
        #expect(next?.0 == "b")
        if case .place? = next?.1 {
        } else {
            Issue.record("a lost connection leaves a place, not a connection")
        }
        let nobody = book.lost()
        #expect(nobody == nil)
        #expect(book.openCount == 0)
    }

    @Test func `a waiter that gave up is passed over`() {
        var book = Book(maximum: 1)
        _ = book.requested(by: "a")
        _ = book.requested(by: "b")
        _ = book.requested(by: "c")
        let wasThere = book.withdrawn("b")
        #expect(wasThere)
        let isStillThere = book.withdrawn("b")
        #expect(!isStillThere, "it is no longer there")
        let next = book.returned(held(1))
        #expect(next?.0 == "c")
    }

    @Test func `old and long idle connections are removed, the others stay`() {
        var book = Book(maximum: 4)
        for waiter in ["a", "b", "c", "d"] { _ = book.requested(by: waiter) }
        _ = book.returned(held(1, idleFor: .seconds(100)))
        _ = book.returned(held(2, expiresAfter: .seconds(-1)))
        _ = book.returned(held(3, expiresAfter: .seconds(1)))
        _ = book.returned(held(4))
        let stale = book.removeStale(at: Self.start, idleLimit: .seconds(60))
        #expect(stale == [1, 2])
        #expect(book.idle.map(\.connection) == [3, 4])
        let staleLater = book.removeStale(at: Self.start + .seconds(2), idleLimit: nil)
        #expect(staleLater == [3])
    }

    @Test func `a closed book refuses everybody and says when the last one is back`() {
        var book = Book(maximum: 2)
        for waiter in ["a", "b", "c"] { _ = book.requested(by: waiter) }
        _ = book.withdrawn("c")
        _ = book.returned(held(1))
        let (refused, idle) = book.closed()
        #expect(refused.isEmpty && idle == [1])
        if case .closed = book.requested(by: "d") {} else { Issue.record("it lent after it was closed") }
        #expect(!book.isDrained)
        let nobody = book.lost()
        #expect(nobody == nil)
        #expect(book.isDrained)
    }

    /// Any order of events keeps the promises; the seed of a failure is in its message.
    @Test(arguments: 0..<50) func `no order of events breaks the limit or loses a waiter`(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let maximum = Int.random(in: 1...4, using: &random)
        var book = Book(maximum: maximum)
        var (leased, nextWaiter, served): (Int, Int, Set<String>) = (0, 0, [])
        var waiting: [String] = []
        for _ in 0..<400 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                let waiter = "w\(nextWaiter)"
                nextWaiter += 1
                if isParked(book.requested(by: waiter)) { waiting.append(waiter) } else { leased += 1 }
            case 1 where leased > 0, 2 where leased > 0:
                let next = Bool.random(using: &random) ? book.returned(held(0))?.0 : book.lost()?.0
                #expect(next == waiting.first, "seed \(seed)")
                if next == nil { leased -= 1 } else { served.insert(waiting.removeFirst()) }
            case 3 where !waiting.isEmpty:
                let index = Int.random(in: 0..<waiting.count, using: &random)
                let wasThere = book.withdrawn(waiting.remove(at: index))
                #expect(wasThere, "seed \(seed)")
            default: break
            }
            #expect(book.leasedCount == leased && leased <= maximum, "seed \(seed)")
            #expect(book.openCount <= maximum, "seed \(seed)")
            #expect(waiting.isEmpty || leased == maximum, "seed \(seed): somebody waits beside a free place")
        }
    }
}
