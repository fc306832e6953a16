package import SQLiteSyntax

/// What a mapping file says: which types columns become, how things are named, what is left out, which
/// losses are accepted. A profile is a mapping that comes with the program, for one framework.
package struct Mapping: Sendable, Hashable, Codable {
    /// The profile's name, or `mapping` for a user's file.
    package var name: String
    package var rules: [MappingRule] = []
    package var columns: [MappedColumn] = []
    package var tables: [MappedTable] = []
    /// Shell patterns over table names.
    package var exclude: [String] = []
    package var accept: [AcceptedLoss] = []
    /// Of profiles only: for people, and for recognizing the framework.
    package var profile: ProfileFacts?

    package init(name: String) { self.name = name }
}

/// One row of a type table: *a column like this becomes that*, unless its data objects.
///
/// The patterns are shell patterns in lower case. Empty lists match everything.
package struct MappingRule: Sendable, Hashable, Codable {
    package var name: String
    /// Over the declared type without parentheses, or with them where the pattern has some; an empty pattern
    /// is a column without one.
    package var declared: [String] = []
    package var affinities: [Affinity] = []
    package var tables: [String] = []
    package var columns: [String] = []
    /// A function that one of the column's CHECKs calls.
    package var check: String?
    /// Only for the `INTEGER PRIMARY KEY`.
    package var isForRowIDAlias = false
    /// nil leaves the type to the storage classes of the values.
    package var type: MappedType?

    package init(name: String) { self.name = name }
}

/// A Postgres type, and in which form SQLite holds its values.
package struct MappedType: Sendable, Hashable, Codable {
    package var type: PostgresType
    package var form: StoredForm
    /// `numeric(p,s)` and `varchar(n)`: the numbers are those of the declared type.
    package var takesDeclaredArguments: Bool

    package init(_ type: PostgresType, form: StoredForm = .usual, takesDeclaredArguments: Bool = false) {
        self.type = type
        self.form = form
        self.takesDeclaredArguments = takesDeclaredArguments
    }
}

/// The forms in which SQLite databases hold values that have no type of their own there.
package enum StoredForm: String, Sendable, Hashable, Codable, CaseIterable {
    /// The form that the type is read from when nothing else is said.
    case usual
    case utcText = "UTC text"
    case unixSeconds = "unix seconds"
    case unixMilliseconds = "unix milliseconds"
    case unixMicroseconds = "unix microseconds"
    case microseconds
    case sinceEpochText = "text since 1970-01-01"
    case millenniumText = "text on 2000-01-01"
    case words
}

/// What a mapping says of one column.
package struct MappedColumn: Sendable, Hashable, Codable {
    package var table: String
    package var column: String
    /// The name in Postgres.
    package var name: String?
    package var type: MappedType?
    /// Where it stands, as `file:line:column`.
    package var place: String

    package init(table: String, column: String, place: String) {
        self.table = table
        self.column = column
        self.place = place
    }
}

/// What a mapping says of one table.
package struct MappedTable: Sendable, Hashable, Codable {
    package var table: String
    /// The name in Postgres.
    package var name: String
    package var place: String

    package init(table: String, name: String, place: String) {
        self.table = table
        self.name = name
        self.place = place
    }
}

/// A loss that its reader knows and takes: it is listed, and does not count.
package struct AcceptedLoss: Sendable, Hashable, Codable {
    package var code: String
    /// A shell pattern over the finding's location.
    package var location: String

    package init(code: String, location: String) {
        self.code = code
        self.location = location
    }
}

/// What a profile says about itself.
package struct ProfileFacts: Sendable, Hashable, Codable {
    /// The framework's name, as people write it.
    package var framework: String
    package var summary: String
    /// All of these tables stand in a database of the framework's; empty where none tells it.
    package var markers: [String] = []
    package var differences: [Difference] = []

    package init(framework: String, summary: String) {
        self.framework = framework
        self.summary = summary
    }

    /// Where our schema is not the one that the framework would make itself.
    package struct Difference: Sendable, Hashable, Codable {
        /// The framework's own word for what is concerned.
        package var of: String
        /// What stands in the catalog after the framework, and after us.
        package var framework: String
        package var outgrow: String
        package var because: String

        package init(of: String, framework: String, outgrow: String, because: String) {
            self.of = of
            self.framework = framework
            self.outgrow = outgrow
            self.because = because
        }
    }
}

/// Whether the rules for a framework are used.
package enum ProfileChoice: Sendable, Hashable, Codable {
    /// The one whose marker tables stand in the database.
    case automatic
    case named(String)
}
