internal import COutgrowSQLite

/// Binds and runs a statement for one row after another.
///
/// The text and the bytes of a row are kept here until the row has been run, so SQLite need not copy each into memory
/// of its own. Let go of the binder only when its values are no longer bound: after `clearBindings`.
/// https://sqlite.org/c3ref/bind_blob.html
@safe package final class SQLiteRowBinder {
    private let statement: SQLiteStatement
    private let memory: UnsafeMutableRawBufferPointer
    private var usedByteCount = 0

    /// What does not fit is copied by SQLite.
    private static let byteCount = 1 << 14

    package init(_ statement: SQLiteStatement) {
        self.statement = statement
        unsafe memory = .allocate(byteCount: Self.byteCount, alignment: 16)
    }

    deinit { unsafe memory.deallocate() }

    /// Runs the statement with what is bound, and makes it ready for the next row.
    package func run() throws(SQLiteFailure) {
        while try statement.step() {}
        statement.reset()
        usedByteCount = 0
    }

    package func bind(_ value: Int64, at index: Int) throws(SQLiteFailure) {
        try check(unsafe sqlite3_bind_int64(statement.handle, Int32(truncatingIfNeeded: index), value))
    }

    package func bind(_ value: Double, at index: Int) throws(SQLiteFailure) {
        try check(unsafe sqlite3_bind_double(statement.handle, Int32(truncatingIfNeeded: index), value))
    }

    package func bind(_ value: [UInt8], at index: Int) throws(SQLiteFailure) {
        let place = unsafe value.withUnsafeBytes { unsafe copy($0) }
        guard let place = unsafe place else { return try statement.bind(value, at: index) }
        try check(
            unsafe sqlite3_bind_blob(
                statement.handle, Int32(truncatingIfNeeded: index), place, Int32(value.count), nil))
    }

    /// Binds text unless it holds a NUL, and returns whether it did.
    package func bindTextWithoutNUL(_ value: String, at index: Int) throws(SQLiteFailure) -> Bool {
        let byteCount = value.utf8.count
        guard byteCount <= Self.byteCount - usedByteCount, let base = unsafe memory.baseAddress else {
            return try statement.bindTextWithoutNUL(value, at: index)
        }
        let text = unsafe (base + usedByteCount).assumingMemoryBound(to: CChar.self)
        unsafe value.withCString { unsafe text.update(from: $0, count: byteCount) }
        guard unsafe outgrow_holds_nul(text, UInt64(byteCount)) == 0 else { return false }
        usedByteCount += byteCount
        try check(
            unsafe sqlite3_bind_text(
                statement.handle, Int32(truncatingIfNeeded: index), text, Int32(byteCount), nil))
        return true
    }

    /// Nil when it does not fit.
    private func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        guard bytes.count <= Self.byteCount - usedByteCount, let base = unsafe memory.baseAddress else {
            return nil
        }
        let place = unsafe base + usedByteCount
        if let start = bytes.baseAddress { unsafe place.copyMemory(from: start, byteCount: bytes.count) }
        usedByteCount += bytes.count
        return UnsafeRawPointer(place)
    }

    @inline(__always) private func check(_ code: Int32) throws(SQLiteFailure) {
        guard code == SQLITE_OK else { return try statement.check(code) }
    }
}
