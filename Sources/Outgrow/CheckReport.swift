package import Monitoring

/// What `check` saw, and what it makes of it.
package struct CheckReport: Sendable, Encodable {
    /// Links resolved.
    package var source: String
    package var verdict: Verdict
    package var minutes: [MinuteRecord]
    /// Who held the write lock, the busiest first.
    package var holders: [LockHolder]
    package var commits: Int
    /// Seconds that were watched.
    package var seconds: Double
    /// Of one core, for watching.
    package var processorShare: Double
    package var fileSystem: String?
    package var pageSize: Int64
    package var databaseByteCount: Int64
    package var freeByteCount: Int64?
    /// What could not be seen, in words.
    package var blindSpots: [String]
    /// A signal ended it before its time.
    package var wasCutShort: Bool
    package var rules: VerdictRules
    /// What the probe saw that was asked for.
    package var probe: ProbeRecord?
    /// Where the minutes came from, when a watch kept them; nil when they were sampled now.
    package var history: CheckedHistory?
    /// When the lock will be full, in a sentence; only from a history.
    package var forecast: String?
    /// Why it was not from the history, when there is one.
    package var note: String?

    init(
        source: String, windows: [SampleWindow], wasCutShort: Bool, rules: VerdictRules,
        probe: ProbeRecord? = nil
    ) {
        self.probe = probe
        self.source = source
        self.wasCutShort = wasCutShort
        self.rules = rules
        minutes = windows.map { window in
            var seen = window.observation
            if let probe, probe.kind == .disk, let median = probe.median {
                (seen.facts.syncSeconds, seen.facts.syncIsMeasured) = (median, true)
            }
            return seen.record(rules: rules)
        }
        verdict = rules.provisional(minutes)
        holders = Self.joined(windows.flatMap(\.holders))
        commits = windows.reduce(0) { $0 + $1.commits }
        seconds = windows.reduce(0) { $0 + $1.length }
        processorShare = windows.reduce(0) { $0 + $1.processorShare * $1.length } / max(seconds, 0.001)
        let last = windows.last ?? SampleWindow()
        fileSystem = last.fileSystem?.name
        pageSize = last.pageSize
        databaseByteCount = last.databaseByteCount
        freeByteCount = last.freeByteCount
        blindSpots = []
        for spot in windows.flatMap(\.blindSpots) where !blindSpots.contains(spot) { blindSpots.append(spot) }
    }

    private static func joined(_ holders: [LockHolder]) -> [LockHolder] {
        var byProcess: [Int32: LockHolder] = [:]
        for holder in holders {
            guard var known = byProcess[holder.process] else {
                byProcess[holder.process] = holder
                continue
            }
            known.busySeconds += holder.busySeconds
            known.longestHold = max(known.longestHold, holder.longestHold)
            known.episodes += holder.episodes
            byProcess[holder.process] = known
        }
        return byProcess.values.sorted { ($0.busySeconds, $1.process) > ($1.busySeconds, $0.process) }
    }
}
