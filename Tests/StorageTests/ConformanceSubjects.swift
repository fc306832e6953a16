import OutgrowStorageConformance
import PostgresClient
import TestSupport

@testable import OutgrowStorage

/// The storages that the conformance suite examines.
enum Subjects {
    /// Of this run; `OUTGROW_SEED` repeats another's.
    static let seed: UInt64 = environment("OUTGROW_SEED").flatMap(UInt64.init) ?? .random(in: 0 ... .max)

    /// How long a check may take; a sanitizer makes everything slower (scripts/test-sanitized).
    private static let deadline: Duration = .seconds(
        environment("OUTGROW_DEADLINE_SECONDS").flatMap(Int.init) ?? 600)

    static let sqlite = onFile("SQLiteStorage") { RetryingStorage($0) }
    static let sqliteThroughPolicies = onFile("SQLiteStorage through all policies") {
        Database(RetryingStorage(TombstoneStorage(ObservedStorage(PortableStorage($0)))))
    }
    static let sqliteInMemory = ConformanceSubject(
        "SQLiteStorage in memory", abilities: [.boundsConnections, .retriesConflicts], seed: seed,
        deadline: deadline
    ) {
        ConformanceDatabase(open: { pool in
            var configuration = SQLiteStorage.Configuration()
            configuration.acquireTimeout = pool.acquireTimeout
            return RetryingStorage(try await SQLiteStorage.inMemory(configuration: configuration))
        })
    }

    static let postgres = onServer("PostgresStorage") { RetryingStorage($0) }
    static let postgresThroughPolicies = onServer("PostgresStorage through all policies") {
        Database(RetryingStorage(TombstoneStorage(ObservedStorage(PortableStorage($0)))))
    }

    private static func onFile(
        _ name: String, _ wrap: @escaping @Sendable (SQLiteStorage) -> any Storage
    ) -> ConformanceSubject {
        ConformanceSubject(
            name,
            abilities: [
                .boundsConnections, .opensTwice, .readsBesideWrites, .streamsInBatches, .retriesConflicts,
            ], seed: seed, deadline: deadline
        ) {
            let folder = try TemporaryFolder()
            return ConformanceDatabase(open: { pool in
                var configuration = SQLiteStorage.Configuration(readerCount: pool.maximumConnections)
                configuration.acquireTimeout = pool.acquireTimeout
                return wrap(
                    try await SQLiteStorage.open(path: folder.file("app.db"), configuration: configuration))
            })
        }
    }

    /// Each check gets a schema of its own in one database: that is quicker than a database.
    private static func onServer(
        _ name: String, _ wrap: @escaping @Sendable (PostgresStorage) -> any Storage
    ) -> ConformanceSubject {
        let server = ConformanceServer()
        return ConformanceSubject(
            name,
            abilities: [
                .boundsConnections, .opensTwice, .readsBesideWrites, .streamsInBatches, .retriesConflicts,
            ], seed: seed, deadline: deadline, restart: { try await server.breakConnections() }
        ) {
            let conninfo = try await server.emptySchema()
            return ConformanceDatabase(open: { pool in
                var configuration = PostgresStorage.Configuration()
                configuration.maximumConnections = pool.maximumConnections
                configuration.acquireTimeout = pool.acquireTimeout
                return wrap(try await PostgresStorage.open(conninfo.redacted, configuration: configuration))
            })
        }
    }
}

/// A database whose schemas serve one check each.
private actor ConformanceServer {
    private var database: TestDatabase?
    private var connection: PostgresConnection?
    private var schemaCount = 0

    func emptySchema() async throws -> Conninfo {
        let (database, connection) = try await opened()
        schemaCount += 1
        let name = "check_\(schemaCount)"
        try await connection.run { connection in _ = try connection.execute("CREATE SCHEMA \(name)") }
        return database.conninfo.setting("options", to: "-csearch_path=\(name)")
    }

    /// Ends every other connection to the database, as the server itself does when it is stopped.
    func breakConnections() async throws {
        let (_, connection) = try await opened()
        try await connection.run { connection in
            _ = try connection.query(
                """
                SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """)
        }
    }

    private func opened() async throws -> (TestDatabase, PostgresConnection) {
        if let database, let connection { return (database, connection) }
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let connection = try await database.connect()
        (self.database, self.connection) = (database, connection)
        return (database, connection)
    }
}
