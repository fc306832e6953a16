internal import Synchronization

/// What one attempt at a transaction spent its time on, noted by the backend for whoever observes.
package final class TransactionTimeline: Sendable {
    package struct Record: Sendable {
        /// From the call until the transaction had begun: for a connection, for the lock, for BEGIN.
        package var wait: Duration?
        /// The closure.
        package var body: Duration?
        /// COMMIT.
        package var commit: Duration?
        /// How often SQLite's busy handler was asked to wait.
        package var busyCount = 0
    }

    private let state = Mutex(Record())

    package init() {}

    package var record: Record { state.withLock { $0 } }

    package func note(_ change: (inout Record) -> Void) { state.withLock { change(&$0) } }
}
