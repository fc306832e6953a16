import Synchronization
import Testing

@testable import OutgrowStorage

@Suite struct RetryTests {
    private struct ApplicationError: Error {}

    private func attempts(
        _ script: [ScriptedStorage.Step], _ options: TransactionOptions = .write,
        policy: RetryPolicy = .standard, dialect: Dialect = .postgres
    ) async -> (calls: [ScriptedStorage.Call], error: StorageError?) {
        let base = ScriptedStorage(script, dialect: dialect)
        let storage = RetryingStorage(base, policy: policy, timing: ScriptedTime().timing)
        do {
            _ = try await storage.transaction(options) { tx in try tx.execute("SELECT 1") }
            return (base.calls, nil)
        } catch {
            return (base.calls, error as? StorageError)
        }
    }

    @Test(arguments: [StorageError.Kind.busy, .serialization, .deadlock, .connectionLost])
    func `a conflict is repeated, wherever it happens`(_ kind: StorageError.Kind) async {
        let (calls, error) = await attempts([
            .refuse(.scripted(kind)), .failStatements(.scripted(kind)), .failCommit(.scripted(kind)), .commit,
        ])
        #expect(calls.map(\.bodyRan) == [false, true, true, true])
        #expect(error == nil)
    }

    @Test(arguments: [
        StorageError.Kind.commitOutcomeUnknown, .unique, .statement, .interrupted, .timeout, .poolTimeout,
        .readOnly, .full, .corrupt, .closed, .moved, .transactionFailed, .permission,
    ])
    func `anything else is thrown at once`(_ kind: StorageError.Kind) async {
        let (calls, error) = await attempts([.failCommit(.scripted(kind))])
        #expect(calls.count == 1)
        #expect(error?.kind == kind)
        #expect(error?.cause == nil)
    }

    @Test func `attempts end at the policy's limit, and the error says how many there were`() async {
        let (calls, error) = await attempts(
            Array(repeating: .failCommit(.scripted(.serialization)), count: 20),
            policy: RetryPolicy(attemptLimit: 4))
        #expect(calls.count == 4)
        #expect(error?.kind == .serialization)
        #expect(error?.cause == "given up after 4 attempts")
    }

    @Test(arguments: [(1, 1), (3, 3), (0, 1), (-5, 1), (15, 15)])
    func `the transaction's own limit counts more than the policy's`(_ limit: Int, _ expected: Int) async {
        let (calls, _) = await attempts(
            Array(repeating: .failCommit(.scripted(.deadlock)), count: 30),
            TransactionOptions(.write, attemptLimit: limit), policy: RetryPolicy(patience: .seconds(60)))
        #expect(calls.count == expected)
    }

    @Test func `a policy inside does not multiply the attempts`() async {
        let base = ScriptedStorage(Array(repeating: .failCommit(.scripted(.deadlock)), count: 100))
        let time = ScriptedTime()
        let storage = RetryingStorage(
            RetryingStorage(base, policy: .standard, timing: time.timing), policy: .standard,
            timing: time.timing)
        await #expect(throws: StorageError.self) { try await storage.write { _ in } }
        #expect(base.calls.count == 10)
    }

    @Test func `pauses double up to their limit, times a random share`() async throws {
        let time = ScriptedTime(random: 0.5)
        let base = ScriptedStorage(Array(repeating: .failCommit(.scripted(.deadlock)), count: 6))
        let policy = RetryPolicy(baseDelay: .milliseconds(2), delayLimit: .milliseconds(20))
        let storage = RetryingStorage(base, policy: policy, timing: time.timing)
        try await storage.write { _ in }
        #expect(time.pauses == [1, 2, 4, 8, 10, 10].map { .milliseconds($0) })
    }

    @Test func `nothing of the pauses is certain but their bounds`() {
        for random in [0, 0.25, 0.999] {
            var course = RetryCourse(.standard, .write, isRemote: true)
            guard
                case .again(let delay, _) = course.step(
                    after: StorageError.scripted(.busy), elapsed: .zero, random: random, isCanceled: false)
            else {
                Issue.record("gave up")
                continue
            }
            #expect(delay == .milliseconds(1) * random)
        }
    }

    @Test func `an absurd policy neither traps nor repeats for ever`() async {
        let policy = RetryPolicy(
            attemptLimit: .max, baseDelay: .seconds(Int64.max / 4), delayLimit: .seconds(Int64.max / 4),
            patience: .zero)
        let (calls, error) = await attempts(
            Array(repeating: .failCommit(.scripted(.deadlock)), count: 3), policy: policy)
        #expect(calls.count == 1)
        #expect(error?.kind == .deadlock)
    }

    @Test func `the time limit is one for all attempts`() async {
        let time = ScriptedTime(random: 0.999)
        let base = ScriptedStorage(
            Array(repeating: .failCommit(.scripted(.serialization)), count: 100),
            onCall: { _ in time.advance(by: .milliseconds(40)) })
        let storage = RetryingStorage(base, policy: .standard, timing: time.timing)
        let options = TransactionOptions(.write, timeout: .milliseconds(100))
        let error = await #expect(throws: StorageError.self) { try await storage.write(options) { _ in } }
        #expect(error?.kind == .timeout)
        #expect(error?.cause == "A scripted failure.")
        #expect(base.calls.count == 3)
        let limits = base.calls.compactMap(\.options.timeout)
        #expect(limits.first == .milliseconds(100))
        #expect(zip(limits, limits.dropFirst()).allSatisfy { $0 - $1 >= .milliseconds(40) })
    }

