import Foundation
import Outgrow
import TestSupport
import Testing

/// What real databases are told, committed: Tests/Golden/reports.
@Suite(.serialized) struct FindingGoldenTests {
    @Test(
        .enabled(if: Place.hasRealDatabases, "The real databases are not on this machine."),
        arguments: RealDatabase.allCases)
    func `a real database's findings are the golden ones`(_ name: RealDatabase) async throws {
        try await expectGolden(name.rawValue, of: SourceFile(copying: Place.realDatabase(name.rawValue)))
    }

    @Test func `the sample's findings are the golden ones`() async throws {
        try await expectGolden("ticketing", of: .sample())
    }

    @Test(.enabled(if: Place.hasRealDatabases, "The real databases are not on this machine."))
    func `chinook exits 0`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let source = try SourceFile(copying: Place.realDatabase("chinook"))
        let result = try await Tool.run(["migrate", source.path, database.argument])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lastLine.hasPrefix("state: complete; next: outgrow verify "))
    }

    private func expectGolden(_ name: String, of source: SourceFile) async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let report = try await migrate(source.path, into: database)
        #expect(report.outcome == .complete)
        let text = report.findingLines.map { $0 + "\n" }.joined()
        let file = Place.package.appendingPathComponent("Tests/Golden/reports/\(name).findings")
        let environment = ProcessInfo.processInfo.environment
        if environment["GOLDEN"] == "update" {
            try #require(environment["CI"] != "true", "A golden file is not rewritten in CI.")
            try Data(text.utf8).write(to: file)
        }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(text == golden)
    }
}
