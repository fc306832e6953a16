/// How long the watched processes stood still for more than the limit at a time, for each thread that did.
struct ObservedStalls: Sendable {
    /// By process; a process that was watched and never stood still has one zero.
    private(set) var seconds: [Int32: [Double]] = [:]

    /// Seconds between the end of a wait and the beginning of the hold that it was for, at most: about two looks.
    private static let near = 0.04

    init(_ seen: MinuteObservation, _ figures: MinuteFigures, stall: Double) {
        var threads: [Int32: [Int32: Double]] = [:]
        let holds = Dictionary(grouping: figures.episodes.sorted { $0.start < $1.start }) { $0.holder ?? 0 }
        for wait in seen.waits where wait.start < figures.window {
            let waited = min(wait.end, figures.window) - max(0, wait.start)
            // What is felt is the transaction: the wait and what comes after it.
            let hold = Self.hold(after: wait.end, in: holds[wait.process] ?? [])
            let held = hold.map { min($0.end, figures.window) - $0.start } ?? 0
            guard waited + held > stall else { continue }
            // Long holds are counted by themselves.
            let isCounted = hold?.isLong(stall) ?? true
            threads[wait.process, default: [:]][wait.thread, default: 0] += waited + (isCounted ? 0 : held)
        }
        for process in seen.watched {
            let found = threads[process].map { $0.values.sorted(by: >) } ?? []
            seconds[process] = found.isEmpty ? [0] : found
        }
    }

    /// The hold that began when the wait ended; `holds` are in order.
    private static func hold(after end: Double, in holds: [HoldEpisode]) -> HoldEpisode? {
        var (low, high) = (0, holds.count)
        while low < high {
            let middle = (low + high) / 2
            if holds[middle].start < end - near { low = middle + 1 } else { high = middle }
        }
        return low < holds.count && holds[low].start < end + near ? holds[low] : nil
    }
}
