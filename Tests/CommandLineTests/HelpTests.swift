import Foundation
import TestSupport
import Testing

@Suite("The help texts")
struct HelpTests {
    static let commands = [
        "outgrow", "rehearse", "migrate", "translate", "verify", "clean", "schema", "schema status",
        "schema up", "schema down", "schema new", "check", "watch", "doctor",
    ]

    private static let root: URL = {
        // Tests/CommandLineTests/HelpTests.swift
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }()
    private static var updates: Bool { ProcessInfo.processInfo.environment["GOLDEN"] == "update" }
    private static func golden(_ command: String) -> URL {
        root.appendingPathComponent("Tests/Golden/cli/\(command.replacing(" ", with: "-")).txt")
    }
    private static var page: URL { root.appendingPathComponent("docs/reference/cli.md") }

    private static func words(_ command: String) -> [String] {
        command == "outgrow" ? [] : command.split(separator: " ").map(String.init)
    }

    private static func help(_ command: String) throws -> String {
        let outcome = try OutgrowProgram.run(words(command) + ["--help"])
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.errors.isEmpty, "\(outcome)")
        return outcome.output
    }

    /// `GOLDEN=update swift test` rewrites the file; read the difference before you commit it.
    @Test(arguments: commands)
    func `is what the golden file says`(_ command: String) throws {
        let text = try Self.help(command)
        if Self.updates { try Data(text.utf8).write(to: Self.golden(command)) }
        #expect(text == (try String(contentsOf: Self.golden(command), encoding: .utf8)))
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(!text.contains("\u{1B}"))
    }

    @Test(arguments: commands.dropFirst())
    func `is the same however it is asked for`(_ command: String) throws {
        let text = try Self.help(command)
        for arguments in [["help"] + Self.words(command), Self.words(command) + ["-h"]] {
            #expect(try OutgrowProgram.run(arguments, environment: ["COLUMNS": "200"]).output == text)
        }
    }

    @Test func `the reference is made of them`() throws {
        var text = """
            # Command line

            Results go to standard output, all else to standard error, whose last line is always
            `state: <nothing|partial|complete>; next: <command>`. What the numbers mean that a command ends with:
            [exit status](exit-status.md).

            This page is generated from the help texts: `GOLDEN=update swift test --filter HelpTests`.

            """
        for command in Self.commands {
            let golden = try String(contentsOf: Self.golden(command), encoding: .utf8)
            text +=
                "\n## \(command == "outgrow" ? "outgrow" : "outgrow \(command)")\n\n```text\n\(golden.trimmingNewlines)\n```\n"
        }
        if Self.updates { try Data(text.utf8).write(to: Self.page) }
        #expect(text == (try String(contentsOf: Self.page, encoding: .utf8)))
    }
}

extension String {
    fileprivate var trimmingNewlines: String {
        var text = self[...]
        while text.last == "\n" { text = text.dropLast() }
        return String(text)
    }
}
