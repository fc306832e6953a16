import Foundation
import TestSupport
import Testing

@Suite("The source is never harmed")
struct SourceUnharmedTests {
    /// Who runs outgrow, seen from the file.
    enum Runner: String, CaseIterable, Sendable { case root, owner, stranger }

    @Test(arguments: SourceState.allCases)
    func `by the user who owns everything`(_ state: SourceState) throws {
        try check(SourceStory(state, owner: .current), runBy: .current, isRefused: false)
    }

    @Test(
        .enabled(if: TestUser.canBeOthers, "needs root, to act as other users"),
        arguments: SourceState.allCases, Runner.allCases)
    func `by any user`(_ state: SourceState, _ runner: Runner) throws {
        let story = try SourceStory(state, owner: .nobody)
        let user: TestUser =
            switch runner {
            case .root: .current
            case .owner: .nobody
            case .stranger: .daemon
            }
        try check(story, runBy: user, isRefused: runner == .stranger && state == .walAtRest)
    }

    private func check(_ story: SourceStory, runBy user: TestUser, isRefused: Bool) throws {
        let before = try story.footprint()
        let outcome = try OutgrowProgram.run(["translate", story.path, "--json"], as: user)
        #expect(try story.footprint() == before, "\(outcome)")
        if isRefused {
            #expect(outcome.status == 10, "\(outcome)")
            #expect(outcome.code == "source-needs-owner")
            #expect(outcome.remedy?.contains("nobody") == true)
            #expect(outcome.lastErrorLine.hasPrefix("state: nothing; next: "))
        } else {
            #expect(outcome.status == 0, "\(outcome)")
            let tables = try TranslateDocument.read(outcome.output).tables
            #expect(tables.map(\.estimatedRowCount) == [Int64(SourceState.committedRows)])
        }
        #expect(try story.applicationWorks())
    }

    @Test(
        .enabled(if: TestUser.canBeOthers, "needs root, to act as other users"),
        arguments: [SourceState.rollbackAtRest, .rollbackCrashed, .walAtRest, .walStale, .walCrashed],
        ["the folder", "the file", "both"])
    func `when its owner may not write`(_ state: SourceState, _ what: String) throws {
        let story = try SourceStory(state, owner: .nobody)
        let attributes: (Int) -> [FileAttributeKey: Any] = { [.posixPermissions: $0] }
        if what != "the file" {
            try FileManager.default.setAttributes(attributes(0o555), ofItemAtPath: story.folder.path)
        }
        if what != "the folder" {
            try FileManager.default.setAttributes(attributes(0o444), ofItemAtPath: story.path)
        }
        let before = try story.footprint()
        let outcome = try OutgrowProgram.run(["translate", story.path, "--json"], as: .nobody)
        #expect(try story.footprint() == before)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try TranslateDocument.read(outcome.output).tables.map(\.estimatedRowCount) == [503])
    }

    @Test func `through a symbolic link, whose own folder gets no sidecar`() throws {
        for state in [SourceState.walAtRest, .walCrashed, .walIdle] {
            let story = try SourceStory(state, owner: .current)
            let elsewhere = try TemporaryFolder()
            try FileManager.default.createSymbolicLink(
                atPath: elsewhere.file("link.db"), withDestinationPath: story.path)
            let before = try story.footprint()
            let outcome = try OutgrowProgram.run(["translate", elsewhere.file("link.db"), "--json"])
            #expect(try story.footprint() == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path) == ["link.db"])
            #expect(
                try TranslateDocument.read(outcome.output).tables.map(\.estimatedRowCount) == [503],
                "\(outcome)")
        }
    }

    @Test(arguments: [
        "with space.db", "it's.db", "a\"quote.db", "a?mode=memory.db", "50%20off.db", "file:app.db",
        "-dash.db", "Größe-漢字-🚀.db",
        "line\nbreak.db", "semi;colon.db", "$(touch harmed).db", ":memory:",
    ])
    func `under any name`(_ name: String) throws {
        let folder = try TemporaryFolder()
        try SQLiteShell.run("CREATE TABLE t(a); INSERT INTO t VALUES(1);", on: folder.file("made.db"))
        try FileManager.default.moveItem(atPath: folder.file("made.db"), toPath: folder.file(name))
        for path in [folder.file(name), name.hasPrefix("-") ? "./" + name : name] {
            let outcome = try OutgrowProgram.run(["translate", path, "--json"], in: folder.path)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try TranslateDocument.read(outcome.output).tables.map(\.estimatedRowCount) == [1])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
    }

    @Test(arguments: [SourceState.rollbackAtRest, .rollbackCrashed, .walAtRest, .walWrite, .walCrashed])
    func `by a whole rehearsal`(_ state: SourceState) throws {
        let story = try SourceStory(state, owner: .current)
        let before = try story.footprint()
        let outcome = try OutgrowProgram.run(["rehearse", story.path, "--quiet"])
        #expect(try story.footprint() == before)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("503 rows"))
        #expect(try story.applicationWorks())
    }

    @Test func `and the private copy is gone afterwards`() throws {
        let story = try SourceStory(.walCrashed, owner: .current)
        let temporary = try TemporaryFolder()
        let outcome = try OutgrowProgram.run(
            ["translate", story.path], environment: ["TMPDIR": temporary.path])
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("private copy"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
    }
}
