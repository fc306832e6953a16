/// What holds at this second, before the minute is over.
package struct LiveLook: Sendable, Encodable {
    /// Commits since the watching began.
    package var commits = 0
    /// Seconds that the lock has been held by who holds it now.
    package var holdSeconds: Double?
    package var holder: LockHolder?
    package var oldestReaderSeconds: Double?
    package var oldestReader: Int32?

    package init() {}
}

extension LockHolder {
    /// Reads who `process` is, as long as it lives.
    package static func look(at process: Int32, showsArguments: Bool) -> LockHolder {
        identify(process, showsArguments: showsArguments)
    }
}
