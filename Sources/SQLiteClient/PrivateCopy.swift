internal import Diagnostics
internal import Glibc

/// A byte-for-byte copy of a database and the sidecar that completes it, for reading what a crash left.
///
/// SQLite replays the -wal or rolls the journal back in the copy; the source stays as it is.
enum PrivateCopy {
    /// Copies into `folder` and returns the copy's path.
    static func make(of files: SourceFiles, in folder: String) throws(OutgrowError) -> String {
        let copy = folder + "/source.db"
        let before = SourceFiles.stamp(of: files.path)
        guard before == files.stamp else { throw written(files.path) }
        try copyFile(files.path, to: copy)
        if (files.walByteCount ?? 0) > 0 { try copyFile(files.walPath, to: copy + "-wal") }
        if files.journalIsValid { try copyFile(files.journalPath, to: copy + "-journal") }
        // An application that started meanwhile may have written; two equal stamps say that none did.
        guard SourceFiles.stamp(of: files.path) == before else { throw written(files.path) }
        return copy
    }

    private static func written(_ path: String) -> OutgrowError {
        OutgrowError(
            "source-busy", .source, "The database was written while it was being copied aside.", at: path,
            fix: "Run again: the application seems to have started meanwhile.")
    }

    private static func copyFile(_ source: String, to target: String) throws(OutgrowError) {
        let input = unsafe open(source, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw failed(source, "read") }
        defer { close(input) }
        let output = unsafe open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard output >= 0 else { throw failed(target, "written") }
        defer { close(output) }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe read(input, &buffer, buffer.count)
            if count == 0 { return }
            guard count > 0 else { throw failed(source, "read") }
            var written = 0
            while written < count {
                let step = unsafe buffer.withUnsafeBytes { unsafe write(output, $0.baseAddress! + written, count - written) }
                guard step > 0 else { throw failed(target, "written") }
                written += step
            }
        }
    }

    private static func failed(_ path: String, _ verb: String) -> OutgrowError {
        OutgrowError(
            "private-copy-failed", .source, "The private copy of the database could not be \(verb).", at: path,
            fix: "Give TMPDIR a folder with enough space, then run again.", cause: unsafe String(cString: strerror(errno)))
    }
}
