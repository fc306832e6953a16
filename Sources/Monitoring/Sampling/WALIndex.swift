/// The head of a `-shm` file: what SQLite's processes tell each other about the WAL.
///
/// Numbers are in the machine's byte order, but the salts, which are copies of the WAL's
/// (https://sqlite.org/walformat.html#the_wal_index_header).
struct WALIndex: Sendable, Hashable {
    static let byteCount = 136
    private static let headerByteCount = 48
    /// Where both salts of the WAL are, as they stand in the WAL.
    static let salts = 32..<40
    private static let version: UInt32 = 3_007_000

    /// Goes up by one with every transaction that wrote.
    var commitCounter: UInt32
    /// Frames in the WAL that are valid.
    var frameCount: UInt32
    /// Frames of them that are in the database already.
    var backfilledCount: UInt32
    /// Goes up by one with every restart of the WAL.
    var firstSalt: UInt32

    /// Pages in the WAL that are not yet in the database.
    var pendingPages: Int { max(0, Int(frameCount) - Int(backfilledCount)) }

    enum Failure: Error { case torn, notInitialized, unknownVersion }

    /// Reads both copies of the header: a writer that is at work makes them differ.
    init(_ bytes: [UInt8]) throws(Failure) {
        guard bytes.count >= Self.byteCount else { throw .notInitialized }
        for index in 0..<Self.headerByteCount where bytes[index] != bytes[index + Self.headerByteCount] {
            throw .torn
        }
        guard bytes[12] != 0 else { throw .notInitialized }
        guard Self.number(bytes, 0) == Self.version else { throw .unknownVersion }
        commitCounter = Self.number(bytes, 8)
        frameCount = Self.number(bytes, 16)
        firstSalt = UInt32(bigEndian: Self.number(bytes, 32))
        backfilledCount = Self.number(bytes, 96)
    }

    /// What each of the five reader locks stands for; apart, as the rest is read at every look.
    static func readMarks(_ bytes: [UInt8]) -> [UInt32] {
        guard bytes.count >= byteCount else { return [] }
        return (0..<5).map { number(bytes, 100 + 4 * $0) }
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
        let value =
            UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
            | UInt32(bytes[offset + 3]) << 24
        return UInt32(littleEndian: value).nativeFromLittleEndianBytes
    }
}

extension UInt32 {
    /// The bytes were joined as on a little-endian machine.
    fileprivate var nativeFromLittleEndianBytes: UInt32 {
        #if _endian(little)
            self
        #else
            byteSwapped
        #endif
    }
}
