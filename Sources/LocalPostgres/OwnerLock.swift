internal import Foundation
internal import Synchronization

/// The exclusive lock that says that a folder's owner lives.
///
/// The descriptor is closed on exec: a server that inherited it would keep the lock after its owner's death.
final class OwnerLock: Sendable {
    static let fileName = "owner"
    /// For people who wonder whose folder it is; nothing reads it.
    static var description: String { "outgrow, process \(ProcessInfo.processInfo.processIdentifier)\n" }

    private let file: Mutex<FileHandle?>

    /// Nil when somebody else holds the lock, or there is no regular owner file.
    init?(takingOverIn folder: String) {
        let path = "\(folder)/\(Self.fileName)"
        guard Files.isRegular(path), let handle = FileHandle(forUpdatingAtPath: path) else { return nil }
        _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
        guard flock(handle.fileDescriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
        file = Mutex(handle)
    }

    func release() {
        file.withLock { file in
            // Unlocked by name: a child that another thread is starting holds a copy of the
            // descriptor for a moment.
            if let file { _ = flock(file.fileDescriptor, LOCK_UN) }
            file = nil
        }
    }
}
