internal import COutgrowSQLite

// What a connection of an application needs beyond one that only reads somebody else's data.
extension SQLiteConnection {
    /// Outside of any transaction. https://sqlite.org/c3ref/get_autocommit.html
    package var isAutocommit: Bool {
        guard !isClosed else { return true }
        return unsafe sqlite3_get_autocommit(handle) != 0
    }

    /// Whether the main database cannot be written to, whatever was asked for when it was opened.
    /// https://sqlite.org/c3ref/db_readonly.html
    package var isReadOnly: Bool {
        guard !isClosed else { return true }
        return unsafe sqlite3_db_readonly(handle, "main") == 1
    }

    /// How many rows the last INSERT, UPDATE or DELETE changed itself, triggers not counted.
    /// https://sqlite.org/c3ref/changes.html
    package var changes: Int {
        guard !isClosed else { return 0 }
        return unsafe Int(sqlite3_changes64(handle))
    }

    /// Compiles the first statement of a text.
    ///
    /// - Precondition: The text holds no U+0000.
    /// - Parameters:
    ///   - offset: Where to begin, in UTF-8 bytes.
    ///   - isPersistent: The statement will be kept and run again (`SQLITE_PREPARE_PERSISTENT`).
    /// - Returns: The statement, nil when nothing but space and comments is left, and where the next begins.
    package func prepareFirst(
        of sql: String, from offset: Int = 0, isPersistent: Bool = false
    ) throws(SQLiteFailure) -> (statement: SQLiteStatement?, end: Int) {
        guard !isClosed else { throw .closed }
        var statement: OpaquePointer?
        var end = offset
        let flags = isPersistent ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        let count = sql.utf8.count
        // To its end and not by a length, or SQLite copies all the rest of a script for each of its statements.
        let code = unsafe sql.withCString { text -> Int32 in
            guard offset < count else { return SQLITE_OK }
            let start = unsafe text + offset
            var tail: UnsafePointer<CChar>?
            let code = unsafe sqlite3_prepare_v3(handle, start, -1, flags, &statement, &tail)
            if let tail = unsafe tail { end = unsafe offset + (tail - start) }
            return code
        }
        guard code == SQLITE_OK else { throw failure(code) }
        guard let prepared = unsafe statement else { return (nil, end) }
        return (unsafe adopt(prepared), end)
    }
}

/// The SQLite library in use, as 3040001 for 3.40.1.
package var sqliteLibraryVersionNumber: Int { Int(sqlite3_libversion_number()) }
