internal import COutgrowSQLite

/// Rows copied out of SQLite's memory, to be read by another thread.
///
/// Text and bytes are copied once, into one block of memory, and nothing is made of them: whoever reads a value makes it,
/// and frees it, on its own thread. That costs less than to make it on one thread and free it on another.
///
/// Unchecked, as a lock for each row would cost more than the row: the connection's thread fills the batch, and nobody
/// changes it while another reads.
@safe package final class SQLiteRowBatch: @unchecked Sendable {
    /// What stands in front of a row's text and bytes, one for each column.
    @safe fileprivate struct Cell {
        /// The number, the bits of a REAL, or where the bytes lie from the row's begin.
        var word: Int64
        var byteCount: UInt32
        var storageClass: StorageClass
    }

    package let columnNames: [String]
    private let columnCount: Int
    private var memory: UnsafeMutableRawPointer
    private var capacity = 1 << 12
    private var usedByteCount = 0
    private var starts: UnsafeMutablePointer<Int>
    private var startCapacity = 64
    private var rowCount = 0

    /// For the rows of the statement, which stands on its first.
    package init(of statement: SQLiteStatement) {
        columnCount = statement.columnCount
        columnNames = (0..<columnCount).map(statement.columnName)
        unsafe memory = .allocate(byteCount: capacity, alignment: 16)
        unsafe starts = .allocate(capacity: startCapacity)
    }

    deinit {
        unsafe memory.deallocate()
        unsafe starts.deallocate()
    }

    package var count: Int { rowCount }
    /// How much memory the rows take.
    package var byteCount: Int { usedByteCount }

    /// Forgets the rows and keeps the memory.
    package func removeAll() { (rowCount, usedByteCount) = (0, 0) }

    /// Copies the row on which the statement stands.
    package func append(_ statement: SQLiteStatement) {
        if rowCount == startCapacity { growStarts() }
        let start = usedByteCount
        var used = start + columnCount * MemoryLayout<Cell>.stride
        reserve(used)
        for index in 0..<columnCount {
            let value = unsafe sqlite3_column_value(statement.handle, Int32(truncatingIfNeeded: index))
            var cell = Cell(word: 0, byteCount: 0, storageClass: .null)
            switch unsafe sqlite3_value_type(value) {
            case SQLITE_INTEGER:
                cell = Cell(word: unsafe sqlite3_value_int64(value), byteCount: 0, storageClass: .integer)
            case SQLITE_FLOAT:
                let bits = unsafe sqlite3_value_double(value).bitPattern
                cell = Cell(word: Int64(bitPattern: bits), byteCount: 0, storageClass: .real)
            case SQLITE_TEXT:
                // Turns UTF-16 into UTF-8, so it comes before the count of bytes.
                let text = unsafe UnsafeRawPointer(sqlite3_value_text(value))
                cell = unsafe copy(text, sqlite3_value_bytes(value), .text, start, &used)
            case SQLITE_BLOB:
                let bytes = unsafe sqlite3_value_blob(value)
                cell = unsafe copy(bytes, sqlite3_value_bytes(value), .blob, start, &used)
            default: break
            }
            unsafe memory.storeBytes(
                of: cell, toByteOffset: start + index * MemoryLayout<Cell>.stride, as: Cell.self)
        }
        unsafe starts[rowCount] = start
        rowCount += 1
        // The next row's cells are aligned again.
        usedByteCount = (used + 15) & ~15
    }

    @inline(__always) private func copy(
        _ bytes: UnsafeRawPointer?, _ count: Int32, _ storageClass: StorageClass, _ start: Int,
        _ used: inout Int
    ) -> Cell {
        let count = Int(count)
        if used + count > capacity { reserve(used + count) }
        if let bytes = unsafe bytes { unsafe (memory + used).copyMemory(from: bytes, byteCount: count) }
        defer { used += count }
        return Cell(
            word: Int64(used - start), byteCount: UInt32(truncatingIfNeeded: count),
            storageClass: storageClass)
    }

    private func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        let size = max(2 * capacity, wanted)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        unsafe larger.copyMemory(from: memory, byteCount: capacity)
        unsafe memory.deallocate()
        unsafe memory = unsafe larger
        capacity = size
    }

    private func growStarts() {
        let larger = UnsafeMutablePointer<Int>.allocate(capacity: 2 * startCapacity)
        unsafe larger.moveInitialize(from: starts, count: rowCount)
        unsafe starts.deallocate()
        unsafe starts = unsafe larger
        startCapacity *= 2
    }

    /// The row with this number, from 0; valid as long as the batch is held and not filled again.
    package func row(at index: Int) -> CopiedRow {
        precondition(index >= 0 && index < rowCount, "A batch has no such row.")
        return unsafe CopiedRow(base: UnsafeRawPointer(memory) + starts[index], count: columnCount)
    }
}

/// One row of a batch, read like the row of a statement: each value only as the storage class that it has.
@safe package struct CopiedRow {
    private let base: UnsafeRawPointer
    /// How many columns there are.
    package let count: Int

    fileprivate init(base: UnsafeRawPointer, count: Int) {
        unsafe self.base = unsafe base
        self.count = count
    }

    /// The value in a column; NULL where there is no such column.
    @inline(__always) package func value(at index: Int) -> CopiedValue {
        guard index >= 0, index < count else {
            return unsafe CopiedValue(
                base: base, cell: SQLiteRowBatch.Cell(word: 0, byteCount: 0, storageClass: .null))
        }
        let offset = index &* MemoryLayout<SQLiteRowBatch.Cell>.stride
        return unsafe CopiedValue(
            base: base, cell: base.load(fromByteOffset: offset, as: SQLiteRowBatch.Cell.self))
    }

    package func integer(at index: Int) -> Int64? {
        let value = value(at: index)
        return value.storageClass == .integer ? value.integer : nil
    }

    /// A REAL, or an INTEGER as one.
    package func real(at index: Int) -> Double? {
        let value = value(at: index)
        return value.storageClass == .real || value.storageClass == .integer ? value.real : nil
    }

    /// A TEXT that is UTF-8.
    package func text(at index: Int) -> String? {
        let value = value(at: index)
        return value.storageClass == .text ? value.validatedString : nil
    }
}

/// One value of a row of a batch.
@safe package struct CopiedValue {
    private let base: UnsafeRawPointer
    private let cell: SQLiteRowBatch.Cell

    fileprivate init(base: UnsafeRawPointer, cell: SQLiteRowBatch.Cell) {
        unsafe self.base = unsafe base
        self.cell = cell
    }

    package var storageClass: StorageClass { cell.storageClass }
    /// What an INTEGER is.
    package var integer: Int64 { cell.word }
    /// What a REAL or an INTEGER is.
    package var real: Double {
        cell.storageClass == .integer
            ? Double(cell.word) : Double(bitPattern: UInt64(bitPattern: cell.word))
    }

    /// A TEXT as a string; nil when it is not UTF-8.
    @inline(__always) package var validatedString: String? { unsafe bytes.validatedString }

    /// The bytes in an array of their own.
    package var byteArray: [UInt8] { unsafe Array(bytes) }

    private var bytes: UnsafeBufferPointer<UInt8> {
        let start = unsafe (base + Int(cell.word)).assumingMemoryBound(to: UInt8.self)
        return unsafe UnsafeBufferPointer(start: start, count: Int(cell.byteCount))
    }
}
