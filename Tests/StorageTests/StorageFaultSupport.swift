import Foundation
import Synchronization
import TestSupport
import Testing

/// The built `storage-writer`, which lies beside the tests.
enum StorageWriterProgram {
    private static let path = URL(fileURLWithPath: OutgrowProgram.path).deletingLastPathComponent()
        .appendingPathComponent("storage-writer").path

    /// Starts `storage-writer append`, kills it with SIGKILL after so many acknowledgments, and returns every number
    /// that it had acknowledged by then.
    static func appendUntilKilled(
        _ backend: String, _ place: String, from first: Int, after count: Int
    ) async throws -> [Int] {
        try await onThread {
            let (process, output) = try start(["append", backend, place, "\(first)"])
            var text = Data()
            while text.count(where: { $0 == 10 }) < count {
                let more = output.fileHandleForReading.availableData
                if more.isEmpty { break }
                text += more
            }
            kill(process.processIdentifier, SIGKILL)
            // What it had written before it died was acknowledged too.
            text += try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            guard process.terminationReason == .uncaughtSignal else {
                throw WriterFailure(description: "The writer ended by itself: \(process.terminationStatus).")
            }
            return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { Int($0) }
        }
    }

    /// Runs `storage-writer increment` in several processes at once; returns how each ended.
    static func increment(
        _ backend: String, _ place: String, processes: Int, count: Int
    ) async throws -> [Int32] {
        try await onThread {
            let running = try (0..<processes).map { _ in
                try start(["increment", backend, place, "\(count)"]).0
            }
            return running.map { process in
                process.waitUntilExit()
                return process.terminationStatus
            }
        }
    }

    private static func start(_ arguments: [String]) throws -> (Process, Pipe) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        return (process, output)
    }
}

struct WriterFailure: Error, CustomStringConvertible {
    let description: String
}

/// What several tasks of a test write to.
final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value { state.withLock { $0 } }

    func change(_ change: (inout Value) -> Void) { state.withLock { change(&$0) } }
}

/// Runs what blocks on a thread of its own: the tasks of the tests share two.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
