/// Memory of one owner that grows when it must and is reused from row to row.
///
/// Appending to `[UInt8]` byte by byte costs twenty times as much (see
/// docs/reference/performance.md), and canonical forms are built of small pieces.
@safe struct ScratchBuffer: ~Copyable {
    private var start: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 512) {
        unsafe start = .allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
    }

    deinit { unsafe start.deallocate() }

    var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: start, count: count) }
    var view: ByteView { unsafe ByteView(bytes) }

    @inline(__always) mutating func removeAll() { count = 0 }

    /// Empties the buffer, and gives back memory that one large value made it take.
    mutating func removeAll(keepingAtMost limit: Int) {
        count = 0
        guard capacity > limit else { return }
        unsafe start.deallocate()
        unsafe start = .allocate(byteCount: limit, alignment: 16)
        capacity = limit
    }

    @inline(__always) mutating func append(_ byte: UInt8) {
        makeRoom(1)
        unsafe start.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    @inline(__always) mutating func append<T: FixedWidthInteger & BitwiseCopyable>(number: T) {
        makeRoom(MemoryLayout<T>.size)
        unsafe start.storeBytes(of: number.littleEndian, toByteOffset: count, as: T.self)
        count &+= MemoryLayout<T>.size
    }

    /// A tag and eight bytes: the commonest piece, with one check.
    @inline(__always) mutating func append(tag: UInt8, number: UInt64) {
        makeRoom(9)
        unsafe start.storeBytes(of: tag, toByteOffset: count, as: UInt8.self)
        unsafe start.storeBytes(of: number.littleEndian, toByteOffset: count &+ 1, as: UInt64.self)
        count &+= 9
    }

    @inline(__always) mutating func append(_ bytes: ByteView) {
        makeRoom(bytes.count)
        guard bytes.count > 0 else { return }
        unsafe (start + count).copyMemory(
            from: bytes.raw.baseAddress.unsafelyUnwrapped, byteCount: bytes.count)
        count &+= bytes.count
    }

    /// Overwrites a length that was not known when its place was passed.
    mutating func patch(_ number: UInt32, at offset: Int) {
        precondition(offset >= 0 && offset <= count &- 4, "a patch lies within the buffer")
        unsafe start.storeBytes(of: number.littleEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// Replaces everything from `offset` on by `replacement`, which is exactly as long.
    mutating func overwrite(from offset: Int, with replacement: ByteView) {
        precondition(offset >= 0 && replacement.count == count &- offset, "an overwrite keeps the length")
        guard replacement.count > 0 else { return }
        unsafe (start + offset).copyMemory(
            from: replacement.raw.baseAddress.unsafelyUnwrapped, byteCount: replacement.count)
    }

    @inline(__always) private mutating func makeRoom(_ length: Int) {
        if length > capacity &- count { grow(by: length) }
    }

    @inline(never) private mutating func grow(by length: Int) {
        let larger = max(capacity * 2, count + length)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        unsafe memory.copyMemory(from: start, byteCount: count)
        unsafe start.deallocate()
        unsafe start = memory
        capacity = larger
    }
}
