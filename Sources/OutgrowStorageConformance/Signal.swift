internal import Dispatch
internal import Synchronization

/// Something that happens once, and that closures and tasks can wait for: how checks put two transactions in order.
///
/// The closure of a transaction runs on a thread of its own and may block there, for which a semaphore is right; a
/// task must not, and is resumed instead.
final class Signal: Sendable {
    private struct State {
        var isRaised = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// Long enough for any machine; only a storage that breaks its promise ever waits so long.
    private static let patience = DispatchTimeInterval.seconds(20)

    private let name: String
    private let semaphore = DispatchSemaphore(value: 0)
    private let state = Mutex(State())

    init(_ name: String) { self.name = name }

    var isRaised: Bool { state.withLock { $0.isRaised } }

    func raise() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            state.isRaised = true
            return state.waiters
        }
        semaphore.signal()
        for waiter in waiters { waiter.resume() }
    }

    /// Blocks the thread until the signal is raised.
    func block() throws {
        guard semaphore.wait(timeout: .now() + Self.patience) == .success else {
            throw Unexpected(expected: "that \(name)", found: "that it has not happened in 20 s")
        }
        semaphore.signal()  // For whoever else waits.
    }

    /// Suspends the task until the signal is raised.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isRaised = state.withLock { state in
                if !state.isRaised { state.waiters.append(continuation) }
                return state.isRaised
            }
            if isRaised { continuation.resume() }
        }
    }
}

/// Counts what happens in closures.
final class Tally: Sendable {
    private let state = Mutex(0)

    var count: Int { state.withLock { $0 } }

    /// Adds one and returns the new count.
    @discardableResult func add() -> Int {
        state.withLock { count in
            count += 1
            return count
        }
    }
}

/// Keeps what closures leave behind, in order.
final class Journal<Entry: Sendable>: Sendable {
    private let state = Mutex<[Entry]>([])

    var entries: [Entry] { state.withLock { $0 } }

    func add(_ entry: Entry) { state.withLock { $0.append(entry) } }
}

/// Runs `body`, and gives up on it after `limit`: a storage that hangs must fail a check and not stop the run.
func withDeadline(_ limit: Duration, _ body: @escaping @Sendable () async throws -> Void) async throws {
    let race = Race()
    try await withCheckedThrowingContinuation { continuation in
        race.begin(continuation)
        let work = Task {
            do {
                try await body()
                race.finish(.success(()))
            } catch {
                race.finish(.failure(error))
            }
        }
        let alarm = Task {
            try await Task.sleep(for: limit)
            work.cancel()
            race.finish(.failure(Unexpected(expected: "an end within \(limit)", found: "that it hangs")))
        }
        race.callAtEnd { alarm.cancel() }
    }
}

/// The first result wins.
private final class Race: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Void, any Error>?
        var atEnd: (@Sendable () -> Void)?
        var hasEnded = false
    }

    private let state = Mutex(State())

    func begin(_ continuation: CheckedContinuation<Void, any Error>) {
        state.withLock { $0.continuation = continuation }
    }

    func callAtEnd(_ action: @escaping @Sendable () -> Void) {
        let hasEnded = state.withLock { state in
            state.atEnd = action
            return state.hasEnded
        }
        if hasEnded { action() }
    }

    func finish(_ result: Result<Void, any Error>) {
        let (continuation, atEnd) = state.withLock { state in
            defer { state.continuation = nil }
            state.hasEnded = true
            return (state.continuation, state.atEnd)
        }
        atEnd?()
        continuation?.resume(with: result)
    }
}
