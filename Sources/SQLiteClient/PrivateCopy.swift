package import Diagnostics

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// A byte-for-byte copy of a database and the sidecar that completes it, for reading what a crash left.
///
/// SQLite replays the -wal or rolls the journal back in the copy; the source stays as it is.
package enum PrivateCopy {
    /// Copies into `folder` and returns the copy's path.
    package static func make(of files: SourceFiles, in folder: String) throws(OutgrowError) -> String {
        let before = SourceFiles.stamp(of: files.path)
        guard before == files.stamp else { throw written(files.path) }
        let copy = try makeUnchecked(of: files, in: folder)
        // An application that started meanwhile may have written; two equal stamps say that none did.
        guard SourceFiles.stamp(of: files.path) == before else { throw written(files.path) }
        return copy
    }

    /// Copies the database, then what completes it; the caller finds out whether somebody wrote meanwhile.
    static func makeUnchecked(of files: SourceFiles, in folder: String) throws(OutgrowError) -> String {
        let copy = folder + "/source.db"
        try copyFile(files.path, to: copy)
        if (files.walByteCount ?? 0) > 0 { try copyFile(files.walPath, to: copy + "-wal") }
        if files.journalIsValid { try copyFile(files.journalPath, to: copy + "-journal") }
        return copy
    }

    /// Takes a copy away that turned out to be of two states.
    static func remove(_ copy: String) {
        for suffix in ["", "-wal", "-journal"] { unsafe _ = unlink(copy + suffix) }
    }

    private static func written(_ path: String) -> OutgrowError {
        OutgrowError(
            "source-busy", .source, "The database was written while it was being copied aside.", at: path,
            fix: "Run again: the application seems to have started meanwhile.")
    }

    private static func copyFile(_ source: String, to target: String) throws(OutgrowError) {
        let input = unsafe open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else {
            let code = errno
            if code == EACCES, let status = FileStatus(path: source) {
                throw SourceFiles.unreadable(source, ownerID: status.ownerID)
            }
            // What was there a moment ago is gone: the application tidied it up.
            throw code == ENOENT ? written(source) : failed(source, "read", code)
        }
        defer { close(input) }
        let output = unsafe open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard output >= 0 else { throw failed(target, "written", errno) }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe read(input, &buffer, buffer.count)
            if count == 0 { return }
            guard count > 0 else { throw failed(source, "read", errno) }
            var written = 0
            while written < count {
                let step = unsafe buffer.withUnsafeBytes {
                    unsafe write(output, $0.baseAddress! + written, count - written)
                }
                guard step > 0 else { throw failed(target, "written", errno) }
                written += step
            }
        }
    }

    private static func failed(_ path: String, _ verb: String, _ code: Int32) -> OutgrowError {
        OutgrowError(
            "private-copy-failed", .source,
            "The file could not be \(verb) for the private copy of the database.", at: path,
            fix: verb == "read"
                ? "Look at the disk (dmesg), or copy the database and its sidecars elsewhere and read that."
                : "Let TMPDIR name a folder with enough room, then run again.",
            cause: unsafe String(cString: strerror(code)))
    }
}
