internal import Foundation
internal import Synchronization

/// A child process whose output is kept, without input, in a process group of its own.
///
/// The group is Foundation's doing and matters here: Ctrl-C in the terminal goes to the foreground group,
/// so it does not reach a server before its owner has decided what is to become of it.
struct Command: Sendable {
    let arguments: [String]
    var environment = Command.cleanEnvironment()

    init(_ arguments: [String]) { self.arguments = arguments }

    struct Outcome: Sendable {
        var status: Int32
        /// What the command said; never a value of the user's rows.
        var output: String
        var isSuccess: Bool { status == 0 }
    }

    /// Runs to the end. Blocks: call it on a thread of its own.
    func run() throws -> Outcome {
        let process = makeProcess()
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = (try pipe.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }

    /// Starts it and returns at once; the output goes to a file.
    func start(loggingTo file: FileHandle) throws -> Process {
        let process = makeProcess()
        process.standardOutput = file
        process.standardError = file
        try process.run()
        return process
    }

    private func makeProcess() -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: arguments[0])
        process.arguments = Array(arguments.dropFirst())
        process.standardInput = FileHandle.nullDevice
        process.environment = environment
        // Not the caller's folder, which the server's account may not be allowed to enter.
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        return process
    }

    /// The first executable of that name in PATH or where administrators' tools are.
    static func find(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders =
            path.split(separator: ":").map(String.init) + ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]
        return folders.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Nothing of the user's Postgres settings, and messages in English, which we may have to read.
    private static func cleanEnvironment() -> [String: String] {
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") }
        environment["LC_ALL"] = "C"
        return environment
    }
}
