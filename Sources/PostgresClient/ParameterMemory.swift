internal import Foundation

/// The memory of a `ParameterBuffer`: a value, so that one check of exclusive access covers each call.
@safe struct ParameterMemory {
    /// Where one value lies and what it is.
    private struct Slot {
        /// -1 for NULL.
        var offset: Int
        var length: Int32
        var format: Int32
        var type: UInt32
    }

    private var storage: UnsafeMutableRawPointer
    private var capacity = 1024
    /// How much of the storage is in use.
    private(set) var byteCount = 0
    private var slots: UnsafeMutablePointer<Slot>
    private var slotCapacity = 64
    /// How many values there are.
    private(set) var count = 0
    private var arguments: Arguments
    /// Where the array that is being written begins.
    private var arrayStart = 0

    init() {
        unsafe storage = .allocate(byteCount: capacity, alignment: 8)
        unsafe slots = .allocate(capacity: slotCapacity)
        unsafe arguments = unsafe Arguments(capacity: 16)
    }

    func deallocate() {
        unsafe storage.deallocate()
        unsafe slots.deallocate()
        unsafe arguments.deallocate()
    }

    mutating func removeAll() {
        byteCount = 0
        count = 0
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
        let byteCount = text.utf8.count
        reserve(byteCount + 1)
        let start = unsafe storage + self.byteCount
        // A Swift string ends with a NUL in memory.
        unsafe text.withCString { unsafe start.copyMemory(from: $0, byteCount: byteCount + 1) }
        self.byteCount += byteCount + 1
        return unsafe memchr(start, 0, byteCount) == nil
    }

    /// The types of `count` values from `start` on.
    func types(_ start: Int, _ count: Int) -> [UInt32] {
        (start..<start + count).map { unsafe slots[$0].type }
    }

    func hasTypes(_ types: [UInt32], at start: Int) -> Bool {
        guard start + types.count <= count else { return false }
        for index in types.indices where unsafe slots[start + index].type != types[index] { return false }
        return true
    }

    private mutating func append(offset: Int, length: Int32, format: Int32, _ type: UInt32) {
        if count == slotCapacity {
            let larger = UnsafeMutablePointer<Slot>.allocate(capacity: 2 * slotCapacity)
            unsafe larger.moveInitialize(from: slots, count: count)
            unsafe slots.deallocate()
            unsafe slots = unsafe larger
            slotCapacity *= 2
        }
        unsafe (slots + count).initialize(
            to: Slot(offset: offset, length: length, format: format, type: type))
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

    mutating func endArray() { unsafe slots[count - 1].length = Int32(clamping: byteCount - arrayStart) }
}

extension ParameterMemory {
    /// The arrays that libpq takes.
    @unsafe struct Arguments {
        var capacity: Int
        var count: Int32 = 0
        let types: UnsafeMutablePointer<UInt32>
        let values: UnsafeMutablePointer<UnsafePointer<CChar>?>
        let lengths: UnsafeMutablePointer<Int32>
        let formats: UnsafeMutablePointer<Int32>

        init(capacity: Int) {
            unsafe self.capacity = capacity
            unsafe types = .allocate(capacity: capacity)
            unsafe values = .allocate(capacity: capacity)
            unsafe lengths = .allocate(capacity: capacity)
            unsafe formats = .allocate(capacity: capacity)
        }

        func deallocate() {
            unsafe types.deallocate()
            unsafe values.deallocate()
            unsafe lengths.deallocate()
            unsafe formats.deallocate()
        }
    }

    /// The arguments for `count` values from `start` on, good until the next value is appended.
    mutating func arguments(_ start: Int, _ count: Int) -> Arguments {
        if unsafe arguments.capacity < count {
            unsafe arguments.deallocate()
            unsafe arguments = unsafe Arguments(capacity: 2 * count)
        }
        for index in 0..<count {
            let slot = unsafe slots[start + index]
            unsafe arguments.types[index] = slot.type
            unsafe arguments.lengths[index] = slot.length
            unsafe arguments.formats[index] = slot.format
            unsafe arguments.values[index] =
                slot.offset < 0
                ? nil : UnsafePointer((storage + slot.offset).assumingMemoryBound(to: CChar.self))
        }
        unsafe arguments.count = Int32(clamping: count)
        return unsafe arguments
    }
}
