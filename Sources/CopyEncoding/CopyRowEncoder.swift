internal import Diagnostics
package import SQLiteClient
package import Schema

/// Writes rows in Postgres' binary COPY format into one reused block of memory.
///
/// Values go straight from SQLite's memory into the block: no `String`, no `Array`.
/// The block never grows. A text or blob larger than what is left of it leaves in
/// slices, so the largest row costs no memory beside SQLite's own.
///
/// **A value that does not fit its codec** is a defect, because the plan was made from a
/// scan of the same snapshot: `encodeRow` throws, and the row may already be
/// half sent. The caller must then fail the COPY as a whole, which leaves nothing of it.
///
/// The layout is documented under "Binary Format" in the manual
/// (https://www.postgresql.org/docs/current/sql-copy.html).
@safe package struct CopyRowEncoder: ~Copyable {
    /// Larger blocks bring nothing, smaller ones cost calls.
    package static let defaultCapacity = 64 * 1024

    private let block: UnsafeMutableRawPointer
    private let capacity: Int
    private let columns: ColumnTable
    private let table: String
    /// What a row takes at most, not counting texts and blobs.
    private let reserve: Int
    private var end = 0

    /// - Parameters:
    ///   - table: The source's name for it, for errors.
    ///   - capacity: The size of the block in bytes; made larger when the bare row needs it.
    package init(
        codecs: [ValueCodec], table: String = "", capacity: Int = CopyRowEncoder.defaultCapacity
    ) {
        self.table = table
        columns = ColumnTable(codecs)
        reserve = codecs.reduce(2) { $0 + ColumnCode($1).byteBound }
        self.capacity = max(capacity, reserve * 2, 64)
        unsafe block = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { unsafe block.deallocate() }

    /// How many bytes are waiting to be sent.
    package var byteCount: Int { end }

    /// The next row may have to flush: a good moment to hand the block over.
    package var isNearlyFull: Bool { capacity &- end < max(reserve, capacity / 8) }

    /// Lends the bytes that were encoded since the last `removeAll()`.
    package func withBytes<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
        try unsafe body(UnsafeRawBufferPointer(start: block, count: end).bytes)
    }

    package mutating func removeAll() { end = 0 }

    /// Begins the stream: signature, flags, no header extension.
    package mutating func beginStream(flush: (RawSpan) throws -> Void) throws {
        if capacity &- end < 19 { try send(flush) }
        put(UInt64(0x5047_434F_5059_0AFF))
        put(UInt16(0x0D0A))
        put(UInt8(0))
        put(UInt64(0))
    }

    /// Ends the stream: the field count −1. What is in the block still has to be sent.
    package mutating func endStream(flush: (RawSpan) throws -> Void) throws {
        if capacity &- end < 2 { try send(flush) }
        put(Int16(-1))
    }

    /// Appends a row, and sends the block through `flush` only when it would run over.
    package mutating func encodeRow(
        _ value: (Int) -> BorrowedValue, flush: (RawSpan) throws -> Void
    ) throws {
        try beginRow(flush)
        for index in 0..<columns.count { try encodeField(value(index), at: index, flush) }
    }

    /// As above, for the row that `row` stands on. The copy loop's form: a closure that captures the statement
    /// would retain it for every value, an eighth of a migration's client time.
    package mutating func encodeRow(_ row: SQLiteStatement, flush: (RawSpan) throws -> Void) throws {
        try beginRow(flush)
        for index in 0..<columns.count { try encodeField(row.value(at: index), at: index, flush) }
    }

    @inline(__always) private mutating func beginRow(_ flush: (RawSpan) throws -> Void) throws {
        if capacity &- end < reserve { try send(flush) }
        put(Int16(truncatingIfNeeded: columns.count))
    }

    @inline(__always) private mutating func encodeField(
        _ value: BorrowedValue, at index: Int, _ flush: (RawSpan) throws -> Void
    ) throws {
        let storage = value.storageClass
        if storage.isNull {
            put(Int32(-1))
        } else if try !encode(value, storage, as: columns[index], flush) {
            throw columns[index].misfit(table: table, column: index)
        }
    }

    /// Returns whether the value fits; one that does not has written nothing.
    @inline(__always) private mutating func encode(
        _ value: BorrowedValue, _ storage: StorageClass, as code: ColumnCode,
        _ flush: (RawSpan) throws -> Void
    ) throws -> Bool {
        switch code.kind {
        case .integer: return encodeInteger(value, storage)
        case .double: return encodeDouble(value, storage)
        case .numeric: return encodeNumeric(value, storage, code)
        case .boolean: return encodeBoolean(value, storage)
        case .text:
            guard storage.isText else { return false }
            try unsafe put(ByteView(value.bytes), flush)
        case .bytes:
            guard storage.isBlob else { return false }
            try unsafe put(ByteView(value.bytes), flush)
        case .bytesFromText:
            guard storage.isBlob || storage.isText else { return false }
            try unsafe put(ByteView(value.bytes), flush)
        case .textFromNumbers, .jsonAsWritten:
            guard storage.isText else { return encodeNumberText(value, storage) }
            try unsafe put(ByteView(value.bytes), flush)
        case .json:
            guard storage.isText else { return encodeNumberText(value, storage, version: 1) }
            try unsafe put(ByteView(value.bytes), version: 1, flush)
        case .timestamp, .timestampWithTimeZone, .date, .time, .uuid:
            return unsafe storage.isText && encodeParsed(ByteView(value.bytes), code)
        default: return try encodeByProfile(value, storage, code, flush)
        }
        return true
    }
}

