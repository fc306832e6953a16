import Foundation
import LocalPostgres
import PostgresClient
import TestSupport
import Testing
import Threading

/// The README's program, in a package of its own that depends on the library alone: it is built once and run on both
/// backends, and what the build has fetched is looked at.
@Suite(.serialized) struct LibraryExampleTests {
    private static let expected = "Ada -4860000000\nEdsger -4860000000\nGrace -4860000000\n"

    @Test func `the example runs alike on both backends, and fetches what the library needs alone`()
        async throws
    {
        let folder = try TemporaryFolder()
        try makePackage(in: folder)
        // On a thread of its own: minutes on one of the few that tasks share would stop the tests beside it.
        let build = try await onOwnThread(named: "build") { [path = folder.path] in
            try OutgrowProgram.shell(
                "swift build --package-path app --scratch-path build", in: path, environment: [:])
        }
        try #require(build.status == 0, "\(build)")

        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let conninfo = database.conninfo
        let server = "postgres:///\(database.name)?host=\(conninfo["host"] ?? "")&user=\(conninfo.user)"
        for url in ["sqlite:people.db", "\(server)&port=\(conninfo.port)"] {
            // Twice: the second time the people are there.
            for _ in 1...2 {
                let run = try OutgrowProgram.shell(
                    "build/debug/people '\(url)'", in: folder.path, environment: [:])
                #expect(run.status == 0, "\(run)")
                #expect(run.output == Self.expected, "\(run)")
            }
        }

        let files = FileManager.default
        let fetched = try files.contentsOfDirectory(atPath: folder.file("build/checkouts"))
        #expect(Set(fetched) == ["swift-log", "swift-metrics"])
        let built = try files.contentsOfDirectory(atPath: folder.file("build/debug/Modules"))
        #expect(built.contains("OutgrowStorage.swiftmodule"))
        for module in ["OutgrowCLI", "Outgrow", "ArgumentParser", "Translation", "CopyEngine"] {
            #expect(!built.contains("\(module).swiftmodule"), "the library needs no \(module)")
        }
    }

    private func makePackage(in folder: TemporaryFolder) throws {
        let root = DocumentationTests.root
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let blocks = readme.matches(of: /```swift\n((?s).*?)```/).map { String($0.output.1) }
        let product = try #require(blocks.first?.firstMatch(of: /\.product\(.*?\)/)).output
        let program = try #require(blocks.first { $0.contains("@main") })
        try FileManager.default.createDirectory(
            atPath: folder.file("app/Sources/people"), withIntermediateDirectories: true)
        _ = try folder.write(program, to: "app/Sources/people/People.swift")
        _ = try folder.write(
            """
            // swift-tools-version: 6.0
            import PackageDescription
            let package = Package(
                name: "people", platforms: [.macOS(.v15)],
                dependencies: [.package(name: "outgrow", path: "\(root.path)")],
                targets: [.executableTarget(name: "people", dependencies: [\(product)])])
            """, to: "app/Package.swift")
    }
}
