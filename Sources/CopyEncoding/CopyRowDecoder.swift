internal import Diagnostics
package import Schema

/// Reads the messages of a binary `COPY … TO STDOUT`, row by row.
///
/// The server sends a row in one piece, the first together with the header; several
/// rows in one message are read as well. Whatever else arrives is an error, never a crash.
package struct CopyRowDecoder: ~Copyable {
    private var row: TargetRow
    private var hasHeader = false
    /// The end of the stream was seen.
    package private(set) var isFinished = false

    /// - Parameter types: What the columns are selected as, in their order.
    package init(types: [PostgresType], key: HashKey) { row = TargetRow(types: types, key: key) }

    /// Lends every row in `message` to `body`.
    package mutating func readRows(
        in message: RawSpan, _ body: (inout TargetRow) throws -> Void
    ) throws {
        defer { row.clear() }
        try unsafe message.withUnsafeBytes { bytes in
            let view = unsafe ByteView(bytes)
            var position = 0
            while try readRow(in: view, at: &position) { try body(&row) }
        }
    }

    /// Adds the hashes of all rows in `message` to `sum`.
    package mutating func add(_ message: RawSpan, to sum: inout RowSum) throws {
        try readRows(in: message) { row in sum.add(try row.hash()) }
    }

    /// Loads the row that begins at `position`, or returns false at the end of the message.
    private mutating func readRow(in message: ByteView, at position: inout Int) throws -> Bool {
        if !hasHeader, message.count > 0 {
            position = try Self.headerLength(of: message)
            hasHeader = true
        }
        guard position < message.count else { return false }
        guard !isFinished else { throw Self.malformed("Data follows the end of the COPY stream.") }
        guard message.count &- position >= 2 else {
            throw Self.malformed("A COPY message ends within a row.")
        }
        if message.bigEndian(Int16.self, at: position) == -1 {
            guard position &+ 2 == message.count else {
                throw Self.malformed("Data follows the end of the COPY stream.")
            }
            isFinished = true
            return false
        }
        try row.load(message, at: &position)
        return true
    }

    /// The length of the signature, the flags and the header extension.
    private static func headerLength(of message: ByteView) throws -> Int {
        guard message.count >= 19, message.bigEndian(UInt64.self, at: 0) == 0x5047_434F_5059_0AFF,
            message.bigEndian(UInt16.self, at: 8) == 0x0D0A, message[10] == 0
        else { throw malformed("The COPY stream does not begin with the signature of the binary format.") }
        guard message.bigEndian(UInt32.self, at: 11) & 0xFFFF_0000 == 0 else {
            throw malformed("The COPY stream has flags that this version does not know.")
        }
        let extensionLength = message.bigEndian(Int32.self, at: 15)
        guard extensionLength >= 0, Int(extensionLength) <= message.count &- 19 else {
            throw malformed("The header of the COPY stream is longer than its first message.")
        }
        return 19 &+ Int(extensionLength)
    }

    static func malformed(_ summary: String) -> OutgrowError {
        OutgrowError(
            "copy-stream-malformed", .target, summary,
            fix:
                "Check that TARGET is a PostgreSQL server of a supported version, with no proxy that alters it."
        )
    }
}
