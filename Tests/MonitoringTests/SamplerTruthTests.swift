import Testing

@testable import Monitoring

/// The short part of the load suite: what must hold however busy the machine is, as truth and sampler share it.
@Suite(.serialized) struct SamplerTruthTests {
    @Test func `four writers without a pause wait for one another, and their commits are all counted`() throws
    {
        let scenario = try #require(LoadScenario.named("four in a closed loop", journal: "wal"))
        let run = try LoadRun(scenario, seconds: 4)
        #expect(run.window.commits == run.commits, "\(run)")
        #expect(Set(run.truths.map(\.process)).isSubset(of: run.window.writers), "\(run)")
        // One writer may starve the others all through: they are seen to wait, not reckoned.
        #expect(abs(run.felt - run.stalled) <= 0.15, "\(run)")
        #expect(run.window.bystanders == [run.keeper], "\(run)")
        #expect(run.minute.judgedShare >= 0.05, "\(run)")
        // The application's work within the transaction is not the disk's.
        #expect(
            !run.verdict.causes.contains { $0.kind == .synchronousFull && $0.certainty != .possible },
            "\(run)")
    }

    @Test func `one writer that never pauses waits for nobody`() throws {
        let scenario = try #require(LoadScenario.named("one saturating writer", journal: "wal"))
        let run = try LoadRun(scenario, seconds: 4)
        #expect(run.window.commits == run.commits, "\(run)")
        #expect(abs(run.felt - run.stalled) <= 0.15, "\(run)")
        #expect(run.verdict.state != .outgrown, "\(run)")
        #expect(run.window.holders.first?.process == run.truths.first?.process, "\(run)")
    }
}
