internal import Foundation

/// The memory of a `ParameterBuffer`: a value, so that one check of exclusive access covers each call.
@safe struct ParameterMemory {
    private var storage: UnsafeMutableRawPointer
    private var capacity = 1024
    /// How much of the storage is in use.
    private(set) var byteCount = 0
    /// What libpq takes, kept as it takes it: only the addresses are filled in when a statement is sent.
    private var arguments: Arguments
    /// How many values there are.
    private(set) var count = 0
    /// A value is in its type's text form, and not a text whose type is left to the server.
    private(set) var hasTextForms = false
    /// Where the array that is being written begins.
    private var arrayStart = 0

    init() {
        unsafe storage = .allocate(byteCount: capacity, alignment: 8)
        unsafe arguments = unsafe Arguments(capacity: 64)
    }

    func deallocate() {
        unsafe storage.deallocate()
        unsafe arguments.deallocate()
    }

    mutating func removeAll() {
        byteCount = 0
        count = 0
        hasTextForms = false
    }

    mutating func appendNull(type: UInt32) { append(offset: -1, length: 0, format: 1, type) }

    mutating func append(_ value: Int64, type: UInt32) {
        append(offset: byteCount, length: 8, format: 1, type)
        write(value)
    }

    mutating func append(_ value: Double, type: UInt32) {
        append(Int64(bitPattern: value.bitPattern), type: type)
    }

    mutating func append(_ value: Bool, type: UInt32) {
        append(offset: byteCount, length: 1, format: 1, type)
        write(value ? 1 : 0 as UInt8)
    }

    /// Appends bytes that are the type's binary form.
    mutating func append(bytes: [UInt8], type: UInt32) {
        append(offset: byteCount, length: Int32(clamping: bytes.count), format: 1, type)
        unsafe bytes.withUnsafeBytes { unsafe write($0) }
    }

    /// Appends the text form of a value. Returns false when it holds U+0000: libpq would read up to there.
    mutating func append(text: String, type: UInt32) -> Bool {
        append(offset: byteCount, length: 0, format: 0, type)
        if type != 0 { hasTextForms = true }
        // All but bridged strings lie in memory as they are, or in a register.
        if let isGood = unsafe text.utf8.withContiguousStorageIfAvailable({ unsafe appendTerminated($0) }) {
            return isGood
        }
        return unsafe Array(text.utf8).withUnsafeBufferPointer { unsafe appendTerminated($0) }
    }

    @inline(__always) private mutating func appendTerminated(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        reserve(bytes.count + 1)
        let start = unsafe storage + byteCount
        if let source = bytes.baseAddress { unsafe start.copyMemory(from: source, byteCount: bytes.count) }
        unsafe start.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self)
        unsafe arguments.lengths[count - 1] = Int32(clamping: bytes.count)
        byteCount += bytes.count + 1
        return unsafe memchr(start, 0, bytes.count) == nil
    }

    /// The types of `count` values from `start` on.
    func types(_ start: Int, _ count: Int) -> [UInt32] {
        (start..<start + count).map { unsafe arguments.types[$0] }
    }

    @inline(__always) func hasTypes(_ types: [UInt32], at start: Int) -> Bool {
        guard start + types.count <= count else { return false }
        for index in 0..<types.count where unsafe arguments.types[start + index] != types[index] {
            return false
        }
        return true
    }

    @inline(__always)
    private mutating func append(offset: Int, length: Int32, format: Int32, _ type: UInt32) {
        if unsafe count == arguments.capacity { unsafe arguments = unsafe arguments.grown() }
        unsafe arguments.types[count] = type
        unsafe arguments.lengths[count] = length
        unsafe arguments.formats[count] = format
        unsafe arguments.offsets[count] = offset
        count += 1
    }

    private mutating func reserve(_ more: Int) {
        guard byteCount + more > capacity else { return }
        let wanted = max(2 * capacity, byteCount + more)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 8)
        unsafe larger.copyMemory(from: storage, byteCount: byteCount)
        unsafe storage.deallocate()
        unsafe storage = unsafe larger
        capacity = wanted
    }

    private mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        reserve(MemoryLayout<Number>.size)
        unsafe storage.storeBytes(of: number.bigEndian, toByteOffset: byteCount, as: Number.self)
        byteCount += MemoryLayout<Number>.size
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        guard let start = bytes.baseAddress else { return }
        unsafe (storage + byteCount).copyMemory(from: start, byteCount: bytes.count)
        byteCount += bytes.count
    }
}

