import Foundation
import SQLiteClient

/// One writer of a load on a SQLite database, which logs what it felt: the truth that the sampler is held
/// against.
///
///     sqlite-load PATH [--rate N] [--inside MS] [--seconds S] [--commits N] [--rows N]
///                      [--synchronous off|normal|full|extra] [--seed N] [--timeout MS] [--reader] [--wake]
///
/// `--rate 0` writes as fast as it can; else transactions come at exponential intervals whether or not the
/// last one is done, and a latency counts from the time at which it was due. `--inside` is work between BEGIN
/// IMMEDIATE and COMMIT. `--reader` holds one read transaction instead. Prints `ready`, waits for a line on
/// standard input, works until it is done or standard input ends, and prints its figures as one line of JSON.
/// `--wake` touches no database.
@main struct SQLiteLoad {
    static func main() {
        guard let options = LoadOptions(Array(CommandLine.arguments.dropFirst())) else {
            FileHandle.standardError.write(Data("usage: sqlite-load PATH [--rate N] …\n".utf8))
            exit(2)
        }
        do {
            try work(options)
        } catch {
            FileHandle.standardError.write(Data("error: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func work(_ options: LoadOptions) throws {
        if options.onlyWakes { return say(String(wake(seconds: options.seconds))) }
        let connection = try open(options)
        say("ready")
        _ = readLine()
        let figures =
            options.isReader ? try read(connection) : try LoadWriter(connection, options).run()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        say(String(decoding: try encoder.encode(figures), as: UTF8.self))
        connection.close()
    }

    /// Gets ready, and waits for as long as that takes: other writers may be at work already and starve it, and a disk
    /// under load may hold up the one that begins the WAL for longer than any timeout that is to be measured.
    private static func open(_ options: LoadOptions) throws -> SQLiteConnection {
        let connection = try SQLiteConnection(path: options.path, mode: .readWrite)
        connection.setBusyTimeout(milliseconds: 60_000)
        try connection.execute("PRAGMA synchronous = \(options.synchronous)")
        try connection.execute("CREATE TABLE IF NOT EXISTS load(id INTEGER PRIMARY KEY, pid, filler)")
        // An open file that nothing was read from shows nothing of itself.
        _ = try connection.integer("SELECT count(*) FROM load")
        connection.setBusyTimeout(milliseconds: options.timeout)
        return connection
    }

    private static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    /// The share of a core that it takes to wake up a hundred times a second and do nothing: what a sampler cannot be
    /// below.
    private static func wake(seconds: Double) -> Double {
        let (start, used) = (DispatchTime.now().uptimeNanoseconds, clock())
        for count in 1...max(1, UInt64(seconds * 100)) {
            let now = DispatchTime.now().uptimeNanoseconds
            let due = start + count * 10_000_000
            if due > now { Thread.sleep(forTimeInterval: Double(due - now) / 1e9) }
        }
        let wall = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
        return Double(clock() - used) / Double(CLOCKS_PER_SEC) / wall
    }

    /// Holds a snapshot until standard input has another line or ends.
    private static func read(_ connection: SQLiteConnection) throws -> LoadFigures {
        try connection.execute("BEGIN")
        _ = try connection.integer("SELECT count(*) FROM load")
        say("reading")
        _ = readLine()
        try connection.execute("COMMIT")
        return LoadFigures()
    }
}

struct LoadOptions {
    var path: String
    var rate = 0.0
    var inside = 0.0
    var seconds = Double.infinity
    var commits = Int.max
    var rows = 1
    var synchronous = "normal"
    var seed: UInt64 = 1
    var timeout: Int32 = 5000
    var isReader = false
    var onlyWakes = false

    init?(_ words: [String]) {
        guard let first = words.first else { return nil }
        path = URL(filePath: first).path
        var rest = words.dropFirst()
        while let name = rest.popFirst() {
            if name == "--reader" || name == "--wake" {
                if name == "--reader" { isReader = true } else { onlyWakes = true }
                continue
            }
            guard let value = rest.popFirst() else { return nil }
            switch name {
            case "--rate": rate = Double(value) ?? 0
            case "--inside": inside = Double(value) ?? 0
            case "--seconds": seconds = Double(value) ?? .infinity
            case "--commits": commits = Int(value) ?? .max
            case "--rows": rows = Int(value) ?? 1
            case "--synchronous": synchronous = value
            case "--seed": seed = UInt64(value) ?? 1
            case "--timeout": timeout = Int32(value) ?? 5000
            default: return nil
            }
        }
    }
}

/// What one writer did and felt; seconds.
struct LoadFigures: Codable {
    var process = ProcessInfo.processInfo.processIdentifier
    var seconds = 0.0
    var commits = 0
    var busyErrors = 0
    /// From BEGIN IMMEDIATE's return to COMMIT's.
    var heldSeconds = 0.0
    var longestHold = 0.0
    /// Of the writer's own time, the share inside transactions that took more than 100 ms from when they were
    /// due.
    var stalledShare = 0.0
    var latencyP50 = 0.0
    var latencyP99 = 0.0
    var latencyMaximum = 0.0
}

/// Writes, and measures each transaction.
final class LoadWriter {
    private let connection: SQLiteConnection
    private let options: LoadOptions
    private var figures = LoadFigures()
    private var latencies: [Double] = []
    private var stalled = 0.0
    private var random: UInt64

    init(_ connection: SQLiteConnection, _ options: LoadOptions) {
        self.connection = connection
        self.options = options
        random = options.seed
    }

    func run() throws -> LoadFigures {
        let start = Self.now
        var due = start
        while Self.now - start < options.seconds, figures.commits < options.commits {
            if options.rate > 0 {
                due += -log(1 - uniform()) / options.rate
                let left = due - Self.now
                if left > 0 { Thread.sleep(forTimeInterval: left) }
            } else {
                due = Self.now
            }
            try transaction(due: due)
        }
        figures.seconds = Self.now - start
        summarize()
        return figures
    }

    private func transaction(due: Double) throws {
        let asked = Self.now
        do throws(SQLiteFailure) {
            try connection.execute("BEGIN IMMEDIATE")
            let begun = Self.now
            for _ in 0..<options.rows {
                try connection.execute(
                    "INSERT INTO load(pid, filler) VALUES(\(figures.process), randomblob(200))")
            }
            if options.inside > 0 { Thread.sleep(forTimeInterval: options.inside / 1000) }
            try connection.execute("COMMIT")
            let done = Self.now
            figures.commits += 1
            figures.heldSeconds += done - begun
            figures.longestHold = max(figures.longestHold, done - begun)
        } catch {
            figures.busyErrors += 1
            // A COMMIT that found readers in its way leaves the transaction open.
            do throws(SQLiteFailure) { try connection.execute("ROLLBACK") } catch {}
        }
        let end = Self.now
        latencies.append(end - due)
        if end - due > 0.1 { stalled += end - max(asked, due) }
    }

    private func summarize() {
        latencies.sort()
        guard let last = latencies.last else { return }
        figures.latencyP50 = latencies[latencies.count / 2]
        figures.latencyP99 = latencies[min(latencies.count - 1, latencies.count * 99 / 100)]
        figures.latencyMaximum = last
        figures.stalledShare = figures.seconds > 0 ? stalled / figures.seconds : 0
    }

    private func uniform() -> Double {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(random >> 11) / Double(1 << 53)
    }

    private static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}
