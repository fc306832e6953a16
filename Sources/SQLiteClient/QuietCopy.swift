package import Diagnostics

/// A copy of a database that applications use, made without a lock and without SQLite: it waits for a quiet moment.
///
/// In WAL mode only checkpoints write into the database file, and frames of the WAL stay as they are until it is begun
/// anew. So a copy of the file and then of the WAL is one state if between the two neither the file nor the WAL's header
/// nor the checkpoint's progress changed; commits may go on meanwhile. With a rollback journal nobody may write at all.
/// https://sqlite.org/fileformat.html#walindexformat
package enum QuietCopy {
    /// How often to try; each waits for nothing.
    private static let attempts = 5

    /// Copies into `folder`, which must be empty, and returns the copy's path.
    package static func make(of path: String, in folder: String) throws(OutgrowError) -> String {
        for _ in 1..<attempts {
            let files = try SourceFiles.look(at: path)
            let before = State(files)
            guard before.isQuiet else { continue }
            let copy = try PrivateCopy.makeUnchecked(of: files, in: folder)
            if State(try SourceFiles.look(at: path)) == before { return copy }
            PrivateCopy.remove(copy)
        }
        throw OutgrowError(
            "source-busy", .source, "The database was written each time it was being copied aside.", at: path,
            fix: "Run again when it is quieter, or with --open.")
    }

    /// What must not change while the copy is made.
    private struct State: Equatable {
        var database: SourceFiles.Stamp.Part?
        var changeCounter: UInt32
        var others: [SourceFiles.Stamp.Part] = []
        /// In WAL mode: the salts and how far checkpoints have come.
        var progress: [UInt8] = []
        var isQuiet = true

        init(_ files: SourceFiles) {
            database = files.stamp.parts.first
            changeCounter = files.header.changeCounter
            let index = SourceFiles.readPrefix(of: files.sharedMemoryPath, byteCount: 136) ?? []
            guard files.header.isWAL, index.count == 136, files.lockHolder != nil else {
                others = Array(files.stamp.parts.dropFirst())
                isQuiet = files.writeLockHolder == nil && !files.journalIsValid
                return
            }
            // Salts at 32, nBackfill at 96, nBackfillAttempted at 128 (https://sqlite.org/walformat.html).
            progress = Array(index[32..<40] + index[96..<100] + index[128..<132])
            // Somebody is moving pages at this moment.
            isQuiet = index[96..<100] == index[128..<132] && !isCheckpointing(files)
        }

        private func isCheckpointing(_ files: SourceFiles) -> Bool {
            SourceFiles.lockHolder(path: files.sharedMemoryPath, from: 121, count: 1) != nil
        }
    }
}
