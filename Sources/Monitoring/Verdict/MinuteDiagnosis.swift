/// Makes a minute's record from what was seen in it: figures first, then causes, then what fixing them would
/// give.
struct MinuteDiagnosis: Sendable {
    let seen: MinuteObservation
    let rules: VerdictRules
    let figures: MinuteFigures
    let waits: WaitProfile
    let judgedShare: Double
    let turns: WriterTurns
    let felt: StallEstimate
    /// With every writer asking once a millisecond.
    let polledShare: Double

    init(_ seen: MinuteObservation, rules: VerdictRules) {
        self.seen = seen
        self.rules = rules
        figures = MinuteFigures(seen, rules: rules)
        turns = WriterTurns(figures.episodes, window: figures.window, commits: seen.commits)
        // As the writers ask that are there.
        waits = VirtualProbe(backOff: turns.areHandedOver ? .polling() : .sqlite()).replay(
            figures.occupancy, window: figures.window, observedUntil: seen.observedUntil)
        polledShare =
            VirtualProbe(backOff: .polling())
            .replay(figures.occupancy, window: figures.window, observedUntil: seen.observedUntil)
            .share(over: rules.stall)
        felt = StallEstimate(
            figures, turns: turns, seen: seen, newcomer: waits.share(over: rules.stall), stall: rules.stall)
        // Transactions too short for the looks leave a trace with room in it; who is seen to wait knows better.
        judgedShare = min(
            1,
            max(
                waits.share(over: rules.stall - figures.ordinaryHold) + figures.checkpointShare,
                felt.observedShare))
    }

    /// As ``MinuteRecord/lockingProcesses``.
    var lockingProcesses: Int {
        let waiters = Set(seen.waits.filter { $0.duration > rules.stall }.map(\.process))
        let known = waiters.union(figures.holders.map(\.process))
        return known.isEmpty ? seen.writerProcesses : known.count
    }

    func record() -> MinuteRecord {
        let longest = figures.episodes.filter { $0.start < figures.window }.max { $0.duration < $1.duration }
        let (causes, fixes) = CauseFinder(self).causes()
        var record = MinuteRecord(
            start: seen.start, observed: seen.observed, ticks: seen.ticks, missedTicks: seen.missedTicks,
            journalMode: seen.facts.journalMode, busyFraction: figures.busyFraction, commits: seen.commits,
            longestHold: longest, longestHolder: longest?.holder.flatMap { seen.executables[$0] },
            longHolds: Array(longHolds.prefix(20)), stallShare: waits.share(over: rules.stall),
            stallShareIfPolled: polledShare, waitP50: waits.percentile(50), waitP95: waits.percentile(95),
            waitP99: waits.percentile(99), waitMaximum: waits.maximum, waits: waits.text,
            checkpointBusySeconds: figures.checkpoints.reduce(0) { $0 + $1.duration },
            longestCheckpoint: figures.checkpoints.map(\.duration).max() ?? 0,
            pendingPages: seen.pendingPages,
            walByteCount: seen.walByteCount, walRestarts: seen.walRestarts,
            oldestReaderSeconds: seen.oldestReaderSeconds, oldestReader: seen.oldestReader,
            writerProcesses: seen.writerProcesses, writersAreAtLeast: seen.writersAreAtLeast,
            counterResets: seen.counterResets, blindSpots: seen.blindSpots)
        record.holdTime = figures.holdTime
        record.ordinaryHold = figures.ordinaryHold
        record.judgedShare = judgedShare
        record.feltShare = felt.share
        record.lockingProcesses = lockingProcesses
        record.holders = Array(figures.holders.prefix(5))
        record.causes = causes
        record.ifAllFixed = fixes
        return record
    }

    /// Holds of 100 ms and more, whatever they did, the longest first.
    private var longHolds: [HoldEpisode] {
        figures.episodes.filter { $0.start < figures.window && $0.duration >= rules.stall }
            .sorted { ($1.duration, $0.start) < ($0.duration, $1.start) }
    }

    /// Replays the window with a change made to it.
    func predict(_ change: Counterfactual, assuming assumption: String) -> Prediction {
        let end = Occupancy.microseconds(figures.window)
        let occupancy = Occupancy(
            change.apply(to: figures.episodes, ordinaryHold: figures.ordinaryHold, stall: rules.stall))
        let before = figures.occupancy.busy(within: 0..<max(0, end))
        let after = occupancy.busy(within: 0..<max(0, end))
        let waits = VirtualProbe(backOff: change.backOff).replay(
            occupancy, window: figures.window, observedUntil: seen.observedUntil)
        let own = change.ordinaryHold(after: figures.ordinaryHold, stall: rules.stall)
        let checkpoints = change.keepsCheckpoints ? figures.checkpointShare : 0
        return Prediction(
            busyFraction: before > 0 ? figures.busyFraction * Double(after) / Double(before) : 0,
            stallShare: min(1, waits.share(over: rules.stall - own) + checkpoints), assumption: assumption)
    }
}
