internal import COutgrowSQLite
package import Diagnostics

/// What a call of SQLite's C API answered when it did not succeed.
///
/// The codes and their meaning: https://sqlite.org/rescode.html
package struct SQLiteFailure: Error, Sendable, Hashable {
    /// The extended result code.
    package var code: Int32
    /// SQLite's own words. They quote SQL and names, never the values of rows.
    package var message: String

    package init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    /// Work that comes after the end of its connection, as after an interruption.
    static let closed = SQLiteFailure(code: SQLITE_INTERRUPT, message: "the connection is closed")

    package var primaryCode: Int32 { code & 0xFF }
    package var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }
    package var isInterrupted: Bool { primaryCode == SQLITE_INTERRUPT }
    package var isCorrupt: Bool { primaryCode == SQLITE_CORRUPT }
    package var isNotADatabase: Bool { primaryCode == SQLITE_NOTADB }
    package var isCannotOpen: Bool { primaryCode == SQLITE_CANTOPEN }
    package var isReadOnly: Bool { primaryCode == SQLITE_READONLY }

    /// `SQLITE_BUSY_SNAPSHOT`-style name of the primary code, with the number.
    package var codeName: String { "SQLite result \(code)" }
}

extension SQLiteFailure {
    /// The same failure as an error about the source file at `path`.
    package func asSourceError(at path: String) -> OutgrowError {
        let row =
            Self.explanations.first { $0.code == code } ?? Self.explanations.first { $0.code == primaryCode }
        guard let row else {
            return OutgrowError(
                "source-unreadable", .source, "SQLite cannot read the database.", at: path,
                fix:
                    "Try the same with the sqlite3 shell; what it says about this file is the place to start.",
                cause: message, causeCode: codeName)
        }
        return OutgrowError(
            OutgrowError.Code(rawValue: row.name), row.kind, row.summary, at: path, fix: row.remedy,
            cause: message,
            causeCode: codeName)
    }

    private struct Explanation: Sendable {
        var code: Int32
        var name: String
        var kind: OutgrowError.Kind = .source
        var summary: String
        var remedy: String
    }

    private static let explanations: [Explanation] = [
        Explanation(
            code: SQLITE_NOTADB, name: "not-a-database",
            summary: "The file is not a SQLite database, or it is encrypted.",
            remedy: "Decrypt it first (SQLCipher: sqlcipher_export), or name the right file."),
        Explanation(
            code: SQLITE_CORRUPT, name: "source-corrupt", summary: "The database file is damaged.",
            remedy:
                "Restore a backup, or recover what can be read with: sqlite3 damaged.db .recover | sqlite3 recovered.db"
        ),
        Explanation(
            code: SQLITE_BUSY, name: "source-locked", summary: "Another process keeps the database locked.",
            remedy:
                "Let that process finish its transaction, or take it out of locking_mode=EXCLUSIVE, then run again."
        ),
        Explanation(
            code: SQLITE_LOCKED, name: "source-locked",
            summary: "Another connection keeps the database locked.",
            remedy: "Let it finish its transaction, then run again."),
        Explanation(
            code: SQLITE_PERM, name: "source-unreadable",
            summary: "The database may not be read by this user.",
            remedy: "Run as the file's owner, or make it readable."),
        Explanation(
            code: SQLITE_CANTOPEN, name: "source-unreadable", summary: "The database cannot be opened.",
            remedy: "Check the path and the rights of the file and of its folder."),
        Explanation(
            code: SQLITE_IOERR, name: "source-io-error",
            summary: "The operating system failed to read the database.",
            remedy: "Look at the disk (dmesg), copy the file to another one, and run again."),
        Explanation(
            code: SQLITE_NOMEM, name: "out-of-memory", summary: "SQLite ran out of memory.",
            remedy: "Free memory, or migrate the table with its largest rows apart (--exclude-table)."),
        Explanation(
            code: SQLITE_FULL, name: "no-space", summary: "The disk is full.",
            remedy: "Free space in the temporary folder (TMPDIR), then run again."),
        Explanation(
            code: SQLITE_INTERRUPT, name: "interrupted", kind: .interrupted,
            summary: "Reading was interrupted.",
            remedy: "Run the command again."),
    ]
}
