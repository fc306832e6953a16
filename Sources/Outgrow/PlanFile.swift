internal import Diagnostics
internal import FoundationEssentials
package import Schema

/// A plan as text: for `--save-plan`, `--plan` and the ledger.
package enum PlanFile {
    package static func encode(_ plan: MigrationPlan) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(plan), as: UTF8.self) + "\n"
    }

    package static func decode(_ text: String, from place: String) throws -> MigrationPlan {
        do {
            let plan = try JSONDecoder().decode(MigrationPlan.self, from: Data(text.utf8))
            guard plan.format == MigrationPlan.currentFormat else {
                throw unreadable(place, "its format is \(plan.format)")
            }
            return plan
        } catch let error as DecodingError {
            throw unreadable(place, "\(error)")
        }
    }

    package static func read(_ path: String) throws -> MigrationPlan {
        do {
            return try decode(
                String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self), from: path)
        } catch let error as CocoaError {
            throw OutgrowError(
                "plan-unreadable", .usage, "The plan file cannot be read.", at: path, fix: "Check the path.",
                cause: "\(error.code)")
        }
    }

    /// Readable by the user alone: a plan tells the shape of somebody's data.
    package static func write(_ plan: MigrationPlan, to path: String) throws {
        let text = try encode(plan)
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } catch let error as CocoaError {
            throw OutgrowError(
                "plan-unwritable", .usage, "The plan file cannot be written.", at: path,
                fix: "Name a file in a folder that you may write to.", cause: "\(error.code)")
        }
    }

    private static func unreadable(_ place: String, _ reason: String) -> OutgrowError {
        OutgrowError(
            "plan-unreadable", .usage, "This is no plan of this version of outgrow.", at: place,
            fix: "Make it anew with --save-plan.", cause: reason)
    }
}
