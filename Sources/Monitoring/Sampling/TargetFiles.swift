internal import Diagnostics
internal import SQLiteClient

/// The descriptors on a database and its `-shm`, and what one look through them says.
///
/// libsqlite3 is not asked, no lock is taken, nothing is written.
final class TargetFiles {
    /// Links resolved: sidecars stand beside the real file.
    let path: String
    private var database: RawDescriptor
    private(set) var databaseIdentity: FileIdentity
    private var index: RawDescriptor?
    private(set) var indexIdentity: FileIdentity?
    private(set) var isWAL: Bool
    private(set) var pageSize: Int64
    private(set) var commits = CommitCount()
    private(set) var walIndex: WALIndex?
    private(set) var walRestarts = 0
    /// Headers that were being written at each of several reads.
    private(set) var tornReads = 0
    private(set) var replacements = 0
    private(set) var isMissing = false
    private(set) var hasUnknownIndexVersion = false
    private var wal: RawDescriptor?
    private var buffer = [UInt8](repeating: 0, count: WALIndex.byteCount)
    /// The head of the index that was accepted last: most looks find it unchanged.
    private var accepted = [UInt8](repeating: 0, count: WALIndex.byteCount)
    private var looks = 0
    /// A probe of our own: its lock counts as none.
    var ignoredProcess: Int32?
    private var counterBuffer: [UInt8] = [0, 0, 0, 0]

    var hasIndex: Bool { index != nil }
    /// What each of the five reader locks stands for; nil without an index.
    var readMarks: [UInt32]? { walIndex == nil ? nil : WALIndex.readMarks(accepted) }
    var indexPath: String { path + "-shm" }
    var walPath: String { path + "-wal" }

    init(path givenPath: String) throws(OutgrowError) {
        let files = try SourceFiles.look(at: givenPath)
        path = files.path
        guard let database = RawDescriptor(path: path), let identity = database.identity else {
            throw OutgrowError(
                "source-unreadable", .source, "The file cannot be opened for reading.", at: files.path,
                fix: "Run as a user who may read it.")
        }
        self.database = database
        databaseIdentity = identity
        isWAL = files.header.isWAL
        pageSize = files.header.pageSize
        openIndex(isNew: false)
        readCounters()
    }

    // Every tick.

    struct Look {
        var isHeld = false
        var holder: Int32?
        var isCommitting = false
        var isCheckpointing = false
        var checkpointer: Int32?
    }

    /// Looks between two questions whether the `-shm` file is still the one in the folder, and between two readings
    /// of the counters while nobody holds a lock.
    private static let looksPerReading = 5
    private var wasLocked = false

    /// Asks for the locks and reads the counters: one system call where nobody holds a lock, and no memory is
    /// allocated, as this runs up to a thousand times a second.
    ///
    /// Counters count by themselves: between two looks that find the lock free they may be read later.
    func look(isLast: Bool = false) -> Look {
        looks &+= 1
        let isReading = isLast || looks % Self.looksPerReading == 0
        let look = askForLocks(followsIndex: isReading)
        let isLocked = look.isHeld || look.isCheckpointing
        if isReading || isLocked || wasLocked { readCounters() }
        wasLocked = isLocked
        return look
    }

    private func askForLocks(followsIndex: Bool) -> Look {
        var look = Look()
        if isWAL {
            if followsIndex || (index == nil && isInUse) { followIndex() }
            guard let index else { return look }
            // Both bytes at once: mostly nobody has either. Of several locks the kernel names any one, so that each byte
            // is asked for as soon as somebody has one.
            if index.foreignLock(at: LockBytes.walWrite, count: 2) != nil {
                if let lock = index.foreignLock(at: LockBytes.walWrite), lock.process != ignoredProcess {
                    (look.isHeld, look.holder) = (true, Self.known(lock.process))
                }
                if let lock = index.foreignLock(at: LockBytes.walCheckpoint) {
                    (look.isCheckpointing, look.checkpointer) = (true, Self.known(lock.process))
                }
            }
        } else if let lock = database.foreignLock(at: LockBytes.reserved), lock.isExclusive {
            look.isHeld = true
            look.holder = Self.known(lock.process)
            look.isCommitting = database.foreignLock(at: LockBytes.pending)?.isExclusive ?? false
        }
        return look
    }

    /// Whoever uses a WAL database holds a shared lock on the database file all the while, and takes it before making
    /// the `-shm` file.
    private var isInUse: Bool {
        database.foreignLock(at: LockBytes.pending, count: 2 + LockBytes.sharedCount) != nil
    }

    private var nonce: [UInt8] = [0, 0, 0, 0]

    /// The random number in the head of the rollback journal: another one is another transaction's
    /// (https://sqlite.org/fileformat.html#the_rollback_journal). Nil in WAL mode, and where there is no journal.
    func journalNonce() -> UInt32? {
        // A new file for each transaction, mostly.
        guard !isWAL, let journal = RawDescriptor(path: path + "-journal"),
            journal.read(into: &nonce, at: 12) == nonce.count
        else { return nil }
        let number = nonce.reduce(0) { $0 << 8 | UInt32($1) }
        return number == 0 ? nil : number
    }

