internal import Monitoring
internal import Outgrow

/// The text form of what the doctor found.
struct DoctorPrinter {
    let terminal: Terminal

    func print(_ report: DoctorReport) {
        printFacts(report)
        for severity in DoctorFinding.Severity.allCases.reversed() {
            let group = report.findings.filter { $0.severity == severity }
            guard !group.isEmpty else { continue }
            terminal.out()
            terminal.out("\(Self.title(severity)) (\(group.count))")
            for finding in group {
                terminal.out("  \(finding.code)" + (finding.object.map { "  \($0)" } ?? ""))
                terminal.out("      \(finding.message)")
                terminal.out("      fix: \(finding.fix)")
            }
        }
        terminal.out()
        if report.findings.isEmpty { terminal.out("Nothing to mend.") }
        terminal.out("Not to be seen from here:")
        for line in report.unseen { terminal.out("  \(line)") }
    }

    private static func title(_ severity: DoctorFinding.Severity) -> String {
        switch severity {
        case .danger: "Dangers: rows may be lost, or the application may stop"
        case .harm: "Harms: these cost time now"
        case .hint: "Hints"
        }
    }

    private func printFacts(_ report: DoctorReport) {
        let facts = report.facts
        let vacuum = facts.autoVacuum == .none ? "" : ", auto_vacuum \(facts.autoVacuum.rawValue)"
        terminal.out(
            "\(facts.path): \(Figures.bytes(facts.byteCount)), "
                + "\(Figures.count(facts.pageCount, "page")) of \(facts.pageSize) bytes, "
                + "\(Figures.count(facts.freePages)) of them free, "
                + "\(facts.isWAL ? "WAL" : "rollback journal")\(vacuum), owned by \(facts.ownerName)"
                + (facts.fileSystem.map { " on \($0.name)" } ?? "") + ".")
        for sidecar in facts.sidecars {
            terminal.out(
                "  \(sidecar.suffix)  \(Figures.bytes(sidecar.byteCount)), owned by \(sidecar.ownerName)")
        }
        let openers = facts.writers.map { ($0, "for writing") } + facts.readers.map { ($0, "for reading") }
        for (opener, how) in openers.prefix(20) {
            terminal.out(
                "  open \(how) in process \(opener.process)" + (opener.name.map { " (\($0))" } ?? ""))
        }
        if let holder = facts.writeLockHolder, holder > 0 {
            terminal.out("  the write lock is held by process \(holder) at this moment")
        }
        guard let schema = report.schema else { return }
        terminal.out(
            "  \(Figures.count(Int64(schema.tables.count), "table")), "
                + "\(Figures.count(Int64(schema.indexes.count), "index", "indexes"))")
    }
}
