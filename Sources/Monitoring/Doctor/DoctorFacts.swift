package import Diagnostics
internal import SQLiteClient

/// A database as its files, locks and file system show it, without SQLite being asked.
package struct DoctorFacts: Sendable, Hashable, Encodable {
    /// Links resolved.
    package var path: String
    package var wasLink = false
    package var hardLinkCount = 1
    package var byteCount: Int64 = 0
    package var owner: UInt32 = 0
    package var ownerName = ""

    // The header (https://sqlite.org/fileformat.html#the_database_header).
    package var pageSize: Int64 = 4096
    package var pageCount: Int64 = 0
    package var freePages: Int64 = 0
    package var isWAL = false
    package var autoVacuum = AutoVacuum.none
    package var userVersion: Int32 = 0
    package var applicationID: UInt32 = 0
    package var textEncoding = "UTF-8"
    package var reservedBytes = 0

    // Beside it.
    package var sidecars: [Sidecar] = []
    package var journalIsHot = false
    package var pendingPages: Int?

    // Around it.
    package var fileSystem: FileSystemKind?
    package var freeByteCount: Int64?
    package var totalByteCount: Int64?

    // Who has it open.
    package var lockHolder: Int32?
    package var writeLockHolder: Int32?
    package var writers: [Opener] = []
    package var readers: [Opener] = []
    /// Processes of other users, whose files cannot be looked at.
    package var hiddenProcesses = 0
    /// With a `-wal` open that was removed under them.
    package var withDeletedWAL: [Opener] = []

    package enum AutoVacuum: String, Sendable, Hashable, Encodable { case none, full, incremental }

    package struct Sidecar: Sendable, Hashable, Encodable {
        package var suffix: String
        package var byteCount: Int64
        package var owner: UInt32
        package var ownerName: String
    }

    package struct Opener: Sendable, Hashable, Encodable {
        package var process: Int32
        package var name: String?
    }

    package init(path: String) { self.path = path }

    package func byteCount(of suffix: String) -> Int64? {
        sidecars.first { $0.suffix == suffix }?.byteCount
    }

    /// Of the file, what VACUUM would give back.
    package var freeShare: Double { pageCount > 0 ? Double(freePages) / Double(pageCount) : 0 }
}

extension DoctorFacts {
    /// Looks at the file that the user named. Nothing is written, no lock is taken, and SQLite is not asked: this must
    /// come before the process opens the database, whose locks would go with these descriptors.
    package static func look(at givenPath: String) throws(OutgrowError) -> DoctorFacts {
        let files = try SourceFiles.look(at: givenPath)
        var facts = DoctorFacts(path: files.path)
        facts.wasLink = RawSystem.linkTarget(of: givenPath) != nil
        facts.byteCount = files.byteCount
        facts.owner = files.ownerID
        facts.ownerName = SourceFiles.userName(files.ownerID)
        facts.journalIsHot =
            files.journalIsValid && (files.journalByteCount ?? 0) > 0 && files.writeLockHolder == nil
        facts.lockHolder = files.lockHolder
        facts.writeLockHolder = files.writeLockHolder
        if let start = SourceFiles.readPrefix(of: files.path, byteCount: DatabaseHeader.byteCount) {
            facts.read(start)
        }
        facts.pageCount = max(facts.pageCount, files.byteCount / max(facts.pageSize, 1))
        facts.lookBeside()
        facts.lookAround()
        return facts
    }

    private mutating func read(_ bytes: [UInt8]) {
        guard let header = DatabaseHeader(bytes) else { return }
        func number(_ offset: Int) -> UInt32 {
            bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
        }
        pageSize = header.pageSize
        isWAL = header.isWAL
        if header.isPageCountValid { pageCount = Int64(header.pageCount) }
        freePages = Int64(number(36))
        autoVacuum = number(52) == 0 ? .none : number(64) == 0 ? .full : .incremental
        userVersion = Int32(bitPattern: number(60))
        applicationID = number(68)
        textEncoding = [2: "UTF-16le", 3: "UTF-16be"][number(56)] ?? "UTF-8"
        reservedBytes = Int(bytes[20])
    }

    private mutating func lookBeside() {
        for suffix in ["-wal", "-shm", "-journal"] {
            guard let status = FileStatus(path: path + suffix) else { continue }
            sidecars.append(
                Sidecar(
                    suffix: suffix, byteCount: status.byteCount, owner: status.ownerID,
                    ownerName: SourceFiles.userName(status.ownerID)))
        }
        guard isWAL, let bytes = SourceFiles.readPrefix(of: path + "-shm", byteCount: WALIndex.byteCount)
        else { return }
        do { pendingPages = try WALIndex(bytes).pendingPages } catch {
            // Being written at this moment; nothing rests on it.
        }
    }

    private mutating func lookAround() {
        guard let identity = FileIdentity(path: path) else { return }
        hardLinkCount = identity.linkCount
        fileSystem = FileSystemKind(of: path, identity: identity)
        if let room = RawSystem.room(at: path) { (freeByteCount, totalByteCount) = (room.free, room.total) }
        var scan = ProcessScan()
        scan.lookAtAll(for: path, identity)
        writers = Self.openers(scan.writers)
        readers = Self.openers(scan.readers)
        withDeletedWAL = Self.openers(scan.withDeletedWAL)
        hiddenProcesses = scan.hidden.count
    }

    private static func openers(_ processes: Set<Int32>) -> [Opener] {
        processes.sorted().map { process in
            Opener(process: process, name: LockHolder.look(at: process, showsArguments: false).shownName)
        }
    }
}
