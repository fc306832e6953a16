import Foundation
import TestSupport

/// The load generator as a process.
final class LoadProcess {
    struct Figures: Decodable {
        var process: Int32
        var commits: Int
        var heldSeconds: Double
        var longestHold: Double
        var stalledShare: Double
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init(_ arguments: [String], environment changes: [String: String] = [:]) throws {
        let folder = URL(fileURLWithPath: OutgrowProgram.path).deletingLastPathComponent()
        process.executableURL = folder.appendingPathComponent("sqlite-load")
        process.arguments = arguments
        if !changes.isEmpty {
            process.environment = ProcessInfo.processInfo.environment.merging(changes) { $1 }
        }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit { if process.isRunning { process.terminate() } }

    func waitUntilReady() throws { _ = output.fileHandleForReading.availableData }
    func start() throws { try input.fileHandleForWriting.write(contentsOf: Data("go\n".utf8)) }

    func figures() throws -> Figures {
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return try JSONDecoder().decode(Figures.self, from: data)
    }
}
