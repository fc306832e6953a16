import Foundation

/// What the operations of the library cost beside bare C calls, all in one process that takes turns.
///
///     storage-bench [CONNINFO]
///
/// CONNINFO names a Postgres database for the libpq rows; without it they are left out.
/// ROUNDS (9) says how often each contender does each row. ROWS, a part of a row's title, leaves the others out, and
/// CONTENDER does so with all contenders but the one of that name: for a profiler.
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
            try await OutgrowSQLite(fixture: fixture),
            try GRDBContender(fixture: fixture),
        ]
        for contest in picked(sqliteContests(contenders, fixture)) {
            print(Report.rows(of: try await contest.run(rounds: rounds)))
        }
        for contender in contenders { try await contender.close() }
        try fixture.remove()
    }

    private static func runPostgres(conninfo: String, rounds: Int) async throws {
        let fixture = try PostgresFixture(conninfo: conninfo)
        let contenders: [any PostgresContender] = [
            try RawLibPQ(conninfo: conninfo),
            try await OutgrowPostgres(conninfo: conninfo),
        ]
        for contest in picked(postgresContests(contenders, fixture)) {
            print(Report.rows(of: try await contest.run(rounds: rounds)))
        }
        for contender in contenders { try await contender.close() }
        try fixture.remove()
    }

    /// What the environment leaves of the rows and of their contenders.
    private static func picked(_ contests: [Contest]) -> [Contest] {
        let environment = ProcessInfo.processInfo.environment
        let rows = contests.filter { contest in
            environment["ROWS"].map { contest.title.contains($0) } ?? true
        }
        guard let name = environment["CONTENDER"] else { return rows }
        return rows.map { contest in
            var contest = contest
            contest.entries = contest.entries.filter { $0.name == name }
            return contest
        }
    }

    private static func roundCount() throws -> Int {
        guard let text = ProcessInfo.processInfo.environment["ROUNDS"] else { return 9 }
        guard let count = Int(text), (1...1000).contains(count) else {
            throw BenchFailure("ROUNDS is a count from 1 to 1000, not `\(text)`")
        }
        return count
    }
}
