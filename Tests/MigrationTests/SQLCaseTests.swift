import Foundation
import TestSupport
import Testing
import Threading

/// SQLite's SQL on both engines: each case is migrated, its statements run, its rows compared.
///
/// What SQLite gives is asked from SQLite while the test runs; the cases hold no results.
@Suite(.serialized) struct SQLCaseTests {
    private struct Totals: Decodable {
        struct Case: Decodable {
            var id: String
            var verdict: String
            var differences: [String]
        }
        var cases: [Case]
        var same: Int
        var reported: Int
        var wrong: Int
    }

    private static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

    private static var given: String {
        Place.package.deletingLastPathComponent().appendingPathComponent("shared/examples/sql-cases.jsonl")
            .path
    }

    /// On a thread of its own, as it takes minutes and tests share few.
    private func run(_ file: String) async throws -> Totals {
        let outcome = try await onOwnThread(named: "sql-cases") {
            try OutgrowProgram.shell(
                "timeout 1500 scripts/sql-cases --json '\(file)'", in: Place.package.path)
        }
        return try JSONDecoder().decode(Totals.self, from: Data(outcome.output.utf8))
    }

    private func expectNoneWrong(_ totals: Totals, leastSame: Double) {
        let wrong = totals.cases.filter { $0.verdict == "wrong" }
        #expect(wrong.isEmpty, "\(wrong.map { "\($0.id): \($0.differences)" })")
        let least = Int((Double(totals.cases.count) * leastSame).rounded(.up))
        let others = totals.cases.filter { $0.verdict != "same" }.map(\.id)
        #expect(totals.same >= least, "not the same: \(others)")
    }

    @Test(.enabled(if: hasPython, "There is no python3 on this machine."))
    func `nothing of our cases differs unless the report says so`() async throws {
        expectNoneWrong(try await run("Tests/SQLCases/cases.jsonl"), leastSame: 0.95)
    }

    @Test(
        .enabled(
            if: hasPython && FileManager.default.fileExists(atPath: given),
            "The given cases are not on this machine."))
    func `nothing of the given cases differs unless the report says so`() async throws {
        expectNoneWrong(try await run(Self.given), leastSame: 0.95)
    }

    @Test(
        .enabled(if: hasPython && Place.hasRealDatabases, "The real databases are not on this machine."),
        arguments: ["chinook", "northwind", "optuna", "sakila"])
    func `a real database's views give the same rows, and its scripts run`(_ name: String) async throws {
        expectNoneWrong(try await run(Place.realDatabase(name)), leastSame: 1)
    }
}