extension CopyRowEncoder {
    /// The codecs that only a profile or the user chooses, out of the way of the common ones.
    private mutating func encodeByProfile(
        _ value: BorrowedValue, _ storage: StorageClass, _ code: ColumnCode,
        _ flush: (RawSpan) throws -> Void
    ) throws -> Bool {
        switch code.kind {
        case .varchar:
            guard storage.isText, code.hasRoom(for: unsafe ByteView(value.bytes)) else { return false }
            try unsafe put(ByteView(value.bytes), flush)
        case .integer2, .integer4: return encodeNarrowInteger(value, storage, code)
        case .timestampFromEpoch: return encodeEpoch(value, storage, code)
        case .intervalFromMicroseconds:
            guard storage.isInteger else { return false }
            put(interval: value.integer)
        case .booleanFromWords:
            guard storage.isText else { return encodeBoolean(value, storage) }
            return unsafe encodeParsed(ByteView(value.bytes), code)
        case .timeFromDateTime, .intervalFromDateTime, .inet:
            return unsafe storage.isText && encodeParsed(ByteView(value.bytes), code)
        default: return false
        }
        return true
    }

    @inline(__always) private mutating func encodeInteger(_ value: BorrowedValue, _ storage: StorageClass)
        -> Bool
    {
        if storage.isInteger {
            put(length: 8, value.integer)
            return true
        }
        guard storage.isReal, let whole = ColumnCode.whole(value.real) else { return false }
        put(length: 8, whole)
        return true
    }

    private mutating func encodeNarrowInteger(
        _ value: BorrowedValue, _ storage: StorageClass, _ code: ColumnCode
    ) -> Bool {
        let whole = storage.isInteger ? value.integer : storage.isReal ? ColumnCode.whole(value.real) : nil
        guard let whole else { return false }
        if code.kind == .integer2 {
            guard let narrow = Int16(exactly: whole) else { return false }
            put(length: 2, narrow)
        } else {
            guard let narrow = Int32(exactly: whole) else { return false }
            put(length: 4, narrow)
        }
        return true
    }

    private mutating func encodeEpoch(
        _ value: BorrowedValue, _ storage: StorageClass, _ code: ColumnCode
    ) -> Bool {
        let count =
            storage.isInteger
            ? ShortDecimal(value.integer) : storage.isReal ? ShortDecimal(value.real) : nil
        guard let instant = count.flatMap(code.instant) else { return false }
        put(length: 8, instant)
        return true
    }

    /// Whole days, and what is left of a day: never negative, as Python's timedelta has it.
    private mutating func put(interval microseconds: Int64) {
        let rest = microseconds % FieldParsers.microsecondsPerDay
        let days = microseconds / FieldParsers.microsecondsPerDay &- (rest < 0 ? 1 : 0)
        put(length: 16, rest < 0 ? rest &+ FieldParsers.microsecondsPerDay : rest)
        put(Int32(truncatingIfNeeded: days))
        put(Int32(0))
    }

    /// `inet_send`: family, bits of the netmask, whether it is a cidr, byte count, bytes.
    private mutating func put(_ address: IPAddress) {
        let byteCount: UInt8 = address.isIPv6 ? 16 : 4
        put(Int32(byteCount) &+ 4)
        put(UInt8(address.isIPv6 ? 3 : 2))
        put(byteCount &* 8)
        put(UInt8(0))
        put(byteCount)
        if address.isIPv6 {
            put(address.high)
            put(address.low)
        } else {
            put(UInt32(truncatingIfNeeded: address.low))
        }
    }

    @inline(__always) private mutating func encodeDouble(_ value: BorrowedValue, _ storage: StorageClass)
        -> Bool
    {
        if storage.isReal {
            put(length: 8, value.real.bitPattern)
            return true
        }
        guard storage.isInteger, let double = ColumnCode.double(value.integer) else { return false }
        put(length: 8, double.bitPattern)
        return true
    }

    @inline(__always) private mutating func encodeBoolean(_ value: BorrowedValue, _ storage: StorageClass)
        -> Bool
    {
        guard storage.isInteger else { return false }
        let integer = value.integer
        guard integer == 0 || integer == 1 else { return false }
        put(length: 1, UInt8(truncatingIfNeeded: integer))
        return true
    }

