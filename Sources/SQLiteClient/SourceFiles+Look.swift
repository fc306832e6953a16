package import Diagnostics

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

extension SourceFiles {
    /// Looks at the file that the user named, or says why it is no source.
    package static func look(at givenPath: String) throws(OutgrowError) -> SourceFiles {
        guard let status = FileStatus(path: givenPath) else { throw missing(givenPath) }
        try requireRegularFile(status, at: givenPath)
        guard let path = resolved(givenPath) else { throw missing(givenPath) }
        guard unsafe access(path, R_OK) == 0,
            let start = readPrefix(of: path, byteCount: DatabaseHeader.byteCount)
        else {
            throw unreadable(path, ownerID: status.ownerID)
        }
        let walByteCount = FileStatus(path: path + "-wal")?.byteCount
        guard let header = DatabaseHeader(start) else {
            throw notADatabase(start, byteCount: status.byteCount, at: path)
        }
        let journalPrefix = readPrefix(of: path + "-journal", byteCount: 8)
        let files = SourceFiles(
            path: path, byteCount: status.byteCount, ownerID: status.ownerID, header: header,
            walByteCount: walByteCount, hasSharedMemory: FileStatus(path: path + "-shm") != nil,
            journalByteCount: FileStatus(path: path + "-journal")?.byteCount,
            journalIsValid: journalPrefix == [0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7],
            lockHolder: anyLockHolder(of: path), writeLockHolder: writeLockHolder(of: path),
            folderIsWritable: unsafe access(folder(of: path), W_OK) == 0,
            fileIsWritable: unsafe access(path, W_OK) == 0, stamp: stamp(of: path))
        try files.requireWholeFile()
        return files
    }

    /// A file shorter than its own header says was cut off, unless the rest is still in a sidecar.
    private func requireWholeFile() throws(OutgrowError) {
        guard walByteCount ?? 0 == 0, journalByteCount ?? 0 == 0, lockHolder == nil else { return }
        let isOddLength = header.pageSize > 0 && byteCount % header.pageSize != 0
        let expected = Int64(header.pageCount) * header.pageSize
        guard header.isPageCountValid, byteCount < expected || isOddLength else { return }
        throw OutgrowError(
            "source-truncated", .source,
            "The file holds \(byteCount) bytes where its header promises \(expected): it was cut off.",
            at: path,
            fix: "Copy it again from where it came from, and compare the sizes.")
    }

    private static func requireRegularFile(_ status: FileStatus, at path: String) throws(OutgrowError) {
        let what: String? =
            switch status.kind {
            case .regular: nil
            case .folder: "a folder"
            case .fifo: "a named pipe"
            case .socket: "a socket"
            case .device: "a device"
            case .other: "not a regular file"
            }
        guard let what else { return }
        throw OutgrowError(
            "not-a-file", .source, "The source is \(what), not a database file.", at: path,
            fix: "Name the SQLite file itself.")
    }

    static func unreadable(_ path: String, ownerID: UInt32) -> OutgrowError {
        OutgrowError(
            "source-unreadable", .source, "The file may not be read by this user.", at: path,
            fix: "Run as \(userName(ownerID)), who owns it, or make it readable.")
    }

    private static func missing(_ path: String) -> OutgrowError {
        let code = errno
        let reason = unsafe String(cString: strerror(code))
        if code == EACCES {
            return OutgrowError(
                "source-unreadable", .source,
                "A folder on the way to the database may not be entered by this user.", at: path,
                fix: "Run as the database's owner, or make every folder of the path accessible.",
                cause: reason)
        }
        return OutgrowError(
            "source-missing", .source, "There is no database to read here.", at: path,
            fix: "Check the path: it is taken relative to the current folder.", cause: reason)
    }

    private static func notADatabase(_ start: [UInt8], byteCount: Int64, at path: String) -> OutgrowError {
        if byteCount == 0 {
            return OutgrowError(
                "source-empty", .source, "The file is empty: it holds no database.", at: path,
                fix:
                    "Name the file that the application really uses; SQLite makes an empty one for a mistyped path."
            )
        }
        guard let guess = DatabaseHeader.guess(start) else {
            return OutgrowError(
                "not-a-database", .source, "The file is not a SQLite database, or it is encrypted.", at: path,
                fix: "Decrypt it first (SQLCipher: sqlcipher_export), or name the right file.")
        }
        return OutgrowError(
            "not-a-database", .source, "The file is not a SQLite database: it looks like \(guess.name).",
            at: path,
            fix: guess.remedy)
    }

    package static func resolved(_ path: String) -> String? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    static func folder(of path: String) -> String {
        let end = path.lastIndex(of: "/") ?? path.startIndex
        return end == path.startIndex ? "/" : String(path[..<end])
    }

    package static func userName(_ id: UInt32) -> String {
        guard let entry = unsafe getpwuid(id), let name = unsafe entry.pointee.pw_name else {
            return "user \(id)"
        }
        return unsafe String(cString: name)
    }
}
