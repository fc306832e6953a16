internal import COutgrowSQLite

/// One connection to a SQLite file, set up for reading somebody else's data.
///
/// Thin on purpose: it opens, prepares, runs and closes. A connection belongs to one
/// thread at a time (it is opened without SQLite's mutexes); `SharedSnapshot` passes it round.
@safe package final class SQLiteConnection {
    let handle: OpaquePointer
    private(set) var isClosed = false
    /// What stops this connection from other threads, if anything does; see `install`.
    var interruption: SQLiteInterruption?
    /// Ours: a virtual table keeps statements of its own on the same connection and finalizes them itself.
    private var statements: Set<OpaquePointer> = unsafe []

    package enum Mode: Sendable {
        /// `SQLITE_OPEN_READONLY`: closing it never checkpoints and never deletes a sidecar.
        case readOnly
        /// Opened for writing so that SQLite itself removes the sidecars it had to make,
        /// and then held to `query_only`.
        case guardedReadWrite
        /// A file of our own.
        case readWrite
    }

    /// Opens the file at `path`, which must be absolute: a relative name could be read as a URI.
    package convenience init(path: String, mode: Mode) throws(SQLiteFailure) {
        precondition(path.hasPrefix("/"), "the path must be absolute")
        let flags =
            switch mode {
            case .readOnly: SQLITE_OPEN_READONLY
            case .guardedReadWrite: SQLITE_OPEN_READWRITE
            case .readWrite: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        try self.init(name: path, flags: flags)
    }

    /// Opens an empty database that lives in memory and belongs to this connection alone.
    package static func inMemory() throws(SQLiteFailure) -> SQLiteConnection {
        try SQLiteConnection(name: ":memory:", flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    }

    private init(name: String, flags: Int32) throws(SQLiteFailure) {
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard let connection = unsafe opened else {
            throw SQLiteFailure(code: SQLITE_NOMEM, message: "out of memory")
        }
        guard code == SQLITE_OK else {
            let failure = unsafe Self.failure(of: connection, code: code)
            unsafe sqlite3_close_v2(connection)
            throw failure
        }
        unsafe handle = connection
        unsafe sqlite3_extended_result_codes(handle, 1)
    }

    deinit { close() }

    /// Closes it now, whoever still holds a reference to it or to one of its statements: what SQLite tidies up at
    /// the end (the sidecars that it made) must not wait for the last reference, which may outlive the process's work.
    ///
    /// Afterwards nothing may be asked of it; statements answer that they were misused.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        interruption?.detach()
        while let statement = unsafe statements.popFirst() { unsafe sqlite3_finalize(statement) }
        unsafe sqlite3_close_v2(handle)
    }

    /// How long to wait for another process's lock.
    package func setBusyTimeout(milliseconds: Int32) {
        unsafe sqlite3_busy_timeout(handle, milliseconds)
    }

    /// Closes the door on what a hostile file could make SQLite do: no triggers, no views, no
    /// extensions, no attached files, no writes to the schema (https://sqlite.org/security.html).
    package func harden() {
        for (option, value) in Self.hardening {
            unsafe _ = outgrow_db_config_flag(handle, option, value)
        }
        unsafe sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0)
    }

    private static let hardening: [(Int32, Int32)] = [
        (SQLITE_DBCONFIG_DEFENSIVE, 1), (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0), (SQLITE_DBCONFIG_ENABLE_VIEW, 0),
        (SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
    ]

    /// Opens the door for views again, with values of at most `lengthLimit` bytes.
    package func allowViews(lengthLimit: Int) {
        unsafe _ = outgrow_db_config_flag(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 1)
        unsafe sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Int32(clamping: lengthLimit))
    }

    /// Makes `"misspelled"` an error, as the standard has it: by itself SQLite takes it for a string when no column
    /// has that name. What a schema already holds stays readable. https://sqlite.org/quirks.html#dblquote
    package func refuseStringsInDoubleQuotes() {
        unsafe _ = outgrow_db_config_flag(handle, SQLITE_DBCONFIG_DQS_DML, 0)
        unsafe _ = outgrow_db_config_flag(handle, SQLITE_DBCONFIG_DQS_DDL, 0)
    }

    /// Leaves the WAL as it is when this connection closes, even as the last one.
    package func setNoCheckpointOnClose() {
        unsafe _ = outgrow_db_config_flag(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    }

    /// Leaves the WAL where it is, even when this connection closes as the last one.
    /// https://sqlite.org/c3ref/c_fcntl_begin_atomic_write.html#sqlitefcntlpersistwal
    package func keepWALOnClose() {
        var isOn: Int32 = 1
        unsafe _ = sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL, &isOn)
    }

    package func prepare(_ sql: String) throws(SQLiteFailure) -> SQLiteStatement {
        guard !isClosed else { throw .closed }
        var statement: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(handle, sql, -1, 0, &statement, nil)
        guard code == SQLITE_OK else { throw failure(code) }
        guard let prepared = unsafe statement else {
            throw SQLiteFailure(code: SQLITE_MISUSE, message: "the SQL holds no statement")
        }
        return unsafe adopt(prepared)
    }

    /// Makes a statement of what SQLite has compiled.
    func adopt(_ prepared: OpaquePointer) -> SQLiteStatement {
        unsafe statements.insert(prepared)
        return unsafe SQLiteStatement(prepared, of: self)
    }

    /// Does nothing for a statement that is finalized already.
    func finalize(_ statement: OpaquePointer) {
        if unsafe statements.remove(statement) != nil { unsafe sqlite3_finalize(statement) }
    }

    /// Runs a statement and throws its rows away.
    package func execute(_ sql: String) throws(SQLiteFailure) {
        let statement = try prepare(sql)
        while try statement.step() {}
    }

    /// The first column of the first row as an integer; nil when there is no row or it is NULL.
    package func integer(_ sql: String) throws(SQLiteFailure) -> Int64? {
        let statement = try prepare(sql)
        guard try statement.step(), statement.value(at: 0).storageClass != .null else { return nil }
        return statement.value(at: 0).integer
    }

    /// The first column of the first row as text; nil when there is no row or it is NULL.
    package func text(_ sql: String) throws(SQLiteFailure) -> String? {
        let statement = try prepare(sql)
        guard try statement.step() else { return nil }
        return statement.text(at: 0)
    }

    /// Stops whatever statement runs, from any thread.
    ///
    /// The caller makes sure that the connection is still open.
    package func interrupt() {
        guard !isClosed else { return }
        unsafe sqlite3_interrupt(handle)
    }

    func failure(_ code: Int32) -> SQLiteFailure { unsafe Self.failure(of: handle, code: code) }

    private static func failure(of handle: OpaquePointer, code: Int32) -> SQLiteFailure {
        let extended = unsafe sqlite3_extended_errcode(handle)
        let message = unsafe String(cString: sqlite3_errmsg(handle))
        return SQLiteFailure(code: extended & 0xFF == code & 0xFF ? extended : code, message: message)
    }
}

/// The version of the SQLite library in use, as `3.40.1`.
package var sqliteLibraryVersion: String { unsafe String(cString: sqlite3_libversion()) }
