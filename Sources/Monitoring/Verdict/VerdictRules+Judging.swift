extension VerdictRules {
    /// The verdict from a window of a minute or so: right for what it saw, and no more.
    package func provisional(_ minutes: [MinuteRecord]) -> Verdict {
        let known = minutes.filter { $0.ticks >= minimumTicks }
        let seconds = known.reduce(0) { $0 + $1.observed }
        let active = known.filter { classify($0) != .idle }
        var figures = figures(of: active.isEmpty ? known : active, all: minutes)
        figures.peakBusyFraction =
            seconds > 0 ? known.reduce(0) { $0 + $1.busyFraction * $1.observed } / seconds : 0
        let profile = active.compactMap { $0.waits.flatMap(WaitProfile.init(text:)) }
            .reduce(into: WaitProfile()) { $0.merge($1) }
        figures.waitP99 = profile.percentile(99)
        var judgements = [judgeTicks(minutes)]
        if !active.isEmpty { judgements.append(judgeBadMinute(figures.stallShare)) }
        judgements += capacityJudgements(figures)
        return VerdictCase(
            rules: self, level: provisionalLevel(known: known, active: active, figures: figures),
            basis: active,
            latest: minutes, figures: figures, judgements: judgements, isProvisional: true
        ).verdict()
    }

    /// The verdict from the history of minutes up to `now`, in seconds since 1970.
    ///
    /// Costs one pass over the minutes; some ten days of them are enough, in any order.
    package func verdict(_ history: [MinuteRecord], now: Int64) -> Verdict {
        let ratios = HistoryRatios(history, now: now, rules: self)
        let day = ratios.sum(hours: 24)
        let recent = history.filter { $0.start < now && $0.start >= now - 86400 && $0.ticks >= minimumTicks }
            .sorted { $0.start < $1.start }
        let isBad = ratios.isBad(rules: self)
        var basis = recent.filter { classify($0) == .bad }
        if isBad, basis.isEmpty {
            basis = history.filter { $0.start < now && $0.start >= now - 7 * 86400 && classify($0) == .bad }
        }
        if basis.isEmpty { basis = recent.filter { classify($0) == .good } }
        var figures = figures(of: basis, all: recent)
        figures.peakBusyFraction = ratios.peakBusyFraction
        (figures.idleMinutes, figures.unknownMinutes) = (day.idle, day.unknown)
        (figures.activeMinutes, figures.badMinutes) = (day.active, day.bad)
        let level: VerdictCase.Level =
            if let reason = tooLittle(ratios) {
                .unknown(reason)
            } else if isBad {
                .bad
            } else {
                day.ratio >= watchRatio ? .watch : .good
            }
        return VerdictCase(
            rules: self, level: level, basis: basis, latest: Array(recent.suffix(5)), figures: figures,
            judgements: historyJudgements(ratios, figures: figures), badRatio: day.ratio, isProvisional: false
        ).verdict()
    }

    // MARK: Levels

    private func provisionalLevel(
        known: [MinuteRecord], active: [MinuteRecord], figures: Verdict.Figures
    ) -> VerdictCase.Level {
        if known.isEmpty {
            return .unknown(
                "It was looked at fewer than \(minimumTicks) times, which is too little to say "
                    + "anything.")
        }
        if active.isEmpty { return .idle }
        if figures.stallShare >= badMinuteShare { return .bad }
        return figures.stallShare >= watchRatio ? .watch : .good
    }

    /// Why a history is too short; nil when it is not.
    private func tooLittle(_ ratios: HistoryRatios) -> String? {
        let hours = ratios.known / 60
        if hours < minimumHours {
            return "Only \(Wording.count(hours, "hour was", "hours were")) watched so far, and a verdict "
                + "needs "
                + "\(minimumHours)."
        }
        let active = ratios.sum(hours: 24).active
        guard active < minimumActiveMinutes else { return nil }
        return "In the last 24 h there were writes in only \(Wording.count(active, "minute", "minutes")), "
            + "and a "
            + "verdict needs \(minimumActiveMinutes)."
    }

    // MARK: Numbers

    private func figures(of basis: [MinuteRecord], all: [MinuteRecord]) -> Verdict.Figures {
        var figures = Verdict.Figures()
        let seconds = basis.reduce(0) { $0 + $1.observed }
        let commits = basis.reduce(0) { $0 + $1.commits }
        func mean(_ value: (MinuteRecord) -> Double) -> Double {
            seconds > 0 ? basis.reduce(0) { $0 + value($1) * $1.observed } / seconds : 0
        }
        figures.stallShare = mean(\.judgedShare)
        figures.waitShare = mean(\.stallShare)
        figures.feltShare = mean(\.feltShare)
        figures.commitsPerSecond = seconds > 0 ? Double(commits) / seconds : 0
        figures.holdTime = commits > 0 ? mean(\.busyFraction) * seconds / Double(commits) : 0
        figures.waitP99 = basis.map(\.waitP99).sorted().dropFirst(basis.count / 2).first ?? 0
        // The middle ones: a program that wrote once does not make two writers of one.
        figures.writerProcesses = basis.map(\.writerProcesses).sorted().dropFirst(basis.count / 2).first ?? 0
        figures.lockingProcesses =
            basis.map(\.lockingProcesses).sorted().dropFirst(basis.count / 2).first ?? 0
        figures.writersAreAtLeast = basis.contains(where: \.writersAreAtLeast)
        figures.pendingPages = all.last?.pendingPages
        for minute in all {
            switch classify(minute) {
            case .unknown: figures.unknownMinutes += 1
            case .idle: figures.idleMinutes += 1
            case .good: figures.activeMinutes += 1
            case .bad:
                (figures.activeMinutes, figures.badMinutes) = (
                    figures.activeMinutes + 1, figures.badMinutes + 1
                )
            }
        }
        return figures
    }

    private func judgeTicks(_ minutes: [MinuteRecord]) -> Judgement {
        let ticks = minutes.map(\.ticks).max() ?? 0
        return Judgement(
            "looks at the lock in a window", Double(ticks), threshold: Double(minimumTicks), unit: .count,
            exceeds: ticks < minimumTicks)
    }

    private func capacityJudgements(_ figures: Verdict.Figures) -> [Judgement] {
        let subject = "processes that take the write lock" + (figures.writersAreAtLeast ? " (at least)" : "")
        return [
            judgeBusy(figures.peakBusyFraction, "share of the time in which the write lock is held"),
            Judgement(
                subject, Double(figures.lockingProcesses), threshold: Double(outgrownWriters), unit: .count,
                exceeds: figures.lockingProcesses >= outgrownWriters),
        ]
    }

    private func historyJudgements(_ ratios: HistoryRatios, figures: Verdict.Figures) -> [Judgement] {
        let day = ratios.sum(hours: 24)
        let hours = Double(ratios.known) / 60
        let badDayCount = ratios.badDays(of: dayCount, rules: self)
        return [
            Judgement(
                "watched", hours, threshold: Double(minimumHours), unit: .hours,
                exceeds: hours < Double(minimumHours)),
            Judgement(
                "active minutes in 24 "
                    + "h", Double(day.active), threshold: Double(minimumActiveMinutes), unit: .count,
                exceeds: day.active < minimumActiveMinutes),
            Judgement(
                "bad of the active minutes in 24 h, to watch", day.ratio, threshold: watchRatio, unit: .ratio,
                exceeds: day.ratio >= watchRatio),
            Judgement(
                "bad of the active minutes in 24 h", day.ratio, threshold: badRatio, unit: .ratio,
                exceeds: day.ratio >= badRatio),
            Judgement(
                "bad days of the last "
                    + "\(dayCount)", Double(badDayCount), threshold: Double(badDays), unit: .count,
                exceeds: badDayCount >= badDays),
            judgeBadMinute(figures.stallShare),
        ] + capacityJudgements(figures)
    }
}
