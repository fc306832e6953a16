import Synchronization
import Testing

@testable import OutgrowStorage

/// A storage that answers each transaction with the next line of a script: for the policies' own logic.
/// What engines do is tested on engines.
final class ScriptedStorage: Storage {
    enum Step: Sendable {
        /// The closure runs and the transaction commits.
        case commit
        /// It fails before the closure runs.
        case refuse(StorageError)
        /// Every statement of the closure fails.
        case failStatements(StorageError)
        /// The closure runs, and COMMIT fails.
        case failCommit(StorageError)
    }

    struct Call: Sendable {
        var options: TransactionOptions
        var bodyRan = false
    }

    private struct State {
        var script: [Step]
        var calls: [Call] = []
        var openCursors = 0
    }

    private let state: Mutex<State>
    let capabilities: StorageCapabilities
    let onCall: @Sendable (Int) -> Void

    init(
        _ script: [Step] = [], dialect: Dialect = .postgres,
        onCall: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        state = Mutex(State(script: script))
        capabilities = StorageCapabilities(dialect: dialect, isRemote: dialect == .postgres)
        self.onCall = onCall
    }

    var calls: [Call] { state.withLock { $0.calls } }
    var openCursors: Int { state.withLock { $0.openCursors } }

    private func nextStep(_ options: TransactionOptions) -> Step {
        let (step, count) = state.withLock { state -> (Step, Int) in
            state.calls.append(Call(options: options))
            return (state.script.isEmpty ? .commit : state.script.removeFirst(), state.calls.count)
        }
        onCall(count)
        return step
    }

    func transaction<Result: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        let step = nextStep(options)
        let session = ScriptedSession(capabilities.dialect)
        switch step {
        case .refuse(let error): throw error
        case .failStatements(let error): session.failure = error
        case .commit, .failCommit: break
        }
        options.timeline?.note { $0.wait = .milliseconds(1) }
        state.withLock { $0.calls[$0.calls.count - 1].bodyRan = true }
        let transaction = Transaction(session, options)
        defer { transaction.end() }
        let result = try body(transaction)
        options.timeline?.note { $0.body = .milliseconds(2) }
        if let failure = transaction.failureOfStatement { throw failure }
        if case .failCommit(let error) = step { throw error }
        options.timeline?.note { $0.commit = .milliseconds(3) }
        return result
    }

    /// Has no rows; the script's `failStatements` fails the first reading, `refuse` the opening.
    func cursor(_ query: SQL) async throws -> RowCursor {
        let step = nextStep(.read)
        if case .refuse(let error) = step { throw error }
        state.withLock { $0.openCursors += 1 }
        let isOpen = Flag()
        return RowCursor(
            read: { _ in
                if case .failStatements(let error) = step { throw error }
                return RowBatch()
            },
            finish: { [self] in
                if isOpen.lower() { state.withLock { $0.openCursors -= 1 } }
            })
    }

    func run() async throws {}
    func shutdown() async {}
}

/// True once.
private final class Flag: Sendable {
    private let state = Mutex(true)

    func lower() -> Bool {
        state.withLock { isUp in
            defer { isUp = false }
            return isUp
        }
    }
}

/// Answers every statement with nothing, or with one failure.
final class ScriptedSession: Session {
    let dialect: Dialect
    var failure: StorageError?
    var isInTransaction: Bool { true }

    init(_ dialect: Dialect) { self.dialect = dialect }

    private func answer() throws -> Int {
        if let failure { throw failure }
        return 0
    }

    func execute(_ statement: RenderedSQL) throws -> Int { try answer() }
    func forEachRow(_ statement: RenderedSQL, _ body: (borrowing Row) throws -> Bool) throws {
        _ = try answer()
    }
    func executeScript(_ sql: String) throws { _ = try answer() }
    func load(_ statement: RenderedSQL) throws -> RowBatch {
        _ = try answer()
        return RowBatch()
    }
    func executeAll(_ statements: [RenderedSQL]) throws -> [Int] { try statements.map { _ in try answer() } }
    func feed(_ target: RowTarget, _ fill: (any RowSink) throws -> Void) throws -> Int { try answer() }
}

/// A clock that moves by the pauses alone, and dice that always show the same.
final class ScriptedTime: Sendable {
    private struct State {
        var now = Duration.zero
        var pauses: [Duration] = []
    }

    private let state = Mutex(State())
    let random: Double

    init(random: Double = 0.5) { self.random = random }

    var pauses: [Duration] { state.withLock { $0.pauses } }

    func advance(by duration: Duration) { state.withLock { $0.now += duration } }

    var timing: PolicyTiming {
        PolicyTiming(
            now: { self.state.withLock { $0.now } },
            sleep: { pause in
                try Task.checkCancellation()
                self.state.withLock {
                    $0.now += pause
                    $0.pauses.append(pause)
                }
            },
            random: { self.random })
    }
}

extension StorageError {
    /// A failure of that kind, for scripts.
    static func scripted(_ kind: Kind) -> StorageError {
        StorageError(kind, "A scripted failure.", fix: "None.")
    }
}
