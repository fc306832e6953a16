import Foundation
import PostgresClient
import Schema
import TestSupport
import Testing
import Threading

@testable import Translation

/// The frameworks themselves say what their profiles have to: each makes one of everything in SQLite and in
/// Postgres, we migrate the SQLite file, and the two databases are compared; then it reads our rows.
///
/// They are run when the machine has them (`make test-frameworks` installs Debian's packages).
@Suite("Profiles against their frameworks")
struct FrameworkTests {
    @Test(arguments: Framework.all)
    func `our schema is the framework's own, but for what its profile states`(_ framework: Framework)
        async throws
    {
        try await withStory(framework) { story in
            let own = try await EphemeralPostgres.shared.emptyDatabase()
            try await framework.run("make", on: own.words)
            let ours = try await story.migrate([])
            let found = try await Catalog(own).differences(from: try await Catalog(ours))
            let profile = try #require(Profiles.frameworks.first { $0.name == framework.name })
            let stated = Set(
                (profile.profile?.differences ?? []).map {
                    Catalog.Difference(framework: $0.framework, outgrow: $0.outgrow)
                })
            for difference in Set(found.keys).subtracting(stated) {
                Issue.record("not stated: \(difference), as in \(found[difference] ?? "")")
            }
            for difference in stated.subtracting(found.keys) { Issue.record("not so: \(difference)") }
        }
    }

    @Test(arguments: Framework.all)
    func `the framework reads from our database what it wrote into its own`(_ framework: Framework)
        async throws
    {
        try await withStory(framework) { story in
            let mapping = try story.folder.write(framework.mapping, to: "mapping.json5")
            let ours = try await story.migrate(["--mapping", mapping])
            let expected = try await framework.run("dump", on: "sqlite:\(story.path)").split(separator: "\n")
            let found = try await framework.run("dump", on: ours.words).split(separator: "\n")
            #expect(expected.count >= framework.rowCount)
            #expect(found.count == expected.count)
            for (one, other) in zip(expected, found) where one != other {
                Issue.record("\(one)\nis read as\n\(other)")
                break
            }
            #expect(try await framework.run("write", on: ours.words).contains("written"))
        }
    }

    /// Makes the SQLite database, unless the framework is not there: then the test is skipped, and says why.
    private func withStory(_ framework: Framework, _ body: (Story) async throws -> Void) async throws {
        guard framework.isInstalled else {
            try Test.cancel("\(framework.name) is not installed; make test-frameworks installs it")
        }
        let folder = try TemporaryFolder()
        let path = folder.file("zoo.db")
        try await framework.run("make", on: "sqlite:\(path)")
        try await body(Story(framework: framework, folder: folder, path: path))
    }

    struct Story {
        let framework: Framework
        let folder: TemporaryFolder
        let path: String

        func migrate(_ flags: [String]) async throws -> TestDatabase {
            let database = try await EphemeralPostgres.shared.emptyDatabase()
            let arguments = ["migrate", path, database.words] + framework.flags + flags
            let outcome = try await onOwnThread(named: "outgrow") { try OutgrowProgram.run(arguments) }
            #expect(outcome.status == 0, "\(outcome)")
            return database
        }
    }
}
