import Foundation
import TestSupport
import Testing

@testable import Outgrow

/// What `watch --listen` answers, and to whom.
@Suite(.serialized) struct WatchServerTests {
    private static func server(_ address: String, allowing names: [String] = []) throws -> WatchServer {
        var address = try ListenAddress(address)
        address.allowedHosts = names
        return WatchServer(
            address: address, board: WatchBoard([WatchedState(name: "app.db", path: "/srv/app.db")]))
    }

    static let hosts: [(header: String, isLoopbackAllowed: Bool, isPublicAllowed: Bool)] = [
        ("127.0.0.1:9187", true, true), ("127.0.0.1", true, true), ("localhost:9187", true, true),
        ("LOCALHOST", true, true), ("[::1]:9187", true, true), ("evil.example", false, false),
        ("evil.example:9187", false, false), ("127.0.0.1.evil.example", false, false),
        ("localhost.evil.example", false, false), ("", false, false), ("10.0.0.7:9187", false, true),
        ("monitor.internal:9187", true, true),
    ]

    @Test(arguments: hosts.map(\.header))
    func `a request must name this machine`(_ header: String) throws {
        let row = try #require(Self.hosts.first { $0.header == header })
        let names = ["monitor.internal"]
        #expect(
            try Self.server("127.0.0.1:9187", allowing: names).isAllowed(header) == row.isLoopbackAllowed)
        #expect(try Self.server("0.0.0.0:9187", allowing: names).isAllowed(header) == row.isPublicAllowed)
    }

    @Test func `an address is one, or is refused`() throws {
        #expect(try ListenAddress(":9187").host == "127.0.0.1")
        #expect(try ListenAddress("[::1]:9187").isLoopback)
        #expect(try ListenAddress("0.0.0.0:9187").isLoopback == false)
        for text in ["9187", "127.0.0.1", "example.com:80", "127.0.0.1:99999", "1.2.3:80", ""] {
            #expect(throws: (any Error).self, "\(text)") { try ListenAddress(text) }
        }
    }

    @Test func `it reads and nothing else`() throws {
        let server = try Self.server("127.0.0.1:9187")
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
            let answer = server.answer(method: method, path: "/metrics", host: "localhost")
            #expect(answer.code == 405)
            #expect(answer.allows == "GET, HEAD")
        }
        #expect(server.answer(method: "GET", path: "/metrics", host: nil).code == 421)
        #expect(server.answer(method: "GET", path: "/etc/passwd", host: "localhost").code == 404)
        #expect(server.answer(method: "HEAD", path: "/healthz", host: "localhost").code == 200)
    }

    @Test func `it is not healthy without its file or its history`() throws {
        let server = try Self.server("127.0.0.1:9187")
        func code() -> Int { server.answer(method: "GET", path: "/healthz", host: "localhost").code }
        #expect(code() == 200)
        server.board.update(0) { $0.isMissing = true }
        #expect(code() == 503)
        server.board.update(0) { $0.isMissing = false }
        var health = HistoryHealth()
        health.isReachable = false
        server.board.update(health)
        #expect(code() == 503)
    }

    @Test func `metrics, health and status over HTTP, and the same metrics in the file`() throws {
        let folder = try TemporaryFolder()
        let shell = try LiveShell(folder.file("app.db"))
        try shell.run("PRAGMA journal_mode = wal; CREATE TABLE t(x); INSERT INTO t VALUES(1);")
        let port = 20_000 + Int(ProcessInfo.processInfo.processIdentifier % 20_000)
        let url = "http://127.0.0.1:\(port)"
        let watch = try WatchTests.Running(
            ["app.db", "--listen", "127.0.0.1:\(port)", "--textfile", folder.path], in: folder)
        _ = try watch.line()
        for number in 1...5 { try shell.run("INSERT INTO t VALUES(\(number));") }
        _ = try watch.line()
        let metrics = try Program.run("curl", ["-sS", "\(url)/metrics"])
        #expect(metrics.contains("sqlite_commits_total{db=\"app.db\"} 5\n"), "\(metrics)")
        #expect(metrics.contains("sqlite_monitor_up{db=\"app.db\"} 1\n"))
        #expect(try Program.run("curl", ["-sS", "\(url)/healthz"]) == "ok\n")
        #expect(try Program.run("curl", ["-sSI", "\(url)/metrics"]).contains("200 OK"))
        let status = try Program.run("curl", ["-sS", "\(url)/api/v1/status"])
        #expect(status.contains("\"schema\":\"outgrow.status/1\""), "\(status)")
        let refused = try Program.run("curl", ["-sSi", "-H", "Host: evil.example", "\(url)/metrics"])
        #expect(refused.hasPrefix("HTTP/1.1 421"))
        #expect(!refused.contains("sqlite_"))
        let file = try String(contentsOfFile: folder.file("outgrow.prom"), encoding: .utf8)
        #expect(file.contains("sqlite_commits_total{db=\"app.db\"} 5\n"), "\(file)")
        #expect(try watch.end() == 0)
    }

    @Test func `an address that is taken ends the watch`() throws {
        let folder = try TemporaryFolder()
        let shell = try LiveShell(folder.file("app.db"))
        try shell.run("CREATE TABLE t(x);")
        let outcome = try OutgrowProgram.run(
            ["watch", folder.file("app.db"), "--no-history", "--listen", "192.0.2.1:9187"])
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.code == "listen-failed")
        withExtendedLifetime(shell) {}
    }
}
