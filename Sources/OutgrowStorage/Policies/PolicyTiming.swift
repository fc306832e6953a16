/// The clock, the pauses and the dice of the policies, so that tests need none of them.
struct PolicyTiming: Sendable {
    /// The time since some fixed moment.
    var now: @Sendable () -> Duration
    var sleep: @Sendable (Duration) async throws -> Void
    /// At least 0 and less than 1.
    var random: @Sendable () -> Double

    static let system = PolicyTiming(
        now: { origin.duration(to: .now) },
        sleep: { try await Task.sleep(for: $0.bounded) },
        random: { Double.random(in: 0..<1) })

    private static let origin = ContinuousClock.now
}
