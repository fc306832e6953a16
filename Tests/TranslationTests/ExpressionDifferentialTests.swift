import Foundation
import TestSupport
import Testing

/// Real SQLite and real Postgres on the same rows: every value and its storage class.
@Suite("Expressions in both engines")
struct ExpressionDifferentialTests {
    @Test func `give what SQLite gives, or are refused as expected`() async throws {
        let cases = try ExpressionCase.corpus()
        let outcomes = try await BothEngines().outcomes(of: cases)
        for (item, outcome) in zip(cases, outcomes) {
            switch outcome {
            case .same: #expect(!item.isRefused, "\(item) was expected to be refused")
            case .refused(let reason): #expect(item.isRefused, "\(item) is refused: \(reason)")
            default: Issue.record("\(item): \(outcome)")
            }
        }
        #expect(cases.count > 1_500)
    }

    /// `OUTGROW_FUZZ_COUNT` says how many, rounded down to thousands.
    @Test func `are never wrong when they are made at random`() async throws {
        let environment = ProcessInfo.processInfo.environment
        let rounds = max(2, (environment["OUTGROW_FUZZ_COUNT"].flatMap(Int.init) ?? 0) / 1_000)
        let start = environment["OUTGROW_FUZZ_SEED"].flatMap(UInt64.init) ?? 20_261_129
        let engines = try await BothEngines()
        var tally = (same: 0, refused: 0, failed: 0)
        for round in 0..<rounds {
            let seed = start &+ UInt64(round)
            var generator = ExpressionGenerator(seed: seed)
            let cases = (0..<1_000).map { _ in generator.next() }
            for (item, outcome) in zip(cases, try await engines.outcomes(of: cases)) {
                switch outcome {
                case .same: tally.same += 1
                case .refused: tally.refused += 1
                case .failedInSQLite: tally.failed += 1
                case .different(let text): Issue.record("seed \(seed), \(item): \(text)")
                case .failedInPostgres(let text): Issue.record("seed \(seed), \(item): \(text)")
                }
            }
        }
        // Most of them must say something.
        #expect(tally.same > rounds * 850, "\(tally)")
    }
}
