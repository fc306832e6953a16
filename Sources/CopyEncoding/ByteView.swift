/// Bytes that somebody else owns (SQLite, libpq, a block of ours), read with a bounds check.
///
/// The parsers are written over this type, so that none of them needs unsafe
/// code: reading beyond the end stops the process instead of reading on. A view
/// is valid as long as the memory it was made from, so none is ever stored.
@safe struct ByteView {
    private let start: UnsafePointer<UInt8>
    let count: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        if let base = bytes.baseAddress {
            unsafe start = base.assumingMemoryBound(to: UInt8.self)
        } else {
            // An empty value has no address; nothing is ever read at this one.
            unsafe start = UnsafePointer(bitPattern: 8).unsafelyUnwrapped
        }
        count = bytes.count
    }

    private init(start: UnsafePointer<UInt8>, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    @inline(__always) subscript(index: Int) -> UInt8 {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "read beyond the end of a value")
        return unsafe start[index]
    }

    /// Eight bytes at `index`, the first of them lowest.
    @inline(__always) func word(at index: Int) -> UInt64 {
        precondition(index >= 0 && index <= count &- 8, "read beyond the end of a value")
        return unsafe UInt64(
            littleEndian: UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self))
    }

    /// A number in network byte order.
    @inline(__always) func bigEndian<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type, at index: Int) -> T {
        precondition(index >= 0 && index <= count &- MemoryLayout<T>.size, "read beyond the end of a value")
        return unsafe T(bigEndian: UnsafeRawPointer(start + index).loadUnaligned(as: T.self))
    }

    @inline(__always) func slice(from index: Int, count length: Int) -> ByteView {
        precondition(index >= 0 && length >= 0 && index <= count &- length, "slice beyond the end of a value")
        return unsafe ByteView(start: start + index, count: length)
    }

    /// The same bytes for `memcpy` and `memcmp`.
    var raw: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: start, count: count) }
}
