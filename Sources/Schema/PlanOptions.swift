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
    /// Shell patterns (`*`, `?`, `[…]`) over table names; empty includes all.
    package var includedTables: [String] = []
    package var excludedTables: [String] = []
    /// `server_version_num / 10000`.
    package var targetVersion = 15
    /// The target database's own collation sorts by bytes already.
    package var databaseCollationIsC = false

    package init() {}
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
