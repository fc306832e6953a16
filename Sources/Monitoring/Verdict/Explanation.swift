/// Why a verdict is what it is, in one sentence of plain words.
struct Explanation: Sendable {
    let evidence: VerdictCase
    let causes: [Cause]
    let fixed: Prediction?

    private var rules: VerdictRules { evidence.rules }
    private var figures: Verdict.Figures { evidence.figures }

    func sentence(for state: Verdict.State) -> String {
        if case .unknown(let reason) = evidence.level { return reason }
        switch state {
        case .unknown: return "Nothing can be said."
        case .ok: return calm
        case .watch: return watch
        case .fixFirst: return fixFirst
        case .outgrown: return outgrown
        }
    }

    /// `A write would wait for more than 100 ms 12 % of the time`, or the same by minutes.
    private var stalls: String {
        let limit = Wording.seconds(rules.stall)
        guard let ratio = evidence.badRatio else {
            return "a write takes more than \(limit) \(Wording.percent(figures.stallShare)) of the time"
        }
        return "in \(Wording.percent(ratio)) of the active minutes of the last 24 h a write took more than "
            + "\(limit) "
            + "for at least \(Wording.percent(rules.badMinuteShare)) of the time"
    }

    private var calm: String {
        if evidence.level == .idle {
            return "Nobody wrote while it was watched, so nobody waited; this says nothing about busier "
                + "hours."
        }
        let room = figures.headroom(limit: rules.fullBusyFraction).map {
            ", and about \(Wording.times($0)) times today's writes would fit"
        }
        return capitalized("\(stalls)\(room ?? "").")
    }

    private var watch: String {
        if evidence.level != .watch, evidence.level != .bad, let cause = causes.first {
            return capitalized("nobody waits yet, but \(cause.evidence).")
        }
        if evidence.level == .bad, figures.writersAreAtLeast {
            return capitalized(
                "\(stalls); whether several processes write cannot be told without seeing other users' "
                    + "processes "
                    + "(run it as root), and no setting explains it.")
        }
        if evidence.level == .bad {
            return capitalized(
                "\(stalls), in one process as far as can be seen: whether its own threads wait for one "
                    + "another "
                    + "shows only inside it.")
        }
        return capitalized("\(stalls), which is more than it should be and less than a reason to act.")
    }

    private var fixFirst: String {
        guard let cause = causes.first(where: { $0.canBeFixed }) else { return capitalized("\(stalls).") }
        guard evidence.level == .bad else { return capitalized("\(cause.evidence).") }
        let after = fixed.map { fixed in
            "; fixed, it would be \(Wording.percent(fixed.stallShare)) of the time with the lock held "
                + Wording.percent(fixed.busyFraction)
        }
        let single =
            cause.kind == .saturatingWriter && evidence.hasSingleWriter ? "nobody else waits now, but " : ""
        return capitalized("\(single)\(stalls), because \(cause.evidence)\(after ?? "").")
    }

    private var outgrown: String {
        let why = causes.first.map { ", because \($0.evidence)" } ?? ""
        let after =
            fixed.map { fixed in
                "; with every found cause fixed it would still be \(Wording.percent(fixed.stallShare)) of "
                    + "the time "
                    + "with the lock held \(Wording.percent(fixed.busyFraction))"
            } ?? "; no setting explains it"
        return capitalized("\(stalls)\(why)\(after).")
    }

    private func capitalized(_ sentence: String) -> String {
        sentence.prefix(1).uppercased() + sentence.dropFirst()
    }
}
