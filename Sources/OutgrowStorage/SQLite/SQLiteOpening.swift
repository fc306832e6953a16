internal import SQLiteClient

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Opens connections to one database, each set up in the same way, and looks whether it took.
struct SQLiteOpening: Sendable {
    enum Place: Sendable {
        /// An absolute path.
        case file(String)
        case memory
    }

    let place: Place
    private(set) var configuration: SQLiteStorage.Configuration

    /// A path relative to the current folder, in full.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    /// Blocks; called on the connection's thread.
    func connection(
        as role: SQLiteSetup.Role, _ interruption: SQLiteInterruption
    ) throws -> SQLiteConnection {
        do {
            let connection = try opened(as: role)
            connection.install(interruption)
            try checkAccess(of: connection)
            try setJournalMode(of: connection, interruption)
            try setUp(connection)
            if let preparation = configuration.preparation {
                try preparation(SQLiteSetup(role: role, connection: connection))
                // A PRAGMA busy_timeout would have replaced it.
                connection.install(interruption)
            }
            if role == .reader { try set("query_only", to: 1, on: connection) }
            return connection
        } catch let failure as SQLiteFailure {
            throw describe(failure)
        }
    }

    /// Which file a path leads to at the moment.
    struct FileIdentity: Equatable, Sendable {
        var device: UInt64
        var number: UInt64
    }

    /// Nil in memory, and where there is no file.
    var fileIdentity: FileIdentity? {
        guard case .file(let path) = place else { return nil }
        do {
            let all = try FileManager.default.attributesOfItem(atPath: path)
            guard let device = Self.number(all[.systemNumber]),
                let number = Self.number(all[.systemFileNumber])
            else { return nil }
            return FileIdentity(device: device, number: number)
        } catch {
            return nil
        }
    }

    /// An `NSNumber` on Darwin, an integer of some width elsewhere.
    private static func number(_ value: Any?) -> UInt64? {
        value as? UInt64 ?? (value as? any BinaryInteger).map { UInt64(truncatingIfNeeded: $0) }
    }

    /// For a further connection to the file that is open already: should that have gone, no empty one takes its place,
    /// and one that was put there is not read with the WAL of the old.
    /// https://sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use
    func again(_ file: FileIdentity?) throws -> SQLiteOpening {
        var opening = self
        if configuration.access == .readWrite, case .file = place {
            opening.configuration.access = .readWriteExisting
        }
        if let file, let now = fileIdentity, now != file {
            throw StorageError(
                .unavailable, "The database file was replaced by another while it was open.",
                fix: "Shut the storage down before a file is put in its place, and open it again afterwards.")
        }
        return opening
    }

    private func opened(as role: SQLiteSetup.Role) throws -> SQLiteConnection {
        guard case .file(let path) = place else { return try .inMemory() }
        let mode: SQLiteConnection.Mode =
            switch configuration.access {
            case .readOnly: .readOnly
            // The writer has made the file; should it have gone since, no empty one takes its place.
            case .readWrite where role == .reader: .guardedReadWrite
            case .readWrite: .readWrite
            case .readWriteExisting: .guardedReadWrite
            }
        return try SQLiteConnection(path: path, mode: mode)
    }

    /// SQLite falls back to reading when a file cannot be written.
    private func checkAccess(of connection: SQLiteConnection) throws {
        guard configuration.access != .readOnly, connection.isReadOnly else { return }
        throw StorageError(
            .readOnly, "The database file cannot be written by this user.",
            fix: "Change the rights of the file, or open it with the access .readOnly.")
    }

    /// WAL, so that readers and the writer do not wait for one another. https://sqlite.org/wal.html
    private func setJournalMode(
        of connection: SQLiteConnection, _ interruption: SQLiteInterruption
    ) throws {
        let mode = try connection.text("PRAGMA journal_mode")
        guard case .file = place, configuration.access != .readOnly, mode != "wal" else { return }
        let limit = ContinuousClock.now + configuration.busyTimeout
        var result: String?
        while result == nil {
            do {
                result = try connection.text("PRAGMA journal_mode = WAL") ?? ""
            } catch {
                // Two processes at once: SQLite gives up at once where waiting could be for ever.
                guard error.isBusy, interruption.reason == nil, ContinuousClock.now < limit else {
                    throw error
                }
                SQLiteInterruption.pause()
            }
        }
        guard result == "wal" else {
            throw StorageError(
                .unavailable, "The database cannot be put into WAL mode, which readers beside a writer need.",
                fix: "Keep the file on a local disk: network file systems lack shared memory.",
                cause: "journal_mode is \(result ?? "unknown")")
        }
    }

    private func setUp(_ connection: SQLiteConnection) throws {
        if !configuration.allowsDoubleQuotedStrings { connection.refuseStringsInDoubleQuotes() }
        try set("synchronous", to: configuration.durability == .durable ? 2 : 1, on: connection)
        try set("foreign_keys", to: 1, on: connection)
        // Functions with side effects cannot be called from a schema that somebody else wrote.
        try set("trusted_schema", to: 0, on: connection)
    }

    private func set(_ pragma: String, to value: Int64, on connection: SQLiteConnection) throws {
        try connection.execute("PRAGMA \(pragma) = \(value)")
        guard try connection.integer("PRAGMA \(pragma)") == value else {
            throw StorageError(
                .unavailable, "This SQLite library does not know PRAGMA \(pragma).",
                fix:
                    "Use a library without the option that leaves it out (sqlite3 … 'PRAGMA compile_options')."
            )
        }
    }
}

// SQLite tells little about why a file cannot be opened.
extension SQLiteOpening {
    private func describe(_ failure: SQLiteFailure) -> StorageError {
        let plain = StorageError(failure)
        guard case .file(let path) = place, [3, 8, 14].contains(failure.primaryCode) else { return plain }
        guard let (kind, summary, remedy) = reason(path) else { return plain }
        var error = StorageError(kind, summary, fix: remedy, cause: failure.message)
        error.sqliteCode = failure.code
        return error
    }

    private func reason(_ path: String) -> (StorageError.Kind, String, String)? {
        let files = FileManager.default
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "/"
        var isFolder = false
        let exists = files.fileExists(atPath: path, isDirectory: &isFolder)
        if exists, isFolder {
            return (.unavailable, "The path \(path) is a folder.", "Name a file in it.")
        }
        if exists, !files.isReadableFile(atPath: path) {
            return (.permission, "This user may not read \(path).", "Change the rights of the file.")
        }
        if !files.fileExists(atPath: folder) {
            return (.unavailable, "There is no folder \(folder).", "Make the folder, or correct the path.")
        }
        if !exists, configuration.access != .readWrite {
            return (
                .unavailable, "There is no file \(path).", "Correct the path, or use the access .readWrite."
            )
        }
        guard !files.isWritableFile(atPath: folder) else { return nil }
        if configuration.access == .readOnly {
            return (
                .unavailable, "A WAL database cannot be read where its -shm cannot be made, in \(folder).",
                "Make the folder writable, copy the file elsewhere, or take it out of WAL: "
                    + "PRAGMA journal_mode=DELETE."
            )
        }
        return (
            .permission, "This user may not write the folder \(folder).", "Change the rights of the folder."
        )
    }
}
