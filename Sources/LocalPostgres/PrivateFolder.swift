internal import Diagnostics
internal import Foundation

/// A folder of one run that nobody else may enter, and that does not outlive the run.
///
/// Its owner holds an exclusive `flock` on a file inside for as long as it lives. The kernel drops the lock
/// however the process ends, so a folder whose lock is free is a left-over, and `sweep`
/// removes it: no process number that could be reused meanwhile is trusted. The folder gets its name only
/// when the lock is held, so that two processes may start and sweep at once.
package final class PrivateFolder: Sendable {
    package let path: String
    private let lock: OwnerLock

    /// Makes `outgrow-PURPOSE-…`, mode 0700, in `parent` or the folder for temporary files.
    package convenience init(for purpose: String, in parent: String? = nil) throws {
        let parent = parent ?? Self.defaultParent
        let suffix = Self.randomSuffix()
        let staging = "\(parent)/\(Self.stagingPrefix)\(suffix)"
        let path = "\(parent)/\(Self.prefix(of: purpose))\(suffix)"
        do {
            try self.init(staging: staging, path: path)
        } catch let error as OutgrowError {
            throw error
        } catch {
            throw Self.failure("A private folder cannot be made.", at: parent, error)
        }
    }

    private init(staging: String, path: String) throws {
        let files = FileManager.default
        try files.createDirectory(
            atPath: staging, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        // With a umask of 0 the folder was open for a moment.
        guard Files.isOwnFolder(staging), try files.contentsOfDirectory(atPath: staging).isEmpty else {
            throw Self.failure("A private folder was tampered with.", at: staging, nil)
        }
        let name = OwnerLock.fileName
        guard
            files.createFile(
                atPath: "\(staging)/\(name)", contents: Data(OwnerLock.description.utf8),
                attributes: [.posixPermissions: 0o600]),
            let lock = OwnerLock(takingOverIn: staging)
        else { throw Self.failure("A private folder cannot be locked.", at: staging, nil) }
        try files.moveItem(atPath: staging, toPath: path)
        self.path = path
        self.lock = lock
    }

    private init(takingOver path: String, _ lock: OwnerLock) {
        self.path = path
        self.lock = lock
    }

    /// Removes the folder with all that is in it. Does nothing when it is gone.
    package func remove() throws {
        do {
            try Self.removeContents(of: path)
            lock.release()
        } catch {
            lock.release()
            throw Self.failure("A private folder cannot be removed.", at: path, error)
        }
    }

    /// Leaves the folder to the user: no sweep touches it any more.
    package func keep() throws {
        do {
            try FileManager.default.removeItem(atPath: "\(path)/\(OwnerLock.fileName)")
        } catch {
            throw Self.failure("A private folder cannot be kept.", at: path, error)
        }
        lock.release()
    }

    /// What the kernel does when the process dies: for tests of `sweep`.
    package func abandon() { lock.release() }
}

extension PrivateFolder {
    /// Where temporary files go: `TMPDIR`, else `/tmp`.
    package static var defaultParent: String {
        let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        let trimmed = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        return trimmed.hasPrefix("/") ? trimmed : "/tmp"
    }

    /// Removes the left-overs of killed runs of this user, and returns their paths.
    ///
    /// `prepare` gets each folder first, for instance to stop what still runs there; a folder for which it
    /// throws stays, and so does one that cannot be removed: the next start tries again.
    @discardableResult
    package static func sweep(
        for purpose: String, in parent: String? = nil,
        preparing prepare: (PrivateFolder) throws -> Void = { _ in }
    ) -> [String] {
        let parent = parent ?? defaultParent
        return Files.names(in: parent).filter { $0.hasPrefix(prefix(of: purpose)) }.map { "\(parent)/\($0)" }
            .filter { path in
                guard Files.isOwnFolder(path), let lock = OwnerLock(takingOverIn: path) else { return false }
                let folder = PrivateFolder(takingOver: path, lock)
                do {
                    try prepare(folder)
                    try folder.remove()
                    return true
                } catch {
                    folder.abandon()
                    return false
                }
            }
    }

    /// A run that is killed before its folder has its name leaves this one, which holds nothing.
    private static let stagingPrefix = ".outgrow-new-"
    private static func prefix(of purpose: String) -> String { "outgrow-\(purpose)-" }

    private static func randomSuffix() -> String {
        String(UInt64.random(in: 0..<(1 << 41)), radix: 36)
    }

    /// The owner file goes last: a removal that is cut short is swept later.
    private static func removeContents(of path: String) throws {
        let files = FileManager.default
        guard files.fileExists(atPath: path) else { return }
        for name in try files.contentsOfDirectory(atPath: path) where name != OwnerLock.fileName {
            try files.removeItem(atPath: "\(path)/\(name)")
        }
        try files.removeItem(atPath: path)
    }

    private static func failure(_ summary: String, at path: String, _ error: (any Error)?) -> OutgrowError {
        OutgrowError(
            "private-folder", .target, summary, at: path,
            fix: "Name a folder that you may write to, on a local disk, with TMPDIR or --work-dir.",
            cause: error.map { ($0 as NSError).localizedDescription })
    }
}
