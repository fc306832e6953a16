internal import COutgrowSQLite
internal import Synchronization

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// The way to stop a connection's work from another thread, and to decide how long it waits for a lock.
///
/// Work is armed before and disarmed after; what comes late, for work that has ended, does nothing. Three places of
/// SQLite look at it: the busy handler between two tries, the progress handler every thousand steps of a statement,
/// and `sqlite3_interrupt`, which some long operations notice without the other two.
/// https://sqlite.org/c3ref/busy_handler.html, https://sqlite.org/c3ref/interrupt.html
@safe package final class SQLiteInterruption: Sendable {
    package enum Reason: Sendable, Hashable { case canceled, deadline }

    /// Names one piece of work.
    package struct Ticket: Sendable, Hashable {
        fileprivate var number: UInt64
    }

    /// SQLite allows `sqlite3_interrupt` from any thread, as long as the connection is open.
    @safe private struct Target: @unchecked Sendable {
        let handle: OpaquePointer
    }

    private struct State {
        var target: Target?
        var number: UInt64 = 0
    }

    private static let epoch = ContinuousClock.now
    private static let never = Int64.max

    private let state = Mutex(State())
    private let isCanceled = Atomic(false)
    /// Nanoseconds since `epoch`.
    private let deadline = Atomic(SQLiteInterruption.never)
    private let busyLimit: Int64
    private let busyBegin = Atomic<Int64>(0)
    private let busyCalls = Atomic(0)

    /// - Parameter busyLimit: How long to wait for a lock of another connection or process.
    package init(busyLimit: Duration) {
        self.busyLimit = busyLimit.nanoseconds
    }

    /// How often SQLite had to wait a millisecond for a lock.
    package var busyCount: Int { busyCalls.load(ordering: .relaxed) }

    /// Begins a piece of work, which nobody has stopped yet.
    package func arm(deadline: ContinuousClock.Instant? = nil) -> Ticket {
        state.withLock { state in
            state.number += 1
            isCanceled.store(false, ordering: .relaxed)
            self.deadline.store(
                deadline.map { Self.nanoseconds(at: $0) } ?? Self.never, ordering: .relaxed)
            return Ticket(number: state.number)
        }
    }

    /// Ends it: from now on nothing stops it any more.
    package func disarm(_ ticket: Ticket) {
        state.withLock { state in
            guard state.number == ticket.number else { return }
            state.number += 1
            isCanceled.store(false, ordering: .relaxed)
            deadline.store(Self.never, ordering: .relaxed)
        }
    }

    /// Stops the work, from any thread; does nothing when it has ended.
    package func cancel(_ ticket: Ticket) {
        state.withLock { state in
            guard state.number == ticket.number else { return }
            isCanceled.store(true, ordering: .relaxed)
            if let target = state.target { unsafe sqlite3_interrupt(target.handle) }
        }
    }

    /// Why the work has to stop; nil when it may go on.
    @inline(__always) package var reason: Reason? {
        if isCanceled.load(ordering: .relaxed) { return .canceled }
        let deadline = deadline.load(ordering: .relaxed)
        if deadline != Self.never, Self.nanoseconds(at: .now) >= deadline { return .deadline }
        return nil
    }

    fileprivate func attach(_ handle: OpaquePointer) {
        let target = unsafe Target(handle: handle)
        state.withLock { $0.target = target }
    }

    func detach() { state.withLock { $0.target = nil } }

    /// Waits a moment for a lock; false when it is enough.
    fileprivate func waitForLock(isFirst: Bool) -> Bool {
        busyCalls.add(1, ordering: .relaxed)
        guard reason == nil else { return false }
        let now = Self.nanoseconds(at: .now)
        if isFirst { busyBegin.store(now, ordering: .relaxed) }
        guard now - busyBegin.load(ordering: .relaxed) < busyLimit else { return false }
        Self.pause()
        return true
    }

    /// A millisecond, the time between two tries for a lock; the calling thread sleeps.
    package static func pause() { usleep(1000) }

    private static func nanoseconds(at instant: ContinuousClock.Instant) -> Int64 {
        epoch.duration(to: instant).nanoseconds
    }
}

extension Duration {
    /// As many as fit.
    fileprivate var nanoseconds: Int64 {
        // More seconds than an `Int64` counts have no components.
        guard self < .seconds(Int64.max / 2), self > .seconds(Int64.min / 2) else {
            return self < .zero ? .min / 2 : .max / 2
        }
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min / 2 : .max / 2 }
        let (sum, isOver) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return isOver ? .max / 2 : sum
    }
}

extension SQLiteConnection {
    /// Lets `interruption` stop this connection and bound its waits; replaces SQLite's own busy timeout.
    ///
    /// Calling it again puts it in order after something else has set a busy timeout.
    package func install(_ interruption: SQLiteInterruption) {
        guard !isClosed else { return }
        self.interruption = interruption
        unsafe interruption.attach(handle)
        // The connection keeps the object alive, and clears both before it lets go.
        let context = unsafe Unmanaged.passUnretained(interruption).toOpaque()
        unsafe sqlite3_busy_handler(
            handle,
            { context, count in
                guard let context = unsafe context else { return 0 }
                let interruption = unsafe Unmanaged<SQLiteInterruption>.fromOpaque(context)
                return unsafe interruption.takeUnretainedValue().waitForLock(isFirst: count == 0) ? 1 : 0
            }, context)
        unsafe sqlite3_progress_handler(
            handle, 1000,
            { context in
                guard let context = unsafe context else { return 0 }
                let interruption = unsafe Unmanaged<SQLiteInterruption>.fromOpaque(context)
                return unsafe interruption.takeUnretainedValue().reason == nil ? 0 : 1
            }, context)
    }
}
