import Foundation
import PostgresClient
import TestSupport
import Testing

/// Holds a failed run to what every failure must say, and to what none may say.
func expectFailure(
    _ outcome: OutgrowProgram.Outcome, status: Int32, code: String, state: String = "nothing",
    hiding secrets: [String] = [],
    at place: SourceLocation = #_sourceLocation
) {
    #expect(outcome.status == status, "\(outcome)", sourceLocation: place)
    #expect(outcome.code == code, "\(outcome)", sourceLocation: place)
    #expect(outcome.remedy?.isEmpty == false, "\(outcome)", sourceLocation: place)
    #expect(outcome.lastErrorLine.hasPrefix("state: \(state); next: "), "\(outcome)", sourceLocation: place)
    #expect(outcome.output.isEmpty, "A result was printed: \(outcome)", sourceLocation: place)
    for secret in secrets {
        #expect(!outcome.errors.contains(secret), "\(secret) is shown: \(outcome)", sourceLocation: place)
    }
}

/// A file that holds a table of `rows` rows.
func makeDatabase(_ name: String = "app.db", rows: Int = 3, in folder: TemporaryFolder) throws -> String {
    let path = folder.file(name)
    try SQLiteShell.run(
        """
        CREATE TABLE items(id INTEGER PRIMARY KEY, name TEXT);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<\(rows))
          INSERT INTO items SELECT i, 'item ' || i FROM n;
        """, on: path)
    return path
}

extension TestDatabase {
    /// As it stands on a command line.
    var argument: String { conninfo.redacted }

    /// The first column of a query's rows.
    func column(_ sql: String) async throws -> [String?] {
        let connection = try await connect()
        let values = try await connection.run { connection in try connection.query(sql).rows.map { $0[0] } }
        await connection.close()
        return values
    }
}

/// Migrates into an empty database of the shared server: what `rehearse` does, without a server's start.
func migrate(_ path: String, _ flags: [String] = [], seconds: Int = 60) async throws -> OutgrowProgram.Outcome
{
    let database = try await EphemeralPostgres.shared.emptyDatabase()
    return try OutgrowProgram.run(["migrate", path, database.argument] + flags, seconds: seconds)
}
