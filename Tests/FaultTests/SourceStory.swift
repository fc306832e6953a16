import Foundation
import TestSupport

/// A database with what an application, alive or dead, has made of it.
enum SourceState: String, CaseIterable, Sendable, CustomStringConvertible {
    case rollbackAtRest = "rollback journal, at rest"
    case rollbackRead = "rollback journal, a reader is open"
    case rollbackWrite = "rollback journal, a writer is open"
    case rollbackPersist = "rollback journal, an ended journal is kept"
    case rollbackCrashed = "rollback journal, crashed in a transaction"
    case walAtRest = "WAL, at rest"
    case walStale = "WAL, at rest with empty sidecars"
    case walIdle = "WAL, an idle application"
    case walRead = "WAL, a reader is open"
    case walWrite = "WAL, a writer is open"
    case walCrashed = "WAL, crashed after commits"

    var description: String { rawValue }
    var isLive: Bool { [.rollbackRead, .rollbackWrite, .walIdle, .walRead, .walWrite].contains(self) }

    /// Rows of the last commit in every state.
    static let committedRows = 503
}

/// One database in a folder of its own, and the application that belongs to it.
final class SourceStory {
    let state: SourceState
    let owner: TestUser
    let folder: TemporaryFolder
    let path: String
    private(set) var application: LiveShell?

    init(_ state: SourceState, owner: TestUser) throws {
        self.state = state
        self.owner = owner
        folder = try TemporaryFolder()
        path = folder.file("app.db")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755, .ownerAccountID: Int(owner.id)], ofItemAtPath: folder.path)
        let shell = try LiveShell(path, as: owner)
        let isWAL = state.rawValue.hasPrefix("WAL")
        try shell.run(
            """
            PRAGMA journal_mode=\(isWAL ? "WAL" : state == .rollbackPersist ? "PERSIST" : "DELETE");
            PRAGMA wal_autocheckpoint=0;
            CREATE TABLE items(id INTEGER PRIMARY KEY, name TEXT);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<500)
              INSERT INTO items SELECT i, 'item ' || i || hex(zeroblob(200)) FROM n;
            """)
        if isWAL { try shell.run("PRAGMA wal_checkpoint(TRUNCATE);") }
        for id in 501...SourceState.committedRows {
            try shell.run("INSERT INTO items VALUES(\(id), 'late');")
        }
        try act(shell)
    }

    private func act(_ shell: LiveShell) throws {
        switch state {
        case .rollbackAtRest, .walAtRest, .rollbackPersist:
            try shell.quit()
        case .walStale:
            try shell.quit()
            for suffix in ["-wal", "-shm"] {
                try Program.run("env", owner.prefix + ["touch", path + suffix])
            }
        case .rollbackRead, .walRead:
            try shell.run("BEGIN; SELECT count(*) FROM items;")
        case .rollbackWrite, .walWrite:
            try shell.run("BEGIN IMMEDIATE; INSERT INTO items VALUES(900, 'uncommitted');")
        case .walIdle:
            try shell.run("SELECT count(*) FROM items;")
        case .rollbackCrashed:
            // More than the cache holds, so that uncommitted pages reach the file.
            try shell.run(
                "PRAGMA cache_size=5; BEGIN; DELETE FROM items WHERE id > 100; UPDATE items SET name = 'dirty';"
            )
            shell.kill()
        case .walCrashed:
            shell.kill()
        }
        application = state.isLive ? shell : nil
    }

    /// What must be the same after a run as before it.
    struct Footprint: Equatable {
        var files: [String]
        var contents: [String: Data]
    }

    /// Names, and bytes: of the -shm only while nobody has the database open.
    func footprint() throws -> Footprint {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        var contents: [String: Data] = [:]
        for name in files where !(state.isLive && name.hasSuffix("-shm")) {
            contents[name] = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
        }
        return Footprint(files: files, contents: contents)
    }

    /// The application goes on, or starts again, and must be able to write and to read all it had.
    func applicationWorks() throws -> Bool {
        let shell = try application ?? LiveShell(path, as: owner)
        switch state {
        case .rollbackRead, .walRead: try shell.run("COMMIT;")
        case .rollbackWrite, .walWrite: try shell.run("ROLLBACK;")
        default: break
        }
        try shell.run("INSERT INTO items VALUES(7000, 'after');")
        let answer = try shell.run("SELECT count(*) FROM items; PRAGMA integrity_check;")
        try shell.quit()
        return answer == "\(SourceState.committedRows + 1)\nok"
    }
}

/// The part of `translate --json` that these tests look at.
struct TranslateDocument: Decodable {
    struct Table: Decodable {
        var source: String
        var estimatedRowCount: Int64
    }
    var schema: String
    var tables: [Table]

    static func read(_ text: String) throws -> TranslateDocument {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(TranslateDocument.self, from: Data(text.utf8))
    }
}
