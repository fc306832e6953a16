internal import Diagnostics
internal import Foundation
package import PostgresClient
internal import Synchronization
internal import Threading

/// A Postgres server of our own, made for one run and removed with it.
///
/// It listens on a Unix socket only, in a folder with mode 0700: who cannot enter the folder cannot
/// connect, so the server itself asks for nothing. A rehearsal holds a full copy of somebody's
/// data; the folder goes away with `stop`, with `destroy`, and at the next start after a kill.
package final class LocalCluster: Sendable {
    private enum State { case running(ServerProcess), kept, gone }

    package let folder: PrivateFolder
    private let account: ServerAccount
    private let state: Mutex<State>

    private init(_ folder: PrivateFolder, _ account: ServerAccount, _ server: ServerProcess) {
        self.folder = folder
        self.account = account
        state = Mutex(.running(server))
    }

    /// Sweeps left-overs of killed runs, makes a cluster, and starts its server.
    package static func start(_ settings: Settings) async throws -> LocalCluster {
        let cluster = try await onOwnThread(named: "local-postgres") { try startNow(settings) }
        guard !Task.isCancelled else {
            await cluster.stop()
            throw OutgrowError(
                "interrupted", .interrupted, "The work was interrupted.", fix: "Run the same command again.")
        }
        return cluster
    }

    /// The superuser of every local cluster.
    package static let userName = "outgrow"
    static let purpose = "pg"

    /// How to reach `database`, as the cluster's superuser or as another role.
    package func conninfo(database: String = "postgres", user: String = LocalCluster.userName) -> Conninfo {
        Self.conninfo(folder: folder.path, database: database, user: user)
    }

    /// Says all that the user's `PG*` environment could otherwise add: it is about another server.
    private static func conninfo(folder: String, database: String, user: String) -> Conninfo {
        Conninfo(options: [
            "host": ClusterLayout(folder: folder).home, "port": "5432", "dbname": database, "user": user,
            "sslmode": "disable", "gssencmode": "disable", "channel_binding": "disable",
            "target_session_attrs": "any", "options": " ",
        ])
    }

    /// An address in the environment wins over our socket, and an empty one does not unset it: the copy
    /// would go to that server.
    private static func requireNoForeignAddress() throws {
        let conninfo = conninfo(folder: "", database: "postgres", user: userName)
        guard conninfo["hostaddr"] == nil else {
            throw OutgrowError(
                "local-postgres-address", .target,
                "The environment sends every Postgres connection to another address.",
                fix: "Unset PGHOSTADDR (or PGSERVICE, if its service sets hostaddr), then run again.")
        }
    }

    /// Makes a database from `template0`, so that any encoding and locale is allowed.
    package func createDatabase(named name: String, encoding: String = "UTF8", locale: String = "C")
        async throws
    {
        let connection = try await PostgresConnection.open(conninfo())
        try await connection.run { connection in
            // CREATE DATABASE takes no parameters; format() quotes what goes into it.
            let sql = try connection.scalar(
                """
                SELECT format('CREATE DATABASE %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L', \
                $1::text, $2::text, $3::text, $3::text)
                """, [name, encoding, locale])
            try connection.execute(sql ?? "")
        }
        await connection.close()
    }

    /// Stops the server and removes the folder.
    package func stop() async {
        do {
            try await onOwnThread(named: "local-postgres") { self.destroy() }
        } catch {
            destroy()
        }
    }

    /// Does what `stop` does, on this thread and at once: for `atexit` and for the way out after a signal.
    ///
    /// Does nothing the second time, and nothing after `keep`. A folder that cannot be removed now is left
    /// to the next start's sweep: it is nobody's any more.
    package func destroy() {
        let server: ServerProcess? = state.withLock { state in
            guard case .running(let server) = state else { return nil }
            state = .gone
            return server
        }
        guard let server else { return }
        server.stop()
        Self.removeOrAbandon(folder, account)
    }

    /// Leaves the server running and the folder in place, and says how to connect and how to end it.
    package func keep(database: String = "postgres") throws -> String {
        let server = state.withLock { state -> ServerProcess? in
            guard case .running(let server) = state else { return nil }
            state = .kept
            return server
        }
        guard let server else { throw OutgrowError.defect("A cluster was to be kept that had ended.") }
        try folder.keep()
        let home = ClusterLayout(folder: folder.path).home
        return """
            Connect: psql 'host=\(home) user=\(Self.userName) dbname=\(database)'
            Remove:  kill -QUIT \(server.processID); rm -rf \(folder.path)
            """
    }
}

extension LocalCluster {
    /// Stops the servers of killed runs and removes their folders; returns the folders' paths.
    @discardableResult
    package static func sweep(in workFolder: String? = nil) -> [String] {
        PrivateFolder.sweep(for: purpose, in: workFolder) { folder in
            let layout = ClusterLayout(folder: folder.path)
            try ServerProcess.stopLeftOver(of: layout)
            try layout.remove(as: ServerAccount.current())
        }
    }

    private static func startNow(_ settings: Settings) throws -> LocalCluster {
        try requireNoForeignAddress()
        let binaries = try ServerBinaries.find()
        let account = try ServerAccount.current()
        sweep()
        if let workFolder = settings.workFolder { sweep(in: workFolder) }
        let parent = settings.workFolder ?? PrivateFolder.defaultParent
        try DiskSpace.require(settings.requiredBytes, in: parent)
        let folder = try PrivateFolder(for: purpose, in: parent)
        do {
            let layout = ClusterLayout(folder: folder.path)
            try layout.make(settings, binaries, account)
            let server = try ServerProcess.start(layout, binaries, account)
            return LocalCluster(folder, account, server)
        } catch {
            removeOrAbandon(folder, account)
            throw error
        }
    }

    private static func removeOrAbandon(_ folder: PrivateFolder, _ account: ServerAccount) {
        do {
            try ClusterLayout(folder: folder.path).remove(as: account)
            try folder.remove()
        } catch {
            folder.abandon()
        }
    }
}
