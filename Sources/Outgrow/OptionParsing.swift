internal import Diagnostics
internal import PostgresClient
package import Schema
internal import Translation

/// Option values that are small languages of their own, read in one place for every front end.
package enum OptionParsing {
    /// `TABLE.COLUMN=TYPE`. The last dot parts table from column, so a table may have dots in its name.
    package static func override(_ text: String) throws -> ColumnOverride {
        guard let equals = text.lastIndex(of: "="), let dot = text[..<equals].lastIndex(of: ".") else {
            throw usage(
                "--column takes TABLE.COLUMN=TYPE, not \"\(text)\".", "Write it as orders.note=jsonb.")
        }
        let type = String(text[text.index(after: equals)...])
        guard let parsed = TypeNames.parse(type), parsed != .interval else {
            throw usage(
                "--column knows no type \"\(type)\".",
                "Name one of: \(TypeNames.accepted.joined(separator: ", ")).")
        }
        return ColumnOverride(
            table: String(text[..<dot]), column: String(text[text.index(after: dot)..<equals]), type: parsed)
    }

    /// `auto`, `none`, or the name of a profile.
    package static func profile(_ text: String) throws -> ProfileChoice {
        guard Profiles.names.contains(text) else {
            throw usage(
                "--profile knows no \"\(text)\".",
                "Name one of: \(Profiles.names.joined(separator: ", ")).")
        }
        return text == "auto" ? .automatic : .named(text)
    }

    /// `UTC` or an offset such as `+02:00`, in seconds east of UTC.
    package static func offset(_ text: String) throws -> Int {
        if ["utc", "z", "gmt"].contains(text.lowercased()) { return 0 }
        let digits = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard let sign = text.first, sign == "+" || sign == "-", digits.count == 2,
            digits.allSatisfy({ $0.count == 2 }),
            let hours = Int(digits[0]), let minutes = Int(digits[1]), (0...15).contains(hours),
            (0..<60).contains(minutes)
        else {
            throw usage(
                "--timezone takes UTC or an offset, not \"\(text)\".",
                "Write UTC or, for instance, +02:00; clocks that changed with daylight saving must be converted first."
            )
        }
        return (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    /// `english`, or `schema.name`.
    package static func textSearchConfiguration(_ text: String) throws -> String {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let arePlain = parts.allSatisfy { part in
            (1...63).contains(part.utf8.count) && !(part.first?.isNumber ?? true)
                && part.utf8.allSatisfy {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
                }
        }
        guard arePlain, (1...2).contains(parts.count) else {
            throw usage(
                "--fts takes the name of a text search configuration in lower case, not \"\(text)\".",
                "Write simple, a language such as english, or schema.name; psql shows them with \\dF.")
        }
        return text
    }

    private static func usage(_ summary: String, _ remedy: String) -> OutgrowError {
        OutgrowError("option-invalid", .usage, summary, fix: remedy)
    }
}

extension MigrationOptions {
    /// Resolves `target` as psql does: a URI, a conninfo string, a database name, or nil for the `PG*` environment.
    package init(source: String, target: String?, jobs: Int) throws {
        self.init(source: source, target: try Conninfo(target), jobs: jobs)
    }

    /// For stories that start a server of their own.
    package init(sourceWithoutTarget source: String, jobs: Int) {
        self.init(source: source, target: Conninfo(options: [:]), jobs: jobs)
    }

    /// The target without its password, as it may stand in a command line.
    package static func redacted(target: String) -> String {
        do { return try Conninfo(target).redacted } catch { return "TARGET" }
    }

    /// Takes the decisions from a plan that was saved before.
    package mutating func pin(planFile path: String) throws {
        let pinned = try PlanFile.read(path)
        pinnedPlan = pinned
        plan = pinned.options
    }

    /// The target's string holds a password, which every user of the machine can see in the process list.
    package var hasPasswordInArgument: Bool { target.hasPasswordInArgument }
}
