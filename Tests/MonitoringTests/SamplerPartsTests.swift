import Testing

@testable import Monitoring

/// The pure parts of the sampler: what is made of what was seen.
@Suite struct SamplerPartsTests {
    @Test func `both copies of the index header must agree`() throws {
        var bytes = Self.index(counter: 7, frames: 300, backfilled: 100)
        let index = try WALIndex(bytes)
        #expect(index.commitCounter == 7)
        #expect(index.frameCount == 300)
        #expect(index.pendingPages == 200)
        bytes[56] = 9
        #expect(throws: WALIndex.Failure.torn) { try WALIndex(bytes) }
        #expect(throws: WALIndex.Failure.notInitialized) {
            try WALIndex([UInt8](repeating: 0, count: WALIndex.byteCount))
        }
        #expect(throws: WALIndex.Failure.notInitialized) { try WALIndex(Array(bytes.prefix(40))) }
    }

    @Test func `a counter that begins anew is counted from there`() {
        var count = CommitCount()
        for counter in [100, 103, 103, 110] as [UInt32] { count.observe(counter) }
        #expect(count.total == 10)
        // Recovered in place: it counts from 0 again.
        count.observe(2)
        #expect(count.total == 12)
        #expect(count.resets == 1)
        // The -shm was made again.
        count.beginAnew()
        count.observe(5)
        #expect(count.total == 17)
        #expect(count.resets == 2)
        // Another database: nobody knows what it counted before.
        count.forget()
        count.observe(4000)
        #expect(count.total == 17)
    }

    @Test func `a counter may wrap around`() {
        var count = CommitCount()
        for counter in [UInt32.max - 1, 3] { count.observe(counter) }
        #expect(count.total == 5)
        #expect(count.resets == 0)
    }

    @Test func `looks are joined to episodes`() {
        var trace = OccupancyTrace(period: 0.01)
        let held: [(Double, Int32?, Int)] = [
            (0.005, nil, 0), (0.015, 7, 0), (0.025, 7, 0), (0.035, 7, 0), (0.045, nil, 1), (0.055, 8, 1),
            (0.065, 9, 2), (0.075, 9, 3), (0.085, nil, 4), (0.095, nil, 4),
        ]
        for (time, holder, commits) in held {
            trace.add(LockLook(time: time, isHeld: holder != nil, holder: holder, commits: commits))
        }
        trace.finish(at: 0.1)
        #expect(trace.episodes.map(\.holder) == [7, 8, 9, 9])
        #expect(trace.episodes.map(\.commits) == [1, 1, 1, 1])
        #expect(trace.episodes.map { Int(($0.duration * 1000).rounded()) } == [30, 10, 10, 10])
        #expect(abs(trace.busySeconds - 0.06) < 1e-9)
        #expect(abs(trace.observedSeconds - 0.1) < 1e-9)
    }

    @Test func `a hold bridges looks that were missed, and other time counts as not observed`() {
        var trace = OccupancyTrace(period: 0.01)
        for (time, holder) in [(0.005, 7), (0.505, 7), (0.515, nil), (1.015, nil), (1.025, 7)]
            as [(Double, Int32?)]
        {
            trace.add(LockLook(time: time, isHeld: holder != nil, holder: holder, commits: 0))
        }
        trace.finish(at: 1.03)
        #expect(trace.episodes.count == 2)
        #expect(abs(trace.episodes[0].duration - 0.51) < 1e-9)
        #expect(abs(trace.observedSeconds - (1.03 - 0.49)) < 1e-9)
    }

    @Test func `in a rollback journal the counter moves before the lock is let go`() {
        var trace = OccupancyTrace(period: 0.01, countsBeforeRelease: true)
        // Reserved, in the commit, counted and still in it; then the same process once more.
        let looks: [(Double, Bool, Int)] = [
            (0.01, false, 0), (0.02, true, 0), (0.03, true, 1), (0.04, false, 1), (0.05, false, 2),
        ]
        for (time, isCommitting, commits) in looks {
            trace.add(
                LockLook(time: time, isHeld: true, holder: 7, isCommitting: isCommitting, commits: commits))
        }
        trace.finish(at: 0.055)
        #expect(trace.episodes.map { Int(($0.duration * 1000).rounded()) } == [35, 10, 10])
    }

    @Test func `who still writes into the WAL does not wait for the disk`() {
        // When the last look came and the last write was, in ms after the lock was taken.
        let cases: [(look: Double, write: Double, isWriting: Bool)] = [
            (20, 19, false), (100, 96, true), (100, 88, true), (100, 60, false), (150, 2, false),
        ]
        for (milliseconds, write, isWriting) in cases {
            var trace = OccupancyTrace(period: 0.01)
            trace.add(LockLook(time: 0, isHeld: true, holder: 7, commits: 0))
            var look = LockLook(time: milliseconds / 1000, isHeld: true, holder: 7, commits: 0)
            look.lastWrite = write / 1000
            trace.add(look)
            #expect(trace.isWriting == isWriting, "\(milliseconds), \(write)")
        }
    }

    @Test func `another journal is another transaction, though the lock was never seen free`() {
        var trace = OccupancyTrace(period: 0.01, countsBeforeRelease: true)
        let looks: [(Double, Int, UInt32?)] = [
            (0.01, 1, nil), (0.02, 1, 7), (0.03, 1, 7), (0.04, 1, 8), (0.05, 1, 8), (0.06, 2, 8),
        ]
        for (time, commits, transaction) in looks {
            var look = LockLook(time: time, isHeld: true, holder: 7, isCommitting: true, commits: commits)
            look.transaction = transaction
            trace.add(look)
        }
        trace.finish(at: 0.065)
        #expect(trace.episodes.map { Int(($0.duration * 1000).rounded()) } == [35, 30])
        #expect(trace.episodes.map(\.commits) == [0, 1])
    }

    @Test func `several that pass the lock round make it contended, and one alone does not`() {
        var crowd = Crowd()
        for tick in 0..<100 {
            crowd.see(
                TargetFiles.Look(isHeld: true, holder: 7), at: Double(tick) / 100, isRegular: true)
        }
        #expect(!crowd.isContended(at: 1))
        crowd.see(TargetFiles.Look(isHeld: true, holder: 8), at: 1, isRegular: true)
        #expect(crowd.isContended(at: 1.5))
        #expect(!crowd.isContended(at: 2.5))
    }

    @Test func `the schedule stays on its grid, and counts what was missed`() {
        var schedule = TickSchedule(start: 0, period: 10_000_000, burstPeriod: 1_000_000, jitter: 0.3)
        var last: Int64 = 0
        for place in 1...1000 {
            let tick = schedule.next(after: last, isBurst: false)
            #expect(tick.isRegular)
            #expect(abs(tick.instant - Int64(place) * 10_000_000) <= 3_000_000)
            last = tick.instant
        }
        #expect(schedule.missedTicks == 0)
        // A quarter of a second asleep.
        let late = schedule.next(after: last + 250_000_000, isBurst: false)
        #expect(late.instant > last + 230_000_000)
        #expect((22...25).contains(schedule.missedTicks))
    }

    @Test func `a burst looks ten times as often, and every tenth look is a regular one`() {
        var schedule = TickSchedule(start: 0, jitter: 0)
        var ticks: [TickSchedule.Tick] = []
        for _ in 0..<95 { ticks.append(schedule.next(after: ticks.last?.instant ?? 0, isBurst: true)) }
        #expect(ticks.last?.instant == 95_000_000)
        #expect(ticks.filter(\.isRegular).map(\.instant) == (1...9).map { $0 * 10_000_000 })
        let after = schedule.next(after: 95_000_000, isBurst: false)
        #expect(after == TickSchedule.Tick(instant: 100_000_000, places: 1))
    }

    @Test func `a look may stand for several regular ones, and ends where they do`() {
        var schedule = TickSchedule(start: 0, jitter: 0)
        var ticks: [TickSchedule.Tick] = []
        for step in [1, 40, 40, 40, 1, 10, 40] as [Int64] {
            ticks.append(schedule.next(after: ticks.last?.instant ?? 0, step: step * 1_000_000))
        }
        #expect(ticks.map { $0.instant / 1_000_000 } == [1, 40, 80, 120, 121, 130, 170])
        #expect(ticks.map(\.places) == [0, 4, 4, 4, 0, 1, 4])
        #expect(schedule.missedTicks == 0)
    }

    @Test func `looks that come less often lose no time, and weigh as much as those that they stand for`() {
        var trace = OccupancyTrace(period: 0.01)
        for index in 0...10 {
            trace.add(
                LockLook(time: Double(index) / 25, isHeld: index == 10, holder: 1, commits: 0), places: 4)
        }
        for index in 1...56 {
            trace.add(LockLook(time: 0.4 + Double(index) / 100, isHeld: index < 4, holder: 1, commits: 0))
        }
        trace.finish(at: 0.96)
        #expect(abs(trace.observedSeconds - 0.96) < 1e-9)
        #expect(trace.busyFraction == 0.07)
        #expect(abs((trace.episodes.first?.duration ?? 0) - 0.055) < 1e-9)
    }

    @Test func `looks in a burst do not weigh on the share of the time`() {
        var trace = OccupancyTrace(period: 0.01)
        for index in 0..<10 {
            trace.add(LockLook(time: Double(index) / 100, isHeld: index < 2, holder: 1, commits: 0))
        }
        for index in 0..<50 {
            trace.add(LockLook(time: 0.1, isHeld: true, holder: 1, commits: index), places: 0)
        }
        #expect(trace.busyFraction == 0.2)
    }

    @Test func `the kernel's table of locks is read`() {
        let table = LockTable(
            """
            1: POSIX  ADVISORY  WRITE 1178 fe:00:77 120 121
            1: -> POSIX  ADVISORY  WRITE 1179 fe:00:77 120 120
            2: POSIX  ADVISORY  READ 1178 fe:00:77 124 124
            3: FLOCK  ADVISORY  WRITE 5 fe:00:77 0 EOF
            4: POSIX  ADVISORY  READ 9 fe:01:77 125 127
            5: POSIX  ADVISORY  READ 10 fe:00:78 1073741826 1073742335
            """)
        #expect(table.rows.count == 4)
        let file = FileIdentity(device: 0xFE00, inode: 77)
        let rows = table.rows(of: file)
        #expect(rows.map(\.process) == [1178, 1178])
        let readers = ReaderWatch.readers(in: rows, isWAL: true, marks: [0, 5, 0, 0, 0])
        #expect(readers == [ReaderWatch.Reader(process: 1178, byte: 124, mark: 5)])
        // A file system that numbers its device otherwise in this table.
        #expect(table.rows(of: FileIdentity(device: 0x31, inode: 78)).map(\.process) == [10])
    }

    @Test func `a reader ages only while its lock and its mark stay`() {
        var watch = ReaderWatch()
        let reader = ReaderWatch.Reader(process: 5, byte: 124, mark: 1)
        watch.see([reader], at: 0)
        watch.see([reader], at: 3)
        #expect(watch.oldest(at: 3)?.seconds == 3)
        watch.end(byte: 124)
        watch.see([reader], at: 4)
        #expect(watch.oldest(at: 4)?.seconds == 0)
        watch.see([ReaderWatch.Reader(process: 5, byte: 124, mark: 2)], at: 6)
        #expect(watch.oldest(at: 7)?.seconds == 1)
        watch.see([], at: 8)
        #expect(watch.oldest(at: 8) == nil)
    }

    @Test(arguments: [
        ("0:50", "/mnt/share/app.db", "nfs4", true), ("254:0", "/var/lib/app.db", "ext4", false),
        ("9:9", "/srv/my data/app.db", "fuse.sshfs", true), ("9:9", "/elsewhere", "ext4", false),
    ])
    func `the file system is found by device, or by the longest mount point`(
        device: String, path: String, name: String, isNetwork: Bool
    ) throws {
        let text = """
            27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
            40 27 0:50 / /mnt/share rw - nfs4 server:/x rw
            41 27 0:51 / /srv/my\\040data rw - fuse.sshfs x rw
            """
        let kind = try #require(FileSystemKind(mountInfo: text, device: device, path: path))
        #expect(kind.name == name)
        #expect(kind.isNetwork == isNetwork)
    }

    private static func index(counter: UInt32, frames: UInt32, backfilled: UInt32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: WALIndex.byteCount)
        func put(_ number: UInt32, _ offset: Int) {
            for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
        }
        for copy in [0, 48] {
            put(3_007_000, copy)
            put(counter, copy + 8)
            bytes[copy + 12] = 1
            put(frames, copy + 16)
        }
        put(backfilled, 96)
        return bytes
    }
}
