import Foundation
import TestSupport
import Testing

/// `outgrow watch` as a process of its own, with minutes of four seconds.
@Suite(.serialized) struct WatchTests {
    /// A watch that runs, and what it has printed so far.
    final class Running {
        let process = Process()
        private let output = Pipe()
        private let errorPath: String
        private var text = ""

        init(
            _ arguments: [String], in folder: TemporaryFolder, interval: String = "4s",
            as user: TestUser = .current
        ) throws {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments =
                user.prefix + [OutgrowProgram.path, "watch"] + arguments + ["--interval", interval]
            process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
            process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") }
                .merging(["XDG_STATE_HOME": folder.file("state")]) { _, new in new }
            process.standardOutput = output
            process.standardInput = FileHandle.nullDevice
            errorPath = try folder.write("", to: "errors-\(UUID().uuidString)")
            process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorPath))
            try process.run()
        }

        deinit { if process.isRunning { process.terminate() } }

        /// The next line of the result; empty at its end.
        func line() throws -> String {
            while !text.contains("\n") {
                let data = output.fileHandleForReading.availableData
                guard !data.isEmpty else { break }
                text += String(decoding: data, as: UTF8.self)
            }
            let line = text.prefix { $0 != "\n" }
            text = String(text.dropFirst(line.count + 1))
            return String(line)
        }

        func errors() throws -> String { try String(contentsOfFile: errorPath, encoding: .utf8) }

        /// Ends it in good order, and says how it ended.
        func end() throws -> Int32 {
            process.terminate()
            process.waitUntilExit()
            return process.terminationStatus
        }
    }

    private static func database(_ folder: TemporaryFolder, _ name: String = "app.db") throws -> LiveShell {
        let shell = try LiveShell(folder.file(name))
        try shell.run("PRAGMA journal_mode = wal; CREATE TABLE t(x); INSERT INTO t VALUES(1);")
        return shell
    }

    private static func kept(_ folder: TemporaryFolder, _ sql: String) throws -> String {
        try SQLiteShell.run(sql, on: folder.file("state/outgrow/history.db"))
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func `a line a minute, each of them kept, and the one that has begun too`() throws {
        let folder = try TemporaryFolder()
        let shell = try Self.database(folder)
        let watch = try Running(["app.db"], in: folder)
        _ = try watch.line()
        try shell.run("INSERT INTO t VALUES(2);")
        try shell.run("INSERT INTO t VALUES(3);")
        let line = try watch.line()
        #expect(line.contains(" app.db "), "\(line)")
        #expect(line.contains("commits/s"), "\(line)")
        #expect(try watch.end() == 0)
        #expect(try watch.errors().contains("state: complete; next: outgrow check app.db"))
        #expect(Int(try Self.kept(folder, "SELECT count(*) FROM watched_minute")) ?? 0 >= 2)
        #expect(try Self.kept(folder, "SELECT sum(commits) FROM watched_minute") == "2")
        #expect(try Self.kept(folder, "SELECT path FROM watched_database").hasSuffix("/app.db"))
    }

    @Test func `check reads what a watch keeps, and says when none does`() throws {
        let folder = try TemporaryFolder()
        let shell = try Self.database(folder)
        let environment = ["XDG_STATE_HOME": folder.file("state")]
        let watch = try Running(["app.db"], in: folder)
        _ = try watch.line()
        try shell.run("INSERT INTO t VALUES(2);")
        _ = try watch.line()
        let fresh = try OutgrowProgram.run(["check", "app.db"], in: folder.path, environment: environment)
        #expect(fresh.output.contains("From the history of "), "\(fresh)")
        #expect(fresh.output.contains("Verdict (provisional)"), "\(fresh)")
        #expect(fresh.output.contains("a verdict needs 24"), "\(fresh)")
        _ = try watch.end()
        // As if it had ended an hour ago.
        _ = try Self.kept(folder, "UPDATE watched_minute SET start = start - 3600")
        let stale = try OutgrowProgram.run(
            ["check", "app.db", "--for", "3s", "--history", folder.file("state/outgrow/history.db")],
            in: folder.path, environment: environment)
        #expect(stale.output.contains("Watched "), "\(stale)")
        #expect(stale.errors.contains("no watch keeps it at the moment"), "\(stale)")
        let sampled = try OutgrowProgram.run(
            ["check", "app.db", "--for", "3s"], in: folder.path, environment: environment)
        #expect(!sampled.errors.contains("history"), "\(sampled)")
    }

    @Test func `several databases go into one history, by their paths`() throws {
        let folder = try TemporaryFolder()
        let shells = try ["one.db", "two.db"].map { try Self.database(folder, $0) }
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link.db"), withDestinationPath: folder.file("one.db"))
        let watch = try Running(["one.db", "two.db", "link.db", "--json"], in: folder)
        let lines = try [watch.line(), watch.line()]
        #expect(Set(lines.map { $0.contains("\"name\":\"one.db\"") }) == [true, false], "\(lines)")
        #expect(lines.allSatisfy { $0.contains("\"schema\":\"outgrow.watch/1\"") })
        #expect(try watch.end() == 0)
        #expect(try Self.kept(folder, "SELECT count(*) FROM watched_database") == "2")
        withExtendedLifetime(shells) {}
    }

    @Test func `it goes on when the file is deleted and made anew`() throws {
        let folder = try TemporaryFolder()
        let shell = try Self.database(folder)
        let watch = try Running(["app.db"], in: folder)
        _ = try watch.line()
        try shell.quit()
        try FileManager.default.removeItem(atPath: folder.file("app.db"))
        var line = try watch.line()
        while !line.contains("the file is missing"), !line.isEmpty { line = try watch.line() }
        #expect(line.contains("the file is missing"))
        let again = try Self.database(folder)
        while line.contains("the file is missing") { line = try watch.line() }
        try again.run("INSERT INTO t VALUES(5);")
        #expect(!(try watch.line()).contains("the file is missing"))
        #expect(try watch.end() == 0)
    }

    @Test func `a disk without room for the history does not end it, and nothing is lost`() throws {
        let folder = try TemporaryFolder()
        let shell = try Self.database(folder)
        // A folder where the file should be made, until there is one.
        _ = try folder.write("in the way", to: "state")
        let watch = try Running(["app.db"], in: folder)
        _ = try watch.line()
        _ = try watch.line()
        #expect(try watch.errors().contains("cannot be written, so minutes wait"))
        try FileManager.default.removeItem(atPath: folder.file("state"))
        while !(try watch.errors().contains("is written again")) {
            guard !(try watch.line()).isEmpty else { break }
        }
        #expect(try watch.end() == 0)
        #expect(Int(try Self.kept(folder, "SELECT count(*) FROM watched_minute")) ?? 0 >= 3)
        withExtendedLifetime(shell) {}
    }

    @Test func `a probe beside a watch waits for an application, and what it waits goes into the metrics`()
        throws
    {
        let folder = try TemporaryFolder()
        try Self.database(folder).quit()
        let watch = try Running(["app.db", "--probe", "lock", "--textfile", folder.path], in: folder)
        func metrics() throws -> String {
            _ = try watch.line()
            return try String(contentsOfFile: folder.file("outgrow.prom"), encoding: .utf8)
        }
        let none = "sqlite_probe_latency_seconds_count{db=\"app.db\",probe=\"lock\"} 0\n"
        _ = try metrics()
        #expect(try metrics().contains(none), "nobody has the database open")
        #expect(!FileManager.default.fileExists(atPath: folder.file("app.db-shm")))
        let shell = try LiveShell(folder.file("app.db"))
        try shell.run("INSERT INTO t VALUES(2);")
        var text = none
        for _ in 1...6 where text.contains(none) { text = try metrics() }
        #expect(!text.contains(none), "\(text)")
        #expect(text.contains("sqlite_probe_censored_total{db=\"app.db\",probe=\"lock\"} 0\n"))
        #expect(text.contains("sqlite_writer_processes{db=\"app.db\"} 1\n"), "the probe is none: \(text)")
        // Held for longer than a probe waits.
        try shell.run("BEGIN IMMEDIATE;")
        let given = text
        for _ in 1...3 where text.contains("sqlite_probe_censored_total{db=\"app.db\",probe=\"lock\"} 0\n") {
            text = try metrics()
        }
        #expect(!text.contains("sqlite_probe_censored_total{db=\"app.db\",probe=\"lock\"} 0\n"), "\(given)")
        try shell.run("COMMIT;")
        #expect(try watch.end() == 0)
        #expect(try shell.run("SELECT count(*) FROM t;") == "2")
    }

    @Test func `what cannot be watched ends it at once`() throws {
        let folder = try TemporaryFolder()
        let missing = try OutgrowProgram.run(["watch", folder.file("none.db")])
        #expect(missing.status == 10, "\(missing)")
        #expect(missing.code == "source-missing")
        let shell = try Self.database(folder)
        let same = try OutgrowProgram.run(
            ["watch", folder.file("app.db"), "--history", folder.file("app.db")])
        #expect(same.status == 64, "\(same)")
        #expect(same.code == "history-is-source")
        withExtendedLifetime(shell) {}
    }
}
