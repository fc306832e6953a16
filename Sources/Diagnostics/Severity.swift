/// How much a finding matters, and so which exit status the run ends with.
package enum Severity: String, Sendable, Codable, Comparable, CaseIterable {
    /// The meaning arrives; its form changes. Exit status 0.
    case info
    /// A loss that the user's mapping accepts by name: listed, and not counted. Exit status 0.
    case accepted
    /// Something does not arrive with its meaning, and is listed. Exit status 3.
    case loss
    /// The run stops before anything moves. Exit status 12.
    case blocker

    package static func < (one: Severity, other: Severity) -> Bool { one.rank < other.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .accepted: 1
        case .loss: 2
        case .blocker: 3
        }
    }
}