    private var salts: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]

    /// Whether a frame of the present write transaction is in the WAL, and the transaction not yet committed: the
    /// writer is waiting for the disk. Ask after a look that found the lock held.
    ///
    /// Frames of older generations of the WAL have other salts. A transaction that outgrew the page cache shows
    /// earlier, and one that was rolled back after that leaves such a frame until the next one.
    func hasUncommittedFrame() -> Bool {
        guard isWAL, let walIndex else { return false }
        if wal == nil { wal = RawDescriptor(path: walPath) }
        let frame = 32 + Int64(walIndex.frameCount) * (pageSize + 24)
        guard let wal, wal.read(into: &salts, at: frame + 8) == salts.count else { return false }
        return accepted[WALIndex.salts] == salts[...]
    }

    /// Seconds since the WAL, or the database in rollback mode, was last written; only good while a lock is held.
    func lastWriteAge() -> Double? {
        if isWAL, wal == nil { wal = RawDescriptor(path: walPath) }
        guard let modified = (isWAL ? wal : database)?.identity?.modified else { return nil }
        return Double(RawSystem.wallClock - modified) / 1e9
    }

    /// Whether a reader has this byte locked.
    func isLocked(_ byte: Int64) -> Bool {
        let file = isWAL ? index : database
        return file?.foreignLock(at: byte) != nil
    }

    /// The kernel says 0 of a process in another PID namespace.
    private static func known(_ process: Int32) -> Int32? { process > 0 ? process : nil }

    private func readCounters() {
        guard isWAL else {
            guard database.read(into: &counterBuffer, at: 24) == 4 else { return }
            commits.observe(counterBuffer.reduce(0) { $0 << 8 | UInt32($1) })
            return
        }
        guard let index else { return }
        for _ in 0..<4 {
            guard index.read(into: &buffer, at: 0) == buffer.count else { return }
            if buffer == accepted { return }
            do throws(WALIndex.Failure) {
                accept(try WALIndex(buffer))
                swap(&accepted, &buffer)
                return
            } catch {
                switch error {
                case .torn: tornReads += 1
                case .notInitialized: return
                case .unknownVersion:
                    hasUnknownIndexVersion = true
                    return
                }
            }
        }
    }

    private func accept(_ next: WALIndex) {
        commits.observe(next.commitCounter)
        if let walIndex, walIndex.firstSalt != next.firstSalt {
            let step = next.firstSalt &- walIndex.firstSalt
            walRestarts += step < 1000 ? Int(step) : 1
        }
        walIndex = next
    }

    /// The last process to close a database removes its -shm; the next makes another.
    private func followIndex() {
        if let index {
            guard let identity = index.identity, identity.linkCount == 0 else { return }
            // What was committed between the last look and its removal is still in it.
            readCounters()
            forgetIndex()
        }
        openIndex(isNew: true)
    }

    private func forgetIndex() {
        index = nil
        indexIdentity = nil
        walIndex = nil
        accepted = [UInt8](repeating: 0, count: WALIndex.byteCount)
        // Whoever makes the index anew may make the WAL anew.
        wal = nil
    }

    private func openIndex(isNew: Bool) {
        guard isWAL, FileIdentity(path: indexPath) != nil, let file = RawDescriptor(path: indexPath) else {
            return
        }
        index = file
        indexIdentity = file.identity
        if isNew { commits.beginAnew() }
    }

    // Every second.

    /// Follows what was renamed or made anew, and switches of the journal mode.
    func follow() {
        guard let identity = FileIdentity(path: path) else {
            isMissing = true
            return
        }
        isMissing = false
        if !identity.isSameFile(as: databaseIdentity) { reopen() }
        databaseIdentity.byteCount = identity.byteCount
        if let indexIdentity, let now = FileIdentity(path: indexPath), !now.isSameFile(as: indexIdentity) {
            // Renamed over, while somebody else keeps the old one alive.
            readCounters()
            forgetIndex()
            openIndex(isNew: true)
        }
        if let known = wal?.identity, FileIdentity(path: walPath)?.isSameFile(as: known) != true { wal = nil }
        var start = [UInt8](repeating: 0, count: DatabaseHeader.byteCount)
        guard database.read(into: &start, at: 0) == start.count, let header = DatabaseHeader(start) else {
            return
        }
        if header.isWAL != isWAL {
            isWAL = header.isWAL
            commits.forget()
            forgetIndex()
            openIndex(isNew: false)
        }
    }

    private func reopen() {
        guard let file = RawDescriptor(path: path), let identity = file.identity else { return }
        // What was committed to the old one since the last reading.
        readCounters()
        database = file
        databaseIdentity = identity
        forgetIndex()
        commits.forget()
        replacements += 1
        openIndex(isNew: false)
    }

    /// nil where there is no WAL.
    var walByteCount: Int64? { isWAL ? FileIdentity(path: walPath)?.byteCount : nil }

    /// A process with `locking_mode = EXCLUSIVE`: in WAL mode it keeps the index in its own memory.
    var isExclusiveInWAL: Bool {
        isWAL && index == nil && isInUse
    }

    /// The file whose bytes the readers lock.
    var lockedFile: FileIdentity? { isWAL ? indexIdentity : databaseIdentity }
}
