/// Whether several processes compete for the lock now, so that looks must come often enough to tell their turns
/// apart.
struct Crowd: Sendable {
    /// Of the regular looks, lately: each moves it by a twentieth.
    private var busyShare = 0.0
    private var last: Int32?
    private var lastChange = -Double.infinity

    /// The share of the time from which a lock that changes hands is a contended one.
    private static let busyEnough = 0.15
    /// Seconds without another holder after which one process has it for itself.
    private static let alone = 1.0

    mutating func see(_ look: TargetFiles.Look, at time: Double, isRegular: Bool) {
        if isRegular { busyShare += ((look.isHeld ? 1 : 0) - busyShare) / 20 }
        guard look.isHeld else { return }
        if let last, let holder = look.holder, last != holder { lastChange = time }
        last = look.holder ?? last
    }

    func isContended(at time: Double) -> Bool {
        busyShare >= Self.busyEnough && time - lastChange < Self.alone
    }
}
