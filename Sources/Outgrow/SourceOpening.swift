internal import Diagnostics
internal import LocalPostgres
package import SQLiteClient
internal import Synchronization
internal import Threading

/// A source held open, with the private folder that its copy may need.
///
/// `close()` leaves the source as it was; the folder goes with it.
package final class OpenSource: Sendable {
    package let reader: SourceReader
    private let folder: PrivateFolder?

    private init(_ reader: SourceReader, _ folder: PrivateFolder?) {
        self.reader = reader
        self.folder = folder
    }

    private static let purpose = "source"

    /// Opens `path` in one read transaction, on a thread of its own.
    package static func open(_ path: String, observer: @escaping StoryObserver) async throws -> OpenSource {
        try await onOwnThread(named: "open-source") {
            PrivateFolder.sweep(for: purpose)
            let files = try SourceFiles.look(at: path)
            let made = Mutex<PrivateFolder?>(nil)
            do {
                let reader = try SourceReader.open(files) { byteCount, reason in
                    observer(.note("The source is read from a private copy: \(reason)."))
                    let folder = try makeFolder(byteCount)
                    made.withLock { $0 = folder }
                    return folder.path
                }
                return OpenSource(reader, made.withLock(\.self))
            } catch {
                try made.withLock(\.self)?.remove()
                throw error
            }
        }
    }

    /// For the copy of a source the room of TMPDIR counts, and no target has anything to do with it.
    private static func makeFolder(_ byteCount: Int64) throws -> PrivateFolder {
        do {
            try DiskSpace.require(byteCount, in: PrivateFolder.defaultParent)
            return try PrivateFolder(for: purpose)
        } catch var error as OutgrowError {
            error.kind = .source
            error.remedy =
                "Let TMPDIR name a folder that you may write to, with room for a copy of the database."
            throw error
        }
    }

    /// Opens `path`, runs `body`, and closes it again on every way out.
    static func withOpen<Result>(
        _ path: String, observer: @escaping StoryObserver, _ body: (OpenSource) async throws -> Result
    ) async throws -> Result {
        let source = try await open(path, observer: observer)
        do {
            let result = try await body(source)
            try source.close()
            return result
        } catch {
            try source.close()
            throw error
        }
    }

    package func close() throws {
        reader.finish()
        try folder?.remove()
    }
}
