internal import COutgrowSQLite

/// One value of the row that a statement stands on, valid until the statement steps.
///
/// Nothing is copied: text and blobs are read in SQLite's own memory. The accessors
/// are inlinable because the copy loop calls them once per value (see `make bench`).
/// SQLite converts a value in place when it is read as another class, so read a value
/// only as what `storageClass` says.
/// https://sqlite.org/c3ref/value_blob.html
@safe package struct BorrowedValue {
    @usableFromInline let raw: OpaquePointer

    @inlinable package init(raw: OpaquePointer) { unsafe self.raw = raw }

    @inlinable package var storageClass: StorageClass {
        switch unsafe sqlite3_value_type(raw) {
        case SQLITE_INTEGER: .integer
        case SQLITE_FLOAT: .real
        case SQLITE_TEXT: .text
        case SQLITE_BLOB: .blob
        default: .null
        }
    }

    @inlinable package var integer: Int64 { unsafe sqlite3_value_int64(raw) }
    @inlinable package var real: Double { unsafe sqlite3_value_double(raw) }

    /// How many bytes `bytes` holds.
    @inlinable package var byteCount: Int {
        if unsafe sqlite3_value_type(raw) == SQLITE_TEXT { unsafe _ = sqlite3_value_text(raw) }
        return unsafe Int(sqlite3_value_bytes(raw))
    }

    /// The bytes of a TEXT (in UTF-8) or a BLOB.
    ///
    /// For TEXT this is SQLite's own representation when the database is UTF-8; a
    /// UTF-16 database is converted here, once.
    @inlinable package var bytes: UnsafeRawBufferPointer {
        // value_text converts UTF-16 to UTF-8 and must come before value_bytes.
        let start: UnsafeRawPointer? =
            if unsafe sqlite3_value_type(raw) == SQLITE_TEXT {
                unsafe UnsafeRawPointer(sqlite3_value_text(raw))
            } else {
                unsafe sqlite3_value_blob(raw)
            }
        return unsafe UnsafeRawBufferPointer(start: start, count: Int(sqlite3_value_bytes(raw)))
    }
}

/// SQLite's five storage classes (https://sqlite.org/datatype3.html).
package enum StorageClass: UInt8, Sendable, Hashable, CaseIterable {
    case null, integer, real, text, blob
}
