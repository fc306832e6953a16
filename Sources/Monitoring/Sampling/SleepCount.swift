/// How often processes went to sleep by themselves: one that waits for the lock with SQLite's back-off does so some
/// ten times a second, and one that has nothing to do does not.
struct SleepCount: Sendable {
    /// Sleeps a second of a process that waits as SQLite does: the pauses of 100 ms, and the short ones in front.
    static let ofBackOff = 8.0...18.0

    private var counts: [Int32: Int] = [:]

    /// Counts from here on, for those that are not yet counted.
    mutating func begin(_ processes: Set<Int32>) {
        for process in processes where counts[process] == nil { counts[process] = Self.count(process) }
    }

    /// Sleeps a second since.
    func rates(seconds: Double) -> [Int32: Double] {
        var rates: [Int32: Double] = [:]
        for (process, before) in counts {
            guard let now = Self.count(process), now >= before else { continue }
            rates[process] = Double(now - before) / seconds
        }
        return rates
    }

    private static func count(_ process: Int32) -> Int? {
        guard let text = RawSystem.text(of: "/proc/\(process)/status") else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix("voluntary_ctxt_switches:") {
            return Int(line.drop { !$0.isNumber })
        }
        return nil
    }
}
