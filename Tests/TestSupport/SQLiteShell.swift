internal import Foundation

/// The `sqlite3` program: makes fixtures by the engine itself, not by our own client.
package enum SQLiteShell {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Runs SQL (and the shell's dot commands) on the file `path`, and returns what is printed.
    @discardableResult
    package static func run(_ sql: String, on path: String) throws -> String {
        try Program.run("sqlite3", ["-batch", "-bail", path], input: sql)
    }
}

/// Any program a test needs.
package enum Program {
    /// Runs `name`, found in PATH, to its end; throws when it fails.
    @discardableResult
    package static func run(_ name: String, _ arguments: [String] = [], input: String = "") throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        let folder = try TemporaryFolder()
        // Files, not pipes: neither side can wait for the other.
        process.standardInput = try FileHandle(
            forReadingFrom: URL(fileURLWithPath: folder.write(input, to: "input")))
        let paths = try ["output", "errors"].map { try folder.write("", to: $0) }
        let files = try paths.map { try FileHandle(forWritingTo: URL(fileURLWithPath: $0)) }
        process.standardOutput = files[0]
        process.standardError = files[1]
        try process.run()
        process.waitUntilExit()
        let texts = try paths.map {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: $0)), as: UTF8.self)
        }
        guard process.terminationStatus == 0 else {
            throw SQLiteShell.Failure(
                description:
                    "\(name) ended with \(process.terminationStatus): \(texts[1])\(texts[0])"
            )
        }
        return texts[0]
    }
}
