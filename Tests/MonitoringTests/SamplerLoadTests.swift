import Foundation
import TestSupport
import Testing

@testable import Monitoring

/// The sampler and its verdict against writers that log their own truth, each a process of its own.
///
/// Both see the same run, so a loaded machine moves both. What is left depends on when the scheduler lets the sampler
/// look, so the suite runs on request: OUTGROW_SAMPLER_LOAD=1, or the name of one load. `SamplerTruthTests` is in the ordinary run.
@Suite(
    .serialized,
    .enabled(
        if: ProcessInfo.processInfo.environment["OUTGROW_SAMPLER_LOAD"] != nil,
        "OUTGROW_SAMPLER_LOAD=1 runs it"))
struct SamplerLoadTests {
    private static let names = [
        "idle", "light", "one saturating writer", "four in a closed loop", "eight in a closed loop",
        "paced near saturation", "a long transaction now and then", "a long reader", "fsync of 150 ms",
        "fsync of 150 ms, NORMAL", "four with an fsync of 3 ms", "bulk import",
    ]

    private static let runs =
        (["wal", "delete"].flatMap { journal in names.map { (journal, $0) } } + [
            ("wal", "checkpoints on a slow disk")
        ])
        .filter { wanted == "1" || wanted == $0.1 }
    private static let wanted = ProcessInfo.processInfo.environment["OUTGROW_SAMPLER_LOAD"]

    @Test(arguments: runs)
    func `agrees with what the writers log`(_ journal: String, _ name: String) throws {
        let scenario = try #require(LoadScenario.named(name, journal: journal))
        let run = try LoadRun(scenario, seconds: 10)
        let story: Comment = "\(name), \(journal): \(run)"
        print(story.rawValue)
        #expect(run.window.commits == run.commits, story)
        #expect(abs(run.felt - run.stalled) <= 0.10, story)
        if run.holdTime > 0.001, run.commits >= 20 {
            let tolerance = journal == "wal" ? 0.15 : 0.25
            #expect(abs(run.minute.holdTime - run.holdTime) <= tolerance * run.holdTime, story)
        }
        for truth in run.truths where truth.longestHold >= 0.21 {
            // COMMIT returns when the checkpoint is done that it began after it let the write lock go.
            let seen = (run.window.episodes + run.window.checkpoints).filter { $0.holder == truth.process }
            #expect((seen.map(\.duration).max() ?? 0) >= 0.15, story)
        }
        if scenario.isNeverOutgrown { #expect(run.verdict.state != .outgrown, story) }
        if let causes = scenario.causes, let first = run.verdict.causes.first {
            #expect(causes.contains(first.kind) || (first.kind == .saturatingWriter && run.isHogged), story)
        }
    }
}