    private mutating func encodeNumeric(
        _ value: BorrowedValue, _ storage: StorageClass, _ code: ColumnCode
    ) -> Bool {
        let decimal: ShortDecimal
        switch storage {
        case .integer: decimal = ShortDecimal(value.integer)
        case .real:
            guard let shortest = ShortDecimal(value.real) else { return false }
            decimal = shortest
        default: return false
        }
        guard code.holds(decimal) else { return false }
        let wire = NumericWire(decimal)
        put(Int32(truncatingIfNeeded: wire.byteCount))
        put(Int16(truncatingIfNeeded: wire.groupCount))
        put(wire.weight)
        put(wire.sign)
        put(wire.scale)
        for index in stride(from: wire.groupCount &- 1, through: 0, by: -1) { put(wire.groups[index]) }
        return true
    }

    private mutating func encodeNumberText(
        _ value: BorrowedValue, _ storage: StorageClass, version: UInt8? = nil
    ) -> Bool {
        let text: NumberText
        switch storage {
        case .integer: text = NumberText(value.integer)
        case .real:
            guard let written = NumberText(value.real) else { return false }
            text = written
        default: return false
        }
        put(Int32(truncatingIfNeeded: version == nil ? text.count : text.count &+ 1))
        if let version { put(version) }
        for index in 0..<text.count { put(text.bytes[index]) }
        return true
    }

    private mutating func encodeParsed(_ text: ByteView, _ code: ColumnCode) -> Bool {
        switch code.kind {
        case .timestamp, .timestampWithTimeZone:
            guard let parsed = FieldParsers.dateTime(text), let instant = code.instant(parsed) else {
                return false
            }
            put(length: 8, instant)
        case .date:
            guard let days = FieldParsers.date(text) else { return false }
            put(length: 4, days)
        case .time:
            guard let clock = FieldParsers.time(text) else { return false }
            put(length: 8, clock.microseconds)
        case .uuid:
            guard let uuid = FieldParsers.uuid(text) else { return false }
            put(length: 16, uuid.high)
            put(uuid.low)
        case .timeFromDateTime:
            guard let clock = FieldParsers.timeOfDay(text) else { return false }
            put(length: 8, clock.microseconds)
        case .intervalFromDateTime:
            guard let microseconds = FieldParsers.sinceEpoch(text) else { return false }
            put(interval: microseconds)
        case .booleanFromWords:
            guard let truth = FieldParsers.truth(text) else { return false }
            put(length: 1, UInt8(truth ? 1 : 0))
        case .inet:
            guard let address = IPAddress(text) else { return false }
            put(address)
        default: return false
        }
        return true
    }
}

extension CopyRowEncoder {
    /// Text or a blob behind its length, and for `jsonb` behind its version.
    @inline(__always) private mutating func put(
        _ bytes: ByteView, version: UInt8? = nil, _ flush: (RawSpan) throws -> Void
    ) throws {
        let length = version == nil ? bytes.count : bytes.count &+ 1
        guard length <= Int32.max else {
            throw OutgrowError.defect("A value of \(bytes.count) bytes is longer than a COPY field can be.")
        }
        put(Int32(truncatingIfNeeded: length))
        if let version { put(version) }
        if bytes.count <= capacity &- end &- reserve {
            copy(bytes)
        } else {
            try putSlices(of: bytes, flush)
        }
    }

    /// Sends as much as the block holds, again and again, and leaves room for the rest of the row.
    private mutating func putSlices(of bytes: ByteView, _ flush: (RawSpan) throws -> Void) throws {
        var sent = 0
        while sent < bytes.count {
            if end == capacity { try send(flush) }
            let length = min(bytes.count &- sent, capacity &- end)
            copy(bytes.slice(from: sent, count: length))
            sent &+= length
        }
        if capacity &- end < reserve { try send(flush) }
    }

    private mutating func send(_ flush: (RawSpan) throws -> Void) throws {
        guard end > 0 else { return }
        try withBytes(flush)
        end = 0
    }

    @inline(__always) private mutating func copy(_ bytes: ByteView) {
        guard bytes.count > 0 else { return }
        let start = advance(by: bytes.count)
        unsafe (block + start).copyMemory(
            from: bytes.raw.baseAddress.unsafelyUnwrapped, byteCount: bytes.count)
    }

    @inline(__always) private mutating func put<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
        let start = advance(by: MemoryLayout<T>.size)
        unsafe block.storeBytes(of: value.bigEndian, toByteOffset: start, as: T.self)
    }

    /// A length and a number with one check.
    @inline(__always) private mutating func put<T: FixedWidthInteger & BitwiseCopyable>(
        length: Int32, _ value: T
    ) {
        let start = advance(by: 4 &+ MemoryLayout<T>.size)
        unsafe block.storeBytes(of: length.bigEndian, toByteOffset: start, as: Int32.self)
        unsafe block.storeBytes(of: value.bigEndian, toByteOffset: start &+ 4, as: T.self)
    }

    /// Every write passes through here, so this is the only bounds check to trust.
    @inline(__always) private mutating func advance(by byteCount: Int) -> Int {
        precondition(byteCount <= capacity &- end, "a field is longer than what was set aside for it")
        let start = end
        end &+= byteCount
        return start
    }
}
