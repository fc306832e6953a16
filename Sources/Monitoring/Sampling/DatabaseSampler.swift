package import Diagnostics

/// Watches one live database from outside: opens its files for reading, asks for locks, reads counters.
///
/// It writes nothing, takes no lock and never hands the database to libsqlite3. The process it runs in must
/// have no connection to the database: closing a descriptor here would drop that connection's locks.
/// To be used on one thread, which it blocks.
package final class DatabaseSampler {
    private let files: TargetFiles
    private let settings: SamplingSettings
    private var schedule: TickSchedule
    private var readers = ReaderWatch()
    private var identities: [Int32: LockHolder] = [:]
    private var scan = ProcessScan()
    private var scanTime: Int64 = .min / 2
    private var sleeps = SleepCount()
    private var fileSystem: FileSystemKind?
    private var connected: Set<Int32> = []
    private let origin: Int64
    private var nextReaderLook: Int64 = .min
    /// Of the last hundred regular looks or so, those that found the lock held.
    private var lately = 0.0
    /// When somebody was last seen to write.
    private var lastSign: (instant: Int64, commits: Int)
    /// The hold that the last look found, as far as it has lasted.
    package private(set) var presentHold: HoldEpisode?
    /// The same of the checkpoint lock.
    private(set) var presentCheckpoint: HoldEpisode?
    /// The reader that has been reading for longest, as of the last second.
    package private(set) var oldestReader: (seconds: Double, process: Int32)?

    private static let second: Int64 = 1_000_000_000

    /// - Throws: what stands against reading the database, as an error of the source.
    package init(_ path: String, settings: SamplingSettings = SamplingSettings()) throws(OutgrowError) {
        files = try TargetFiles(path: path)
        self.settings = settings
        origin = RawSystem.now
        lastSign = (origin, files.commits.total)
        schedule = TickSchedule(
            start: origin, period: settings.period, burstPeriod: settings.burstPeriod, jitter: settings.jitter
        )
        fileSystem = FileSystemKind(of: files.path, identity: files.databaseIdentity)
    }

    /// Links resolved.
    package var path: String { files.path }
    /// Commits that were seen since the beginning.
    package var commits: Int { files.commits.total }

    /// Looks for so many seconds, or until it is told to stop; twice a second it calls `show`.
    package func observe(
        seconds: Double, isStopped: () -> Bool = { false }, show: () -> Void = {}
    ) -> SampleWindow {
        var run = Run(files, settings, start: RawSystem.now)
        var (nextSecond, nextShow) = (run.start, run.start)
        var tick = schedule.next(after: run.start, isBurst: false)
        // A process that has ended counts no longer, and its number may belong to another one.
        scan = ProcessScan()
        scanTime = .min / 2
        sleeps = SleepCount()
        identities = [:]
        schedule.resetMissed()
        let end = run.end(after: seconds)
        // The processor wakes up cold for each look, so what is not needed costs more than it seems to: the clock is
        // asked twice.
        var now = run.start
        while !isStopped(), now < end {
            if now >= nextSecond {
                lookEachSecond(&run, now)
                nextSecond = now + Self.second
                now = RawSystem.now
            }
            // Before the look: a window's first one knows nothing of how long a hold has lasted.
            if now >= nextShow {
                show()
                nextShow = now + Self.second / 2
            }
            look(&run, at: now, places: tick.places)
            now = RawSystem.now
            tick = schedule.next(after: now, step: step(run, at: now))
            // Asleep no longer than it takes to notice the window's end.
            RawSystem.sleep(until: min(tick.instant, end))
            now = RawSystem.now
        }
        return finish(&run)
    }

    /// What one window adds up while it lasts.
    private struct Run {
        let start: Int64
        let wallClock = RawSystem.wallClock
        let processorTime = RawSystem.processorTime
        let commitsBefore: Int
        let resetsBefore: Int
        let restartsBefore: Int
        let replacementsBefore: Int
        let tornBefore: Int
        var writes: OccupancyTrace
        var checkpoints: OccupancyTrace
        var crowd = Crowd()
        var waiters = WaiterWatch()
        var looks = 0
        /// Regular looks that found a writer waiting for the disk.
        var looksAtSync = 0
        var sawIndex = false
        var holders: [Int32: LockHolder] = [:]
        var oldest: (seconds: Double, process: Int32)?
        let pendingBefore: Int?
        var blindSpots: [String] = []

        init(_ files: TargetFiles, _ settings: SamplingSettings, start: Int64) {
            self.start = start
            commitsBefore = files.commits.total
            resetsBefore = files.commits.resets
            restartsBefore = files.walRestarts
            replacementsBefore = files.replacements
            tornBefore = files.tornReads
            pendingBefore = files.walIndex?.pendingPages
            let period = Double(settings.period) / 1e9
            writes = OccupancyTrace(period: period, countsBeforeRelease: !files.isWAL)
            checkpoints = OccupancyTrace(period: period)
        }

        func end(after seconds: Double) -> Int64 { start + Int64(seconds * 1e9) }
        func time(_ instant: Int64) -> Double { Double(instant - start) / 1e9 }

        mutating func note(_ blindSpot: String) {
            if !blindSpots.contains(blindSpot) { blindSpots.append(blindSpot) }
        }
    }

    /// Looks once, for so many regular looks.
    private func look(_ run: inout Run, at instant: Int64, places: Int, isLast: Bool = false) {
        let isRegular = places > 0
        run.looks += 1
        files.ignoredProcess = settings.probe?.process
        let seen = files.look(isLast: isLast)
        var look = LockLook(
            time: run.time(instant), isHeld: seen.isHeld, holder: seen.holder,
            isCommitting: seen.isCommitting, commits: files.commits.total)
        // Only a hold that lasts is asked when it was last written: that costs a system call more.
        if run.writes.continues(look) {
            look.lastWrite = files.lastWriteAge().map { look.time - $0 }
            look.transaction = files.journalNonce()
        }
        run.writes.add(look, places: places)
        presentHold = run.writes.presentHold
        run.checkpoints.add(
            LockLook(
                time: look.time, isHeld: seen.isCheckpointing, holder: seen.checkpointer,
                // What is backfilled moves at the end of each: two of one process are not one.
                commits: Int(files.walIndex?.backfilledCount ?? 0)),
            places: places)
        presentCheckpoint = run.checkpoints.presentHold
        if seen.isHeld || seen.isCheckpointing || files.commits.total != lastSign.commits {
            lastSign = (instant, files.commits.total)
        }
        if files.hasIndex { run.sawIndex = true }
        if seen.isHeld {
            note(seen.holder, &run)
            if isRegular, files.hasUncommittedFrame(), !run.writes.isWriting { run.looksAtSync += places }
        }
        run.crowd.see(seen, at: look.time, isRegular: isRegular)
        run.waiters.look(at: look.time, seen)
        if isRegular, let probe = settings.probe {
            lately += ((seen.isHeld ? 1 : 0) - lately) / 100
            probe.set(busyFraction: lately)
        }
        guard instant >= nextReaderLook else { return }
        nextReaderLook = instant + Self.second / 20
        for byte in readers.bytes where !files.isLocked(byte) { readers.end(byte: byte) }
    }

    /// Nanoseconds to the next look: the burst's while several compete for the lock or somebody begins to hold it
    /// for long. What has lasted needs less: a twentieth of it is as exact. So does a database to which nobody writes:
    /// waking up costs more than looking.
    private func step(_ run: Run, at now: Int64) -> Int64 {
        if run.crowd.isContended(at: run.time(now)) { return settings.burstPeriod }
        guard run.writes.isLasting || run.checkpoints.isLasting else {
            return now - lastSign.instant > settings.quietAfter ? settings.quietPeriod : settings.period
        }
        let age = Int64(max(run.writes.presentSeconds, run.checkpoints.presentSeconds) * 1e9)
        return age / 20 / settings.burstPeriod * settings.burstPeriod
    }

    private func note(_ holder: Int32?, _ run: inout Run) {
        guard let holder else {
            return run.note(
                "The lock's holder lives in another PID namespace, such as a container: no PID here.")
        }
        if run.holders[holder] == nil { run.holders[holder] = identify(holder) }
    }

    private func identify(_ process: Int32) -> LockHolder {
        if let known = identities[process] { return known }
        let holder = LockHolder.identify(process, showsArguments: settings.showsArguments)
        identities[process] = holder
        return holder
    }

    private func lookEachSecond(_ run: inout Run, _ now: Int64) {
        files.follow()
        if files.isMissing { run.note("The database file was not at its path for a while.") }
        if files.isExclusiveInWAL {
            run.note(
                "A process has the database in WAL mode with locking_mode = EXCLUSIVE: "
                    + "its commits and its lock cannot be sampled."
            )
        }
        if files.hasUnknownIndexVersion { run.note("The -shm file has an unknown version.") }
        lookAtReaders(&run, now)
        if now >= scanTime + 60 * Self.second { scanProcesses(now) }
        run.waiters.follow(scan.writers.subtracting(settings.probe?.processes ?? []))
    }

    private func scanProcesses(_ now: Int64) {
        scan.lookAtAll(for: files.path, files.databaseIdentity)
        sleeps.begin(scan.writers)
        scanTime = now
    }

    private func lookAtReaders(_ run: inout Run, _ now: Int64) {
        guard let file = files.lockedFile, let text = RawSystem.text(of: "/proc/locks") else { return }
        let rows = LockTable(text).rows(of: file)
        connected = Set(rows.map(\.process).filter { $0 > 0 })
        // Who came since the last scan of all.
        for process in connected where !scan.knows(process) {
            scan.look(at: process, for: files.path, files.databaseIdentity)
        }
        var seen = ReaderWatch.readers(in: rows, isWAL: files.isWAL, marks: files.readMarks)
        if !files.isWAL {
            let writers = Set(rows.filter(\.isExclusive).map(\.process))
            seen = seen.filter { !writers.contains($0.process) }
        }
        let time = Double(now - origin) / 1e9
        readers.see(seen, at: time)
        oldestReader = readers.oldest(at: time)
        if let oldest = oldestReader, oldest.seconds > run.oldest?.seconds ?? 0 {
            run.oldest = oldest
        }
    }

    private func finish(_ run: inout Run) -> SampleWindow {
        // What was committed since the last look.
        look(&run, at: RawSystem.now, places: 0, isLast: true)
        let end = RawSystem.now
        let length = run.time(end)
        lookEachSecond(&run, end)
        if end >= scanTime + 5 * Self.second { scanProcesses(end) }
        run.writes.finish(at: length)
        run.checkpoints.finish(at: length)
        run.waiters.finish(at: length)
        var window = SampleWindow()
        window.start = run.wallClock / Self.second
        window.length = length
        window.observed = run.writes.observedSeconds
        window.ticks = Int(window.observed / (Double(settings.period) / 1e9))
        window.missedTicks = schedule.missedTicks
        window.looks = run.looks
        window.busyFraction = run.writes.busyFraction
        window.syncFraction =
            files.isWAL ? Double(run.looksAtSync) / Double(max(1, run.writes.regularLooks)) : nil
        window.episodes = run.writes.episodes
        window.checkpoints = run.checkpoints.episodes
        window.checkpointBusySeconds = run.checkpoints.busySeconds
        window.commits = files.commits.total - run.commitsBefore
        window.counterResets =
            files.commits.resets - run.resetsBefore + files.replacements - run.replacementsBefore
        window.walRestarts = files.walRestarts - run.restartsBefore
        window.tornReads = files.tornReads - run.tornBefore
        window.oldestReaderSeconds = run.oldest?.seconds
        window.oldestReader = run.oldest?.process
        window.holders = Self.totals(run.holders, run.writes.episodes)
        window.processorShare = Double(RawSystem.processorTime - run.processorTime) / 1e9 / max(length, 0.001)
        window.pendingPagesBefore = run.pendingBefore
        (window.waits, window.watched) = (run.waiters.waits, run.waiters.observed)
        window.bystanders = run.waiters.bystanders
        describeFiles(&window)
        countWriters(&window)
        window.blindSpots = run.blindSpots + blindSpots(of: window)
        if window.isWAL, !run.sawIndex, run.blindSpots.isEmpty {
            window.blindSpots.append("Nobody has the database open: there is no -shm file.")
        }
        return window
    }

    private func describeFiles(_ window: inout SampleWindow) {
        window.isWAL = files.isWAL
        window.pageSize = files.pageSize
        window.databaseByteCount = files.databaseIdentity.byteCount
        window.walByteCount = files.walByteCount
        window.fileSystem = fileSystem
        window.freeByteCount = RawSystem.room(at: files.path)?.free
        if let index = files.walIndex {
            window.framesInWAL = Int(index.frameCount)
            window.pendingPages = index.pendingPages
        }
    }

    /// In WAL mode a connected process shows in `/proc/locks`, so only those of them count that hide their
    /// files.
    private func countWriters(_ window: inout SampleWindow) {
        window.writers = scan.writers.union(window.holders.map(\.process))
            .subtracting(settings.probe?.processes ?? [])
        window.writersAreAtLeast = hidesWriters || window.hasUnseenHolder
        let known = window.watched.union(window.holders.map(\.process))
        let slept = window.length > 0 ? sleeps.rates(seconds: window.length) : [:]
        window.waitingProcesses = slept.count { process, rate in
            !known.contains(process) && SleepCount.ofBackOff.contains(rate)
        }
    }

    private var hidesWriters: Bool {
        let doubtful = files.isWAL ? scan.hidden.intersection(connected) : scan.hidden
        return !doubtful.subtracting(scan.writers).isEmpty
    }

    private static func totals(_ holders: [Int32: LockHolder], _ episodes: [HoldEpisode]) -> [LockHolder] {
        var holders = holders
        for episode in episodes {
            guard let process = episode.holder else { continue }
            var holder = holders[process] ?? LockHolder(process: process)
            holder.busySeconds += episode.duration
            holder.longestHold = max(holder.longestHold, episode.duration)
            holder.episodes += 1
            holders[process] = holder
        }
        return holders.values.sorted { ($0.busySeconds, $1.process) > ($1.busySeconds, $0.process) }
    }

    private func blindSpots(of window: SampleWindow) -> [String] {
        var spots: [String] = []
        if hidesWriters {
            spots.append("Processes of other users could not be looked at: there may be more writers.")
        }
        if let kind = window.fileSystem, kind.isNetwork || kind.isForeign {
            spots.append("On \(kind.name) the locks and writers of other machines cannot be seen.")
        }
        if !scan.withDeletedWAL.isEmpty {
            let list = scan.withDeletedWAL.sorted().map(String.init).joined(separator: ", ")
            spots.append("A -wal file was removed under process \(list): what it commits is lost.")
        }
        if !window.isWAL, window.commits == 0, window.episodes.count == 1, window.busyFraction > 0.99 {
            spots.append(
                "The lock was held all the time: one long transaction, or locking_mode = EXCLUSIVE, "
                    + "whose commits cannot be counted."
            )
        }
        spots.append(
            "Writes that fail at once (BUSY_SNAPSHOT, busy_timeout = 0) cannot be seen from outside.")
        return spots
    }
}
