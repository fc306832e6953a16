/// How a source may be read without harming it: decided from what `SourceFiles` saw, before it is opened.
///
/// A pure value, so that every combination of journal mode, sidecars, locks and users
/// is one row of a test. The reasons are in docs/explanation/consistency.md.
package enum SourceAccess: Sendable, Hashable {
    /// Opened read-only where it is. SQLite makes no file, and closing changes none.
    case direct
    /// A WAL database at rest: SQLite has to make a -wal and a -shm to read it, and removes them at the end.
    case guarded
    /// Read from a copy in a private folder, because reading it in place would write beside it.
    case privateCopy(reason: String)
    /// Not readable by this user without leaving something behind.
    case refused(remedy: String)

    /// - Parameter userID: who runs this process.
    package static func decide(for files: SourceFiles, userID: UInt32) -> SourceAccess {
        let isLive = files.lockHolder != nil
        if isLive { return .direct }
        // Whatever the header says: a crash while the journal mode was being changed leaves a journal beside WAL.
        if (files.journalByteCount ?? 0) > 0, files.journalIsValid {
            return .privateCopy(
                reason: "an application crashed and left a journal that must be rolled back first")
        }
        if (files.walByteCount ?? 0) > 0 {
            return .privateCopy(
                reason:
                    "an application crashed and left a -wal with commits that are not in the database file")
        }
        return files.header.isWAL ? decideForWALAtRest(files, userID: userID) : .direct
    }

    private static func decideForWALAtRest(_ files: SourceFiles, userID: UInt32) -> SourceAccess {
        if files.walByteCount != nil || files.hasSharedMemory {
            return .privateCopy(reason: "sidecars stand beside a database that nobody has open")
        }
        guard userID == 0 || userID == files.ownerID else {
            return .refused(
                remedy:
                    "Run as \(SourceFiles.userName(files.ownerID)), who owns the file; read by another user,"
                    + " SQLite would leave a -wal and a -shm that lock the application out.")
        }
        guard files.folderIsWritable else {
            return .privateCopy(
                reason: "its folder cannot be written, and SQLite needs a -shm beside a WAL database")
        }
        guard files.fileIsWritable else {
            return .privateCopy(
                reason: "it cannot be written, and SQLite would leave a -wal and a -shm beside it")
        }
        return .guarded
    }
}
