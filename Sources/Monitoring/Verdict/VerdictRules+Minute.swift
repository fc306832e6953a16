extension VerdictRules {
    package enum MinuteClass: String, Sendable, Hashable, Codable {
        case unknown, idle, good, bad
    }

    /// What a minute counts as.
    ///
    /// A minute without a commit is idle, neither good nor bad, unless somebody held the lock for long all
    /// the same: a transaction of minutes is the worst that can happen to the others and commits nothing
    /// meanwhile.
    package func classify(_ minute: MinuteRecord) -> MinuteClass {
        if minute.ticks < minimumTicks { return .unknown }
        if minute.commits < 1, (minute.longestHold?.duration ?? 0) < stall { return .idle }
        return minute.judgedShare >= badMinuteShare ? .bad : .good
    }

    func judgeBadMinute(_ share: Double) -> Judgement {
        Judgement(
            "share of the time in which a write takes more than \(Wording.seconds(stall))", share,
            threshold: badMinuteShare, unit: .ratio, exceeds: share >= badMinuteShare)
    }

    func judgeBusy(_ busyFraction: Double, _ subject: String) -> Judgement {
        Judgement(
            subject, busyFraction, threshold: fullBusyFraction, unit: .ratio,
            exceeds: busyFraction >= fullBusyFraction)
    }
}
