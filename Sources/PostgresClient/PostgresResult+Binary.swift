internal import COutgrowLibPQ

// Fields of a binary result. NULL, and a place outside of the result, give nil.
// https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-FORMAT-CODES
extension PostgresResult {
    /// The OID of a column's type, that of a domain's base type.
    package func typeOID(_ column: Int) -> UInt32 { unsafe PQftype(pointer, Int32(clamping: column)) }

    /// Whether the columns have these types, and there are no others.
    package func hasTypes(_ oids: [UInt32]) -> Bool {
        guard oids.count == columnCount else { return false }
        for index in oids.indices where oids[index] != typeOID(index) { return false }
        return true
    }

    package func columnName(_ column: Int) -> String {
        unsafe PQfname(pointer, Int32(clamping: column)).map { unsafe String(cString: $0) } ?? ""
    }

    /// Both indices must lie inside of the result; else it is as if NULL stood there.
    package func isNull(_ row: Int, _ column: Int) -> Bool {
        unsafe PQgetisnull(pointer, Int32(clamping: row), Int32(clamping: column)) != 0
    }

    /// The bytes of a field, which are none for NULL: libpq answers a place outside of the result in the same way.
    @inline(__always) private func bytes(at row: Int, _ column: Int) -> UnsafeRawBufferPointer {
        let place = (Int32(truncatingIfNeeded: row), Int32(truncatingIfNeeded: column))
        let start = unsafe UnsafeRawPointer(PQgetvalue(pointer, place.0, place.1))
        return unsafe UnsafeRawBufferPointer(
            start: start, count: start == nil ? 0 : Int(PQgetlength(pointer, place.0, place.1)))
    }

    /// A whole number of 1, 2, 4 or 8 bytes; nil also for any other length.
    package func integer(_ row: Int, _ column: Int) -> Int64? {
        let field = unsafe bytes(at: row, column)
        return switch field.count {
        case 8: Int64(bigEndian: unsafe field.loadUnaligned(as: Int64.self))
        case 4: Int64(Int32(bigEndian: unsafe field.loadUnaligned(as: Int32.self)))
        case 2: Int64(Int16(bigEndian: unsafe field.loadUnaligned(as: Int16.self)))
        case 1: Int64(unsafe field.load(as: UInt8.self))
        default: nil
        }
    }

    /// A floating-point number of 4 or 8 bytes.
    package func float(_ row: Int, _ column: Int) -> Double? {
        let field = unsafe bytes(at: row, column)
        switch field.count {
        case 8: return Double(bitPattern: UInt64(bigEndian: unsafe field.loadUnaligned(as: UInt64.self)))
        case 4:
            return Double(
                Float(bitPattern: UInt32(bigEndian: unsafe field.loadUnaligned(as: UInt32.self))))
        default: return nil
        }
    }

    /// The field as text, without its first `skipped` bytes.
    package func text(_ row: Int, _ column: Int, skipping skipped: Int = 0) -> String? {
        let field = unsafe bytes(at: row, column)
        // Looked at only here, as there is no other way to tell NULL from an empty text.
        if unsafe field.isEmpty, isNull(row, column) { return nil }
        return unsafe String(
            decoding: UnsafeRawBufferPointer(rebasing: field.dropFirst(skipped)), as: UTF8.self)
    }
}

extension PostgresResult {
    /// How many rows the statement inserted, updated, deleted or copied; 0 for all others, SELECT among them.
    package var changedRows: Int {
        unsafe Self.countsChangedRows(pointer) ? unsafe Self.number(of: pointer) : 0
    }

    /// Whether the number in its command tag is one of rows that were changed.
    static func countsChangedRows(_ pointer: OpaquePointer) -> Bool {
        guard let tag = unsafe PQcmdStatus(pointer), unsafe tag[0] != 0 else { return false }
        return switch unsafe (UInt8(bitPattern: tag[0]), UInt8(bitPattern: tag[1])) {
        // INSERT, UPDATE, DELETE, MERGE, COPY
        case (0x49, 0x4E), (0x55, 0x50), (0x44, 0x45), (0x4D, 0x45), (0x43, 0x4F): true
        default: false
        }
    }

    /// The number in the command tag.
    static func number(of pointer: OpaquePointer) -> Int {
        var number = 0
        guard var digit = unsafe PQcmdTuples(pointer) else { return 0 }
        while case let byte = unsafe digit.pointee, (48...57).contains(byte) {
            number = number &* 10 &+ Int(byte &- 48)
            unsafe digit += 1
        }
        return number
    }
}

/// The fields of one row that hold what rows hold most, without a look at anything but libpq's memory.
///
/// Valid as long as the result is.
@safe package struct PostgresFields {
    private let pointer: OpaquePointer
    private let row: Int32
    /// How many columns there are.
    package let count: Int

    package init(_ result: PostgresResult, row: Int) {
        unsafe pointer = unsafe result.pointer
        self.row = Int32(truncatingIfNeeded: row)
        count = result.columnCount
    }

    /// The value of a `bigint` or `double precision` column as it stands on the wire; nil for NULL, another type, and
    /// a place outside of the row.
    @inline(__always) private func word(at column: Int, ofType type: UInt32) -> UInt64? {
        guard column >= 0, column < count else { return nil }
        let column = Int32(truncatingIfNeeded: column)
        guard unsafe PQftype(pointer, column) == type, unsafe PQgetlength(pointer, row, column) == 8,
            let start = unsafe PQgetvalue(pointer, row, column)
        else { return nil }
        return UInt64(bigEndian: unsafe UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
    }

    package func bigint(at column: Int) -> Int64? {
        word(at: column, ofType: 20).map { Int64(bitPattern: $0) }
    }

    package func double(at column: Int) -> Double? {
        word(at: column, ofType: 701).map { Double(bitPattern: $0) }
    }

    /// A `text` or `varchar` column.
    package func text(at column: Int) -> String? {
        guard column >= 0, column < count else { return nil }
        let column = Int32(truncatingIfNeeded: column)
        let type = unsafe PQftype(pointer, column)
        guard type == 25 || type == 1043, unsafe PQgetisnull(pointer, row, column) == 0,
            let start = unsafe PQgetvalue(pointer, row, column)
        else { return nil }
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(pointer, row, column)))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
