internal import Diagnostics
internal import Synchronization

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// A source held open in one read transaction, without harming it.
///
/// Everything that a run reads comes from `snapshot`. What `SourceAccess` decided is carried out here.
package final class SourceReader: Sendable {
    package let files: SourceFiles
    package let access: SourceAccess
    package let snapshot: SharedSnapshot
    /// Where SQLite really reads: the source, or a private copy of it.
    package let openedPath: String
    /// SQLite refused to read the schema with `trusted_schema=OFF` and was told to trust it
    /// (only base tables are read, so nothing of it is evaluated).
    package let trustsSchema: Bool
    private let progress: WALProgress?
    private let others = Mutex<[Companion]>([])
    /// In rollback-journal mode: where the counter stood in the snapshot.
    private let counter: (file: ChangeCounter, start: UInt32)?

    /// Opens the source.
    ///
    /// - Parameter privateFolder: asked for only when a private copy is needed; gets the bytes it will
    ///   hold and the reason, and answers with a folder that nobody else can read. The caller removes it.
    package static func open(
        _ files: SourceFiles, as userID: UInt32 = geteuid(), busyTimeoutMilliseconds: Int32 = 10_000,
        privateFolder: (_ byteCount: Int64, _ reason: String) throws -> String
    ) throws -> SourceReader {
        let access = SourceAccess.decide(for: files, userID: userID)
        switch access {
        case .refused(let remedy):
            throw OutgrowError(
                "source-needs-owner", .source,
                "Reading this WAL database as another user would harm the application.",
                at: files.path, fix: remedy)
        case .privateCopy(let reason):
            let byteCount = files.byteCount + (files.walByteCount ?? 0) + (files.journalByteCount ?? 0)
            let folder = try privateFolder(byteCount, reason)
            let copy = try PrivateCopy.make(of: files, in: folder)
            return try SourceReader(
                files, access, path: copy, mode: .readWrite, busyTimeoutMilliseconds, counts: false)
        case .guarded:
            return try SourceReader(
                files, access, path: files.path, mode: .guardedReadWrite, busyTimeoutMilliseconds,
                counts: true)
        case .direct:
            return try SourceReader(
                files, access, path: files.path, mode: .readOnly, busyTimeoutMilliseconds,
                counts: files.header.isWAL)
        }
    }

    private init(
        _ files: SourceFiles, _ access: SourceAccess, path: String, mode: SQLiteConnection.Mode,
        _ busyTimeoutMilliseconds: Int32, counts: Bool
    ) throws {
        self.files = files
        self.access = access
        openedPath = path
        var progress = counts ? WALProgress(walPath: files.walPath) : nil
        progress?.advance()
        // Opened before SQLite opens the file, and closed after it has closed it.
        let counterFile = ChangeCounter(path: path)
        do throws(SQLiteFailure) {
            let connection = try SQLiteConnection(path: path, mode: mode)
            connection.setBusyTimeout(milliseconds: busyTimeoutMilliseconds)
            connection.harden()
            trustsSchema = try Self.beginSnapshot(on: connection)
            snapshot = SharedSnapshot(connection)
        } catch {
            throw Self.explain(error, of: files)
        }
        // What is committed between the look and the snapshot counts as moved: a false alarm, never a silent one.
        self.progress = progress
        let file = access == .direct && !counts ? counterFile : nil
        counter = file.flatMap { file in file.value.map { (file, $0) } }
    }

    /// Starts the read transaction; returns whether the schema had to be trusted.
    private static func beginSnapshot(on connection: SQLiteConnection) throws(SQLiteFailure) -> Bool {
        for pragma in [
            "mmap_size=0", "temp_store=MEMORY", "cell_size_check=ON", "trusted_schema=OFF", "query_only=ON",
        ] {
            try connection.execute("PRAGMA \(pragma)")
        }
        try connection.execute("BEGIN")
        do {
            _ = try connection.integer("SELECT count(*) FROM sqlite_schema")
            return false
        } catch  where failureIsAboutTrust(error) {
            // JSON functions are not tagged innocuous before SQLite 3.41, so an honest CHECK (json_valid(…)) trips this.
            try connection.execute("PRAGMA trusted_schema=ON")
            _ = try connection.integer("SELECT count(*) FROM sqlite_schema")
            return true
        }
    }

    private static func failureIsAboutTrust(_ failure: SQLiteFailure) -> Bool {
        failure.message.contains("unsafe use of")
    }

    private static func explain(_ failure: SQLiteFailure, of files: SourceFiles) -> OutgrowError {
        var error = failure.asSourceError(at: files.path)
        if failure.isBusy, let holder = SourceFiles.describeLockHolder(of: files.path) {
            error.summary = "The database is kept locked by \(holder)."
        }
        return error
    }

    /// A second connection for checks that may run beside the scan. It sees its own snapshot.
    package func openAnother() throws(SQLiteFailure) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: openedPath, mode: .readOnly)
        connection.setBusyTimeout(milliseconds: 10_000)
        connection.harden()
        for pragma in ["mmap_size=0", "temp_store=MEMORY", "ignore_check_constraints=ON"] {
            try connection.execute("PRAGMA \(pragma)")
        }
        if !trustsSchema { try connection.execute("PRAGMA trusted_schema=OFF") }
        others.withLock { $0.append(Companion(connection)) }
        return connection
    }

    /// Stops whatever statement runs on any connection to the source, from any thread.
    package func interrupt() {
        snapshot.interrupt()
        others.withLock { companions in
            for companion in companions { companion.connection.interrupt() }
        }
    }

    /// A second connection, remembered only to be interrupted (which SQLite allows from any thread) and
    /// closed before the first.
    private final class Companion: @unchecked Sendable {
        let connection: SQLiteConnection
        init(_ connection: SQLiteConnection) { self.connection = connection }
    }

    /// Lets waiting writers go on once every row has been read.
    ///
    /// In rollback-journal mode a reader keeps every writer from committing. Whoever reads again afterwards
    /// reads the state of that moment, and `movement()` says whether it is another.
    package func releaseWriters() throws(SQLiteFailure) {
        guard counter != nil else { return }
        try snapshot.withConnection { (connection) throws(SQLiteFailure) in try connection.execute("COMMIT") }
    }

    /// What applications did to the source since the snapshot was taken.
    package func movement() -> SourceMovement {
        if case .privateCopy = access {
            return SourceFiles.stamp(of: files.path) == files.stamp ? .none : .unknown
        }
        if let counter {
            let commits = (counter.file.value ?? counter.start) &- counter.start
            return commits == 0 ? .none : .commits(Int64(commits))
        }
        guard var progress else { return .none }
        let before = progress.commitCount
        progress.advance()
        return progress.commitCount == before ? .none : .commits(progress.commitCount - before)
    }

    /// Ends the read transaction and closes, leaving no sidecar that SQLite made for us and none changed.
    package func finish() {
        others.withLock { companions in
            for companion in companions { companion.connection.close() }
            companions.removeAll()
        }
        snapshot.withConnection { connection in
            // Once an application has written to the WAL it is the application's, not ours to fold in.
            if access == .guarded, (FileStatus(path: files.walPath)?.byteCount ?? 0) > 0 {
                connection.setNoCheckpointOnClose()
            }
            connection.close()
        }
    }
}

/// Whether the source moved on while it was read.
package enum SourceMovement: Sendable, Hashable {
    case none
    case commits(Int64)
    /// It was written, and how often cannot be told.
    case unknown
}
