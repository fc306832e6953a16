internal import COutgrowSQLite

/// The columns of the row that a statement stands on, read without a look at anything else.
///
/// Each value is returned only if it has the storage class that was asked for, so nothing is converted; nil says that it
/// has another, or that there is no such column. The row's reader holds the statement meanwhile.
@safe package struct SQLiteColumns {
    @usableFromInline let handle: OpaquePointer
    /// How many columns there are; fixed from the first row on.
    package let count: Int

    fileprivate init(_ handle: OpaquePointer) {
        unsafe self.handle = unsafe handle
        count = unsafe Int(sqlite3_column_count(handle))
    }

    @inlinable package func isNull(at index: Int) -> Bool {
        unsafe sqlite3_value_type(value(index)) == SQLITE_NULL
    }

    @inlinable @inline(__always) package func integer(at index: Int) -> Int64? {
        let value = unsafe value(index)
        guard unsafe sqlite3_value_type(value) == SQLITE_INTEGER else { return nil }
        return unsafe sqlite3_value_int64(value)
    }

    /// A REAL, or an INTEGER as one.
    @inlinable @inline(__always) package func real(at index: Int) -> Double? {
        let value = unsafe value(index)
        let type = unsafe sqlite3_value_type(value)
        guard type == SQLITE_FLOAT || type == SQLITE_INTEGER else { return nil }
        return unsafe sqlite3_value_double(value)
    }

    /// A TEXT that is UTF-8.
    package func text(at index: Int) -> String? {
        let value = unsafe value(index)
        guard unsafe sqlite3_value_type(value) == SQLITE_TEXT else { return nil }
        // Turns UTF-16 into UTF-8, so it comes before the count of bytes.
        let start = unsafe sqlite3_value_text(value)
        return unsafe UnsafeBufferPointer(start: start, count: Int(sqlite3_value_bytes(value)))
            .validatedString
    }

    @inlinable @inline(__always) func value(_ index: Int) -> OpaquePointer {
        // SQLite answers an index out of range with a NULL value, never with a null pointer.
        unsafe sqlite3_column_value(handle, Int32(clamping: index)).unsafelyUnwrapped
    }
}

extension SQLiteStatement {
    /// Valid as long as the statement is held and stands on a row, or on one of those after it.
    package var columns: SQLiteColumns { unsafe SQLiteColumns(handle) }
}

extension BorrowedValue {
    /// The bytes as a string; nil when they are not UTF-8.
    package var validatedString: String? {
        unsafe bytes.assumingMemoryBound(to: UInt8.self).validatedString
    }

    /// The bytes in an array of their own.
    @inlinable package var byteArray: [UInt8] { unsafe Array(bytes) }
}

extension UnsafeBufferPointer<UInt8> {
    /// The bytes as a string; nil when they are not UTF-8.
    ///
    /// `String(validating:as:)` says the same, but is generic and costs more than the rest of reading a row.
    @inline(__always) var validatedString: String? {
        var text = unsafe String(decoding: self, as: UTF8.self)
        // Repairing changes bytes; pure ASCII needs none.
        if unsafe isASCII { return text }
        let isUnchanged = text.withUTF8 { repaired in
            guard repaired.count == count, let one = repaired.baseAddress, let other = baseAddress else {
                return false
            }
            return unsafe memcmp(one, other, count) == 0
        }
        return isUnchanged ? text : nil
    }

    /// Eight bytes at a time; the last eight may overlap those before.
    @inline(__always) private var isASCII: Bool {
        let bytes = UnsafeRawBufferPointer(self)
        var seen: UInt64 = 0
        guard count >= 8 else {
            for index in 0..<count { unsafe seen |= UInt64(bytes[index]) }
            return seen & 0x80 == 0
        }
        var index = 0
        while index &+ 8 < count {
            unsafe seen |= bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        unsafe seen |= bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        return seen & 0x8080_8080_8080_8080 == 0
    }
}
