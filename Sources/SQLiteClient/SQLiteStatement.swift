internal import COutgrowSQLite

/// A prepared statement and the row it stands on.
///
/// https://sqlite.org/c3ref/stmt.html
@safe package final class SQLiteStatement {
    @usableFromInline let handle: OpaquePointer
    /// Keeps the connection open while the statement lives.
    private let connection: SQLiteConnection
    private var isFinalized = false

    init(_ handle: OpaquePointer, of connection: SQLiteConnection) {
        unsafe self.handle = handle
        self.connection = connection
    }

    /// How many columns a row has; a cached `SELECT *` gets others once SQLite has compiled it again.
    @inlinable package var columnCount: Int { unsafe Int(sqlite3_column_count(handle)) }

    deinit { finalize() }

    /// Gives its memory back. Like every call, it belongs to the thread that has the connection: a statement that
    /// outlives a turn of `SharedSnapshot` is finalized in a last turn, not by its last reference.
    package func finalize() {
        guard !isFinalized else { return }
        isFinalized = true
        unsafe connection.finalize(handle)
    }

    /// Moves to the next row; false when there is none.
    package func step() throws(SQLiteFailure) -> Bool {
        guard !connection.isClosed, !isFinalized else { throw .closed }
        let code = unsafe sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw connection.failure(code)
    }

    package func reset() {
        if !connection.isClosed, !isFinalized { unsafe sqlite3_reset(handle) }
    }

    /// The value in column `index` (from 0) of the current row.
    ///
    /// - Precondition: the last `step()` returned true and `index < columnCount`.
    @inlinable package func value(at index: Int) -> BorrowedValue {
        // SQLite answers an index out of range with a NULL value, never with a null pointer.
        unsafe BorrowedValue(
            raw: sqlite3_column_value(handle, Int32(clamping: index)).unsafelyUnwrapped)
    }

    package func isNull(at index: Int) -> Bool { value(at: index).storageClass == .null }

    /// The value as text, converted by SQLite; nil for NULL. Invalid UTF-8 is repaired: for names and messages only.
    package func text(at index: Int) -> String? {
        let value = value(at: index)
        guard value.storageClass != .null else { return nil }
        guard value.storageClass == .text || value.storageClass == .blob else {
            return unsafe sqlite3_column_text(handle, Int32(index)).map { unsafe String(cString: $0) }
        }
        return unsafe String(decoding: value.bytes, as: UTF8.self)
    }

    package func integer(at index: Int) -> Int64 { value(at: index).integer }

    /// Binds parameter `index` (from 1).
    package func bind(_ value: Int64, at index: Int) throws(SQLiteFailure) {
        try check(unsafe sqlite3_bind_int64(handle, Int32(index), value))
    }

    package func bind(_ value: String, at index: Int) throws(SQLiteFailure) {
        try check(unsafe outgrow_bind_text64(handle, Int32(index), value, UInt64(value.utf8.count)))
    }

    func check(_ code: @autoclosure () -> Int32) throws(SQLiteFailure) {
        guard !connection.isClosed, !isFinalized else { throw .closed }
        let code = code()
        guard code == SQLITE_OK else { throw connection.failure(code) }
    }
}
