internal import Foundation

/// An application that has a database open: the `sqlite3` program, kept alive, told what to do line by line.
package final class LiveShell {
    private let process = Process()
    private let commands = Pipe()
    private let answers = Pipe()
    private var markCount = 0

    package var processID: Int32 { process.processIdentifier }

    package init(_ path: String, as user: TestUser = .current) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = user.prefix + ["sqlite3", "-batch", path]
        process.standardInput = commands
        process.standardOutput = answers
        process.standardError = answers
        try process.run()
    }

    deinit { kill() }

    /// Runs SQL or dot commands, and returns what they print once they are done.
    @discardableResult
    package func run(_ sql: String) throws -> String {
        markCount += 1
        let mark = "done-\(markCount)-\(UInt32.random(in: 0 ... .max))"
        try begin("\(sql)\n.print \(mark)")
        var text = ""
        while !text.contains(mark) {
            let data = answers.fileHandleForReading.availableData
            guard !data.isEmpty else {
                throw SQLiteShell.Failure(description: "The sqlite3 program ended: \(text)")
            }
            text += String(decoding: data, as: UTF8.self)
        }
        return text.split(separator: "\n").filter { $0 != mark }.joined(separator: "\n")
    }

    /// Begins with SQL or dot commands that may have to wait; the next `run` returns what they print as well.
    package func begin(_ sql: String) throws {
        try commands.fileHandleForWriting.write(contentsOf: Data("\(sql)\n".utf8))
    }

    /// Ends it in good order.
    package func quit() throws {
        guard process.isRunning else { return }
        try commands.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Ends it as `kill -9` does: nothing is tidied up.
    package func kill() {
        guard process.isRunning else { return }
        _ = Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
