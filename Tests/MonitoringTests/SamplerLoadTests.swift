import Foundation
import TestSupport
import Testing

@testable import Monitoring

/// The sampler against writers that log their own truth, each a process of its own.
///
/// Both see the same run, so a loaded machine moves both; the tolerances are those of the sampling alone. What is left
/// depends on when the scheduler lets the sampler look, so the suite runs on request: OUTGROW_SAMPLER_LOAD=1.
@Suite(
    .serialized,
    .enabled(
        if: ProcessInfo.processInfo.environment["OUTGROW_SAMPLER_LOAD"] != nil,
        "OUTGROW_SAMPLER_LOAD=1 runs it"))
struct SamplerLoadTests {
    struct Scenario: Sendable, CustomTestStringConvertible {
        var name: String
        var journal: String
        var writers: [[String]]
        var holdsLong = false
        var testDescription: String { "\(name), \(journal)" }
    }

    private static let scenarios: [Scenario] = ["wal", "delete"].flatMap { journal in
        [
            Scenario(
                name: "four paced writers", journal: journal,
                writers: Array(repeating: ["--rate", "15", "--inside", "8"], count: 4)),
            Scenario(name: "one saturating writer", journal: journal, writers: [["--inside", "3"]]),
            Scenario(
                name: "a long transaction now and then", journal: journal,
                writers: [["--rate", "20"], ["--rate", "1", "--inside", "400"]], holdsLong: true),
        ]
    }

    @Test(arguments: scenarios)
    func `agrees with what the writers log`(_ scenario: Scenario) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("app.db")
        try SQLiteShell.run("PRAGMA journal_mode = \(scenario.journal); CREATE TABLE warm(x);", on: path)
        let writers = try scenario.writers.enumerated().map { index, options in
            try LoadProcess([path, "--seconds", "4", "--seed", "\(index + 1)"] + options)
        }
        for writer in writers { try writer.waitUntilReady() }
        let run = try SamplerRun(path)
        for writer in writers { try writer.start() }
        let truths = try writers.map { try $0.figures() }
        let window = try run.end()

        #expect(window.commits == truths.reduce(0) { $0 + $1.commits })
        let held = truths.reduce(0) { $0 + $1.heldSeconds }
        // 400 looks know a share to some 5 %.
        #expect(
            abs(window.busyFraction - held / window.length) < 0.15,
            "\(window.busyFraction), \(held / window.length)")
        #expect(Set(truths.map(\.process)).isSubset(of: window.writers))
        // Only where the lock is held on purpose: a writer that waits for the processor logs that as holding, too.
        for truth in truths where scenario.holdsLong && truth.longestHold >= 0.4 {
            let seen = window.holders.first { $0.process == truth.process }
            #expect(seen?.shownName == "sqlite-load")
            #expect((seen?.longestHold ?? 0) >= 0.2, "\(truth)")
        }
    }
}

/// The load generator as a process.
private final class LoadProcess {
    struct Figures: Decodable {
        var process: Int32
        var commits: Int
        var heldSeconds: Double
        var longestHold: Double
        var stalledShare: Double
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ arguments: [String]) throws {
        let folder = URL(fileURLWithPath: OutgrowProgram.path).deletingLastPathComponent()
        process.executableURL = folder.appendingPathComponent("sqlite-load")
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit { if process.isRunning { process.terminate() } }

    func waitUntilReady() throws { _ = output.fileHandleForReading.availableData }
    func start() throws { try input.fileHandleForWriting.write(contentsOf: Data("go\n".utf8)) }

    func figures() throws -> Figures {
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try JSONDecoder().decode(Figures.self, from: data)
    }
}
