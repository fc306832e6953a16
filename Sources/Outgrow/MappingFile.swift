internal import Diagnostics
internal import FoundationEssentials
package import Schema
internal import Translation

/// A mapping file of the user's.
package enum MappingFile {
    private static let maxByteCount = 1 << 20

    /// Puts what the file says before what a profile says.
    package static func apply(_ path: String, to options: inout PlanOptions) throws {
        options.add(try read(path))
    }

    /// Reads it whole, unless it is no ordinary file or larger than any mapping.
    static func read(_ path: String) throws -> Mapping {
        do {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: URL(filePath: path).resolvingSymlinksInPath().path)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw unreadable(path, "it is no ordinary file")
            }
            if let size = attributes[.size] as? UInt64, size > maxByteCount {
                throw unreadable(path, "it has \(size) bytes, and a mapping has at most \(maxByteCount)")
            }
            return try MappingReader.read(Array(Data(contentsOf: URL(filePath: path))), file: path)
        } catch let error as CocoaError {
            throw unreadable(path, "\(error.code)")
        }
    }

    private static func unreadable(_ path: String, _ cause: String) -> OutgrowError {
        OutgrowError(
            "mapping-unreadable", .usage, "The mapping file cannot be read.", at: path,
            fix: "Check the path; --mapping takes a JSON5 file.", cause: cause)
    }
}
