import Foundation
import TestSupport
import Testing

@Suite("Surroundings that are not as usual")
struct SurroundingsTests {
    private let folder: TemporaryFolder
    private let source: String

    init() throws {
        folder = try TemporaryFolder()
        source = try makeDatabase(rows: 2000, in: folder)
    }

    @Test(arguments: ["translate", "rehearse"])
    func `a reader that goes away does not stop the work`(_ command: String) throws {
        let outcome = try OutgrowProgram.shell(
            "\"$OUTGROW\" \(command) '\(source)' | head -1; echo \"status ${PIPESTATUS[0]}\"", in: folder.path
        )
        #expect(outcome.output.hasSuffix("status 0\n"), "\(outcome)")
        #expect(outcome.lastErrorLine.hasPrefix("state: "))
    }

    @Test func `closed standard streams do not stop the work`() throws {
        for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
            let outcome = try OutgrowProgram.shell(
                "\"$OUTGROW\" rehearse '\(source)' \(closed)", in: folder.path)
            #expect(outcome.status == 0, "\(closed): \(outcome)")
        }
        // A file of ours must never take the place of a closed stream.
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: source)).starts(with: Array("SQLite format 3\0".utf8)))
    }

    @Test func `a full standard output is noticed`() throws {
        let outcome = try OutgrowProgram.shell(
            "\"$OUTGROW\" translate '\(source)' > /dev/full", in: folder.path)
        #expect(outcome.status != 0, "\(outcome)")
        #expect(outcome.errors.contains("standard output"), "\(outcome)")
        #expect(outcome.lastErrorLine.hasPrefix("state: "))
    }

    @Test func `no home and no terminal are needed`() throws {
        let outcome = try OutgrowProgram.run(
            ["rehearse", source],
            environment: ["HOME": nil, "TERM": nil, "USER": nil, "LANG": nil, "TMPDIR": nil])
        #expect(outcome.status == 0, "\(outcome)")
        let bare = try OutgrowProgram.shell(
            "env -i PATH=\"$PATH\" \"$OUTGROW\" rehearse '\(source)'", in: folder.path)
        #expect(bare.status == 0, "\(bare)")
    }

    @Test func `few file descriptors are enough`() throws {
        // The throw-away server alone asks for 58.
        let outcome = try OutgrowProgram.shell(
            "(ulimit -n 20; \"$OUTGROW\" translate '\(source)') && ulimit -n 100 && \"$OUTGROW\" rehearse '\(source)'",
            in: folder.path)
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `a temporary folder that is not there is named`() throws {
        let story = try SourceStory(.walCrashed, owner: .current)
        let outcome = try OutgrowProgram.run(
            ["translate", story.path], environment: ["TMPDIR": folder.file("missing")])
        #expect(outcome.status == 10, "\(outcome)")
        #expect(outcome.errors.contains(folder.file("missing")), "\(outcome)")
        #expect(outcome.remedy?.contains("TMPDIR") == true, "\(outcome)")
        #expect(outcome.lastErrorLine.hasPrefix("state: nothing; next: "))
    }

    private static let canMount: Bool = {
        guard geteuid() == 0 else { return false }
        do {
            try Program.run("unshare", ["-m", "true"])
            return true
        } catch {
            return false
        }
    }()

    @Test(.enabled(if: canMount, "needs root and mount namespaces, to make a small disk"))
    func `a disk too small for the private copy`() throws {
        let story = try SourceStory(.walCrashed, owner: .current)
        let before = try story.footprint()
        try FileManager.default.createDirectory(
            atPath: folder.file("disk"), withIntermediateDirectories: false)
        let outcome = try OutgrowProgram.shell(
            """
            unshare -m bash -c 'mount -t tmpfs -o size=128k none "$0" && TMPDIR="$0" "$OUTGROW" translate "$1"; \
            status=$?; find "$0" -type f | wc -l; exit $status' '\(folder.file("disk"))' '\(story.path)'
            """, in: folder.path)
        #expect(outcome.status == 10, "\(outcome)")
        #expect(outcome.remedy?.contains("TMPDIR") == true, "\(outcome)")
        #expect(outcome.lastErrorLine.hasPrefix("state: nothing; next: "))
        #expect(outcome.output == "0\n", "Files are left: \(outcome)")
        #expect(try story.footprint() == before)
    }
}
