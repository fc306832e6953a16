import Foundation
import TestSupport
import Testing

@Suite("The command line")
struct UsageTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("app.db") }

    init() throws {
        folder = try TemporaryFolder()
        try SQLiteShell.run(
            "CREATE TABLE \"n\u{1B}[31m\"(a INT, b REAL); CREATE VIEW v AS SELECT changes();", on: path)
    }

    @Test func `says its version`() throws {
        let outcome = try OutgrowProgram.run(["--version"])
        #expect(outcome.status == 0)
        #expect(outcome.output.split(separator: ".").count == 3)
        #expect(outcome.output.hasSuffix("\n"))
    }

    @Test func `shows its help when it is given nothing`() throws {
        let outcome = try OutgrowProgram.run([])
        #expect(outcome.status == 0)
        #expect(outcome.output == (try OutgrowProgram.run(["--help"])).output)
    }

    @Test(arguments: [
        ("trnslate", "outgrow translate"), ("migrat", "outgrow migrate"), ("varify", "outgrow verify"),
        ("rehearsal", "outgrow rehearse"),
        ("xyzzy", "rehearse, migrate, translate, verify, clean, schema, check, watch, doctor"),
    ])
    func `suggests the command that was meant`(_ word: String, _ suggestion: String) throws {
        let outcome = try OutgrowProgram.run([word, "app.db"])
        #expect(outcome.status == 64)
        #expect(outcome.code == "usage")
        #expect(outcome.remedy?.hasSuffix(suggestion) == true, "\(outcome)")
        #expect(outcome.lastErrorLine == "state: nothing; next: outgrow --help")
    }

    @Test(arguments: [
        ["translate"], ["translate", "a.db", "--bogus"], ["translate", "a.db", "extra"],
        ["rehearse", "a.db", "--jobs", "0"],
        ["migrate", "a.db", "--jobs", "many"], ["verify", "a.db", "--names", "big"],
        ["migrate", "a.db", "--schema-only", "--data-only"], ["migrate", "a.db", "--data-only", "--replace"],
        ["translate", "a.db", "--target-version", "11"], ["clean", "--jobs", "1"],
        ["translate", "a.db", "\u{1B}[2J"],
    ])
    func `explains wrong usage`(_ arguments: [String]) throws {
        let outcome = try OutgrowProgram.run(arguments)
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.code == "usage", "\(outcome)")
        #expect(outcome.remedy != nil, "\(outcome)")
        #expect(outcome.lastErrorLine == "state: nothing; next: outgrow \(arguments[0]) --help", "\(outcome)")
        #expect(outcome.output.isEmpty)
        #expect(!outcome.errors.contains("\u{1B}"))
    }

    @Test(arguments: [
        ["--column", "nonsense"], ["--column", "a.b=nosuchtype"], ["--column", "no.such=text"],
        ["--table", "nothing*"],
        ["--timezone", "Europe/Berlin"], ["--plan", "missing.json"], ["--schema", ""],
    ])
    func `explains options that do not fit the file`(_ flags: [String]) throws {
        let outcome = try OutgrowProgram.run(["translate", path] + flags)
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.code != nil, "\(outcome)")
        #expect(outcome.remedy != nil, "\(outcome)")
        #expect(outcome.lastErrorLine.hasPrefix("state: nothing; next: outgrow "))
    }

    @Test(arguments: ["translate", "rehearse"])
    func `prints one JSON document`(_ command: String) throws {
        let outcome = try OutgrowProgram.run([command, path, "--json"])
        let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        #expect(document?["schema"] as? String == "outgrow.\(command)/1", "\(outcome)")
        #expect(outcome.lastErrorLine.hasPrefix("state: "))
    }

    @Test func `is quiet when asked, but for the state`() throws {
        for flag in ["--quiet", "-q"] {
            let outcome = try OutgrowProgram.run(["translate", path, flag])
            #expect(outcome.status == 3, "\(outcome)")
            #expect(outcome.errorLines.count == 1, "\(outcome)")
            #expect(outcome.lastErrorLine.hasPrefix("state: nothing; next: outgrow rehearse "))
        }
    }

    @Test func `steers no terminal: not by color, not by names`() throws {
        for environment in [[:], ["NO_COLOR": "1"], ["TERM": "xterm-256color", "CLICOLOR_FORCE": "1"]]
            as [[String: String?]]
        {
            let outcome = try OutgrowProgram.run(["translate", path, "--explain"], environment: environment)
            #expect(!(outcome.output + outcome.errors).contains("\u{1B}"))
            #expect(outcome.errors.contains("n\\u{1b}[31m"), "\(outcome)")
        }
    }

    /// `script` gives the program a terminal.
    private func onTerminal(_ environment: [String: String?]) throws -> String {
        try OutgrowProgram.shell(
            "script -qec \"'$OUTGROW' translate '\(path)' --explain\" /dev/null < /dev/null", in: folder.path,
            environment: environment
        ).output
    }

    private static let hasScript = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

    @Test(.enabled(if: hasScript, "needs the program script"))
    func `is colorful on a terminal only, and not with NO_COLOR`() throws {
        let colored = try onTerminal(["TERM": "xterm", "NO_COLOR": nil])
        #expect(colored.contains("\u{1B}[33m"), "\(colored)")
        let plain = try onTerminal(["TERM": "xterm", "NO_COLOR": "1"])
        #expect(!plain.contains("\u{1B}[3"), "\(plain)")
        #expect(!colored.contains("\u{1B}[31m"), "A name colors the terminal.")
    }

    @Test func `what it says to do next can be pasted`() throws {
        try FileManager.default.copyItem(atPath: path, toPath: folder.file("it's $(touch harmed).db"))
        let outcome = try OutgrowProgram.run(["translate", "it's $(touch harmed).db"], in: folder.path)
        let next = try #require(outcome.lastErrorLine.components(separatedBy: "; next: outgrow ").last)
        let again = try OutgrowProgram.shell(
            "\"$OUTGROW\" \(next.replacing("rehearse", with: "translate"))", in: folder.path)
        #expect(again.status == 3, "\(again)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("harmed")))
    }
}
