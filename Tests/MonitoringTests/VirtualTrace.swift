import Monitoring

/// A stream of numbers that a seed determines (SplitMix64), so that a failure can be repeated.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Writers in a world of their own that take SQLite's lock as SQLite does: what they did and what they felt.
struct VirtualTrace {
    /// One process that writes.
    struct Writer {
        /// Seconds of a transaction.
        var hold: ClosedRange<Double>
        /// Seconds from a commit to the next attempt, in a closed loop.
        var pause: ClosedRange<Double> = 0.00003...0.00006
        /// Seconds between the intended times on average, for one that is paced; it keeps its schedule when
        /// late.
        var every: Double?
    }

    private(set) var episodes: [HoldEpisode] = []
    let seconds: Double
    private(set) var refusals = 0
    /// Of the writers' time, how much lay within transactions that took more than 100 ms.
    private(set) var stalledTime = 0.0

    private static let pauses: [Double] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100]

    /// What a writer does next, and when.
    private struct Turn {
        var time: Double
        var asked: Double
        var attempt = 0
        var slept = 0.0
        var intended: Double
    }

    init(_ writers: [Writer], seconds: Double, seed: UInt64) {
        self.seconds = seconds
        var numbers = SeededNumbers(seed: seed)
        var turns = writers.indices.map { index -> Turn in
            let first = Double.random(in: 0...(writers[index].every ?? 0.003), using: &numbers)
            return Turn(time: first, asked: first, intended: first)
        }
        var free = 0.0
        while let next = turns.indices.min(by: { turns[$0].time < turns[$1].time }),
            turns[next].time < seconds
        {
            var turn = turns[next]
            if turn.time < free {
                wait(&turn, jitter: Double.random(in: 0.00005...0.0003, using: &numbers))
            } else {
                let hold = Double.random(in: writers[next].hold, using: &numbers)
                free = turn.time + hold
                episodes.append(
                    HoldEpisode(start: turn.time, duration: hold, holder: Int32(100 + next), commits: 1))
                if free - turn.asked > 0.1 { stalledTime += min(free, seconds) - turn.asked }
                turn = after(turn, of: writers[next], at: free, numbers: &numbers)
            }
            turns[next] = turn
        }
        // Those that still wait at the end.
        for turn in turns where turn.attempt > 0 && seconds - turn.asked > 0.1 {
            stalledTime += seconds - turn.asked
        }
        stalledTime /= seconds * Double(writers.count)
    }

    private mutating func wait(_ turn: inout Turn, jitter: Double) {
        var pause = Self.pauses[min(turn.attempt, Self.pauses.count - 1)] / 1000
        pause = min(pause, 5 - turn.slept)
        if pause <= 0 {
            refusals += 1
            stalledTime += turn.time - turn.asked
            turn = Turn(time: turn.time + jitter, asked: turn.time + jitter, intended: turn.intended)
            return
        }
        turn.slept += pause
        turn.attempt += 1
        turn.time += pause + jitter
    }

    private func after(
        _ turn: Turn, of writer: Writer, at end: Double, numbers: inout SeededNumbers
    ) -> Turn {
        guard let every = writer.every else {
            let time = end + Double.random(in: writer.pause, using: &numbers)
            return Turn(time: time, asked: time, intended: time)
        }
        let intended = turn.intended + every * Double.random(in: 0.5...1.5, using: &numbers)
        let time = max(end + 0.0002, intended)
        return Turn(time: time, asked: time, intended: intended)
    }

    var commits: Int { episodes.count }
    var holders: Int { Set(episodes.compactMap(\.holder)).count }
    var busyFraction: Double { episodes.reduce(0) { $0 + $1.duration } / seconds }

    /// What a sampler at this rate would have made of it: looks joined to stretches.
    func sampled(perSecond rate: Double) -> [HoldEpisode] {
        var seen: [HoldEpisode] = []
        var index = 0
        var commits = 0
        for tick in 0..<Int(seconds * rate) {
            let time = (Double(tick) + 0.5) / rate
            while index < episodes.count, episodes[index].end <= time {
                index += 1
                commits += 1
            }
            guard index < episodes.count, episodes[index].start <= time else { continue }
            let hold = HoldEpisode(
                start: Double(tick) / rate, duration: 1 / rate, holder: episodes[index].holder,
                commits: commits)
            if let last = seen.last, last.holder == hold.holder, last.commits == commits,
                abs(last.end - hold.start) < 0.1 / rate
            {
                seen[seen.count - 1].duration += 1 / rate
            } else {
                seen.append(hold)
            }
        }
        for place in seen.indices { seen[place].commits = 1 }
        return seen
    }
}
