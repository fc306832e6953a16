internal import Diagnostics
internal import LocalPostgres
internal import PostgresClient
internal import SQLiteClient

/// The whole migration into a throw-away Postgres of our own, verified and reported.
///
/// A rehearsal is a full copy of somebody's data: it lives in a private folder, answers
/// on a socket in there, and is removed on every way out unless it is to be kept.
package struct Rehearsal: Sendable {
    package var options: MigrationOptions
    package var keepsCluster = false
    /// Where the cluster's folder is made; nil is TMPDIR or /tmp.
    package var workFolder: String?
    package let observer: StoryObserver

    package init(_ options: MigrationOptions, observer: @escaping StoryObserver = { _ in }) {
        self.options = options
        self.observer = observer
    }

    private static let databaseName = "rehearsal"

    /// - Returns: the migration's report, and how to reach the server when it was kept.
    package func run() async throws -> (report: MigrationReport, instructions: String?) {
        // A source that cannot be read should not cost a server's start.
        let files = try SourceFiles.look(at: options.source)
        observer(.phase(.start, expectedRows: nil, expectedBytes: nil))
        let walByteCount = files.walByteCount ?? 0
        let cluster = try await LocalCluster.start(
            .rehearsal(
                requiredBytes: 3 * (files.byteCount + walByteCount) + 200_000_000, workFolder: workFolder))
        do {
            try await cluster.createDatabase(named: Self.databaseName)
            var options = options
            options.target = cluster.conninfo(database: Self.databaseName)
            let report = try await Migration(options, observer: observer).run()
            let instructions = keepsCluster ? try cluster.keep(database: Self.databaseName) : nil
            await cluster.stop()
            return (report, instructions)
        } catch {
            await cluster.stop()
            // Whatever was made is gone with the server.
            throw OutgrowError(describing: error)
        }
    }
}
