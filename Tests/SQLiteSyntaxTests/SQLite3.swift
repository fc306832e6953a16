import Foundation

/// The real `sqlite3`, run as a process: what it says is the truth here.
enum SQLite3 {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs a script on an empty database, or on a file; returns rows of columns.
    ///
    /// Stops with an error at the first failing statement, or ignores failures.
    static func rows(
        _ script: String, on database: String = ":memory:", ignoringErrors: Bool = false
    ) throws -> [[String]] {
        let directory = FileManager.default.temporaryDirectory.appending(path: "syntax-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer {
            do { try FileManager.default.removeItem(at: directory) } catch { print(error) }
        }
        let input = directory.appending(path: "in")
        let output = directory.appending(path: "out")
        try Data(script.utf8).write(to: input)
        try Data().write(to: output)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["sqlite3", "-batch"] + (ignoringErrors ? [] : ["-bail"]) + [
                "-init", "/dev/null", "-ascii", database,
            ]
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = try FileHandle(forWritingTo: output)
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let message = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard ignoringErrors || process.terminationStatus == 0 else { throw Failure(description: message) }
        let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
        return text.split(separator: "\u{1E}", omittingEmptySubsequences: false).dropLast().map { row in
            row.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
        }
    }

    static func accepts(_ script: String) -> Bool {
        do {
            _ = try rows(script)
            return true
        } catch {
            return false
        }
    }
}
