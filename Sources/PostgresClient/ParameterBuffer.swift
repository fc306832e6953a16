/// The values of one statement, or of many rows for one, in the forms of the wire protocol.
///
/// Its memory is used again for the next statement, so binding allocates nothing once it has grown. To be
/// used from one thread at a time.
@safe package final class ParameterBuffer: @unchecked Sendable {
    // Not a stored property, each use of which Swift would check for exclusive access: that costs more than the use.
    private let memory: UnsafeMutablePointer<ParameterMemory>

    package init() {
        unsafe memory = .allocate(capacity: 1)
        unsafe memory.initialize(to: ParameterMemory())
    }

    deinit {
        unsafe memory.pointee.deallocate()
        unsafe memory.deallocate()
    }

    /// How many values there are.
    package var count: Int { unsafe memory.pointee.count }
    /// How much memory they take.
    package var byteCount: Int { unsafe memory.pointee.byteCount }

    package func removeAll() { unsafe memory.pointee.removeAll() }
    package func appendNull(type: UInt32) { unsafe memory.pointee.appendNull(type: type) }
    package func append(_ value: Int64, type: UInt32) { unsafe memory.pointee.append(value, type: type) }
    package func append(_ value: Double, type: UInt32) { unsafe memory.pointee.append(value, type: type) }
    package func append(_ value: Bool, type: UInt32) { unsafe memory.pointee.append(value, type: type) }

    /// Appends bytes that are the type's binary form.
    package func append(bytes: [UInt8], type: UInt32) {
        unsafe memory.pointee.append(bytes: bytes, type: type)
    }

    /// Appends the text form of a value. Returns false when it holds U+0000: libpq would read up to there.
    package func append(text: String, type: UInt32) -> Bool {
        unsafe memory.pointee.append(text: text, type: type)
    }

    /// Begins a one-dimensional array without NULLs; exactly `count` elements must follow, then `endArray`.
    package func startArray(of element: UInt32, count: Int, type: UInt32) {
        unsafe memory.pointee.startArray(of: element, count: count, type: type)
    }

    package func appendElement(_ value: Int64) { unsafe memory.pointee.appendElement(value) }
    package func appendElement(_ value: Double) { unsafe memory.pointee.appendElement(value) }
    package func appendElement(_ value: Bool) { unsafe memory.pointee.appendElement(value) }
    package func appendElement(bytes: [UInt8]) { unsafe memory.pointee.appendElement(bytes: bytes) }
    package func endArray() { unsafe memory.pointee.endArray() }

    /// The types of `count` values from `start` on.
    func types(_ start: Int, _ count: Int) -> [UInt32] { unsafe memory.pointee.types(start, count) }

    func hasTypes(_ types: [UInt32], at start: Int) -> Bool {
        unsafe memory.pointee.hasTypes(types, at: start)
    }

    /// The forms of `all` the arguments as a statement takes them: binary, unless a value has to go in text form.
    func formats(
        of all: ParameterMemory.Arguments, for statement: PreparedStatement
    ) -> UnsafeMutablePointer<Int32> {
        let isBinary = unsafe statement.takesBinaryTexts && !memory.pointee.hasTextForms
        return unsafe isBinary ? all.binaryFormats : all.formats
    }

    /// The arguments for `count` values from `start` on, good until the next value is appended.
    func arguments(_ start: Int, _ count: Int) -> ParameterMemory.Arguments {
        unsafe memory.pointee.arguments(start, count)
    }
}
