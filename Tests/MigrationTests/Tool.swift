import Foundation
import Synchronization
import TestSupport
import Threading

/// The real `outgrow`, built beside the tests, as a process of its own.
enum Tool {
    struct Result {
        var status: Int32
        var output: String
        var errors: String

        /// The last line on standard error: `state: …; next: …`.
        var lastLine: String { errors.split(separator: "\n").last.map(String.init) ?? "" }
    }

    /// Runs `outgrow` to its end.
    static func run(_ arguments: [String]) async throws -> Result {
        let tool = try RunningTool(arguments)
        return try await tool.finish()
    }

    /// What the tests' own environment says about some Postgres is about another one.
    fileprivate static var environment: [String: String] {
        ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") }
    }
}

/// An `outgrow` that is under way: it can be watched and killed.
final class RunningTool: Sendable {
    private let process: Mutex<Process>
    private let errors = Pipe()
    private let output: String
    private let folder: TemporaryFolder
    private let errorText = Mutex("")
    let processID: Int32

    init(_ arguments: [String]) throws {
        folder = try TemporaryFolder()
        output = try folder.write("", to: "output")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: OutgrowProgram.path)
        process.arguments = arguments
        process.environment = Tool.environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardError = errors
        try process.run()
        processID = process.processIdentifier
        self.process = Mutex(process)
    }

    /// Sends `signal` so much later than standard error has a line that begins with `start`.
    ///
    /// On a thread of its own: on a loaded machine a task may get its turn after the run has ended.
    func send(_ signal: Int32, after start: String, microseconds: UInt32) async throws {
        try await onOwnThread(named: "tool-errors") { [self] in
            while let line = readLine(), !line.hasPrefix(start) {}
            usleep(microseconds)
            send(signal)
        }
    }

    func send(_ signal: Int32) { _ = kill(processID, signal) }

    /// Waits for the end; 128 and the signal's number when a signal ended it.
    func finish() async throws -> Tool.Result {
        try await onOwnThread(named: "tool-end") { [self] in
            while readLine() != nil {}
            let status = process.withLock { process in
                process.waitUntilExit()
                return process.terminationReason == .uncaughtSignal
                    ? 128 + process.terminationStatus : process.terminationStatus
            }
            let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: output)), as: UTF8.self)
            return Tool.Result(status: status, output: text, errors: errorText.withLock(\.self))
        }
    }

    /// One line of standard error, without its end; byte by byte, as what follows is somebody else's.
    private func readLine() -> String? {
        var line: [UInt8] = []
        while let byte = errors.fileHandleForReading.readData(ofLength: 1).first {
            guard byte != 10 else {
                let text = String(decoding: line, as: UTF8.self)
                errorText.withLock { $0 += text + "\n" }
                return text
            }
            line.append(byte)
        }
        return nil
    }
}
