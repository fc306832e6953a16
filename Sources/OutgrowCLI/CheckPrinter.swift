internal import Diagnostics
internal import Foundation
internal import Monitoring
internal import Outgrow

/// The text form of a check: a line for a monitoring system, then lines for a person.
struct CheckPrinter {
    let terminal: Terminal

    /// One database as ever; of several first a line for each, then what there is to say of each.
    func print(_ outcomes: [CheckOutcome], _ session: Session, _ status: CheckStatus) throws {
        if case .report(let report) = outcomes[0], outcomes.count == 1 {
            guard session.isJSON else { return print(report) }
            return try session.printJSON(report, schema: "outgrow.check/1", exitStatus: status.rawValue)
        }
        guard !session.isJSON else {
            return try session.printJSON(
                CheckDocument(databases: outcomes), schema: "outgrow.checks/1", exitStatus: status.rawValue)
        }
        for outcome in outcomes {
            switch outcome {
            case .report(let report): terminal.out(pluginLine(report, named: report.source))
            case .failed(let source, let failure):
                terminal.out("OUTGROW UNKNOWN - \(source): \(failure.summary)")
            }
        }
        for outcome in outcomes {
            terminal.out()
            switch outcome {
            case .report(let report): printBody(report)
            case .failed(let source, let failure):
                terminal.out("\(source) could not be watched. \(failure.summary)")
                terminal.out("  fix: \(failure.remedy)")
            }
        }
    }

    func print(_ report: CheckReport) {
        terminal.out(pluginLine(report))
        terminal.out()
        printBody(report)
    }

    private func printBody(_ report: CheckReport) {
        printWatched(report)
        printVerdict(report)
        printCauses(report.verdict)
        printHolders(report)
        printStorage(report)
        if let probe = report.probe { printProbe(probe) }
        if !report.blindSpots.isEmpty {
            terminal.out()
            terminal.out("Not to be seen from here:")
            for spot in report.blindSpots { terminal.out("  \(spot)") }
        }
        if let note = report.note { terminal.say(note) }
    }

    private func printProbe(_ probe: ProbeRecord) {
        var parts = [Figures.count(Int64(probe.attempts), "attempt")]
        if let median = probe.median { parts.append("median \(Self.value(median, .seconds))") }
        if let longest = probe.longest { parts.append("longest \(Self.value(longest, .seconds))") }
        if probe.censored > 0 {
            parts.append("\(probe.censored) given up after \(Self.value(probe.limit, .seconds))")
        }
        if probe.skipped > 0 { parts.append("\(probe.skipped) left out so as not to stand in the way") }
        terminal.out(
            "Probe of the \(probe.kind.rawValue) (\(probe.label)): \(parts.joined(separator: ", ")).")
        if let failure = probe.failure { terminal.out("  It ended: \(failure)") }
        if probe.kind == .write {
            terminal.out("  Its own commits, up to \(probe.attempts), are among those counted above.")
        }
    }

    /// `LABEL - text | 'name'=value;warning;critical;minimum;maximum …`
    private func pluginLine(_ report: CheckReport, named name: String? = nil) -> String {
        let figures = report.verdict.figures
        let rules = report.rules
        let values = [
            "'lock_busy'=\(Self.number(figures.peakBusyFraction));0.5;\(Self.number(rules.fullBusyFraction));0;1",
            "'stall_share'=\(Self.number(100 * figures.stallShare))%;1;\(Self.number(100 * rules.badMinuteShare));0;100",
            "'p99_wait'=\(Self.number(figures.waitP99))s;\(Self.number(rules.stall));0.5;0;",
            "'wal_lag'=\(figures.pendingPages ?? 0);\(rules.pendingPages);;0;",
            "'writers'=\(figures.writerProcesses);;\(rules.outgrownWriters);0;",
            "'commit_rate'=\(Self.number(figures.commitsPerSecond));;;0;",
        ]
        let text = ((name.map { $0 + ": " } ?? "") + report.verdict.explanation).split(
            whereSeparator: \.isNewline
        ).joined(separator: " ")
            .replacing("|", with: "/")
        return "OUTGROW \(report.verdict.state.label) - \(text) | \(values.joined(separator: " "))"
    }

    private func printWatched(_ report: CheckReport) {
        let rate = report.seconds > 0 ? Double(report.commits) / report.seconds : 0
        let busy =
            report.minutes.reduce(0) { $0 + $1.busyFraction * $1.observed } / max(report.seconds, 0.001)
        if let history = report.history {
            terminal.out(
                "From the history of \(report.source): \(Figures.seconds(Double(history.end - history.start))) "
                    + "in \(history.place).")
            terminal.out(
                "In its last hour: \(Figures.count(Int64(report.commits), "commit")) (\(Self.number(rate)) a second), "
                    + "the write lock held for \(Self.percent(busy)) of the time.")
            return
        }
        let cut = report.wasCutShort ? ", cut short by a signal" : ""
        terminal.out(
            "Watched \(report.source) for \(Figures.seconds(report.seconds))\(cut): "
                + "\(Figures.count(Int64(report.commits), "commit")) (\(Self.number(rate)) a second), "
                + "the write lock held for \(Self.percent(busy)) of the time.")
    }

