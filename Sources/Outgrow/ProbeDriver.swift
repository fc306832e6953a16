internal import Diagnostics
internal import Foundation
internal import Monitoring
internal import Synchronization

/// Runs the probe that a user asked for, on a thread of its own, while the database is sampled on another.
///
/// A probe of the lock is a process of its own, which does one attempt for each line that it is sent: it opens the
/// database through SQLite, and the process that samples must not.
final class ProbeDriver: Sendable {
    private let kind: ProbeKind
    private let path: String
    private let link: ProbeLink
    private let log: ProbeLog
    private let isStopped = Atomic(false)
    private let isDone = DispatchSemaphore(value: 0)
    private let worker: ProbeWorker?

    /// The busy fraction from which a probe would only stand in the way.
    private static let tooBusy = 0.8

    init(_ kind: ProbeKind, path: String, link: ProbeLink, log: ProbeLog) throws {
        self.kind = kind
        self.path = path
        self.link = link
        self.log = log
        worker = kind == .disk ? nil : try ProbeWorker(kind, path: path)
        link.set(process: worker?.process)
    }

    func start() {
        let thread = Thread { [self] in
            run(seconds: .infinity) { isStopped.load(ordering: .relaxed) }
            isDone.signal()
        }
        thread.name = "probe"
        thread.start()
    }

    /// Ends the probe. An attempt that hangs in the disk is not waited for.
    func finish() {
        isStopped.store(true, ordering: .relaxed)
        if isDone.wait(timeout: .now() + 2) == .timedOut { worker?.kill() }
    }

    /// Tries again and again, on this thread, and lets the database go.
    func run(seconds: Double, isEnded: () -> Bool) {
        do {
            try attempts(until: Date(timeIntervalSinceNow: min(seconds, 1e9)), isEnded)
        } catch {
            log.fail(OutgrowError(describing: error).summary)
        }
        worker?.end()
        link.set(process: nil)
    }

    private func attempts(until end: Date, _ isEnded: () -> Bool) throws {
        let disk = kind == .disk ? try DiskProbe(besides: path) : nil
        while !isEnded(), Date() < end {
            if !DiskProbe.hasRoom(besides: path) || (disk == nil && link.busyFraction > Self.tooBusy) {
                log.skip()
            } else if let disk {
                guard let taken = disk.measure() else {
                    throw OutgrowError(
                        "probe-failed", .source, "The disk could not be written.", at: path,
                        fix: "Leave --probe away; looking from outside needs none of it.")
                }
                log.add(LockProbe.Answer(seconds: taken))
            } else if let answer = try worker?.attempt() {
                log.add(answer)
            }
            pause(isEnded)
        }
    }

    /// Until the next attempt, in steps that notice the end.
    private func pause(_ isEnded: () -> Bool) {
        let end = Date(timeIntervalSinceNow: kind.interval)
        while !isEnded(), Date() < end {
            Thread.sleep(forTimeInterval: min(0.05, max(0, end.timeIntervalSinceNow)))
        }
    }
}

/// The process that probes the lock, and the pipes to it. Used on one thread, but for its end.
private final class ProbeWorker: @unchecked Sendable {
    private let child = Process()
    private let orders = Pipe()
    private let answers = Pipe()
    private var rest = ""

    var process: Int32 { child.processIdentifier }

    init(_ kind: ProbeKind, path: String) throws {
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments = ["probe-worker", kind.rawValue, path]
        child.standardInput = orders
        child.standardOutput = answers
        child.standardError = FileHandle.nullDevice
        try child.run()
        let first = try line()
        guard first == "ready" else {
            end()
            throw OutgrowError(
                "probe-refused", .source, first, at: path,
                fix: "Leave --probe away; looking from outside needs none of it.")
        }
    }

    func attempt() throws -> LockProbe.Answer {
        try orders.fileHandleForWriting.write(contentsOf: Data("go\n".utf8))
        let text = try line()
        guard let answer = LockProbe.Answer(line: text) else {
            throw OutgrowError(
                "probe-failed", .source, "The probe failed: \(text)",
                fix: "Leave --probe away; looking from outside needs none of it.")
        }
        return answer
    }

    func end() {
        do {
            try orders.fileHandleForWriting.close()
        } catch {
            // It has ended by itself.
        }
    }

    func kill() { child.terminate() }

    private func line() throws -> String {
        while true {
            if let end = rest.firstIndex(of: "\n") {
                defer { rest = String(rest[rest.index(after: end)...]) }
                return String(rest[..<end])
            }
            let data = answers.fileHandleForReading.availableData
            guard !data.isEmpty else { return "it ended without an answer" }
            rest += String(decoding: data, as: UTF8.self)
        }
    }
}
