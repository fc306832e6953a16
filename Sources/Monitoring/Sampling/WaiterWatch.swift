/// Which writers wait for the lock, as their threads show it.
///
/// A thread that waits in SQLite's busy handler sleeps for moments, wakes up again and again to ask for the lock, and
/// writes nothing meanwhile (https://sqlite.org/c3ref/busy_timeout.html). All three are in `/proc`: the system call it
/// is in, how often it ran, how often it wrote. Who pauses instead sleeps on without waking up; who has its turn writes.
/// Costs three small files for each sleeping thread and look, and nothing while the lock is free.
struct WaiterWatch {
    /// What the last look at a sleeping thread found.
    private struct Sleeper {
        var process: Int32
        /// When the waiting began, as far as it is one.
        var since: Double
        var wakes = 0
        var lastWake: Double
        var runs: Int
        var writes: Int
    }

    private(set) var waits: [WriterWait] = []
    /// Processes of which all threads could be looked at.
    private(set) var observed: Set<Int32> = []
    /// Of those, who wrote too little to have committed anything: a connection that is open and does not write.
    private(set) var bystanders: Set<Int32> = []

    /// Bytes that each process had written when it was first seen.
    private var writtenBefore: [Int32: Int]?
    private var sleepers: [Int32: Sleeper] = [:]
    private var threads: [(thread: Int32, process: Int32, isOnly: Bool)] = []
    private var lastLook = -1.0
    private var lastBusy = -Double.infinity

    /// Seconds between looks.
    private static let period = 0.019
    /// SQLite's longest pause and some for the scheduler: who sleeps for longer at a time is not asking.
    private static let longestPause = 0.13
    /// A wait begins with short pauses.
    private static let firstPauses = 0.03
    /// Shorter waits are no stalls.
    private static let least = 0.05
    /// Bytes of the shortest commit: one page of the smallest size.
    private static let leastCommit = 512
    /// Threads of one process beyond which it is left to the estimate, for the cost.
    private static let mostThreads = 32
    private static let mostWaits = 20_000

    /// Notes which threads there are.
    mutating func follow(_ processes: Set<Int32>) {
        threads = []
        for process in processes.sorted() {
            guard let names = RawSystem.names(in: "/proc/\(process)/task") else { continue }
            let found = names.compactMap { Int32($0) }
            guard found.count <= Self.mostThreads, Self.isAskable(process) else { continue }
            observed.insert(process)
            threads += found.map { ($0, process, found.count == 1) }
        }
        guard writtenBefore == nil else { return }
        writtenBefore = [:]
        for process in observed { writtenBefore?[process] = IOCounts(process)?.bytes }
    }

    /// Looks at all of them, if it is time and the lock is or was just held.
    mutating func look(at time: Double, _ seen: TargetFiles.Look) {
        if seen.isHeld { lastBusy = time }
        guard time - lastLook >= Self.period else { return }
        let before = lastLook < 0 ? time : max(lastLook, time - 2 * Self.period)
        lastLook = time
        guard time - lastBusy <= Self.longestPause else {
            if !sleepers.isEmpty { endAll(at: lastBusy) }
            return
        }
        for (thread, process, isOnly) in threads {
            // Of several threads one has the lock, and another may wait for it.
            let isAtWork = isOnly && (process == seen.holder || process == seen.checkpointer)
            guard !isAtWork, let place = Place(thread, of: process) else {
                end(thread, at: (before + time) / 2)
                continue
            }
            see(thread, of: process, at: time, since: (before + time) / 2, place)
        }
    }

    private mutating func see(
        _ thread: Int32, of process: Int32, at time: Double, since: Double, _ place: Place
    ) {
        guard var sleeper = sleepers[thread], sleeper.writes == place.writes else {
            end(thread, at: since)
            sleepers[thread] = Sleeper(
                process: process, since: since, lastWake: since, runs: place.runs, writes: place.writes)
            return
        }
        if place.runs != sleeper.runs {
            sleeper.wakes += place.runs - sleeper.runs
            sleeper.runs = place.runs
            sleeper.lastWake = time
        } else if sleeper.wakes == 0, time - sleeper.since > Self.firstPauses {
            // Still a pause of the application's.
            (sleeper.since, sleeper.lastWake) = (time, time)
        } else if time - sleeper.lastWake > Self.longestPause {
            end(thread, at: sleeper.lastWake)
            (sleeper.since, sleeper.lastWake, sleeper.wakes) = (time, time, 0)
        }
        sleepers[thread] = sleeper
    }

