#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// Counts the transactions that applications commit to a WAL, by reading its frame headers.
///
/// While a snapshot is held the WAL can be restarted at most once (when the snapshot
/// needs nothing of it), so what is found after a restart was all committed since.
/// https://sqlite.org/fileformat.html#the_write_ahead_log
package struct WALProgress: Sendable {
    private let path: String
    private var salt: [UInt8] = []
    private var offset: Int64 = 0
    private var pageSize: Int64 = 0

    /// Commits seen by all calls of `advance()`.
    package private(set) var commitCount: Int64 = 0

    private static let headerByteCount: Int64 = 32
    private static let frameHeaderByteCount: Int64 = 24

    package init(walPath: String) { path = walPath }

    /// Reads on from where the last call stopped, to the end of the valid frames.
    package mutating func advance() {
        guard let header = SourceFiles.readPrefix(of: path, byteCount: 32), header.count == 32 else { return }
        let currentSalt = Array(header[16..<24])
        if currentSalt != salt {
            salt = currentSalt
            offset = Self.headerByteCount
            pageSize = Int64(header[8..<12].reduce(0 as UInt32) { $0 << 8 | UInt32($1) })
        }
        guard pageSize >= 512 else { return }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var frame = [UInt8](repeating: 0, count: Int(Self.frameHeaderByteCount))
        while unsafe pread(descriptor, &frame, frame.count, off_t(offset)) == frame.count,
            Array(frame[8..<16]) == salt
        {
            if frame[4..<8].contains(where: { $0 != 0 }) { commitCount += 1 }
            offset += Self.frameHeaderByteCount + pageSize
        }
    }
}
