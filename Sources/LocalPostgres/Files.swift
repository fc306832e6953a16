internal import Foundation

/// What stands on disk, where not being there is an answer and not a failure.
enum Files {
    /// The names in a folder; none when it cannot be read.
    static func names(in folder: String) -> [String] {
        do { return try FileManager.default.contentsOfDirectory(atPath: folder) } catch { return [] }
    }

    /// What a symbolic link says; nil when there is none to be read.
    static func destination(of link: String) -> String? {
        do { return try FileManager.default.destinationOfSymbolicLink(atPath: link) } catch { return nil }
    }

    /// A folder, not a link to one, that this user owns.
    static func isOwnFolder(_ path: String) -> Bool {
        let attributes = attributes(of: path)
        return attributes[.type] as? FileAttributeType == .typeDirectory
            && (attributes[.ownerAccountID] as? NSNumber)?.uint32Value == geteuid()
    }

    /// A regular file, not a link to one.
    static func isRegular(_ path: String) -> Bool {
        attributes(of: path)[.type] as? FileAttributeType == .typeRegular
    }

    private static func attributes(of path: String) -> [FileAttributeKey: Any] {
        do { return try FileManager.default.attributesOfItem(atPath: path) } catch { return [:] }
    }
}
