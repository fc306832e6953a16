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
    private let gauge: BusyGauge
    private let isStopped = Atomic(false)
    private let isDone = DispatchSemaphore(value: 0)
    private let worker: ProbeWorker?
    private let record: Mutex<ProbeRecord>

    /// The busy fraction from which a probe would only stand in the way.
    private static let tooBusy = 0.8

    init(_ kind: ProbeKind, path: String, gauge: BusyGauge) throws {
        self.kind = kind
        self.path = path
        self.gauge = gauge
        record = Mutex(ProbeRecord(kind))
        worker = kind == .disk ? nil : try ProbeWorker(kind, path: path)
    }

    /// The process whose locks are the probe's; nil where it takes none.
    var process: Int32? { worker?.process }

    func start() {
        let thread = Thread { [self] in
            do {
                try run()
            } catch {
                record.withLock { $0.failure = OutgrowError(describing: error).summary }
            }
            worker?.end()
            isDone.signal()
        }
        thread.name = "probe"
        thread.start()
    }

    /// Ends the probe, and says what it saw. An attempt that hangs in the disk is not waited for.
    func finish() -> ProbeRecord {
        isStopped.store(true, ordering: .relaxed)
        if isDone.wait(timeout: .now() + 2) == .timedOut { worker?.kill() }
        return record.withLock(\.self)
    }

    private func run() throws {
        var seconds: [Double] = []
        let disk = kind == .disk ? try DiskProbe(besides: path) : nil
        while !isStopped.load(ordering: .relaxed) {
            if !DiskProbe.hasRoom(besides: path) || (disk == nil && gauge.fraction > Self.tooBusy) {
                record.withLock { $0.skipped += 1 }
            } else if let disk {
                guard let taken = disk.measure() else {
                    throw OutgrowError(
                        "probe-failed", .source, "The disk could not be written.", at: path,
                        fix: "Leave --probe away; looking from outside needs none of it.")
                }
                seconds.append(taken)
            } else if let answer = try worker?.attempt() {
                seconds.append(answer.seconds)
                if answer.isCensored { record.withLock { $0.censored += 1 } }
            }
            record.withLock { $0.finish(seconds) }
            pause()
        }
    }

    /// Until the next attempt, in steps that notice the end.
    private func pause() {
        let end = Date(timeIntervalSinceNow: kind.interval)
        while !isStopped.load(ordering: .relaxed), Date() < end {
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
