/// What was counted of one database since the watching began: the counters and histograms of the metrics.
package struct WatchTotals: Sendable {
    package private(set) var samples = 0
    package private(set) var missedTicks = 0
    package private(set) var counterResets = 0
    package private(set) var busySeconds = 0.0
    package private(set) var stallSeconds = 0.0
    package private(set) var checkpointSeconds = 0.0
    package private(set) var walFrames = 0
    package private(set) var walRestarts = 0
    package private(set) var activeMinutes = 0
    package private(set) var badMinutes = 0
    package private(set) var holds = MetricHistogram()
    package private(set) var waits = MetricHistogram()
    /// Nil where no probe was asked for.
    package private(set) var probe: ProbeTotals?
    private var framesBefore: Int?

    package init() {}

    package mutating func add(_ record: ProbeRecord) {
        var totals = probe ?? ProbeTotals(kind: record.kind)
        totals.add(record)
        probe = totals
    }

    package mutating func add(_ window: SampleWindow, _ record: MinuteRecord, rules: VerdictRules) {
        samples += window.ticks
        missedTicks += window.missedTicks
        counterResets += window.counterResets
        busySeconds += window.busyFraction * window.length
        stallSeconds += record.stallShare * window.length
        checkpointSeconds += window.checkpointBusySeconds
        walRestarts += window.walRestarts
        addFrames(of: window)
        switch rules.classify(record) {
        case .unknown, .idle: break
        case .good: activeMinutes += 1
        case .bad: (activeMinutes, badMinutes) = (activeMinutes + 1, badMinutes + 1)
        }
        for episode in window.episodes {
            let count = max(1, episode.commits)
            holds.add(episode.duration / Double(count), times: count)
        }
        if let profile = record.waits.flatMap(WaitProfile.init(text:)) { waits.add(profile) }
    }

    /// A WAL that was restarted has at least as many frames as it shows now.
    private mutating func addFrames(of window: SampleWindow) {
        guard let frames = window.framesInWAL else {
            framesBefore = nil
            return
        }
        if let framesBefore {
            walFrames += window.walRestarts > 0 || frames < framesBefore ? frames : frames - framesBefore
        }
        framesBefore = frames
    }
}

/// What became of the attempts of a probe since the watching began.
package struct ProbeTotals: Sendable {
    package let kind: ProbeKind
    package private(set) var latencies = MetricHistogram()
    package private(set) var censored = 0

    init(kind: ProbeKind) { self.kind = kind }

    mutating func add(_ record: ProbeRecord) {
        for answer in record.answers {
            if answer.isCensored {
                latencies.add(atLeast: answer.seconds)
                censored += 1
            } else {
                latencies.add(answer.seconds, times: 1)
            }
        }
    }
}

/// A cumulative histogram in seconds, with the buckets of the metrics page.
package struct MetricHistogram: Sendable {
    package static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// Up to each bound, cumulative.
    package private(set) var counts = [Int](repeating: 0, count: bounds.count)
    package private(set) var count = 0
    package private(set) var sum = 0.0

    mutating func add(_ seconds: Double, times: Int) {
        count += times
        sum += seconds * Double(times)
        for (index, bound) in Self.bounds.enumerated() where seconds <= bound { counts[index] += times }
    }

    /// Of what was given up, nobody knows under which bound it would have been.
    mutating func add(atLeast seconds: Double) {
        count += 1
        sum += seconds
    }

    mutating func add(_ profile: WaitProfile) {
        let total = Int(profile.count)
        count += total
        sum += profile.sum
        for (index, bound) in Self.bounds.enumerated() {
            counts[index] += total - Int(profile.count(over: bound))
        }
    }
}
