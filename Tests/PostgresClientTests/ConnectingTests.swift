import Diagnostics
import LocalPostgres
import PostgresClient
import TestSupport
import Testing

@Suite("Connecting", .timeLimit(.minutes(10)))
struct ConnectingTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var options: [String: String]
        var code: String
        var causeCode: String?
        var testDescription: String { code + " " + options.description }
    }

    @Test(arguments: [
        Example(options: ["host": "127.0.0.1", "port": "1"], code: "target-unreachable"),
        Example(options: ["host": "/nonexistent"], code: "target-unreachable"),
        Example(options: ["host": "no-such-host.invalid"], code: "target-unreachable"),
        Example(options: ["service": "no_such_service"], code: "target-service"),
    ])
    func `a server that is not there is reported as such`(_ example: Example) async throws {
        let conninfo = Conninfo(options: example.options.merging(["password": "s3cret"]) { $1 })
        let error = try await #require(throws: OutgrowError.self) {
            try await PostgresConnection.open(conninfo)
        }
        #expect(error.code.rawValue == example.code)
        #expect(error.kind == .target)
        #expect(!error.description.contains("s3cret"))
    }

    @Test func `a missing database, role and password have their SQLSTATE`() async throws {
        let cluster = try await EphemeralPostgres.shared.cluster()
        let connection = try await PostgresConnection.open(cluster.conninfo())
        try await connection.run { connection in
            _ = try connection.execute(
                """
                DROP ROLE IF EXISTS walled;
                CREATE ROLE walled LOGIN PASSWORD 'right' IN ROLE \(EphemeralPostgres.passwordRole)
                """)
        }
        let walled = cluster.conninfo(user: "walled")
        let cases: [(Conninfo, String, String?)] = [
            (cluster.conninfo(database: "nowhere"), "target-missing-database", "3D000"),
            (cluster.conninfo(user: "nobody_here"), "target-authentication", "28000"),
            (walled.setting("password", to: "wr0ng"), "target-authentication", "28P01"),
            (walled.setting("passfile", to: "/nonexistent"), "target-authentication", nil),
        ]
        for (conninfo, code, state) in cases {
            let error = try await #require(throws: OutgrowError.self) {
                try await PostgresConnection.open(conninfo)
            }
            #expect(error.code.rawValue == code, "\(error)")
            #expect(error.causeCode == state, "\(error)")
            #expect(!error.description.contains("wr0ng"))
        }
        let inside = try await PostgresConnection.open(walled.setting("password", to: "right"))
        #expect(try await inside.run { try $0.scalar("SELECT current_user") } == "walled")
    }

    @Test func `a host that never answers is given up after connect_timeout`() async throws {
        // A listener that accepts in the kernel and never reads: a server that hangs.
        let silent = try SilentListener()
        let conninfo = Conninfo(options: [
            "host": "127.0.0.1", "port": "\(silent.port)", "connect_timeout": "2", "sslmode": "disable",
        ])
        let start = ContinuousClock.now
        let error = try await #require(throws: OutgrowError.self) {
            try await PostgresConnection.open(conninfo)
        }
        #expect(error.code == "target-unreachable", "\(error)")
        #expect(ContinuousClock.now - start < limit(8))
    }

    @Test func `the session has our settings whatever the role says`() async throws {
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        try await database.execute("ALTER DATABASE \(database.name) SET statement_timeout = '5s'")
        let settings = SessionSettings.standard
            .adding("lock_timeout", "7s").adding("no_such_setting", "1", isRequired: false)
            .adding("default_toast_compression", "no_such_method", isRequired: false)
        let connection = try await database.connect(settings: settings)
        try await connection.run { connection in
            try expectEqual(connection.scalar("SHOW statement_timeout"), "0")
            try expectEqual(connection.scalar("SHOW lock_timeout"), "7s")
            try expectEqual(connection.scalar("SHOW application_name"), "outgrow")
            expectEqual(connection.parameterStatus("client_encoding"), "UTF8")
            expectEqual(connection.serverVersion >= 120000, true)
            expectEqual(connection.isEncrypted, false)
        }
    }
}
