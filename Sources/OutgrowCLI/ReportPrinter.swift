internal import Diagnostics
internal import Outgrow
internal import Schema
internal import Verification

/// The text form of the reports: what moved, what was decided, what was found.
struct ReportPrinter {
    let terminal: Terminal

    func print(_ report: MigrationReport, isRehearsal: Bool) {
        printHeader(report, isRehearsal)
        printTables(report)
        printDecisions(report)
        printFindings(report.findings)
        if let verification = report.verification {
            print(verification, lacks: report.findings.contains { Self.missing.contains($0.code) })
        }
        printTimes(report)
    }

    private func printHeader(_ report: MigrationReport, _ isRehearsal: Bool) {
        let place = isRehearsal ? "a throw-away PostgreSQL \(report.serverVersion / 10_000)" : report.target
        let what =
            switch report.outcome {
            case .complete: isRehearsal ? "Rehearsed" : "Migrated"
            case .differs: "Copied, with differences,"
            case .blocked: "Blocked before anything moved:"
            case .dryRun: "Would migrate"
            }
        terminal.out("\(what) \(report.source) into \(place), schema \(report.targetSchema).")
    }

    private func printTables(_ report: MigrationReport) {
        terminal.out()
        let rows = report.tables.map { table in
            [
                table.source == table.target ? table.source : "\(table.source) -> \(table.target)",
                Figures.count(table.rows), Figures.bytes(table.bytes),
            ]
        }
        printColumns([["table", "rows", "size"]] + rows, rightAligned: [1, 2])
        terminal.out(
            "\(Figures.count(Int64(report.tables.count), "table")), \(Figures.count(report.rowCount, "row")), "
                + "\(Figures.bytes(report.byteCount)).")
    }

    /// Columns that were decided alike share a line.
    private func printDecisions(_ report: MigrationReport) {
        struct Decision: Hashable { var declared, type, reason: String }
        var order: [Decision] = []
        var columns: [Decision: [String]] = [:]
        for table in report.tables {
            for column in table.columns {
                let decision = Decision(
                    declared: column.declaredType ?? "(none)", type: column.type, reason: column.reason)
                if columns[decision] == nil { order.append(decision) }
                columns[decision, default: []].append("\(table.source).\(column.source)")
            }
        }
        guard !order.isEmpty else { return }
        terminal.out()
        let rows = order.sorted { (columns[$0]?.count ?? 0) > (columns[$1]?.count ?? 0) }.map { decision in
            let names = columns[decision] ?? []
            return [
                decision.declared, decision.type,
                names.count == 1 ? names[0] : "\(names.count) columns", decision.reason,
            ]
        }
        printColumns([["declared", "became", "where", "why"]] + rows, rightAligned: [])
    }

    func printFindings(_ findings: [Finding]) {
        guard !findings.isEmpty else { return }
        terminal.out()
        for severity in Severity.allCases.reversed() {
            let group = findings.filter { $0.severity == severity }
            guard !group.isEmpty else { continue }
            terminal.out("\(Self.title(severity)) (\(group.count))")
            for line in group.flatMap(lines) { terminal.out(line) }
        }
    }

    static func title(_ severity: Severity) -> String {
        switch severity {
        case .blocker: "Blockers: nothing moves until these are solved"
        case .loss: "Losses: these do not arrive with their meaning"
        case .accepted: "Accepted losses, as the mapping says"
        case .info: "Notes"
        }
    }

    /// One finding, as every command shows it.
    func lines(of finding: Finding) -> [String] {
        let place = finding.location.description
        var lines = [
            "  \(finding.code.rawValue)\(place.isEmpty ? "" : "  \(place)")", "      \(finding.message)",
        ]
        if !finding.examples.isEmpty {
            lines.append("      rows: \(finding.examples.joined(separator: ", "))")
        }
        if let remedy = finding.remedy { lines.append("      fix: \(remedy)") }
        if let sql = finding.sql {
            lines += sql.split(separator: "\n", omittingEmptySubsequences: true).map { "      | \($0)" }
        }
        return lines
    }

    /// Findings of what was planned and could not be made.
    private static let missing: Set<Finding.Code> = [
        "unique-broken-by-data", "index-not-carried", "primary-key-not-carried", "foreign-key-not-carried",
        "check-not-valid",
    ]

    /// - Parameter lacks: some of what was planned does not stand, and the findings say so.
    func print(_ verification: VerificationReport, lacks: Bool = false) {
        terminal.out()
        let tables = Figures.count(Int64(verification.tables.count), "table")
        let exception = lacks ? ", but for the losses listed" : ""
        if verification.matches {
            terminal.out(
                verification.tables.isEmpty
                    ? "Verified: every planned constraint, index, view, trigger and identity position stands\(exception)."
                    : "Verified: \(Figures.count(verification.rowCount, "row")) in \(tables) are equal on both sides; "
                        + "every planned constraint, index, view, trigger and identity position stands\(exception)."
            )
            return
        }
        terminal.out("Verification found differences.")
        for table in verification.tables where !table.matches { printDifferences(table) }
        for difference in verification.catalog {
            // A table or a view that is missing is its own place.
            let owner = difference.table == difference.name ? "" : difference.table + "."
            terminal.out("  \(difference.kind.rawValue)  \(owner)\(difference.name)")
            terminal.out("      \(difference.message)")
        }
    }

    private static let shownDifferences = 20

    private func printDifferences(_ table: TableVerification) {
        terminal.out(
            "  \(table.table): \(Figures.count(table.sourceRowCount, "row")) in the source, "
                + "\(Figures.count(table.targetRowCount)) in the target")
        if table.targetRowCount == 0 { return terminal.out("      no row has arrived") }
        for difference in table.differences.prefix(Self.shownDifferences) {
            var line = "      \(difference.kind.rawValue)"
            if let row = difference.row { line += "  \(row)" }
            if !difference.columns.isEmpty {
                line += "  column \(difference.columns.joined(separator: ", "))"
            }
            if difference.kind == .count {
                line += "  \(difference.sourceCopies) to \(difference.targetCopies)"
            }
            terminal.out(line)
        }
        let left = table.differenceCount - Int64(min(table.differences.count, Self.shownDifferences))
        if left > 0 {
            terminal.out("      and \(Figures.count(left)) more or more still; --json lists up to a hundred")
        }
    }

    private func printTimes(_ report: MigrationReport) {
        guard report.outcome == .complete || report.outcome == .differs else { return }
        let phases = report.phases.map { "\($0.name) \(Figures.seconds($0.seconds))" }.joined(separator: ", ")
        let moving = report.seconds(of: "copy") + report.seconds(of: "finish")
        let rate = moving > 0 ? Int64(Double(report.rowCount) / moving) : 0
        terminal.out("Took \(Figures.seconds(report.seconds)) (\(phases)); \(Figures.count(rate)) rows/s.")
    }

    func printColumns(_ rows: [[String]], rightAligned: Set<Int>) {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = row.enumerated().map { index, text in
                let padding = String(repeating: " ", count: widths[index] - text.count)
                return rightAligned.contains(index)
                    ? padding + text : index == row.count - 1 ? text : text + padding
            }
            terminal.out("  " + cells.joined(separator: "  "))
        }
    }
}
