package import Diagnostics
internal import SQLiteClient

/// One more writer, for as long as it takes to learn how long it waits: in a process of its own, as this is the one
/// part that opens the database through SQLite.
///
/// Closing a descriptor drops all POSIX locks that a process holds on a file, so the process that samples must not
/// hold a connection, and this one opens nothing raw once it has one.
package final class LockProbe {
    /// Seconds after which an attempt is given up.
    package static let limit = 0.25

    private let connection: SQLiteConnection
    private let writes: Bool

    package struct Answer: Sendable, Hashable {
        package var seconds: Double
        package var isCensored: Bool

        package init(seconds: Double, isCensored: Bool = false) {
            self.seconds = seconds
            self.isCensored = isCensored
        }
    }

    /// - Throws: why the database must not be opened, or cannot be.
    package init(_ path: String, writes: Bool) throws(OutgrowError) {
        let files = try SourceFiles.look(at: path)
        if let reason = Self.objection(to: files) {
            throw OutgrowError(
                "probe-refused", .source, "The probe does not open this database: \(reason).", at: files.path,
                fix: "Leave --probe away; looking from outside needs none of it.")
        }
        self.writes = writes
        do throws(SQLiteFailure) {
            connection = try SQLiteConnection(path: files.path, mode: .guardedReadWrite)
            // Whatever happens to the others, what they have open must stay when this one closes.
            connection.setNoCheckpointOnClose()
            connection.keepWALOnClose()
            connection.setBusyTimeout(milliseconds: 0)
            try connection.execute("PRAGMA wal_autocheckpoint = 0")
            try connection.execute("PRAGMA synchronous = FULL")
            try connection.execute("PRAGMA trusted_schema = OFF")
        } catch {
            throw OutgrowError(
                "probe-failed", .source, "The probe could not open the database.", at: files.path,
                fix: "Leave --probe away; looking from outside needs none of it.", cause: error.message)
        }
    }

    /// Why opening would do harm; nil when it does not.
    ///
    /// - A stranger's connection would leave sidecars that the application may not write.
    /// - Without a -shm file in use this connection would make one, or recover the one that is there.
    /// - In rollback mode it could roll back a journal.
    private static func objection(to files: SourceFiles) -> String? {
        if !files.header.isWAL { return "it is not in WAL mode, where opening could roll back a journal" }
        if RawSystem.userID != 0, RawSystem.userID != files.ownerID { return "it belongs to another user" }
        if !files.hasSharedMemory { return "nobody has it open, so opening would make files" }
        let index = RawDescriptor(path: files.sharedMemoryPath)
        if index?.foreignLock(at: LockBytes.walLive) == nil {
            return "nobody holds its -shm file, so opening would make it anew"
        }
        return nil
    }

    /// Asks for the write lock every millisecond, for ``limit`` at most, and lets it go at once.
    package func attempt() throws -> Answer {
        let start = RawSystem.now
        let end = start + Int64(Self.limit * 1e9)
        while true {
            do throws(SQLiteFailure) {
                try connection.execute("BEGIN IMMEDIATE")
                break
            } catch {
                guard error.code & 0xFF == 5 else { throw error }
                guard RawSystem.now < end else { return Answer(seconds: Self.limit, isCensored: true) }
                RawSystem.sleep(until: RawSystem.now + 1_000_000)
            }
        }
        guard writes else {
            // The wait is over when the lock is had.
            let waited = RawSystem.now - start
            try connection.execute("ROLLBACK")
            return Answer(seconds: Double(waited) / 1e9, isCensored: false)
        }
        do throws(SQLiteFailure) {
            // Written as it is: one page and a commit, and nothing that anybody could read differently.
            let version = try connection.integer("PRAGMA user_version") ?? 0
            try connection.execute("PRAGMA user_version = \(version)")
            try connection.execute("COMMIT")
        } catch {
            try connection.execute("ROLLBACK")
            throw error
        }
        return Answer(seconds: Double(RawSystem.now - start) / 1e9, isCensored: false)
    }
}

// One line from process to process.
extension LockProbe.Answer {
    package var line: String { "\(Int(seconds * 1e6)) \(isCensored ? "censored" : "done")" }

    package init?(line: String) {
        let words = line.split(separator: " ")
        guard words.count == 2, let microseconds = Int(words[0]), ["censored", "done"].contains(words[1])
        else {
            return nil
        }
        self.init(seconds: Double(microseconds) / 1e6, isCensored: words[1] == "censored")
    }
}
