internal import COutgrowSQLite

// Binding and reading for applications. Text and blobs are copied by SQLite, so nothing has to outlive the call.
extension SQLiteStatement {
    package func bindNull(at index: Int) throws(SQLiteFailure) {
        try check(unsafe sqlite3_bind_null(handle, Int32(truncatingIfNeeded: index)))
    }

    package func bind(_ value: Double, at index: Int) throws(SQLiteFailure) {
        try check(unsafe sqlite3_bind_double(handle, Int32(truncatingIfNeeded: index), value))
    }

    package func bind(_ value: [UInt8], at index: Int) throws(SQLiteFailure) {
        try check(
            unsafe outgrow_bind_blob64(
                handle, Int32(truncatingIfNeeded: index), value, UInt64(value.count)))
    }

    /// Binds text unless it holds a NUL, and returns whether it did.
    package func bindTextWithoutNUL(_ value: String, at index: Int) throws(SQLiteFailure) -> Bool {
        let length = UInt64(value.utf8.count)
        // A Swift string is NUL-terminated UTF-8 already: the pointer is its own.
        var holdsNUL = false
        try check(
            unsafe value.withCString { text in
                holdsNUL = unsafe outgrow_holds_nul(text, length) != 0
                if holdsNUL { return SQLITE_OK }
                return unsafe outgrow_bind_text64(handle, Int32(truncatingIfNeeded: index), text, length)
            })
        return !holdsNUL
    }

    /// Lets go of what is bound: values that need not stay in memory until the next use.
    package func clearBindings() { _ = unsafe sqlite3_clear_bindings(handle) }

    /// The largest number of a parameter. https://sqlite.org/c3ref/bind_parameter_count.html
    package var parameterCount: Int { Int(unsafe sqlite3_bind_parameter_count(handle)) }

    /// The name of parameter `index` (from 1) with its sign, as `$1`; nil for a bare `?`.
    package func parameterName(at index: Int) -> String? {
        unsafe sqlite3_bind_parameter_name(handle, Int32(truncatingIfNeeded: index)).map {
            unsafe String(cString: $0)
        }
    }

    /// The name of column `index` (from 0) as the statement gives it; empty when there is none.
    package func columnName(at index: Int) -> String {
        guard index >= 0, index < columnCount else { return "" }
        return unsafe sqlite3_column_name(handle, Int32(truncatingIfNeeded: index)).map {
            unsafe String(cString: $0)
        } ?? ""
    }

    /// Whether it writes nothing. https://sqlite.org/c3ref/stmt_readonly.html
    package var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(handle) != 0 }
}
