/// How often to look.
package struct SamplingSettings: Sendable {
    /// Nanoseconds between looks.
    package var period: Int64 = 10_000_000
    /// The same while the lock is held.
    package var burstPeriod: Int64 = 1_000_000
    /// The same when nobody has written for `quietAfter`, until somebody does: a multiple of `period`.
    package var quietPeriod: Int64 = 40_000_000
    /// Nanoseconds.
    package var quietAfter: Int64 = 10_000_000_000
    /// Of a period, to each side.
    package var jitter = 0.3
    /// Arguments of processes hold secrets.
    package var showsArguments = false
    /// A probe of our own, whose locks are not the application's.
    package var probe: ProbeLink?

    package init() {}
}
