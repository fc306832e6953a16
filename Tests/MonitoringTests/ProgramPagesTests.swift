import Foundation
import Testing

@testable import Monitoring

/// What a watch gives back of its memory.
@Suite struct ProgramPagesTests {
    struct Mapping: CustomTestStringConvertible {
        var line: String
        var anonymous = 0
        var isLetGo: Bool

        var testDescription: String { line }
        var smaps: String {
            """
            \(line)
            Size:                 16 kB
            Rss:                  16 kB
            Anonymous:      \(anonymous) kB
            VmFlags: rd mr mw me

            """
        }
    }

    static let mappings = [
        Mapping(line: "1000-5000 r-xp 00001000 fe:00 42      /usr/bin/program", isLetGo: true),
        Mapping(line: "1000-5000 r--p 00000000 fe:00 42      /usr/lib/a library.so", isLetGo: true),
        // What the loader wrote into it is nowhere else.
        Mapping(
            line: "1000-5000 r--p 00000000 fe:00 42      /usr/lib/library.so", anonymous: 4, isLetGo: false),
        Mapping(
            line: "1000-5000 r-xp 00000000 fe:00 42      /usr/bin/program", anonymous: 120, isLetGo: false),
        Mapping(line: "1000-5000 rw-p 00000000 fe:00 42      /usr/lib/library.so", isLetGo: false),
        Mapping(line: "1000-5000 r--s 00000000 fe:00 42      /var/cache/table", isLetGo: false),
        Mapping(line: "1000-5000 ---p 00000000 fe:00 42      /usr/lib/library.so", isLetGo: false),
        Mapping(line: "1000-5000 r-xp 00000000 00:00 0       [vdso]", isLetGo: false),
        Mapping(line: "1000-5000 r--p 00000000 00:00 0 ", isLetGo: false),
        Mapping(line: "5000-1000 r-xp 00001000 fe:00 42      /usr/bin/program", isLetGo: false),
    ]

    @Test(arguments: mappings)
    func `only what is still the file's is given back`(_ mapping: Mapping) {
        let other = Mapping(line: "9000-a000 rw-p 00000000 00:00 0 ", isLetGo: false).smaps
        var smaps = ProgramPages.Smaps()
        let found = (other + mapping.smaps + other).split(separator: "\n").compactMap {
            smaps.take(Array($0.utf8))
        }
        #expect(found == (mapping.isLetGo ? [0x1000..<0x5000] : []))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/smaps")))
    func `this program is smaller afterwards, and goes on`() throws {
        // Touched, as a program's start does it.
        _ = try JSONEncoder().encode(["a": Date(timeIntervalSince1970: 0).formatted(.iso8601)])
        let before = try Self.fileBackedKilobytes()
        ProgramPages.letGo()
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
