internal import Foundation
package import LocalPostgres
package import PostgresClient
internal import Synchronization

/// The one server of a test process, started by the first test that asks, removed at exit.
package actor EphemeralPostgres {
    package static let shared = EphemeralPostgres()

    private var starting: Task<LocalCluster, any Error>?
    private var databaseCount = 0

    /// Members of this role must show a password; everybody else is let in.
    package static let passwordRole = "must_show_password"

    private init() {}

    /// The running cluster.
    package func cluster() async throws -> LocalCluster {
        if let starting { return try await starting.value }
        let task = Task { try await Self.start() }
        starting = task
        return try await task.value
    }

    /// Makes an empty database that no other test knows.
    package func emptyDatabase(encoding: String = "UTF8", locale: String = "C") async throws -> TestDatabase {
        databaseCount += 1
        let name = "test_\(databaseCount)"
        let cluster = try await cluster()
        try await cluster.createDatabase(named: name, encoding: encoding, locale: locale)
        return TestDatabase(name: name, conninfo: cluster.conninfo(database: name))
    }

    private static func start() async throws -> LocalCluster {
        var settings = LocalCluster.Settings.tests
        settings.authenticationRules = ["local all +\(passwordRole) scram-sha-256"]
        let cluster = try await LocalCluster.start(settings)
        atExit.withLock { $0 = cluster }
        atexit { atExit.withLock { $0 }?.destroy() }
        let connection = try await PostgresConnection.open(cluster.conninfo())
        try await connection.run { connection in
            _ = try connection.execute("CREATE ROLE \(passwordRole) NOLOGIN")
        }
        await connection.close()
        return cluster
    }
}

/// What `atexit` must be able to reach: its function captures nothing.
private let atExit = Mutex<LocalCluster?>(nil)

/// An empty database of one test.
package struct TestDatabase: Sendable {
    package let name: String
    package let conninfo: Conninfo

    package func connect(settings: SessionSettings = .standard) async throws -> PostgresConnection {
        try await PostgresConnection.open(conninfo, settings: settings)
    }

    /// Runs statements on a connection of their own.
    package func execute(_ sql: String) async throws {
        let connection = try await connect()
        try await connection.run { connection in _ = try connection.execute(sql) }
        await connection.close()
    }
}
