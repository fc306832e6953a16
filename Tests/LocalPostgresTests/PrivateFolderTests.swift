import Foundation
import LocalPostgres
import TestSupport
import Testing

@Suite("Private folders")
struct PrivateFolderTests {
    @Test func `a folder is private, and gone when removed`() throws {
        let parent = try TemporaryFolder()
        let folder = try PrivateFolder(for: "test", in: parent.path)
        #expect(try permissions(folder.path) == 0o700)
        #expect(try permissions("\(folder.path)/owner") == 0o600)
        try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/copy.db"))
        try folder.remove()
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path).isEmpty)
        try folder.remove()
    }

    @Test func `a sweep takes what a killed process has left, and nothing else`() throws {
        let parent = try TemporaryFolder()
        // A real process takes the lock and is killed.
        let dead = "\(parent.path)/outgrow-test-dead"
        #expect(throws: (any Error).self) {
            try Program.run(
                "sh", ["-c", "mkdir -m 700 \(dead); exec 9>\(dead)/owner; flock -n 9; kill -9 $$"])
        }
        let alive = try PrivateFolder(for: "test", in: parent.path)
        let kept = try PrivateFolder(for: "test", in: parent.path)
        try kept.keep()
        let other = try PrivateFolder(for: "other", in: parent.path)
        other.abandon()
        try FileManager.default.createSymbolicLink(
            atPath: "\(parent.path)/outgrow-test-link", withDestinationPath: other.path)

        #expect(PrivateFolder.sweep(for: "test", in: parent.path) == [dead])
        let left = try FileManager.default.contentsOfDirectory(atPath: parent.path).sorted()
        let expected = [alive.path, kept.path, other.path, "\(parent.path)/outgrow-test-link"]
            .map { URL(fileURLWithPath: $0).lastPathComponent }.sorted()
        #expect(left == expected)
    }

    @Test func `a folder whose preparation fails stays for the next sweep`() throws {
        struct Busy: Error {}
        let parent = try TemporaryFolder()
        let folder = try PrivateFolder(for: "test", in: parent.path)
        folder.abandon()
        #expect(PrivateFolder.sweep(for: "test", in: parent.path) { _ in throw Busy() }.isEmpty)
        #expect(PrivateFolder.sweep(for: "test", in: parent.path) == [folder.path])
    }

    @Test func `many that start and sweep at once keep their own`() async throws {
        let parent = try TemporaryFolder()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for round in 0..<20 {
                        let folder = try PrivateFolder(for: "test", in: parent.path)
                        PrivateFolder.sweep(for: "test", in: parent.path)
                        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/owner"))
                        if round.isMultiple(of: 2) { folder.abandon() } else { try folder.remove() }
                    }
                }
            }
            try await group.waitForAll()
        }
        PrivateFolder.sweep(for: "test", in: parent.path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: parent.path).isEmpty)
    }

    private func permissions(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }
}
