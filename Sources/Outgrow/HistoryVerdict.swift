internal import Monitoring

/// The verdict from kept minutes: the real one as soon as enough were watched, a provisional one until then.
enum HistoryVerdict {
    static func judge(_ minutes: [MinuteRecord], now: Int64, rules: VerdictRules) -> Verdict {
        let verdict = rules.verdict(minutes, now: now)
        guard verdict.state == .unknown else { return verdict }
        let hour = minutes.filter { $0.start >= now - 3600 }
        let hasWrites = hour.contains { [.good, .bad].contains(rules.classify($0)) }
        var provisional = rules.provisional(
            hasWrites ? hour : minutes.filter { $0.start >= now - 86400 })
        // Why it is only provisional.
        provisional.explanation += " " + verdict.explanation
        return provisional
    }
}
