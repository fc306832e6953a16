package import Diagnostics
import SQLiteSyntax
package import Schema

/// The profiles that come with the program: `mappings/` at the top of the repository, embedded.
package enum Profiles {
    /// The rules that every database gets, after those of its profile and of the user.
    package static let standard = embedded("standard", PackageResources.standard_json5)

    /// One for each framework.
    package static let frameworks = [
        embedded("django", PackageResources.django_json5),
        embedded("peewee", PackageResources.peewee_json5),
        embedded("rails", PackageResources.rails_json5),
        embedded("sqlalchemy", PackageResources.sqlalchemy_json5),
    ]

    /// What `--profile` takes; `none` and `standard` both leave it at the standard rules.
    package static let names = ["auto", "none", "standard"] + frameworks.map(\.name)

    private static func embedded(_ name: String, _ bytes: [UInt8]) -> Mapping {
        do {
            return try MappingReader.readProfile(bytes, name: name)
        } catch {
            // A test reads every one of them.
            preconditionFailure("an embedded profile is a valid mapping: \(error)")
        }
    }

    /// The options with the profile that they name, or that the source's tables tell.
    package static func resolve(
        _ options: PlanOptions, for source: SourceSchema
    ) -> (options: PlanOptions, findings: [Finding]) {
        var options = options
        switch options.profile {
        case .named(let name):
            if let profile = frameworks.first(where: { $0.name == name }) { options.mappings.append(profile) }
            return (options, [])
        case .automatic:
            let found = frameworks.filter { $0.isRecognized(in: source) }
            guard let profile = found.first else { return (options, []) }
            guard found.count == 1 else { return (options, [ambiguous(found)]) }
            options.mappings.append(profile)
            return (options, [applied(profile)])
        }
    }

    private static func applied(_ profile: Mapping) -> Finding {
        let markers = profile.profile?.markers ?? []
        return Finding(
            "profile-applied", .info, at: Location(),
            "The types are chosen for \(profile.profile?.framework ?? profile.name), as the "
                + "\(markers.count == 1 ? "table" : "tables") \(markers.joined(separator: " and ")) "
                + "\(markers.count == 1 ? "says" : "say").",
            fix: "Use --profile standard to choose them without it.")
    }

    private static func ambiguous(_ found: [Mapping]) -> Finding {
        Finding(
            "profile-ambiguous", .info, at: Location(),
            "The database has tables of \(found.compactMap(\.profile?.framework).joined(separator: " and of ")), "
                + "so no profile is applied.",
            fix: "Choose with --profile \(found.map(\.name).joined(separator: " or --profile ")).")
    }
}

extension Mapping {
    fileprivate func isRecognized(in source: SourceSchema) -> Bool {
        guard let markers = profile?.markers, !markers.isEmpty else { return false }
        return markers.allSatisfy { source.table(named: $0) != nil }
    }
}

extension PlanOptions {
    /// Takes a mapping in: what it excludes is excluded.
    package mutating func add(_ mapping: Mapping) {
        mappings.append(mapping)
        excludedTables += mapping.exclude
    }

    /// What the user's mapping says of a column.
    func mappedColumn(_ column: String, of table: String) -> MappedColumn? {
        for mapping in mappings {
            let found = mapping.columns.last {
                SQLiteName.equal($0.table, table) && SQLiteName.equal($0.column, column)
            }
            if let found { return found }
        }
        return nil
    }

    func mappedName(ofTable table: String) -> String? {
        for mapping in mappings {
            if let found = mapping.tables.last(where: { SQLiteName.equal($0.table, table) }) {
                return found.name
            }
        }
        return nil
    }
}

extension [Finding] {
    /// The losses that the options' mappings accept, as accepted.
    package func accepting(_ options: PlanOptions) -> [Finding] {
        let accepted = options.mappings.flatMap(\.accept)
        guard !accepted.isEmpty else { return self }
        return map { finding in
            guard finding.severity == .loss,
                accepted.contains(where: {
                    $0.code == finding.code.rawValue
                        && TablePattern($0.location).matches(finding.location.description)
                })
            else { return finding }
            var result = finding
            result.severity = .accepted
            return result
        }
    }
}