    private func printVerdict(_ report: CheckReport) {
        let verdict = report.verdict
        let label = verdict.isProvisional ? "Verdict (provisional)" : "Verdict"
        terminal.out("\(label): \(verdict.state.label). \(verdict.explanation)")
        let rows = verdict.judgements.map { judgement in
            [
                judgement.subject, Self.value(judgement.value, judgement.unit),
                Self.value(judgement.threshold, judgement.unit), judgement.exceeds ? "beyond" : "within",
            ]
        }
        if let forecast = report.forecast { terminal.out(forecast) }
        guard !rows.isEmpty else { return }
        ReportPrinter(terminal: terminal).printColumns(
            [["judged", "value", "threshold", ""]] + rows, rightAligned: [1, 2])
    }

    private func printCauses(_ verdict: Verdict) {
        guard !verdict.causes.isEmpty else { return }
        terminal.out()
        terminal.out("Causes:")
        for cause in verdict.causes {
            let name = cause.kind.rawValue.replacing("_", with: " ")
            terminal.out("  \(name) (\(cause.certainty.rawValue)): \(cause.evidence)")
            terminal.out("    fix: \(cause.change)")
            if let prediction = cause.prediction { terminal.out("    then: \(Self.text(prediction))") }
        }
        if verdict.causes.count > 1, let all = verdict.ifAllFixed {
            terminal.out("  all of them fixed: \(Self.text(all))")
        }
    }

    private static func text(_ prediction: Prediction) -> String {
        "the lock held for \(percent(prediction.busyFraction)), writers stalled for "
            + "\(percent(prediction.stallShare)) of the time (\(prediction.assumption))"
    }

    private func printHolders(_ report: CheckReport) {
        guard !report.holders.isEmpty else { return }
        terminal.out()
        terminal.out("Held the write lock:")
        let hasArguments = report.holders.contains { $0.arguments != nil }
        let rows = report.holders.prefix(5).map { holder in
            [
                "\(holder.process)", holder.shownName ?? "?",
                Self.percent(holder.busySeconds / max(report.seconds, 0.001)),
                Self.value(holder.longestHold, .seconds),
            ] + (hasArguments ? [holder.arguments ?? ""] : [])
        }
        let head = ["process", "program", "of the time", "longest"] + (hasArguments ? ["arguments"] : [])
        ReportPrinter(terminal: terminal).printColumns([head] + rows, rightAligned: [2, 3])
    }

    private func printStorage(_ report: CheckReport) {
        guard let last = report.minutes.last else { return }
        terminal.out()
        let least = last.writersAreAtLeast ? "at least " : ""
        var parts = [
            "journal \(last.journalMode)",
            least + Figures.count(Int64(last.writerProcesses), "writer process", "writer processes"),
            "database \(Figures.bytes(report.databaseByteCount))"
                + (report.fileSystem.map { " on \($0)" } ?? ""),
        ]
        if let size = last.walByteCount { parts.append("WAL \(Figures.bytes(size))") }
        if let pages = last.pendingPages {
            parts.append("\(Figures.count(Int64(pages), "page")) waiting for a checkpoint")
        }
        if let seconds = last.oldestReaderSeconds, seconds >= 1 {
            parts.append(
                "oldest reader \(Figures.seconds(seconds))"
                    + (last.oldestReader.map { " (process \($0))" } ?? ""))
        }
        if last.missedTicks > 0 { parts.append("\(Figures.count(Int64(last.missedTicks), "look")) missed") }
        terminal.out(parts.joined(separator: ", ") + ".")
        if report.history == nil {
            terminal.out("Watching took \(Self.percent(report.processorShare)) of a core.")
        }
    }

    static func value(_ value: Double, _ unit: Judgement.Unit) -> String {
        switch unit {
        case .ratio: percent(value)
        case .seconds: value < 1 ? "\(number(1000 * value)) ms" : "\(number(value)) s"
        case .count: number(value)
        case .hours: "\(number(value)) h"
        case .pages: Figures.count(Int64(value))
        }
    }

    static func percent(_ share: Double) -> String { "\(number(100 * share)) %" }

    /// At most three digits that mean something, and no exponent.
    static func number(_ value: Double) -> String {
        let digits = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : abs(value) >= 1 ? 2 : 3
        let text = String(format: "%.\(digits)f", value)
        guard text.contains(".") else { return text }
        let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return String(trimmed.reversed())
    }
}
