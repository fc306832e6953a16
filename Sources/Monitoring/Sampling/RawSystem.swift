#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// The system calls of the sampler: all of them ask, none of them writes or locks.
enum RawSystem {
    /// Nanoseconds of a clock that never jumps.
    static var now: Int64 { nanoseconds(CLOCK_MONOTONIC) }
    /// Nanoseconds of processor time that this process used.
    static var processorTime: Int64 { nanoseconds(CLOCK_PROCESS_CPUTIME_ID) }
    /// Nanoseconds since 1970.
    static var wallClock: Int64 { nanoseconds(CLOCK_REALTIME) }
    static var processID: Int32 { getpid() }
    static var userID: UInt32 { geteuid() }

    private static func nanoseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        guard unsafe clock_gettime(clock, &time) == 0 else { return 0 }
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Sleeps until `instant` of `now`. The next instant is counted from the schedule, so lateness does not
    /// add up.
    static func sleep(until instant: Int64) {
        // A signal that cuts it short makes one early look.
        #if canImport(Darwin)
            let left = instant - now
            guard left > 0 else { return }
            var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
            unsafe nanosleep(&time, nil)
        #else
            var time = timespec(tv_sec: Int(instant / 1_000_000_000), tv_nsec: Int(instant % 1_000_000_000))
            unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil)
        #endif
    }

    /// A small file of /proc as a whole; nil when it cannot be read.
    static func bytes(of path: String) -> [UInt8]? {
        guard let file = RawDescriptor(path: path) else { return nil }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = file.read(into: &buffer, at: Int64(result.count))
            guard count > 0 else { return count == 0 ? result : nil }
            result.append(contentsOf: buffer.prefix(count))
        }
    }

    static func text(of path: String) -> String? {
        bytes(of: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Where a link leads, unresolved.
    static func linkTarget(of path: String) -> String? {
        let capacity = 4096
        var buffer = [CChar](repeating: 0, count: capacity)
        let count = unsafe readlink(path, &buffer, capacity)
        guard count >= 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The names in a folder, or nil when it may not be listed.
    static func names(in folder: String) -> [String]? {
        guard let stream = unsafe opendir(folder) else { return nil }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names
    }

    /// Free bytes of the file system for users without privileges, and its size.
    static func room(at path: String) -> (free: Int64, total: Int64)? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        let unit = Int64(status.f_frsize)
        return (Int64(status.f_bavail) * unit, Int64(status.f_blocks) * unit)
    }

    fileprivate static func identity(_ status: stat) -> FileIdentity {
        #if canImport(Darwin)
            let modified = status.st_mtimespec
        #else
            let modified = status.st_mtim
        #endif
        return FileIdentity(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), byteCount: Int64(status.st_size),
            linkCount: Int(status.st_nlink),
            modified: Int64(modified.tv_sec) * 1_000_000_000 + Int64(modified.tv_nsec))
    }
}

/// Which file it is, and how large.
struct FileIdentity: Sendable, Hashable {
    var device: UInt64
    var inode: UInt64
    var byteCount: Int64
    var linkCount: Int
    /// Nanoseconds since 1970.
    var modified: Int64

    init(device: UInt64, inode: UInt64, byteCount: Int64 = 0, linkCount: Int = 1, modified: Int64 = 0) {
        self.device = device
        self.inode = inode
        self.byteCount = byteCount
        self.linkCount = linkCount
        self.modified = modified
    }

    /// Of the file at `path`, links followed.
    init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self = RawSystem.identity(status)
    }

    func isSameFile(as other: FileIdentity) -> Bool { device == other.device && inode == other.inode }

    /// As `/proc/locks` and `/proc/self/mountinfo` number devices.
    var major: UInt32 { UInt32((device >> 8) & 0xFFF | (device >> 32) & 0xFFFF_F000) }
    var minor: UInt32 { UInt32(device & 0xFF | (device >> 12) & 0xFFFF_FF00) }
}

/// A lock that somebody else holds.
struct ForeignLock: Sendable, Hashable {
    /// 0 when the holder lives in another PID namespace.
    var process: Int32
    var isExclusive: Bool
    /// Where it begins: before the byte asked for, where it covers more than that.
    var first: Int64 = 0
}

/// A file that is open for reading and for nothing else.
///
/// Closing it would drop the locks that *this* process holds on the file
/// (https://sqlite.org/howtocorrupt.html, 2.2): a process that samples must have no connection to the target.
final class RawDescriptor {
    private let number: Int32

    init?(path: String) {
        number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { return nil }
    }

    deinit { if number >= 0 { close(number) } }

    /// How many bytes were read into the front of `buffer`; below 0 when reading failed.
    func read(into buffer: inout [UInt8], at offset: Int64) -> Int {
        let byteCount = buffer.count
        return unsafe pread(number, &buffer, byteCount, off_t(offset))
    }

    /// The lock that would keep a writer from these bytes. Asking takes no lock.
    func foreignLock(at byte: Int64, count: Int64 = 1) -> ForeignLock? {
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = off_t(byte)
        lock.l_len = off_t(count)
        guard unsafe fcntl(number, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return nil }
        return ForeignLock(
            process: lock.l_pid, isExclusive: lock.l_type == Int16(F_WRLCK), first: Int64(lock.l_start))
    }

    var identity: FileIdentity? {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { return nil }
        return RawSystem.identity(status)
    }
}
