/// A schema as far as the doctor looks at it.
package struct SchemaFacts: Sendable, Hashable, Encodable {
    package var tables: [Table] = []
    package var indexes: [Index] = []
    /// ANALYZE was run once.
    package var hasStatistics = false

    package init() {}

    package struct Table: Sendable, Hashable, Encodable {
        package var name: String
        package var isStrict: Bool
        package var isWithoutRowID: Bool
        /// Those of the primary key, in its order.
        package var keyColumns: [Column] = []
        package var columnCount = 0
        package var foreignKeys: [ForeignKey] = []

        package init(name: String, isStrict: Bool, isWithoutRowID: Bool) {
            self.name = name
            self.isStrict = isStrict
            self.isWithoutRowID = isWithoutRowID
        }

        /// The key is the rowid itself.
        package var hasIntegerKey: Bool {
            keyColumns.count == 1 && keyColumns[0].type.uppercased() == "INTEGER"
        }
    }

    package struct Column: Sendable, Hashable, Encodable {
        package var name: String
        package var type: String

        package init(name: String, type: String) {
            self.name = name
            self.type = type
        }
    }

    package struct ForeignKey: Sendable, Hashable, Encodable {
        package var columns: [String]
        package var parent: String

        package init(columns: [String], parent: String) {
            self.columns = columns
            self.parent = parent
        }
    }

    package struct Index: Sendable, Hashable, Encodable {
        package var name: String
        package var table: String
        /// nil for an expression.
        package var columns: [String?]
        package var isUnique: Bool
        package var isPartial: Bool
        /// Made by CREATE INDEX, and not by a constraint.
        package var isOwn: Bool

        package init(
            name: String, table: String, columns: [String?], isUnique: Bool, isPartial: Bool, isOwn: Bool
        ) {
            self.name = name
            self.table = table
            self.columns = columns
            self.isUnique = isUnique
            self.isPartial = isPartial
            self.isOwn = isOwn
        }
    }
}
