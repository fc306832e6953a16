/// The values of one statement, or of many rows for one, in the forms of the wire protocol.
///
/// Its memory is used again for the next statement, so binding allocates nothing once it has grown. To be
/// used from one thread at a time.
package final class ParameterBuffer: @unchecked Sendable {
    private var memory = ParameterMemory()

    package init() {}

    deinit { memory.deallocate() }

    /// How many values there are.
    package var count: Int { memory.count }
    /// How much memory they take.
    package var byteCount: Int { memory.byteCount }

    package func removeAll() { memory.removeAll() }
    package func appendNull(type: UInt32) { memory.appendNull(type: type) }
    package func append(_ value: Int64, type: UInt32) { memory.append(value, type: type) }
    package func append(_ value: Double, type: UInt32) { memory.append(value, type: type) }
    package func append(_ value: Bool, type: UInt32) { memory.append(value, type: type) }

    /// Appends bytes that are the type's binary form.
    package func append(bytes: [UInt8], type: UInt32) { memory.append(bytes: bytes, type: type) }

    /// Appends the text form of a value. Returns false when it holds U+0000: libpq would read up to there.
    package func append(text: String, type: UInt32) -> Bool { memory.append(text: text, type: type) }

    /// Begins a one-dimensional array without NULLs; exactly `count` elements must follow, then `endArray`.
    package func startArray(of element: UInt32, count: Int, type: UInt32) {
        memory.startArray(of: element, count: count, type: type)
    }

    package func appendElement(_ value: Int64) { memory.appendElement(value) }
    package func appendElement(_ value: Double) { memory.appendElement(value) }
    package func appendElement(_ value: Bool) { memory.appendElement(value) }
    package func appendElement(bytes: [UInt8]) { memory.appendElement(bytes: bytes) }
    package func endArray() { memory.endArray() }

    /// The types of `count` values from `start` on.
    func types(_ start: Int, _ count: Int) -> [UInt32] { memory.types(start, count) }

    func hasTypes(_ types: [UInt32], at start: Int) -> Bool { memory.hasTypes(types, at: start) }

    /// The arguments for `count` values from `start` on, good until the next value is appended.
    func arguments(_ start: Int, _ count: Int) -> ParameterMemory.Arguments {
        unsafe memory.arguments(start, count)
    }
}
