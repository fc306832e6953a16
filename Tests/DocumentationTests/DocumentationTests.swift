import Foundation
import LocalPostgres
import PostgresClient
import TestSupport
import Testing
import Threading

/// Every command that the documentation shows is run, page by page, as a reader would.
@Suite(.serialized) struct DocumentationTests {
    struct Page: Sendable, CustomTestStringConvertible {
        var path: String
        /// Statuses that a command may end with: 3 because samples have losses on purpose.
        var statuses: Set<Int32> = [0, 3]
        var testDescription: String { path }
    }

    static let pages = [
        Page(path: "README.md"),
        // It changes a value on purpose, and verify says so.
        Page(path: "docs/tutorials/first-migration.md", statuses: [0, 3, 4]),
        Page(path: "docs/how-to/check-a-database.md"), Page(path: "docs/how-to/rehearse.md"),
        Page(path: "docs/how-to/choose-types.md"), Page(path: "docs/how-to/move-full-text-search.md"),
        Page(path: "docs/how-to/write-a-mapping.md"),
        Page(path: "docs/how-to/migrate-into-production.md"), Page(path: "docs/how-to/schema-migrations.md"),
        Page(path: "docs/how-to/watch-a-database.md"),
    ]

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test(arguments: pages)
    func `the commands of the page run`(_ page: Page) async throws {
        let folder = try TemporaryFolder()
        let cluster = try await EphemeralPostgres.shared.cluster()
        let conninfo = cluster.conninfo()
        try prepare(folder)
        try writeFiles(of: page, into: folder)
        let service = "[app]\ndbname=app\nhost=\(conninfo["host"] ?? "")\nuser=\(conninfo.user)\n"
        let environment: [String: String?] = [
            "PGHOST": conninfo["host"], "PGUSER": conninfo.user, "PGPORT": conninfo.port,
            "PGSERVICEFILE": try folder.write(service, to: "pg_service.conf"),
            "PATH": folder.file("bin") + ":/usr/bin:/bin",
            // Where a watch would keep its history.
            "HOME": folder.path, "XDG_STATE_HOME": nil,
        ]
        // On a thread of its own: those that tasks share are few.
        func shell(_ line: String) async throws -> OutgrowProgram.Outcome {
            try await onOwnThread(named: "shell") { [path = folder.path] in
                try OutgrowProgram.shell(line, in: path, environment: environment)
            }
        }
        _ = try await shell("dropdb --if-exists --force shop")
        var commandCount = 0
        for block in try blocks(of: page) {
            // Each migration of a page stands for itself, so it begins with an empty database.
            if block.contains(where: { $0.contains(" migrate ") }) {
                _ = try await shell("dropdb --if-exists --force app && createdb app")
            }
            for command in block {
                let outcome = try await shell(Self.here(command))
                #expect(page.statuses.contains(outcome.status), "\(command)\n\(outcome)")
                commandCount += 1
            }
            // What the page tells the reader to write.
            if block.contains(where: { $0.contains(" schema new ") }) {
                _ = try await shell(
                    "for f in migrations/*/*.sql; do printf -- '-- +up\\nSELECT 1;\\n-- +down\\n' > $f; done")
            }
        }
        #expect(commandCount > 1)
    }

    /// Every option that a command has stands in the reference, and every option that a page names exists.
    @Test func `every option that is named exists`() throws {
        let reference = try text("docs/reference/cli.md")
        let known = Set(reference.matches(of: /--[a-z][a-z-]+/).map { String($0.output) })
        #expect(known.count > 20)
        for page in Self.pages {
            for block in try blocks(of: page) {
                for command in block where command.contains("outgrow ") {
                    for option in command.matches(of: /\s(--[a-z][a-z-]+)/).map({ String($0.1) }) {
                        #expect(known.contains(option), "\(page.path): \(command)")
                    }
                }
            }
        }
    }

    /// What a page takes for granted: the program, a database of the reader's, and the demo's sample.
    private func prepare(_ folder: TemporaryFolder) throws {
        let files = FileManager.default
        for name in ["bin", "demo", ".build/release"] {
            try files.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
        }
        for link in ["bin/outgrow", ".build/release/outgrow"] {
            try files.createSymbolicLink(atPath: folder.file(link), withDestinationPath: OutgrowProgram.path)
        }
        try SQLiteShell.run(Self.readersDatabase, on: folder.file("app.db"))
        let sample = try ["schema", "data"].map { try text("Examples/ticketing/\($0).sql") }.joined()
        try SQLiteShell.run(sample, on: folder.file("demo/ticketing.db"))
    }

    /// A block of JSON5 names the file that it is in its first line.
    private func writeFiles(of page: Page, into folder: TemporaryFolder) throws {
        for block in try text(page.path).matches(of: /```json5\n\/\/ (\S+)\n([\s\S]*?)```/) {
            try folder.write(String(block.2), to: String(block.1))
        }
    }

    private static let readersDatabase = """
        CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL, placed_at DATETIME, paid BOOLEAN DEFAULT 0, note TEXT,
          extra TEXT, duration INTEGER, changed_at INTEGER);
        INSERT INTO orders (total, placed_at, paid, note, extra, duration, changed_at) VALUES
          (9.5, '2026-11-01 10:00:00', 1, 'first', '{}', 1500000, 1793527200000),
          (12.25, '2026-11-02T11:30:00', 0, NULL, NULL, NULL, NULL);
        CREATE TABLE "Order Items" (id INTEGER PRIMARY KEY, "Unit Price" REAL);
        CREATE TABLE users (email TEXT COLLATE NOCASE);
        CREATE TABLE cache_pages (page TEXT);
        CREATE VIRTUAL TABLE docs USING fts5(title, body);
        INSERT INTO docs VALUES ('Harbor', 'A jazz night by the water');
        """

    /// `$ ` lines of console blocks, continued lines joined; but for what installs, and for what keeps running.
    private func blocks(of page: Page) throws -> [[String]] {
        try text(page.path).matches(of: /```console\n([\s\S]*?)```/).map { match in
            String(match.1).replacing("\\\n", with: " ").split(separator: "\n").filter { $0.hasPrefix("$ ") }
                .map { String($0.dropFirst(2)) }
                .filter { !$0.hasPrefix("make ") && !$0.hasPrefix("sudo ") && !$0.contains("--keep") }
                .map { $0.replacing(/\s+#\s.*$/, with: "") }
        }.filter { !$0.isEmpty }
    }

    /// The example's server is the test's.
    private static func here(_ command: String) -> String {
        command.replacing("postgresql://app@db.example/app", with: "postgresql:///app")
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }
}
