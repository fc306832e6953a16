internal import Foundation

/// The built `outgrow`, run as a process of its own, as a user runs it.
package enum OutgrowProgram {
    /// How a run ended and what it said.
    package struct Outcome: Sendable, CustomStringConvertible {
        package var status: Int32
        package var output: String
        package var errors: String

        package var errorLines: [String] {
            errors.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast(
                errors.hasSuffix("\n") ? 1 : 0)
        }
        package var lastErrorLine: String { errorLines.last ?? "" }
        /// The code in brackets at the end of the `error:` line.
        package var code: String? {
            guard let line = errorLines.first(where: { $0.hasPrefix("error: ") }), line.hasSuffix("]"),
                let start = line.lastIndex(of: "[")
            else { return nil }
            return String(line[line.index(after: start)...].dropLast())
        }
        package var remedy: String? {
            errorLines.first { $0.hasPrefix("  fix: ") }.map { String($0.dropFirst(7)) }
        }
        package var description: String { "exit \(status)\n--- stdout\n\(output)\n--- stderr\n\(errors)" }
    }

    /// Beside the test bundle.
    package static let path: String = {
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("outgrow").path
    }()

    /// Runs it to its end; a run that hangs is ended after `seconds` with status 124.
    package static func run(
        _ arguments: [String], input: String = "", as user: TestUser = .current, in folder: String? = nil,
        environment changes: [String: String?] = [:], seconds: Int = 60
    ) throws -> Outcome {
        let scratch = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "\(seconds)"] + user.prefix + [path] + arguments
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.environment = environment(changes)
        process.standardInput = try FileHandle(
            forReadingFrom: URL(fileURLWithPath: scratch.write(input, to: "input")))
        let paths = try ["output", "errors"].map { try scratch.write("", to: $0) }
        let files = try paths.map { try FileHandle(forWritingTo: URL(fileURLWithPath: $0)) }
        process.standardOutput = files[0]
        process.standardError = files[1]
        try process.run()
        process.waitUntilExit()
        let texts = try paths.map {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: $0)), as: UTF8.self)
        }
        return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }

    /// Runs a line of shell in which `$OUTGROW` is the program.
    package static func shell(
        _ line: String, in folder: String, environment changes: [String: String?] = [:]
    ) throws -> Outcome {
        let scratch = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = environment(changes)
        let paths = try ["output", "errors"].map { try scratch.write("", to: $0) }
        let files = try paths.map { try FileHandle(forWritingTo: URL(fileURLWithPath: $0)) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = files[0]
        process.standardError = files[1]
        try process.run()
        process.waitUntilExit()
        let texts = try paths.map {
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: $0)), as: UTF8.self)
        }
        return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }

    /// The test process's environment without what would steer a run, and with the changes; nil removes.
    private static func environment(_ changes: [String: String?]) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") }
        environment["COLUMNS"] = nil
        environment["OUTGROW"] = path
        for (name, value) in changes { environment[name] = value }
        return environment
    }
}

/// Somebody who runs a program: other users only when the tests run as root.
package struct TestUser: Sendable, Hashable, CustomStringConvertible {
    package let description: String
    package let id: UInt32
    fileprivate let group: UInt32
    fileprivate let isCurrent: Bool

    package static let current = TestUser(
        description: "the current user", id: geteuid(), group: getegid(), isCurrent: true)
    /// Two users without any rights that every system has.
    package static let nobody = TestUser(description: "nobody", id: 65534, group: 65534, isCurrent: false)
    package static let daemon = TestUser(description: "daemon", id: 1, group: 1, isCurrent: false)

    package var prefix: [String] {
        isCurrent ? [] : ["setpriv", "--reuid=\(id)", "--regid=\(group)", "--clear-groups"]
    }

    /// Root may become another user, and that user can start the program.
    package static let canBeOthers: Bool = {
        guard geteuid() == 0 else { return false }
        do {
            return try OutgrowProgram.run(["--version"], as: .nobody).status == 0
        } catch {
            return false
        }
    }()
}
