import Testing

@testable import Monitoring

struct `virtual probes` {
    @Test func `SQLite's back-off asks at the times of its busy handler`() {
        let asked = BackOff.sqlite().attempts()
        #expect(
            asked.prefix(13) == [
                0, 1000, 3000, 8000, 18000, 33000, 53000, 78000, 103_000, 128_000, 178_000, 228_000, 328_000,
            ])
        #expect(asked.suffix(2) == [4_928_000, 5_000_000])
        #expect(asked.count == 60)
        #expect(BackOff.sqlite(busyTimeout: .zero).attempts() == [0])
        #expect(BackOff.sqlite(busyTimeout: .milliseconds(4)).attempts() == [0, 1000, 3000, 4000])
    }

    /// A hold, when a writer comes, and how long it then waits with SQLite's pauses.
    @Test(arguments: [
        (0.010, 0.0, 18_000), (0.0009, 0.0, 1000), (0.003, 0.0, 3000), (0.0031, 0.0, 8000),
        (0.600, 0.0, 628_000),
        (0.600, 0.5, 103_000), (0.600, 0.7, 0),
    ])
    func `a writer waits until its first question after the release`(
        hold: Double, arrival: Double, wait: Int64
    ) {
        let occupancy = Occupancy([HoldEpisode(start: -arrival, duration: hold)])
        let profile = VirtualProbe(spacing: .seconds(1)).replay(occupancy, window: 1)
        #expect(profile.count == 1)
        #expect(abs(profile.maximum * 1e6 - Double(wait)) <= Double(wait) / 1000 + 1)
    }

    @Test func `a writer that the lock outlasts is refused after the busy timeout`() {
        let profile = VirtualProbe(spacing: .seconds(1)).replay(
            [HoldEpisode(start: 0, duration: 60)], window: 2, observedUntil: 60)
        #expect(profile.refused == 2)
        #expect(profile.censored == 0)
        #expect(abs(profile.maximum - 5) < 0.01)
    }

    @Test func `writers that the trace's end cuts off count where they are decided and nowhere else`() {
        // Held from 0.85 to the end: of the writers in it, those before 0.9 have waited 100 ms at the end.
        let profile = VirtualProbe().replay([HoldEpisode(start: 0.85, duration: 1)], window: 1)
        #expect(profile.count == 100)
        #expect(profile.censored == 15)
        #expect(profile.share(over: 0.1) == 5.0 / 90)
        let lookingOn = VirtualProbe().replay(
            [HoldEpisode(start: 0.85, duration: 1)], window: 1, observedUntil: 7)
        #expect(lookingOn.censored == 0)
        #expect(lookingOn.share(over: 0.1) == 0.15)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8].map { UInt64($0) })
    func `a replay equals a simulation that looks at every question`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let episodes = Self.episodes(using: &numbers)
        for (backOff, limit) in [(BackOff.sqlite(), Int64(5_000_000)), (.polling(), 5_000_000)] {
            var expected = WaitProfile()
            let spacing: Int64 = backOff == .polling() ? 400_000 : 10_000
            for arrival in stride(from: Int64(0), to: 10_000_000, by: Int64.Stride(spacing)) {
                expected.record(Self.bruteForce(from: arrival, backOff, limit: limit, episodes))
            }
            let replayed = VirtualProbe(backOff: backOff, spacing: .microseconds(spacing))
                .replay(episodes, window: 10)
            #expect(replayed.refused == expected.refused && replayed.censored == expected.censored)
            let difference = zip(replayed.text.split(separator: " "), expected.text.split(separator: " "))
                .first { $0 != $1 }
            #expect(difference == nil && replayed == expected, "seed \(seed), \(backOff)")
        }
    }

    @Test(arguments: [11, 12, 13, 14].map { UInt64($0) })
    func `more occupancy never means less wait`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let some = Self.episodes(using: &numbers)
        let more = some + Self.episodes(using: &numbers)
        let less = VirtualProbe().replay(some, window: 10, observedUntil: 20)
        let longer = VirtualProbe().replay(more, window: 10, observedUntil: 20)
        for limit in [0, 0.001, 0.01, 0.05, 0.1, 0.3, 1, 3] {
            #expect(less.share(over: limit) <= longer.share(over: limit), "seed \(seed), over \(limit) s")
        }
    }

    @Test(arguments: [21, 22, 23].map { UInt64($0) })
    func `profiles of parts merge to the profile of the whole`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let episodes = Self.episodes(using: &numbers)
        let whole = VirtualProbe().replay(episodes, window: 10, observedUntil: 16)
        var merged = WaitProfile()
        for part in 0..<5 {
            let shifted = episodes.map {
                HoldEpisode(start: $0.start - 2 * Double(part), duration: $0.duration)
            }
            merged.merge(VirtualProbe().replay(shifted, window: 2, observedUntil: 16 - 2 * Double(part)))
        }
        #expect(merged == whole, "seed \(seed)")
        #expect(merged.percentile(99) == whole.percentile(99))
    }

    @Test func `a profile reads back what it wrote, and nothing else`() throws {
        let profile = VirtualProbe().replay([HoldEpisode(start: 0.3, duration: 9)], window: 8)
        let copy = try #require(WaitProfile(text: profile.text))
        #expect(copy == profile)
        #expect(copy.refused == profile.refused && copy.censored == profile.censored && copy.censored > 0)
        #expect(copy.share(over: 0.1) == profile.share(over: 0.1))
        for text in [
            "", "0:0;2:3", "x;;", ";;", "0:0;1;", "0:0;-1:1;", "0:0;1:-1;", "0:0;1:99999999999999999;",
        ] {
            #expect(WaitProfile(text: text) == nil, "\(text)")
        }
    }

    @Test func `nonsense in episodes is left out`() {
        let odd = [
            HoldEpisode(start: .nan, duration: 1), HoldEpisode(start: 0, duration: .infinity),
            HoldEpisode(start: 0.5, duration: -1), HoldEpisode(start: 1e300, duration: 1e300),
        ]
        #expect(VirtualProbe().replay(odd, window: 1).share(over: 0) == 0)
        #expect(VirtualProbe().replay(odd, window: .nan).count == 0)
    }

    private static func episodes(using numbers: inout SeededNumbers) -> [HoldEpisode] {
        (0..<Int.random(in: 20...300, using: &numbers)).map { _ in
            let length = [0.0005, 0.004, 0.03, 0.25, 1.5].randomElement(using: &numbers) ?? 0.01
            return HoldEpisode(
                start: Double.random(in: -1...12, using: &numbers),
                duration: Double.random(in: 0...length, using: &numbers))
        }
    }

    /// The busy handler as it is written in C, question by question, on unsorted episodes.
    private static func bruteForce(
        from arrival: Int64, _ backOff: BackOff, limit: Int64, _ episodes: [HoldEpisode]
    ) -> VirtualProbe.Wait {
        let delays: [Int64] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100]
        var waited: Int64 = 0
        var count = 0
        while true {
            let time = arrival + waited
            if time >= 10_000_000 { return .censored(10_000_000 - arrival) }
            let isHeld = episodes.contains {
                Occupancy.microseconds($0.start) <= time && time < Occupancy.microseconds($0.end)
            }
            if !isHeld { return .ended(waited) }
            if waited >= limit { return .refused(limit) }
            let pause = backOff == .polling() ? 1 : count < delays.count ? delays[count] : 100
            waited += min(pause * 1000, limit - waited)
            count += 1
        }
    }
}
