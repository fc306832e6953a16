/// Who holds a connection and who waits for one: the whole policy of a pool, with no I/O.
///
/// A *place* is the right to hold one connection; there are `maximum` of them. Each event answers what to do next, so
/// that every interleaving is tested as plain values.
struct LeaseBook<Connection, Waiter: Hashable> {
    /// What a request or a waiter gets: an idle connection, or a place to open one in.
    enum Grant {
        case connection(Held)
        case place
    }

    /// A connection and what is known of its age.
    struct Held {
        var connection: Connection
        /// After this instant it is closed instead of being lent again.
        var expiry: ContinuousClock.Instant?
        var idleSince: ContinuousClock.Instant
    }

    enum Answer {
        case granted(Grant)
        case park
        case closed
    }

    private let maximum: Int
    private(set) var isClosed = false
    /// Places taken by connections lent or being opened.
    private(set) var leasedCount = 0
    /// The last one returned is the first one lent, so that those not needed grow old.
    private(set) var idle: [Held] = []
    private var waiting: [Waiter] = []

    init(maximum: Int) { self.maximum = Swift.max(1, maximum) }

    var openCount: Int { leasedCount + idle.count }
    var waitingCount: Int { waiting.count }
    var isDrained: Bool { isClosed && leasedCount == 0 }

    mutating func requested(by waiter: Waiter) -> Answer {
        guard !isClosed else { return .closed }
        guard leasedCount < maximum else {
            waiting.append(waiter)
            return .park
        }
        leasedCount += 1
        return .granted(idle.popLast().map { .connection($0) } ?? .place)
    }

    /// The waiter has given up. False when it was served already.
    mutating func withdrawn(_ waiter: Waiter) -> Bool {
        guard let index = waiting.firstIndex(of: waiter) else { return false }
        waiting.remove(at: index)
        return true
    }

    /// A connection came back in good order. Returns who gets it next; nil when it rests.
    mutating func returned(_ held: Held) -> (Waiter, Grant)? {
        guard let next = nextWaiter() else {
            leasedCount -= 1
            idle.append(held)
            return nil
        }
        return (next, .connection(held))
    }

    /// A connection was closed, or never opened. Returns who gets its place.
    mutating func lost() -> (Waiter, Grant)? {
        guard let next = nextWaiter() else {
            leasedCount -= 1
            return nil
        }
        return (next, .place)
    }

    /// Takes out the idle connections that have been so for too long or are too old.
    mutating func removeStale(
        at now: ContinuousClock.Instant, idleLimit: Duration?, keeping minimum: Int = 0
    ) -> [Connection] {
        var kept: [Held] = []
        var removed: [Connection] = []
        // The youngest rest at the end: those stay.
        for (index, held) in idle.enumerated() {
            let isIdleTooLong = idleLimit.map { held.idleSince + $0 <= now } ?? false
            let isStale = isIdleTooLong || held.isExpired(at: now)
            if isStale, leasedCount + idle.count - index > minimum {
                removed.append(held.connection)
            } else {
                kept.append(held)
            }
        }
        idle = kept
        return removed
    }

    /// Nothing is lent any more. Returns the waiters to refuse and the connections to close.
    mutating func closed() -> (refused: [Waiter], idle: [Connection]) {
        isClosed = true
        defer {
            waiting = []
            idle = []
        }
        return (waiting, idle.map(\.connection))
    }

    private mutating func nextWaiter() -> Waiter? {
        guard !isClosed, !waiting.isEmpty else { return nil }
        return waiting.removeFirst()
    }
}

extension LeaseBook.Held {
    func isExpired(at now: ContinuousClock.Instant) -> Bool { expiry.map { $0 <= now } ?? false }
}

extension LeaseBook: Sendable where Connection: Sendable, Waiter: Sendable {}
extension LeaseBook.Held: Sendable where Connection: Sendable {}
extension LeaseBook.Grant: Sendable where Connection: Sendable {}
