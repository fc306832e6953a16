/// What the user decided about the translation. Merged once, then only read.
package struct PlanOptions: Sendable, Hashable, Codable {
    package var schema = "public"
    package var names: NamePolicy = .preserve
    package var textCollation: TextCollation = .bytewise
    package var foreignKeys: ForeignKeyPolicy = .carry
    package var unstorableText: UnstorableTextPolicy = .stop
    /// Where clocks without zone stood, in seconds east of UTC; nil leaves them without zone.
    package var assumedOffset: Int?
    /// `--column TABLE.COLUMN=TYPE`.
    package var overrides: [ColumnOverride] = []
    package var profile: ProfileChoice = .automatic
    /// The user's mapping file, then the profile; the standard rules come after both.
    package var mappings: [Mapping] = []
    /// Shell patterns (`*`, `?`, `[…]`) over table names; empty includes all.
    package var includedTables: [String] = []
    package var excludedTables: [String] = []
    /// `server_version_num / 10000`.
    package var targetVersion = 15
    /// The target database's own collation sorts by bytes already.
    package var databaseCollationIsC = false
    /// Where the functions go that give SQLite's meaning where Postgres has no equal.
    package var compatibilitySchema = "sqlite"
    /// Such functions may be used at all; the command line says so unless it is told otherwise.
    package var usesCompatibility = true
    /// A role that may use them beside their owner.
    package var compatibilityRole: String?
    /// The text search configuration of `tsvector` columns, which full-text tables become; nil carries none.
    package var fullTextConfiguration: String?

    package init() {}
}

extension PlanOptions {
    /// Plans that were saved before there were compatibility functions have fewer keys.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        schema = try values.decode(String.self, forKey: .schema)
        names = try values.decode(NamePolicy.self, forKey: .names)
        textCollation = try values.decode(TextCollation.self, forKey: .textCollation)
        foreignKeys = try values.decode(ForeignKeyPolicy.self, forKey: .foreignKeys)
        unstorableText = try values.decode(UnstorableTextPolicy.self, forKey: .unstorableText)
        assumedOffset = try values.decodeIfPresent(Int.self, forKey: .assumedOffset)
        overrides = try values.decode([ColumnOverride].self, forKey: .overrides)
        profile = try values.decodeIfPresent(ProfileChoice.self, forKey: .profile) ?? .automatic
        mappings = try values.decodeIfPresent([Mapping].self, forKey: .mappings) ?? []
        includedTables = try values.decode([String].self, forKey: .includedTables)
        excludedTables = try values.decode([String].self, forKey: .excludedTables)
        targetVersion = try values.decode(Int.self, forKey: .targetVersion)
        databaseCollationIsC = try values.decode(Bool.self, forKey: .databaseCollationIsC)
        let defaults = PlanOptions()
        compatibilitySchema =
            try values.decodeIfPresent(String.self, forKey: .compatibilitySchema)
            ?? defaults.compatibilitySchema
        usesCompatibility =
            try values.decodeIfPresent(Bool.self, forKey: .usesCompatibility) ?? false
        compatibilityRole = try values.decodeIfPresent(String.self, forKey: .compatibilityRole)
        fullTextConfiguration = try values.decodeIfPresent(String.self, forKey: .fullTextConfiguration)
    }
}

package enum NamePolicy: String, Sendable, Hashable, Codable, CaseIterable {
    case preserve, lower, snake
}

package enum TextCollation: String, Sendable, Hashable, Codable {
    /// Every text column sorts by bytes, as SQLite's BINARY does.
    case bytewise
    /// The database's own collation decides.
    case `default`
}

package enum ForeignKeyPolicy: String, Sendable, Hashable, Codable, CaseIterable {
    case carry, notValid = "not-valid", omit
}

package enum UnstorableTextPolicy: String, Sendable, Hashable, Codable, CaseIterable {
    case stop, bytea
}

package struct ColumnOverride: Sendable, Hashable, Codable {
    package var table: String
    package var column: String
    package var type: PostgresType
    package init(table: String, column: String, type: PostgresType) {
        self.table = table
        self.column = column
        self.type = type
    }
}
