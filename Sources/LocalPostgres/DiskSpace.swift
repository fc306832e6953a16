internal import Diagnostics
internal import Foundation

/// The room on a file system, asked before it is filled.
package enum DiskSpace {
    /// How many bytes this user may still write under `path`; nil when the file system does not say.
    package static func free(in path: String) throws -> Int64? {
        do {
            let attributes = try FileManager.default.attributesOfFileSystem(forPath: path)
            return (attributes[.systemFreeSize] as? NSNumber)?.int64Value
        } catch {
            throw OutgrowError(
                "private-folder", .target, "The work folder cannot be used.", at: path,
                fix: "Name an existing folder that you may write to with TMPDIR or --work-dir.",
                cause: (error as NSError).localizedDescription)
        }
    }

    /// - Throws: `no-space` with both figures when less than `byteCount` is free.
    package static func require(_ byteCount: Int64, in path: String) throws {
        guard let free = try free(in: path), free < byteCount else { return }
        throw OutgrowError(
            "no-space", .target,
            "The work folder has too little room: \(megabytes(byteCount)) needed, \(megabytes(free)) free.",
            at: path,
            fix: "Make room there, or name a folder on a larger disk with --work-dir.")
    }

    private static func megabytes(_ count: Int64) -> String {
        // Two figures that differ must not read alike.
        if count < 10 * 1_048_576 { return "\(count / 1024) KiB" }
        let rounded = count / 1_048_576 + (count % 1_048_576 == 0 ? 0 : 1)
        return "\(rounded) MiB"
    }
}
