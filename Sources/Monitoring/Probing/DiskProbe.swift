#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// Times the disk that a database lies on: 4 KiB and an fdatasync, in a file without a name.
///
/// The file is made in the database's folder with `O_TMPFILE`: no name appears there, no time changes, and it is gone
/// with the descriptor. The database itself is not opened.
package final class DiskProbe {
    private let folder: String
    private let file: Int32
    private let block = [UInt8](repeating: 0x5A, count: 4096)

    package enum Failure: Error, Sendable, Hashable {
        case unavailable(String)
    }

    package init(besides database: String) throws(Failure) {
        let end = database.lastIndex(of: "/") ?? database.startIndex
        folder = end == database.startIndex ? "/" : String(database[..<end])
        #if os(Linux)
            file = unsafe open(folder, Self.nameless | O_RDWR | O_CLOEXEC, 0o600)
        #else
            file = -1
        #endif
        guard file >= 0 else {
            throw .unavailable("no nameless file can be made in \(folder)")
        }
    }

    #if os(Linux)
        /// `O_TMPFILE`, a macro that Swift does not see.
        private static let nameless = 0o20_000_000 | O_DIRECTORY
    #endif

    deinit { if file >= 0 { close(file) } }

    /// Seconds that the disk took; nil when it could not be written.
    package func measure() -> Double? {
        let start = RawSystem.now
        guard unsafe pwrite(file, block, block.count, 0) == block.count else { return nil }
        #if os(Linux)
            guard fdatasync(file) == 0 else { return nil }
        #else
            guard fsync(file) == 0 else { return nil }
        #endif
        return Double(RawSystem.now - start) / 1e9
    }

    /// Whether a few pages more can do no harm: an application must not meet a full disk because of a probe.
    package static func hasRoom(besides database: String) -> Bool {
        guard let room = RawSystem.room(at: database) else { return false }
        return room.free >= max(64 << 20, room.total / 20)
    }
}
