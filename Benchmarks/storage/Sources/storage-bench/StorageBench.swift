import Foundation

/// What the operations of the library cost beside bare C calls, all in one process that takes turns.
///
///     storage-bench [CONNINFO]
///
/// CONNINFO names a Postgres database for the libpq rows; without it they are left out.
/// ROUNDS (9) says how often each contender does each row.
@main
struct StorageBench {
    static func main() async {
        do {
            try await run(conninfo: CommandLine.arguments.dropFirst().first)
        } catch {
            FileHandle.standardError.write(Data("storage-bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(conninfo: String?) async throws {
        let rounds = try roundCount()
        print(Report.header)
        try await runSQLite(rounds: rounds)
        guard let conninfo else {
            print("The libpq rows are left out: no connection string was given.")
            return
        }
        try await runPostgres(conninfo: conninfo, rounds: rounds)
    }

    private static func runSQLite(rounds: Int) async throws {
        let fixture = try Fixture()
        // The first is what the others are measured by.
        let contenders: [any SQLiteContender] = [
            try RawSQLite(fixture: fixture),
            try GRDBContender(fixture: fixture),
        ]
        for contest in sqliteContests(contenders, fixture) {
            print(Report.rows(of: try await contest.run(rounds: rounds)))
        }
        for contender in contenders { try await contender.close() }
        try fixture.remove()
    }

    private static func runPostgres(conninfo: String, rounds: Int) async throws {
        let fixture = try PostgresFixture(conninfo: conninfo)
        let contenders: [any PostgresContender] = [
            try RawLibPQ(conninfo: conninfo)
        ]
        for contest in postgresContests(contenders, fixture) {
            print(Report.rows(of: try await contest.run(rounds: rounds)))
        }
        for contender in contenders { try await contender.close() }
        try fixture.remove()
    }

    private static func roundCount() throws -> Int {
        guard let text = ProcessInfo.processInfo.environment["ROUNDS"] else { return 9 }
        guard let count = Int(text), (1...1000).contains(count) else {
            throw BenchFailure("ROUNDS is a count from 1 to 1000, not `\(text)`")
        }
        return count
    }
}
