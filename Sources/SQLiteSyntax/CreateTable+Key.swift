extension CreateTable {
    /// The columns of the PRIMARY KEY in its order; empty when there is none.
    package var primaryKeyColumns: [IndexedColumn] {
        for constraint in constraints {
            if case .primaryKey(let columns, _, _) = constraint.kind { return columns }
        }
        for column in columns {
            for constraint in column.constraints {
                guard case .primaryKey(let order, _, _) = constraint.kind else { continue }
                return [IndexedColumn(.column(ColumnReference(name: column.name)), order: order)]
            }
        }
        return []
    }

    /// The column that is another name for the rowid.
    ///
    /// It is the only column of the PRIMARY KEY and its type is exactly `INTEGER`.
    /// A column declared `PRIMARY KEY DESC` is none, by an old mistake that is kept
    /// for compatibility; a table constraint `PRIMARY KEY (id DESC)` makes one
    /// (https://sqlite.org/lang_createtable.html#rowids_and_the_integer_primary_key).
    package var rowIDAliasColumn: ColumnDefinition? {
        guard !isWithoutRowID else { return nil }
        let key = primaryKeyColumns
        guard key.count == 1, let name = key[0].columnName else { return nil }
        guard let column = columns.first(where: { SQLiteName.equal($0.name, name) }),
            SQLiteName.folded(column.declaredType ?? "") == "integer"
        else { return nil }
        let isDescending = column.constraints.contains {
            if case .primaryKey(.descending, _, _) = $0.kind { true } else { false }
        }
        return isDescending ? nil : column
    }

    /// The name by which SQL reaches the rowid; nil for a WITHOUT ROWID table, and
    /// when columns have taken all three names.
    package var rowIDName: String? {
        guard !isWithoutRowID else { return nil }
        let taken = Set(columns.map { SQLiteName.folded($0.name) })
        return ["rowid", "_rowid_", "oid"].first { !taken.contains($0) }
    }
}
