#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// An exclusive lock that ends with its holder, however that ends: `flock` on a file that is there for nothing else.
///
/// Never the database itself: closing any descriptor of that would drop SQLite's own locks.
/// https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_
package final class FileLock: Sendable {
    package enum Attempt: Sendable {
        case acquired(FileLock)
        /// Somebody holds it, here or in another process.
        case held
        /// The file cannot be made or locked; with `errno`.
        case failed(Int32)
    }

    private let path: String
    private let descriptor: Int32

    private init(_ path: String, _ descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Also takes the file away, while nobody else can have locked it.
    deinit {
        unsafe _ = unlink(path)
        // By name: a child that is being started holds a copy of the descriptor for a moment.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Does not wait.
    package static func acquire(_ path: String) -> Attempt { attempt(path, O_CREAT) }

    /// Whether somebody who lives holds it.
    package static func isHeld(_ path: String) -> Bool {
        switch attempt(path, 0) {
        case .acquired: false
        case .held: true
        case .failed(let code): code != ENOENT
        }
    }

    private static func attempt(_ path: String, _ flag: Int32) -> Attempt {
        while true {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | flag, 0o644)
            guard descriptor >= 0 else { return .failed(errno) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                close(descriptor)
                return code == EWOULDBLOCK ? .held : .failed(code)
            }
            if isStill(descriptor, at: path) { return .acquired(FileLock(path, descriptor)) }
            // Its last holder has taken it away meanwhile.
            close(descriptor)
        }
    }

    private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
        var opened = stat()
        var present = stat()
        guard unsafe fstat(descriptor, &opened) == 0, unsafe lstat(path, &present) == 0 else { return false }
        return opened.st_dev == present.st_dev && opened.st_ino == present.st_ino
    }
}
