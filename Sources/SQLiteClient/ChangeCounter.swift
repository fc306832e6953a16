#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// The change counter of a database in rollback-journal mode: it goes up with every transaction.
///
/// Read through a descriptor of its own, which stays open as long as SQLite has the file open in this process:
/// closing any descriptor of a file drops the process's POSIX locks on it.
final class ChangeCounter: Sendable {
    private let descriptor: Int32

    init?(path: String) {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// nil when the header cannot be read.
    var value: UInt32? {
        var bytes: [UInt8] = [0, 0, 0, 0]
        guard unsafe pread(descriptor, &bytes, 4, 24) == 4 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
