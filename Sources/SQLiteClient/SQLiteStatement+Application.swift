internal import CSQLite

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

extension BorrowedValue {
    /// The bytes as a string; nil when they are not UTF-8.
    ///
    /// `String(validating:as:)` says the same, but is generic and costs more than the rest of reading a row.
    package var validatedString: String? {
        let bytes = unsafe bytes
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        // Repairing changes bytes; pure ASCII needs none.
        if unsafe bytes.isASCII { return text }
        guard text.utf8.count == bytes.count else { return nil }
        return unsafe text.utf8.elementsEqual(bytes) ? text : nil
    }

    /// The bytes in an array of their own.
    @inlinable package var byteArray: [UInt8] { unsafe Array(bytes) }
}

extension UnsafeRawBufferPointer {
    /// Eight bytes at a time.
    fileprivate var isASCII: Bool {
        var index = 0
        var seen: UInt64 = 0
        while index &+ 8 <= count {
            unsafe seen |= loadUnaligned(fromByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        while index < count {
            unsafe seen |= UInt64(self[index])
            index &+= 1
        }
        return seen & 0x8080_8080_8080_8080 == 0
    }
}