    @Test func `a canceled task begins no other attempt`() async {
        let base = ScriptedStorage(
            Array(repeating: .failCommit(.scripted(.serialization)), count: 5),
            onCall: { _ in unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } })
        let storage = RetryingStorage(base, policy: .standard, timing: ScriptedTime().timing)
        let error = await Task { () -> StorageError? in
            do { try await storage.write { _ in } } catch { return error as? StorageError }
            return nil
        }.value
        #expect(base.calls.count == 1)
        #expect(error?.kind == .interrupted)
    }

    @Test func `cancellation ends a pause`() async {
        let base = ScriptedStorage(Array(repeating: .failCommit(.scripted(.serialization)), count: 5))
        var timing = ScriptedTime().timing
        timing.sleep = { _ in
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            try Task.checkCancellation()
        }
        let storage = RetryingStorage(base, policy: .standard, timing: timing)
        let error = await Task { () -> StorageError? in
            do { try await storage.write { _ in } } catch { return error as? StorageError }
            return nil
        }.value
        #expect(base.calls.count == 1)
        #expect(error?.kind == .interrupted)
    }

    @Test func `the application's own error is thrown as it is`() async {
        let base = ScriptedStorage()
        let storage = RetryingStorage(base, policy: .standard, timing: ScriptedTime().timing)
        await #expect(throws: ApplicationError.self) {
            try await storage.write { _ in throw ApplicationError() }
        }
        #expect(base.calls.count == 1)
    }

    @Test func `a conflict decides, even when the closure turned it into an error of its own`() async throws {
        let conflict = ScriptedStorage.Step.failStatements(.scripted(.serialization))
        let base = ScriptedStorage([conflict, conflict, .commit])
        let storage = RetryingStorage(base, policy: .standard, timing: ScriptedTime().timing)
        let body: @Sendable (Transaction) throws -> Int = { tx in
            do { return try tx.execute("SELECT 1") } catch { throw ApplicationError() }
        }
        #expect(try await storage.write(.write, body) == 0)
        #expect(base.calls.count == 3)

        let hopeless = ScriptedStorage(Array(repeating: conflict, count: 30))
        let limited = RetryingStorage(
            hopeless, policy: RetryPolicy(attemptLimit: 3), timing: ScriptedTime().timing)
        await #expect(throws: ApplicationError.self) { try await limited.write(.write, body) }
        #expect(hopeless.calls.count == 3)
    }

    @Test func `a conflict that the closure swallowed is repeated too`() async throws {
        let base = ScriptedStorage([.failStatements(.scripted(.deadlock)), .commit])
        let storage = RetryingStorage(base, policy: .standard, timing: ScriptedTime().timing)
        try await storage.write { tx in
            do { try tx.execute("SELECT 1") } catch {}
        }
        #expect(base.calls.count == 2)
    }

    @Test func `an unreachable server is waited for, without counting attempts`() async {
        let (calls, error) = await attempts(
            Array(repeating: .refuse(.scripted(.unavailable)), count: 25) + [.commit])
        #expect(error == nil)
        #expect(calls.count == 26)
    }

    @Test func `patience ends`() async {
        let (calls, error) = await attempts(
            Array(repeating: .refuse(.scripted(.unavailable)), count: 1000),
            policy: RetryPolicy(
                baseDelay: .milliseconds(100), delayLimit: .milliseconds(100), patience: .seconds(1)))
        #expect(error?.kind == .unavailable)
        // A pause is 50 ms: attempts begin at 0, 50, …, 950 ms.
        #expect(calls.count == 20)
    }

    @Test func `a file that cannot be opened is not waited for`() async {
        let (calls, error) = await attempts([.refuse(.scripted(.unavailable))], dialect: .sqlite)
        #expect(error?.kind == .unavailable)
        #expect(calls.count == 1)
    }

    @Test func `with one attempt nothing is waited for`() async {
        let (calls, _) = await attempts([.refuse(.scripted(.unavailable))], policy: .never)
        #expect(calls.count == 1)
    }

    @Test func `each repetition is told of`() async throws {
        let events = Mutex<[RetryEvent]>([])
        let base = ScriptedStorage([.refuse(.scripted(.unavailable)), .failCommit(.scripted(.deadlock))])
        let storage = RetryingStorage(base, policy: .standard, timing: ScriptedTime().timing) { event in
            events.withLock { $0.append(event) }
        }
        try await storage.write(TransactionOptions(.write, label: "order")) { _ in }
        let seen = events.withLock { $0 }
        #expect(seen.map(\.error.kind) == [.unavailable, .deadlock])
        #expect(seen.map(\.attempt) == [1, 2])
        #expect(seen.allSatisfy { $0.label == "order" && $0.access == .write })
    }

    @Test func `a stream is opened again until its first rows have come`() async throws {
        let lost = StorageError.scripted(.connectionLost)
        let base = ScriptedStorage([.refuse(lost), .failStatements(lost), .refuse(lost), .commit])
        let storage = RetryingStorage(base, policy: .standard, timing: ScriptedTime().timing)
        let cursor = try await storage.cursor("SELECT 1")
        #expect(base.calls.count == 2)
        #expect(try await cursor.next(1).count == 0)
        #expect(base.calls.count == 4)
        await cursor.close()
        #expect(base.openCursors == 0)
    }

    @Test func `a stream that cannot be opened lets nothing open behind`() async throws {
        let lost = StorageError.scripted(.connectionLost)
        let base = ScriptedStorage(Array(repeating: .failStatements(lost), count: 100))
        let storage = RetryingStorage(
            base, policy: RetryPolicy(attemptLimit: 3), timing: ScriptedTime().timing)
        let cursor = try await storage.cursor("SELECT 1")
        await #expect(throws: StorageError.self) { try await cursor.next(1) }
        await cursor.close()
        #expect(base.openCursors == 0)
        #expect(base.calls.count == 4)
    }
}