    /// To be called at the window's end.
    mutating func finish(at time: Double) {
        endAll(at: time - lastBusy > Self.longestPause ? lastBusy : time)
        bystanders = observed.filter { process in
            guard let written = IOCounts(process)?.bytes else { return false }
            // Who came later is asked for all that it ever wrote.
            return written - (writtenBefore?[process] ?? 0) < Self.leastCommit
        }
    }

    private mutating func endAll(at time: Double) {
        for thread in sleepers.keys.sorted() { end(thread, at: time) }
    }

    private mutating func end(_ thread: Int32, at time: Double) {
        guard let sleeper = sleepers.removeValue(forKey: thread) else { return }
        let length = time - sleeper.since
        // Half of the questions that SQLite asks in that time; the first ones come faster than the looks.
        guard length >= Self.least, Double(sleeper.wakes) >= 2 + 5 * max(0, length - 0.1),
            waits.count < Self.mostWaits
        else { return }
        waits.append(
            WriterWait(process: sleeper.process, thread: thread, start: sleeper.since, end: time))
    }

    /// Whether this user may ask what its threads are doing.
    private static func isAskable(_ process: Int32) -> Bool {
        Place.isAsleep(process, of: process) != nil
            && IOCounts(process) != nil
    }
}

/// One writer's wait for the lock, in seconds from the window's beginning.
package struct WriterWait: Sendable, Hashable, Codable {
    package var process: Int32
    package var thread: Int32
    package var start: Double
    package var end: Double
    package var duration: Double { end - start }
}

extension WaiterWatch {
    /// Where a thread stands that sleeps for a time of its own choice.
    private struct Place {
        var runs: Int
        var writes: Int

        /// Nil when it does something else, or is gone.
        init?(_ thread: Int32, of process: Int32) {
            let folder = "/proc/\(process)/task/\(thread)"
            guard Self.isAsleep(thread, of: process) == true,
                let runs = RawSystem.text(of: "\(folder)/schedstat")?.split(separator: " ").last,
                let io = IOCounts(thread, of: process)
            else { return nil }
            self.runs = Int(runs.prefix(while: \.isNumber)) ?? 0
            writes = io.calls
        }

        /// `clock_nanosleep` and `nanosleep`; a sleep until an instant is none of SQLite's.
        #if arch(x86_64)
            private static let calls = ["230 0x0 0x0 ", "35 "]
        #else
            private static let calls = ["115 0x0 0x0 ", "101 "]
        #endif

        /// Whether the thread sleeps for a time of its own choice; nil when it may not be asked.
        static func isAsleep(_ thread: Int32, of process: Int32) -> Bool? {
            let folder = "/proc/\(process)/task/\(thread)"
            if let text = RawSystem.text(of: "\(folder)/syscall") {
                return calls.contains(where: text.hasPrefix)
            }
            // Where processes may not be traced, which `syscall` asks for, this may still be told: a 0 stands for a
            // thread that runs, and for one that may not be asked.
            guard let place = RawSystem.text(of: "\(folder)/wchan") else { return nil }
            if place == "0" {
                let isRunning = RawSystem.text(of: "\(folder)/stat")?.contains(") R ") ?? false
                return isRunning ? false : nil
            }
            return place.hasSuffix("nanosleep")
        }
    }
}

/// What a process or one of its threads has written so far: proc_pid_io(5).
private struct IOCounts {
    /// Bytes, and the system calls that wrote them.
    private(set) var bytes = 0
    private(set) var calls = 0

    /// Nil when it may not be asked, or is gone.
    init?(_ process: Int32) { self.init(in: "/proc/\(process)") }

    init?(_ thread: Int32, of process: Int32) { self.init(in: "/proc/\(process)/task/\(thread)") }

    private init?(in folder: String) {
        guard let text = RawSystem.text(of: "\(folder)/io") else { return nil }
        for line in text.split(separator: "\n") {
            if line.hasPrefix("wchar: ") { bytes = Int(line.dropFirst(7)) ?? 0 }
            if line.hasPrefix("syscw: ") { calls = Int(line.dropFirst(7)) ?? 0 }
        }
    }
}
