internal import Diagnostics
internal import Foundation
internal import OutgrowStorage
internal import SQLiteClient

/// Where a monitor keeps its history: a SQLite file of its own, or a Postgres database for a fleet.
package struct HistoryPlace: Sendable {
    private let database: SchemaDatabase
    /// The file; nil on a server.
    let file: String?
    /// As it may be shown: without a password.
    package var description: String { database.description }

    /// - Parameter text: `sqlite:file`, a path, `postgres://…` or a connection string; nil for the usual file.
    package init(
        _ text: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let text = try text ?? Self.usualFile(environment)
        database = try SchemaDatabase(text)
        file = database.filePath
    }

    /// `$XDG_STATE_HOME/outgrow/history.db`, which is `~/.local/state/outgrow/history.db` when nothing is said.
    private static func usualFile(_ environment: [String: String]) throws -> String {
        if let folder = environment["XDG_STATE_HOME"], folder.hasPrefix("/") {
            return folder + "/outgrow/history.db"
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else {
            throw OutgrowError(
                "option-invalid", .usage, "There is no place for the history: HOME is not set.",
                fix: "Name one: --history sqlite:/var/lib/outgrow/history.db")
        }
        return home + "/.local/state/outgrow/history.db"
    }

    /// A file that is not there yet has nothing in it; a server is asked.
    var isMissing: Bool { database.isMissing }

    /// A connection of this process to a database that it watches would harm the application: closing a descriptor
    /// of the file drops the locks of the other. https://sqlite.org/howtocorrupt.html, 2.2
    func requireOther(than sources: [SourceFiles]) throws {
        guard let file, let own = FileStatus(path: file) else { return }
        for source in sources {
            guard let watched = FileStatus(path: source.path) else { continue }
            guard own.inode == watched.inode, SourceFiles.resolved(file) == source.path else { continue }
            throw OutgrowError(
                "history-is-source", .usage, "The history would be kept in a database that is watched.",
                at: source.path, fix: "Name another file with --history.")
        }
    }

    func open(isReadOnly: Bool) async throws -> any Storage {
        if let file, !isReadOnly { try makeFolder(of: file) }
        // Many watches may write one history: what meets in conflict is done again.
        return try await database.open(isReadOnly: isReadOnly, retry: .standard)
    }

    private func makeFolder(of file: String) throws {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().path
        guard !FileManager.default.fileExists(atPath: folder) else { return }
        do {
            // What programs do and when is nobody else's business.
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw OutgrowError(
                "history-unwritable", .target, "The folder of the history cannot be made.", at: folder,
                fix: "Make it, or name another place with --history.", cause: error.localizedDescription)
        }
    }

    /// The name of this machine, which parts databases of one path on several.
    static var hostName: String {
        do {
            let text = try String(contentsOfFile: "/proc/sys/kernel/hostname", encoding: .utf8)
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            return ProcessInfo.processInfo.hostName
        }
    }
}
