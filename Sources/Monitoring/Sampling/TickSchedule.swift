/// When to look: an absolute schedule, jittered so that a periodic writer cannot hide between the looks.
struct TickSchedule: Sendable {
    /// Nanoseconds between looks.
    let period: Int64
    /// The same while the lock is held.
    let burstPeriod: Int64
    /// Of a period, to each side.
    private let jitter: Double
    private var generator: SplitMix64
    private let start: Int64
    /// The look's place without jitter, from `start`.
    private var nominal: Int64 = 0
    /// Time in which a look was due and none was made.
    private(set) var missedNanoseconds: Int64 = 0

    var missedTicks: Int { Int(missedNanoseconds / period) }

    init(
        start: Int64, period: Int64 = 10_000_000, burstPeriod: Int64 = 1_000_000, jitter: Double = 0.3,
        seed: UInt64 = .random(in: 0 ... .max)
    ) {
        self.start = start
        self.period = period
        self.burstPeriod = burstPeriod
        self.jitter = jitter
        generator = SplitMix64(state: seed)
    }

    /// When to look next.
    struct Tick: Sendable, Hashable {
        var instant: Int64
        /// How many of the regular places it stands for, which come no matter what was seen: only they give shares of
        /// the time without bias. 0 for a look between them, more than 1 where some are left out.
        var places: Int

        var isRegular: Bool { places > 0 }
    }

    /// The next look, after `step` nanoseconds or at the next regular place if that comes first; a longer step ends at a
    /// regular place. Places that have passed altogether are not made up for, as all of them would see the same.
    mutating func next(after now: Int64, step wanted: Int64) -> Tick {
        let longest = max(period, wanted / period * period) - nominal % period
        let step = min(max(burstPeriod, wanted), longest)
        nominal += step
        let late = now - start - nominal
        if late > step {
            let skipped = late / step * step
            nominal += skipped
            missedNanoseconds += skipped
        }
        let shift = Double.random(in: -jitter...jitter, using: &generator)
        let places = nominal % period == 0 ? Int(nominal / period - (nominal - step) / period) : 0
        return Tick(instant: start + nominal + Int64(shift * Double(step)), places: places)
    }

    mutating func next(after now: Int64, isBurst: Bool) -> Tick {
        next(after: now, step: isBurst ? burstPeriod : period)
    }

    mutating func resetMissed() { missedNanoseconds = 0 }
}

/// Random enough for jitter, and without a system call for each number (Steele, Lea and Flood, 2014).
private struct SplitMix64: RandomNumberGenerator, Sendable {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
