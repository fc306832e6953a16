/// Something about a database that hurts or may hurt, with the exact change that mends it.
package struct DoctorFinding: Sendable, Hashable, Encodable {
    package enum Severity: String, Sendable, Hashable, Encodable, CaseIterable, Comparable {
        /// Would be better otherwise.
        case hint
        /// Costs the application time or room now.
        case harm
        /// Rows may be lost, or the application may stop.
        case danger

        package static func < (left: Severity, right: Severity) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    /// Stable: scripts may match on it.
    package var code: String
    package var severity: Severity
    /// A table or an index; nil for the database as a whole.
    package var object: String?
    /// What was seen, in a sentence.
    package var message: String
    /// SQL, a command or the change in the application.
    package var fix: String

    package init(
        _ code: String, _ severity: Severity, object: String? = nil, _ message: String, fix: String
    ) {
        self.code = code
        self.severity = severity
        self.object = object
        self.message = message
        self.fix = fix
    }
}