// Arrays: https://www.postgresql.org/docs/current/arrays.html, src/include/utils/array.h
extension ParameterMemory {
    /// Begins a one-dimensional array without NULLs; exactly `count` elements must follow, then `endArray`.
    mutating func startArray(of element: UInt32, count: Int, type: UInt32) {
        append(offset: byteCount, length: 0, format: 1, type)
        arrayStart = byteCount
        write(Int32(count == 0 ? 0 : 1))
        write(Int32(0))
        write(element)
        guard count > 0 else { return }
        write(Int32(clamping: count))
        write(Int32(1))
    }

    mutating func appendElement(_ value: Int64) {
        write(Int32(8))
        write(value)
    }

    mutating func appendElement(_ value: Double) { appendElement(Int64(bitPattern: value.bitPattern)) }

    mutating func appendElement(_ value: Bool) {
        write(Int32(1))
        write(value ? 1 : 0 as UInt8)
    }

    mutating func appendElement(bytes: [UInt8]) {
        write(Int32(clamping: bytes.count))
        unsafe bytes.withUnsafeBytes { unsafe write($0) }
    }

    mutating func endArray() { unsafe arguments.lengths[count - 1] = Int32(clamping: byteCount - arrayStart) }
}

extension ParameterMemory {
    /// The arrays that libpq takes, one item for each value.
    @unsafe struct Arguments {
        let capacity: Int
        let types: UnsafeMutablePointer<UInt32>
        let lengths: UnsafeMutablePointer<Int32>
        let formats: UnsafeMutablePointer<Int32>
        /// As many times "binary".
        let binaryFormats: UnsafeMutablePointer<Int32>
        /// Where each value lies in the storage, -1 for NULL.
        fileprivate let offsets: UnsafeMutablePointer<Int>
        let values: UnsafeMutablePointer<UnsafePointer<CChar>?>

        init(capacity: Int) {
            unsafe self.capacity = capacity
            unsafe types = .allocate(capacity: capacity)
            unsafe lengths = .allocate(capacity: capacity)
            unsafe formats = .allocate(capacity: capacity)
            unsafe binaryFormats = .allocate(capacity: capacity)
            unsafe binaryFormats.initialize(repeating: 1, count: capacity)
            unsafe offsets = .allocate(capacity: capacity)
            unsafe values = .allocate(capacity: capacity)
        }

        /// Twice as large, with the same items.
        fileprivate func grown() -> Arguments {
            let larger = unsafe Arguments(capacity: 2 * capacity)
            unsafe larger.types.moveInitialize(from: types, count: capacity)
            unsafe larger.lengths.moveInitialize(from: lengths, count: capacity)
            unsafe larger.formats.moveInitialize(from: formats, count: capacity)
            unsafe larger.offsets.moveInitialize(from: offsets, count: capacity)
            unsafe deallocate()
            return unsafe larger
        }

        func deallocate() {
            unsafe types.deallocate()
            unsafe lengths.deallocate()
            unsafe formats.deallocate()
            unsafe binaryFormats.deallocate()
            unsafe offsets.deallocate()
            unsafe values.deallocate()
        }
    }

    /// The arguments, of which those from `start` on have their addresses; good until the next value is appended.
    @inline(__always) func arguments(_ start: Int, _ count: Int) -> Arguments {
        for index in start..<start + count {
            let offset = unsafe arguments.offsets[index]
            unsafe arguments.values[index] =
                offset < 0 ? nil : UnsafePointer((storage + offset).assumingMemoryBound(to: CChar.self))
        }
        return unsafe arguments
    }
}
