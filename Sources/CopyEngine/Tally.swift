internal import CopyEncoding
internal import Diagnostics
internal import Synchronization

/// What the workers have got done, added up.
final class Tally: Sendable {
    private struct State {
        var tables: [CopyEngine.TableResult]
        var findings: [Finding] = []
        var lastCopy: ContinuousClock.Instant?
        var partsLeft: Int
    }

    private let state: Mutex<State>

    init(tableCount: Int, partCount: Int) {
        let tables = Array(repeating: CopyEngine.TableResult(), count: tableCount)
        state = Mutex(State(tables: tables, partsLeft: partCount))
    }

    /// Returns true for the last part of all.
    func add(_ sum: RowSum, to table: Int) -> Bool {
        state.withLock { state in
            state.tables[table].rowCount += sum.rowCount
            state.tables[table].sourceSum.combine(sum)
            state.tables[table].partCount += 1
            state.lastCopy = .now
            state.partsLeft -= 1
            return state.partsLeft == 0
        }
    }

    func add(_ findings: [Finding]) { state.withLock { $0.findings += findings } }

    var tables: [CopyEngine.TableResult] { state.withLock(\.tables) }
    var findings: [Finding] { state.withLock(\.findings) }
    var lastCopy: ContinuousClock.Instant? { state.withLock(\.lastCopy) }
}
