/// A promise that was not kept: what was expected, what came instead, and the seed that shows it again.
public struct ConformanceFailure: Error, Sendable, CustomStringConvertible {
    /// The check's ``ConformanceCheck/name``.
    public let check: String
    /// The check's ``ConformanceCheck/area``.
    public let area: ConformanceCheck.Area
    /// The subject's ``ConformanceSubject/name``.
    public let subject: String
    /// What the promise says.
    public let expected: String
    /// What happened. Holds only values that the check made up itself.
    public let found: String
    /// The seed of the random values; give it to ``ConformanceSubject`` to see the failure again.
    public let seed: UInt64

    init(_ check: ConformanceCheck, on subject: ConformanceSubject, _ failure: Unexpected) {
        self.check = check.name
        area = check.area
        self.subject = subject.name
        expected = failure.expected
        found = failure.found
        seed = subject.seed
    }

    public var description: String {
        """
        \(subject) does not keep a promise about \(area): \(check).
          expected: \(expected)
          found:    \(found)
          seed:     \(seed)
        """
    }
}

/// What a check throws; the name and the seed are added by who runs it.
struct Unexpected: Error, CustomStringConvertible {
    let expected: String
    let found: String

    var description: String { "expected \(expected), found \(found)" }
}
