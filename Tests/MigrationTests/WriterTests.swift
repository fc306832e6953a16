import Foundation
import Synchronization
import TestSupport
import Testing
import Threading

/// An application that commits as fast as it can: a `sqlite3` process of its own, fed through a pipe.
private final class BusyWriter: Sendable {
    private let process: Mutex<Process>
    private let input = Pipe()
    private let output = Pipe()
    private let isWanted = Mutex(true)

    /// Begins to repeat `transaction`, which must print one line.
    init(on path: String, repeating transaction: String) throws {
        signal(SIGPIPE, SIG_IGN)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", "-batch", "-bail", path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        self.process = Mutex(process)
        let thread = Thread { [self] in
            while isWanted.withLock(\.self) {
                do { try input.fileHandleForWriting.write(contentsOf: Data(transaction.utf8)) } catch {
                    break
                }
            }
            do { try input.fileHandleForWriting.close() } catch { return }
        }
        thread.start()
    }

    /// Returns once the first transaction is committed; reads on from then, so that the writer never waits.
    func waitForFirstCommit() async throws {
        let count = try await onOwnThread(named: "writer-output") { [self] in
            output.fileHandleForReading.availableData.count
        }
        try #require(count > 0)
        Thread { [self] in while !output.fileHandleForReading.availableData.isEmpty {} }.start()
    }

    func stop() async throws -> Int32 {
        isWanted.withLock { $0 = false }
        return try await onOwnThread(named: "writer-end") { [self] in
            process.withLock { process in
                process.waitUntilExit()
                return process.terminationStatus
            }
        }
    }
}

@Suite(.serialized) struct WriterTests {
    /// Two tables that every transaction changes so that their sums add up to nothing and their counts agree.
    private static let schema = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE debit (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL, memo TEXT);
        CREATE TABLE credit (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL, memo TEXT);
        WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
        INSERT INTO debit SELECT i, i, 'a memo of some length ' || i FROM n;
        INSERT INTO credit SELECT id, -amount, memo FROM debit;
        """

    private static let transaction = """
        BEGIN IMMEDIATE;
        UPDATE debit SET amount = amount + 3 WHERE id = 1 + abs(random()) % 20000;
        INSERT INTO debit (amount) VALUES (11);
        UPDATE credit SET amount = amount - 3 WHERE id = 1 + abs(random()) % 20000;
        INSERT INTO credit (amount) VALUES (-11);
        COMMIT;
        SELECT 'committed';

        """

    @Test(.timeLimit(.minutes(10)))
    func `a writer at full rate leaves one committed state in Postgres, and is reported`() async throws {
        let source = try SourceFile(Self.schema)
        let database = try await EphemeralPostgres.shared.emptyDatabase()
        let writer = try BusyWriter(on: source.path, repeating: Self.transaction)
        try await writer.waitForFirstCommit()
        let result = try await Tool.run(["migrate", source.path, database.argument, "--json"])
        #expect(try await writer.stop() == 0)
        #expect(result.status == 3, "\(result.errors)")

        let sums = """
            SELECT (SELECT sum(amount) FROM debit) + (SELECT sum(amount) FROM credit) = 0
              AND (SELECT count(*) FROM debit) = (SELECT count(*) FROM credit)
            """
        #expect(try await database.scalar(sums) == "t")
        #expect(try await database.scalar("SELECT count(*) >= 20001 FROM debit") == "t")

        let report = try JSONReport(result.output)
        #expect(report["outcome"] as? String == "complete")
        let commits = try #require(report["source_commits_since"] as? Int)
        #expect(commits > 0)
        let moved = try #require(report.findings.first { $0["code"] as? String == "source-moved" })
        #expect((moved["message"] as? String)?.hasPrefix("\(commits) commit") == true)
        // The verification is of the snapshot, not of what came after.
        #expect(
            report.tables(in: "verification").allSatisfy {
                $0["source_sum"] as? String == $0["target_sum"] as? String
            })
        #expect(report.tables(in: "verification").count == 2)
        // What the writer had committed at last is still all there.
        #expect(
            try SQLiteShell.run(
                "SELECT sum(amount) FROM (SELECT * FROM debit UNION ALL SELECT * FROM credit);",
                on: source.path) == "0\n")
    }
}

/// A `--json` document, read as scripts read it.
struct JSONReport {
    let fields: [String: Any]

    init(_ text: String) throws {
        fields = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    subscript(name: String) -> Any? { fields[name] }

    var findings: [[String: Any]] { fields["findings"] as? [[String: Any]] ?? [] }
    var findingCodes: [String] { findings.compactMap { $0["code"] as? String } }

    func tables(in part: String) -> [[String: Any]] {
        (fields[part] as? [String: Any])?["tables"] as? [[String: Any]] ?? []
    }
}
