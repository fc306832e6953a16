package import SQLiteSyntax

/// One foreign key of a table, whether it was written beside a column or as a table constraint.
package struct SourceForeignKey: Sendable, Hashable, Codable {
    /// `CONSTRAINT name`, when given.
    package var name: String?
    /// The child's columns, as written.
    package var columns: [String]
    package var clause: ForeignKeyClause

    package init(name: String? = nil, columns: [String], clause: ForeignKeyClause) {
        self.name = name
        self.columns = columns
        self.clause = clause
    }
}

extension SourceTable {
    /// The keys in the order they are written: the columns' own first, then the table's.
    ///
    /// `orphans` counts by position in this list. (SQLite's `pragma_foreign_key_list`
    /// numbers the same keys from the last to the first.)
    package var foreignKeys: [SourceForeignKey] {
        let ofColumns = definition.columns.flatMap { column in
            column.constraints.compactMap { constraint -> SourceForeignKey? in
                guard case .foreignKey(let clause) = constraint.kind else { return nil }
                return SourceForeignKey(name: constraint.name, columns: [column.name], clause: clause)
            }
        }
        let ofTable = definition.constraints.compactMap { constraint -> SourceForeignKey? in
            guard case .foreignKey(let columns, let clause) = constraint.kind else { return nil }
            return SourceForeignKey(name: constraint.name, columns: columns, clause: clause)
        }
        return ofColumns + ofTable
    }
}
