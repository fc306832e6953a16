import Diagnostics
import Foundation
import PostgresClient
import TestSupport
import Testing

@testable import LocalPostgres

@Suite("Local cluster", .timeLimit(.minutes(10)))
struct LocalClusterTests {
    /// Reachable by the server's account, unlike a private folder of root's.
    private func makeWorkFolder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        return folder
    }

    private func settings(in folder: TemporaryFolder) -> LocalCluster.Settings {
        var settings = LocalCluster.Settings.tests
        settings.workFolder = folder.path
        return settings
    }

    private func names(in folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path)
    }

    @Test func `a cluster answers on its socket only, and leaves nothing`() async throws {
        let work = try makeWorkFolder()
        let cluster = try await LocalCluster.start(settings(in: work))
        let layout = ClusterLayout(folder: cluster.folder.path)
        let processID = try #require(ServerProcess.recordedProcessID(layout))
        let connection = try await PostgresConnection.open(cluster.conninfo())
        try await connection.run { connection in
            try expectEqual(connection.scalar("SHOW listen_addresses")?.isEmpty, true)
            try expectEqual(connection.scalar("SHOW fsync"), "off")
        }
        let mode =
            try FileManager.default.attributesOfItem(atPath: layout.home)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o700)
        #expect(!ServerProcess.isSameProcessGroup(processID))
        await cluster.stop()
        #expect(try names(in: work).isEmpty)
        #expect(!FileManager.default.fileExists(atPath: "/proc/\(processID)"))
        cluster.destroy()
    }

    @Test func `a database has the encoding and locale that were asked for`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase(encoding: "LATIN1", locale: "C")
        try await database.connect().run { connection in
            expectEqual(connection.parameterStatus("server_encoding"), "LATIN1")
        }
    }

    @Test func `the server of a killed run is stopped and removed by the next`() async throws {
        let work = try makeWorkFolder()
        let orphan = try await LocalCluster.start(settings(in: work))
        let layout = ClusterLayout(folder: orphan.folder.path)
        let processID = try #require(ServerProcess.recordedProcessID(layout))
        #expect(LocalCluster.sweep(in: work.path).isEmpty, "A living owner's cluster must stay.")
        orphan.folder.abandon()
        #expect(LocalCluster.sweep(in: work.path) == [orphan.folder.path])
        #expect(try names(in: work).isEmpty)
        #expect(!ServerProcess.isServer(processID, of: layout))
    }

    @Test func `a process number that is somebody else's now is left alone`() throws {
        let work = try makeWorkFolder()
        let folder = try PrivateFolder(for: LocalCluster.purpose, in: work.path)
        let layout = ClusterLayout(folder: folder.path)
        try FileManager.default.createDirectory(atPath: layout.data, withIntermediateDirectories: true)
        let ourselves = "\(ProcessInfo.processInfo.processIdentifier)\n"
        try Data(ourselves.utf8).write(to: URL(fileURLWithPath: "\(layout.data)/postmaster.pid"))
        folder.abandon()
        #expect(LocalCluster.sweep(in: work.path) == [folder.path])
    }

    @Test func `a kept cluster goes on, and its instructions end it`() async throws {
        let work = try makeWorkFolder()
        let cluster = try await LocalCluster.start(settings(in: work))
        let instructions = try cluster.keep()
        cluster.destroy()
        #expect(LocalCluster.sweep(in: work.path).isEmpty)
        let connection = try await PostgresConnection.open(cluster.conninfo())
        #expect(try await connection.run { try $0.scalar("SELECT 1") } == "1")
        await connection.close()
        let lines = instructions.split(separator: "\n")
        #expect(lines.first?.hasPrefix("Connect: psql 'host=\(work.path)") == true)
        let removal = try #require(lines.last).drop(while: { $0 != " " })
        try Program.run("sh", ["-c", String(removal)])
        #expect(try names(in: work).isEmpty)
    }

    @Test func `too little room is noticed before anything is made`() async throws {
        let work = try makeWorkFolder()
        var settings = settings(in: work)
        settings.requiredBytes = 1 << 60
        let error = try await #require(throws: OutgrowError.self) { try await LocalCluster.start(settings) }
        #expect(error.code == "no-space")
        #expect(error.location == work.path)
        #expect(error.summary.contains("1099511627776 MiB needed"))
        #expect(try names(in: work).isEmpty)
    }

    @Test func `a server that cannot start is cleaned up and its reason told`() async throws {
        let work = try makeWorkFolder()
        var settings = settings(in: work)
        settings.parameters["shared_buffers"] = "nonsense"
        let error = try await #require(throws: OutgrowError.self) { try await LocalCluster.start(settings) }
        #expect(error.code == "local-postgres-start")
        #expect(error.cause?.contains("shared_buffers") == true)
        #expect(try names(in: work).isEmpty)
    }
}
