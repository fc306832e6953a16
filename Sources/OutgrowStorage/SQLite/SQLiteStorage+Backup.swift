internal import SQLiteClient

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension SQLiteStorage {
    /// Writes a copy of the whole database, as of one moment, to a new file.
    ///
    /// Readers and writers go on meanwhile; the copy holds all that was committed before it began, without the room
    /// that deleted rows left. It takes the time of reading the database once. Canceling the task stops it, and then,
    /// as after any failure, an unfinished file may be left that must not be used.
    /// https://sqlite.org/lang_vacuum.html#vacuuminto
    ///
    /// - Throws: ``StorageError``; of the kind ``StorageError/Kind/misuse`` when the file exists.
    public func backup(to path: String) async throws {
        let target = SQLiteOpening.absolute(path)
        guard !path.isEmpty, !path.utf8.contains(0), !FileManager.default.fileExists(atPath: target) else {
            throw StorageError(
                .misuse, "The backup needs the path of a file that does not exist yet.",
                fix: "Name another file, or remove the old one.")
        }
        let quoted = target.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        guard readers == nil, let writer else {
            let thread = try await connectionForBackup()
            let result = await vacuum(into: quoted, on: thread)
            await closeConnectionForBackup(thread)
            return try result.get()
        }
        let lease = try await writer.acquire()
        let result = await vacuum(into: quoted, on: lease.connection)
        await writer.release(lease, isUsable: true)
        try result.get()
    }

    private func vacuum(
        into target: String, on thread: SQLiteThread
    ) async -> Result<Void, any Error> {
        let ticket = thread.interruption.arm()
        defer { thread.interruption.disarm(ticket) }
        return await withTaskCancellationHandler {
            do {
                try await thread.run("VACUUM INTO '\(target)'")
                return .success(())
            } catch {
                return .failure(error)
            }
        } onCancel: {
            thread.interruption.cancel(ticket)
        }
    }
}
