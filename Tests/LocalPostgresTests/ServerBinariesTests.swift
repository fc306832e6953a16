import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import LocalPostgres

@Suite("Server binaries")
struct ServerBinariesTests {
    @Test func `only a folder with both programs counts`() throws {
        let root = try TemporaryFolder()
        try install(["postgres"], in: root.file("wrapper"))
        try install(["initdb", "postgres"], in: root.file("real"))
        let found = try ServerBinaries.find(in: [
            root.file("missing"), root.file("wrapper"), root.file("real"),
        ])
        #expect(found.folder == root.file("real"))
    }

    @Test func `links are followed to where the programs are`() throws {
        let root = try TemporaryFolder()
        try install(["initdb", "postgres"], in: root.file("real"))
        try FileManager.default.createDirectory(atPath: root.file("bin"), withIntermediateDirectories: false)
        for name in ["initdb", "postgres"] {
            try FileManager.default.createSymbolicLink(
                atPath: root.file("bin/\(name)"), withDestinationPath: root.file("real/\(name)"))
        }
        #expect(try ServerBinaries.find(in: [root.file("bin")]).folder == root.file("real"))
    }

    @Test func `PATH comes first, then pg_config, then the highest version`() throws {
        let root = try TemporaryFolder()
        for name in ["9.6", "15", "17", "lost+found"] {
            try FileManager.default.createDirectory(
                atPath: root.file(name), withIntermediateDirectories: false)
        }
        let folders = ServerBinaries.candidates(
            path: "/a:relative::/b", configured: "/c", versionsIn: root.path)
        let versions = ["17", "15", "9.6"].map { root.file("\($0)/bin") }
        #expect(Array(folders.prefix(6)) == ["/a", "/b", "/c"] + versions)
    }

    @Test func `without a server the package is named`() throws {
        let error = try #require(throws: OutgrowError.self) { try ServerBinaries.find(in: ["/nonexistent"]) }
        #expect(error.kind == .target)
        #expect(error.remedy.contains("apt-get install postgresql"))
    }

    private func install(_ names: [String], in folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        for name in names {
            _ = FileManager.default.createFile(
                atPath: "\(folder)/\(name)", contents: Data(), attributes: [.posixPermissions: 0o755])
        }
    }
}
