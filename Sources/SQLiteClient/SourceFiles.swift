#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// A database file and its sidecars as they stand before anybody opens them.
///
/// Looking takes no lock and must happen before the process opens the database
/// through SQLite: closing any descriptor of the file drops all POSIX locks that the
/// process holds on it (https://sqlite.org/howtocorrupt.html, 2.2).
package struct SourceFiles: Sendable, Hashable {
    /// Absolute, links resolved: sidecars stand beside the real file.
    package var path: String
    package var byteCount: Int64
    package var ownerID: UInt32
    package var header: DatabaseHeader
    /// nil: there is none.
    package var walByteCount: Int64?
    package var hasSharedMemory: Bool
    package var journalByteCount: Int64?
    /// The journal begins with a valid header: SQLite would roll it back.
    package var journalIsValid: Bool
    /// A process that holds a lock on the database or its -shm, if any.
    package var lockHolder: Int32?
    /// A process that holds the lock of a writer (RESERVED or more).
    package var writeLockHolder: Int32?
    package var folderIsWritable: Bool
    /// Whether SQLite could open the file for writing. Only asked for: it decides who may remove sidecars.
    package var fileIsWritable: Bool
    package var stamp: Stamp

    package var walPath: String { path + "-wal" }
    package var sharedMemoryPath: String { path + "-shm" }
    package var journalPath: String { path + "-journal" }

    package init(
        path: String, byteCount: Int64, ownerID: UInt32, header: DatabaseHeader, walByteCount: Int64? = nil,
        hasSharedMemory: Bool = false, journalByteCount: Int64? = nil, journalIsValid: Bool = false,
        lockHolder: Int32? = nil, writeLockHolder: Int32? = nil, folderIsWritable: Bool = true,
        fileIsWritable: Bool = true, stamp: Stamp = Stamp()
    ) {
        self.path = path
        self.byteCount = byteCount
        self.ownerID = ownerID
        self.header = header
        self.walByteCount = walByteCount
        self.hasSharedMemory = hasSharedMemory
        self.journalByteCount = journalByteCount
        self.journalIsValid = journalIsValid
        self.lockHolder = lockHolder
        self.writeLockHolder = writeLockHolder
        self.folderIsWritable = folderIsWritable
        self.fileIsWritable = fileIsWritable
        self.stamp = stamp
    }

    /// Sizes and times of the file and its sidecars: equal stamps mean that nobody wrote in between.
    package struct Stamp: Sendable, Hashable {
        package var parts: [Part] = []
        package init() {}
        package struct Part: Sendable, Hashable {
            var byteCount: Int64
            var seconds: Int64
            var nanoseconds: Int64
            var inode: UInt64
        }
    }
}

extension SourceFiles {
    /// Bytes that SQLite locks in the database file (https://sqlite.org/c3ref/c_file.html, `os.h`).
    private static let pendingByte: Int64 = 0x4000_0000
    private static let reservedByte = pendingByte + 1
    private static let sharedFirst = pendingByte + 2
    private static let sharedCount: Int64 = 510
    /// The byte of the -shm file that every connection in WAL mode holds shared.
    private static let sharedMemoryLiveByte: Int64 = 128
    private static let walWriteByte: Int64 = 120

    /// Sizes and times now. A missing file counts as a state of its own.
    package static func stamp(of path: String) -> Stamp {
        var stamp = Stamp()
        for name in [path, path + "-wal", path + "-journal"] {
            let status = FileStatus(path: name)
            stamp.parts.append(
                Stamp.Part(
                    byteCount: status?.byteCount ?? -1, seconds: status?.modifiedSeconds ?? 0,
                    nanoseconds: status?.modifiedNanoseconds ?? 0, inode: status?.inode ?? 0))
        }
        return stamp
    }

    /// Which process holds a lock that would conflict with writing these bytes of `path`.
    ///
    /// POSIX tells nobody about locks of the asking process itself.
    static func lockHolder(path: String, from start: Int64, count: Int64) -> Int32? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = off_t(start)
        lock.l_len = off_t(count)
        guard unsafe fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return nil }
        return lock.l_pid
    }

    static func anyLockHolder(of path: String) -> Int32? {
        lockHolder(path: path, from: pendingByte, count: 2 + sharedCount)
            ?? lockHolder(
                path: path + "-shm", from: walWriteByte, count: sharedMemoryLiveByte - walWriteByte + 1)
    }

    /// A reader of a rollback-mode database holds SHARED bytes for a moment; a writer holds RESERVED or PENDING.
    static func writeLockHolder(of path: String) -> Int32? {
        lockHolder(path: path, from: pendingByte, count: 2)
            ?? lockHolder(path: path + "-shm", from: walWriteByte, count: 1)
    }

    /// Says who keeps `path` locked, for an error message. Call it after our own connections are closed.
    package static func describeLockHolder(of path: String) -> String? {
        guard let process = anyLockHolder(of: path) else { return nil }
        return "process \(process)" + (commandName(of: process).map { " (\($0))" } ?? "")
    }

    package static func commandName(of process: Int32) -> String? {
        guard let bytes = readPrefix(of: "/proc/\(process)/comm", byteCount: 64) else { return nil }
        return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    }

    /// The first bytes of a file; nil when it cannot be read.
    package static func readPrefix(of path: String, byteCount: Int, at offset: Int64 = 0) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: byteCount)
        let count = unsafe pread(descriptor, &bytes, byteCount, off_t(offset))
        guard count >= 0 else { return nil }
        return Array(bytes.prefix(count))
    }
}

/// The parts of `stat(2)` that matter here.
package struct FileStatus: Sendable, Hashable {
    package var byteCount: Int64
    package var ownerID: UInt32
    package var kind: Kind
    package var modifiedSeconds: Int64
    package var modifiedNanoseconds: Int64
    package var inode: UInt64

    package enum Kind: Sendable, Hashable { case regular, folder, fifo, socket, device, other }

    /// Follows links; nil when there is nothing at `path` or it may not be looked at.
    package init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        byteCount = Int64(status.st_size)
        ownerID = status.st_uid
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            case S_IFCHR, S_IFBLK: .device
            default: .other
            }
        #if canImport(Darwin)
            let modified = status.st_mtimespec
        #else
            let modified = status.st_mtim
        #endif
        modifiedSeconds = Int64(modified.tv_sec)
        modifiedNanoseconds = Int64(modified.tv_nsec)
        inode = UInt64(status.st_ino)
    }
}
