/// The evidence for a verdict, gathered from minutes; what is decided from it does not depend on where it
/// came from.
struct VerdictCase: Sendable {
    enum Level: Sendable, Hashable {
        /// Nobody wrote.
        case idle
        case good, watch, bad
        /// Why nothing can be said.
        case unknown(String)
    }

    let rules: VerdictRules
    var level: Level
    /// The minutes in which causes are looked for: the bad ones, or all active ones when none is.
    var basis: [MinuteRecord]
    /// Those of which hazards that stall nobody yet are taken.
    var latest: [MinuteRecord]
    var figures: Verdict.Figures
    var judgements: [Judgement]
    /// Of the active minutes, those that are bad; nil for a window that is judged as one.
    var badRatio: Double?
    var isProvisional: Bool

    /// Hazards: they count though nobody waits yet.
    private static let hazards: Set<Cause.Kind> = [
        .checkpointStarvation, .pinnedWAL, .autocheckpointOff, .networkFileSystem,
    ]

    func verdict() -> Verdict {
        let causes = causes()
        let fixed = ifAllFixed(causes)
        let state = state(causes: causes, fixed: fixed)
        var judgements = judgements
        if let fixed, level == .bad {
            judgements.append(
                Judgement(
                    "that share, predicted with every found cause fixed", fixed.stallShare,
                    threshold: rules.badMinuteShare, unit: .ratio,
                    exceeds: fixed.stallShare >= rules.badMinuteShare))
            judgements.append(
                rules.judgeBusy(fixed.busyFraction, "busy fraction, predicted with every found cause fixed"))
        }
        let ordered = ordered(causes, for: state)
        return Verdict(
            state: state, isProvisional: isProvisional,
            explanation: Explanation(evidence: self, causes: ordered, fixed: fixed).sentence(for: state),
            judgements: judgements, causes: ordered, ifAllFixed: fixed, figures: figures)
    }

    // MARK: What explains it

    /// The causes of at least a fifth of the minutes, with their predictions averaged over all of them.
    private func causes() -> [Cause] {
        Cause.Kind.allCases.compactMap { kind in
            let having = basis.filter { $0.causes.contains { $0.kind == kind } }
            if Self.hazards.contains(kind) {
                return latest.last { $0.causes.contains { $0.kind == kind } }?.causes.first {
                    $0.kind == kind
                }
            }
            guard !having.isEmpty, having.count * 5 >= basis.count else { return nil }
            let worst = having.max { $0.judgedShare < $1.judgedShare }
            guard var cause = worst?.causes.first(where: { $0.kind == kind }) else { return nil }
            let predictions = basis.map { minute in
                (minute, minute.causes.first { $0.kind == kind }?.prediction)
            }
            cause.prediction = average(predictions, assumption: cause.prediction?.assumption)
            return cause
        }
    }

    /// With all found causes fixed in every minute that has any.
    private func ifAllFixed(_ causes: [Cause]) -> Prediction? {
        let found = causes.filter { $0.prediction != nil && $0.certainty != .possible }
        guard !found.isEmpty else { return nil }
        let assumption = found.compactMap { $0.prediction?.assumption }.joined(separator: "; ")
        return average(basis.map { ($0, $0.ifAllFixed) }, assumption: assumption)
    }

    /// Predictions by the time observed; a minute without one stays as it is. The busy fraction is that of
    /// the busiest hour, or of these minutes where they are fuller.
    private func average(_ minutes: [(MinuteRecord, Prediction?)], assumption: String?) -> Prediction? {
        guard let assumption else { return nil }
        let seconds = minutes.reduce(0) { $0 + $1.0.observed }
        let busy = minutes.reduce(0) { $0 + $1.0.observed * $1.0.busyFraction }
        guard seconds > 0 else { return nil }
        let stall = minutes.reduce(0) { $0 + $1.0.observed * ($1.1?.stallShare ?? $1.0.judgedShare) }
        let after = minutes.reduce(0) { $0 + $1.0.observed * ($1.1?.busyFraction ?? $1.0.busyFraction) }
        return Prediction(
            busyFraction: busy > 0 ? min(1, max(figures.peakBusyFraction, busy / seconds) * after / busy) : 0,
            stallShare: stall / seconds, assumption: assumption)
    }

    // MARK: What follows

    /// One process that nobody else waits for, as far as can be seen.
    var hasSingleWriter: Bool { figures.lockingProcesses <= 1 }

    /// Two writers that are surely all, or a lock that is full, with a second process surely there.
    ///
    /// A count that is only a lower bound decides nothing by itself; a single writer never has outgrown its
    /// database: nobody waits for it.
    var canBeOutgrown: Bool {
        if hasSingleWriter { return false }
        let isCounted = !figures.writersAreAtLeast && figures.lockingProcesses >= rules.outgrownWriters
        return isCounted || figures.peakBusyFraction >= rules.fullBusyFraction
    }

    private func state(causes: [Cause], fixed: Prediction?) -> Verdict.State {
        if case .unknown = level { return .unknown }
        if causes.contains(where: { $0.kind == .networkFileSystem }) { return .fixFirst }
        let hasHazard = causes.contains { Self.hazards.contains($0.kind) }
        switch level {
        case .unknown: return .unknown
        case .idle, .good: return hasHazard ? .watch : .ok
        case .watch: return .watch
        case .bad:
            if canBeOutgrown, isStillBad(fixed) { return .outgrown }
            return causes.contains { $0.canBeFixed && $0.certainty != .possible } ? .fixFirst : .watch
        }
    }

    /// Whether the waits, or a lock that is full, remain after all fixes.
    func isStillBad(_ fixed: Prediction?) -> Bool {
        guard let fixed else { return true }
        if fixed.busyFraction >= rules.fullBusyFraction { return true }
        guard let badRatio else { return fixed.stallShare >= rules.badMinuteShare }
        let still = basis.count { ($0.ifAllFixed?.stallShare ?? $0.judgedShare) >= rules.badMinuteShare }
        return basis.isEmpty || badRatio * Double(still) / Double(basis.count) >= rules.badRatio
    }

    /// What to look at first, first: what is sure and helps alone before what does not, contention last, but
    /// where it is what remains.
    private func ordered(_ causes: [Cause], for state: Verdict.State) -> [Cause] {
        let ranks = causes.enumerated().map { index, cause -> (Int, Int, Cause) in
            let helps =
                cause.prediction.map {
                    $0.stallShare < rules.badMinuteShare && $0.busyFraction < rules.fullBusyFraction
                } ?? false
            let rank =
                switch cause.kind {
                case .contention: state == .outgrown ? -1 : 2
                case .networkFileSystem: -1
                case _ where cause.certainty == .possible: 3
                case _ where Self.hazards.contains(cause.kind): level == .bad ? 2 : 0
                default: helps ? 0 : 1
                }
            return (rank, index, cause)
        }
        return ranks.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }
}
