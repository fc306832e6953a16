internal import Foundation

/// Hands the steps of a `Schedule` to workers on their own threads.
///
/// `next()` blocks, so it is called only from a connection's thread.
final class StepQueue: @unchecked Sendable {
    // `schedule` and `firstError` are only touched with `condition` locked.
    private let condition = NSCondition()
    private var schedule: Schedule
    private var firstError: (any Error)?

    init(_ schedule: Schedule) { self.schedule = schedule }

    /// The next step and whether it is the only one for now; nil when there is nothing left to do.
    func next() -> (step: Schedule.Step, isAlone: Bool)? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            switch schedule.next() {
            case .perform(let step): return (step, schedule.hasOneStepLeftForNow)
            case .done:
                condition.broadcast()
                return nil
            case .wait: condition.wait()
            }
        }
    }

    func finished(_ step: Schedule.Step) {
        condition.lock()
        defer { condition.unlock() }
        schedule.finished(step)
        condition.broadcast()
    }

    /// Ends the work after a failure. The first error is the one to report; the others follow from it.
    func failed(_ error: any Error) {
        condition.lock()
        defer { condition.unlock() }
        firstError = firstError ?? error
        schedule.failed()
        condition.broadcast()
    }

    /// Ends the work for a reason outside any step: no connection, or the user has had enough.
    func abandoned(_ error: any Error) {
        condition.lock()
        defer { condition.unlock() }
        firstError = firstError ?? error
        schedule.abandon()
        condition.broadcast()
    }

    /// Whether a worker should stop in the middle of a step.
    var isFailed: Bool {
        condition.lock()
        defer { condition.unlock() }
        return firstError != nil
    }

    func throwFirstError() throws {
        condition.lock()
        defer { condition.unlock() }
        if let firstError { throw firstError }
    }
}
