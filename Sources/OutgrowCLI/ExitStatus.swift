internal import Diagnostics
internal import Outgrow

/// The exit statuses of every command but `check` (docs/reference/exit-status.md).
enum ExitStatus: Int32, CaseIterable, Sendable {
    /// Complete and verified.
    case complete = 0
    /// A defect of this tool.
    case internalError = 1
    /// Complete, with losses listed.
    case losses = 3
    /// Verification found differences.
    case differences = 4
    case sourceUnreadable = 10
    case targetRefused = 11
    /// Blocked before anything moved.
    case blocked = 12
    /// Stopped after parts were committed.
    case stopped = 13
    case usage = 64
    case interrupted = 130
    case terminated = 143

    init(_ error: OutgrowError) {
        self =
            switch error.kind {
            case .usage: .usage
            case .source: .sourceUnreadable
            case .target: .targetRefused
            case .blocked: .blocked
            case .stopped: .stopped
            case .interrupted: .interrupted
            case .internal: .internalError
            }
    }

    init(_ report: MigrationReport) {
        switch report.outcome {
        case .blocked: self = .blocked
        case .differs: self = .differences
        case .complete, .dryRun: self = ExitStatus(report.findings)
        }
    }

    /// A finding's severity decides.
    init(_ findings: [Finding]) {
        self =
            switch findings.worstSeverity {
            case nil, .info?, .accepted?: .complete
            case .loss?: .losses
            case .blocker?: .blocked
            }
    }
}
