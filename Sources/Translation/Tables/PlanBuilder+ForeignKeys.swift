import Diagnostics
import SQLiteSyntax
import Schema

extension PlanBuilder {
    mutating func translateForeignKeys() {
        guard options.foreignKeys != .omit else {
            let count = tables.reduce(0) { $0 + $1.source.foreignKeys.count }
            if count > 0 {
                findings.append(
                    Finding(
                        "foreign-keys-omitted", .info, at: Location(),
                        "\(count == 1 ? "1 foreign key is" : "\(count) foreign keys are") left out, "
                            + "as the options say."))
            }
            return
        }
        for key in graph.keys { translateForeignKey(key) }
        let count = target.foreignKeys.count
        guard count > 0 else { return }
        findings.append(
            Finding(
                "foreign-keys-enforced", .info, at: Location(),
                "Postgres enforces \(count == 1 ? "the foreign key" : "the \(count) foreign keys") always; "
                    + "SQLite does so only for connections that ask.",
                fix: "Use --foreign-keys not-valid or omit if the application relies on that."))
    }

    private mutating func translateForeignKey(_ key: ForeignKeyDraft) {
        let child = tables[key.table]
        let parent = tables[key.parent]
        if let reason = obstacle(key, child, parent) {
            findings.append(ForeignKeyGraph.loss(key.source, of: child, reason))
            return
        }
        let columns = key.columns.map { child.columns[$0].target }
        var result = TargetForeignKey(
            name: names.constraint(key.source.name, of: child, columns: columns, suffix: "fkey"),
            table: child.target,
            columns: columns, parentTable: parent.target,
            parentColumns: key.parentColumns.map { parent.columns[$0].target })
        result.onDelete = key.source.clause.onDelete.map(TargetForeignKey.Action.init)
        result.onUpdate = key.source.clause.onUpdate.map(TargetForeignKey.Action.init)
        result.isDeferred = key.source.clause.isDeferred
        result.isNotValid = options.foreignKeys == .notValid
        let location = Location(child.name, column: key.source.columns.joined(separator: ", "))
        if result.isNotValid {
            findings.append(
                Finding(
                    "foreign-key-not-valid", .loss, at: location,
                    "The foreign key to \(parent.name) is NOT VALID, as the options say: "
                        + "old rows are not checked."
                ))
        }
        if let orphans = child.source.orphans[key.position] {
            result.isNotValid = true
            findings.append(orphanFinding(orphans, key, child, at: location))
        } else if key.isFolded {
            result.isNotValid = true
            findings.append(
                Finding(
                    "foreign-key-not-valid", .loss, at: location,
                    "The foreign key to \(parent.name) is NOT VALID: it compares bytes, "
                        + "SQLite compares by the parent's collation."))
        }
        target.foreignKeys.append(result)
    }

    private func orphanFinding(
        _ orphans: OrphanObservation, _ key: ForeignKeyDraft, _ child: TableDraft, at location: Location
    ) -> Finding {
        let word = child.definition.isWithoutRowID ? "row" : "rowid"
        return Finding(
            "foreign-key-orphans", .loss, at: location,
            "The foreign key to \(tables[key.parent].name) is NOT VALID: "
                + "\(rows(orphans.rowCount, "refers", "refer")) to nothing.",
            fix: "Correct these rows, then validate the constraint.", rowCount: orphans.rowCount,
            examples: orphans.examples.prefix(5).map { "\(word) \($0)" })
    }

    /// What only the finished columns show.
    private func obstacle(_ key: ForeignKeyDraft, _ child: TableDraft, _ parent: TableDraft) -> String? {
        let pairs = zip(key.columns.map { child.columns[$0] }, key.parentColumns.map { parent.columns[$0] })
        if pairs.contains(where: { $0.isOmitted || $1.isOmitted }) { return "a column of it is not carried" }
        if pairs.contains(where: { $0.type != $1.type }) { return "its columns have no common type" }
        let clause = key.source.clause
        let writes = [clause.onDelete, clause.onUpdate].contains { $0 == .setNull || $0 == .setDefault }
        if writes || clause.onUpdate == .cascade, pairs.contains(where: { $0.0.isComputed }) {
            return "its action would write to a generated column"
        }
        if key.columns.count > Self.keyColumnLimit { return "Postgres takes 32 columns" }
        let names = Set(key.parentColumns.map { parent.columns[$0].target })
        let table = target.tables[key.parent]
        let isUnique =
            ([table.primaryKey].compactMap(\.self) + table.uniques).contains { Set($0.columns) == names }
            || target.indexes.contains { $0.table == table.name && $0.isPlainUnique(names) }
        return isUnique ? nil : "the columns it refers to are not unique in Postgres"
    }
}

extension TargetIndex {
    fileprivate func isPlainUnique(_ names: Set<String>) -> Bool {
        guard isUnique, filter == nil else { return false }
        let own = columns.compactMap { if case .column(let name) = $0.expression { name } else { nil } }
        return own.count == columns.count && Set(own) == names
    }
}

extension TargetForeignKey.Action {
    fileprivate init(_ action: ForeignKeyClause.Action) {
        self =
            switch action {
            case .noAction: .noAction
            case .restrict: .restrict
            case .setNull: .setNull
            case .setDefault: .setDefault
            case .cascade: .cascade
            }
    }
}
