internal import Foundation
internal import Synchronization

/// A serial executor on an operating-system thread of its own.
///
/// `sqlite3_step` and libpq block. Two blocked calls freeze a cooperative pool of
/// two threads, so every connection gets a thread, and an actor with this executor
/// runs many statements in one isolated closure without a hop.
package final class ThreadExecutor: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private let condition = NSCondition()
    private let state = Mutex(State())

    package init(name: String) {
        let thread = Thread { [self] in runJobs() }
        thread.name = name
        thread.stackSize = 4 << 20
        thread.start()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.lock()
        state.withLock { $0.jobs.append(job) }
        condition.signal()
        condition.unlock()
    }

    /// For an actor's `unownedExecutor`: the actor must keep the executor alive, as a stored property does.
    @safe package var reference: UnownedSerialExecutor { unsafe asUnownedSerialExecutor() }

    /// Lets the thread end once it has run what is queued. Call it last.
    package func stop() {
        condition.lock()
        state.withLock { $0.isStopped = true }
        condition.signal()
        condition.unlock()
    }

    private func runJobs() {
        while let job = nextJob() {
            unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    private func nextJob() -> UnownedJob? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            let (job, isStopped) = state.withLock { state in
                (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isStopped)
            }
            if let job { return job }
            if isStopped { return nil }
            condition.wait()
        }
    }
}

/// Runs blocking work on a thread of its own and returns its result.
///
/// For work that would otherwise hold a thread of the cooperative pool: a scan, a
/// file copy, a child process.
package func onOwnThread<Result: Sendable>(
    named name: String, _ body: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread {
            continuation.resume(with: Swift.Result { try body() })
        }
        thread.name = name
        thread.stackSize = 8 << 20
        thread.start()
    }
}
