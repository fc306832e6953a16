import Foundation
import Monitoring
import Testing

/// What a watch gives back of its memory.
@Suite struct ProgramPagesTests {
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
    func `this program is smaller afterwards, and goes on`() throws {
        // Touched, as a program's start does it.
        _ = try JSONEncoder().encode(["a": Date(timeIntervalSince1970: 0).formatted(.iso8601)])
        let before = try Self.fileBackedKilobytes()
        #expect(ProgramPages.letGo() >= 2)
        let after = try Self.fileBackedKilobytes()
        #expect(after < before / 2 + 4096, "\(before) kB before, \(after) kB after")
        #expect(Date(timeIntervalSince1970: 0).formatted(.iso8601) == "1970-01-01T00:00:00Z")
    }

    private static func fileBackedKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssFile:") })
        return try #require(Int(line.filter(\.isNumber)))
    }
}
