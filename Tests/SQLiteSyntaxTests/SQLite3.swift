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

    /// What SQLite says of each statement's grammar, by its position; nil for what it has no objection to.
    ///
    /// The statements are prepared, not run, and each must stand on one line. Whether
    /// names exist does not count here.
    static func syntaxErrors(in statements: [String], after setup: String = "") throws -> [Int: String] {
        let start = 2 + setup.count { $0 == "\n" }
        let script = setup + "\n" + statements.map { "EXPLAIN " + $0 + ";" + closing }.joined(separator: "\n")
        var result: [Int: String] = [:]
        for line in try messages(of: script).split(separator: "\n") {
            guard let match = line.wholeMatch(of: /(?:Parse|Runtime) error near line (\d+): (.*)/),
                let number = Int(match.1)
            else { continue }
            guard grammar.contains(where: { match.2.contains($0) }) else {
                // A trigger on what does not exist is given up before its body is read.
                let position = (number - start) / 2
                if statements.indices.contains(position), statements[position].contains("TRIGGER") {
                    result[position] = unread
                }
                continue
            }
            result[(number - start) / 2] = String(match.2)
        }
        return result
    }

    /// SQLite did not read the statement to its end, for another reason.
    static let unread = "not read to its end"

    /// Ends a trigger that has no end of its own, which would swallow what follows; an error of its own else.
    private static let closing = "\n;END;"

    private static let grammar = [
        "syntax error", "unrecognized token", "incomplete input", "clause should come after",
        "unknown join type", "a NATURAL join may not have", "JOIN clause is required before",
        "qualified table names are not allowed", "clause is not allowed on UPDATE or DELETE",
        "unknown table option",
    ]

    private static func messages(of script: String) throws -> String {
        let input = FileManager.default.temporaryDirectory.appending(path: "syntax-\(UUID().uuidString)")
        defer {
            do { try FileManager.default.removeItem(at: input) } catch { print(error) }
        }
        try Data(script.utf8).write(to: input)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["sqlite3", "-batch", "-init", "/dev/null", ":memory:"]
        process.standardInput = try FileHandle(forReadingFrom: input)
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let result = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return result
    }
}
