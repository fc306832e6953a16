/// What the schema says.
package enum SchemaRules {
    package static func findings(_ schema: SchemaFacts) -> [DoctorFinding] {
        var findings = schema.tables.flatMap { foreignKeys(of: $0, schema) }
        findings += schema.indexes.compactMap { redundant($0, schema) }
        findings += schema.tables.compactMap(withoutRowID)
        if let strict = notStrict(schema) { findings.append(strict) }
        if !schema.hasStatistics, schema.indexes.contains(where: \.isOwn) {
            findings.append(
                DoctorFinding(
                    "no-statistics", .hint, "ANALYZE was never run: the planner guesses which index is best.",
                    fix: "ANALYZE; then PRAGMA optimize before each connection closes"))
        }
        return findings
    }

    /// Whoever deletes a parent looks for its children: without an index, in the whole table.
    private static func foreignKeys(of table: SchemaFacts.Table, _ schema: SchemaFacts) -> [DoctorFinding] {
        table.foreignKeys.filter { !isIndexed($0.columns, in: table, schema) }.map { key in
            let name = ([table.name] + key.columns).joined(separator: "_")
            let columns = key.columns.map(quoted).joined(separator: ", ")
            return DoctorFinding(
                "foreign-key-index", .harm, object: table.name,
                "No index on (\(key.columns.joined(separator: ", "))), which refers to \(key.parent): each change of a "
                    + "parent reads all of \(table.name) while it holds the write lock.",
                fix: "CREATE INDEX \(quoted(name)) ON \(quoted(table.name)) (\(columns));")
        }
    }

    /// The columns, in any order, are the first ones of an index that holds every row.
    private static func isIndexed(
        _ columns: [String], in table: SchemaFacts.Table, _ schema: SchemaFacts
    ) -> Bool {
        let wanted = Set(columns.map { $0.lowercased() })
        let key = table.keyColumns.map { $0.name.lowercased() }
        if Set(key.prefix(columns.count)) == wanted { return true }
        return schema.indexes.contains { index in
            index.table == table.name && !index.isPartial
                && Set(index.columns.prefix(columns.count).compactMap { $0?.lowercased() }) == wanted
        }
    }

    private static func redundant(_ index: SchemaFacts.Index, _ schema: SchemaFacts) -> DoctorFinding? {
        guard index.isOwn, !index.isUnique, !index.isPartial, !index.columns.contains(nil) else { return nil }
        let longer = schema.indexes.first { other in
            other.name != index.name && other.table == index.table && !other.isPartial
                && other.columns.starts(with: index.columns)
                && (other.columns.count > index.columns.count || !other.isOwn || other.name < index.name)
        }
        guard let longer else { return nil }
        return DoctorFinding(
            "redundant-index", .hint, object: index.name,
            "\(longer.name) begins with the same columns: each write keeps both.",
            fix: "DROP INDEX \(quoted(index.name));")
    }

    /// A key that is no integer is kept twice, in the table and in its index.
    private static func withoutRowID(_ table: SchemaFacts.Table) -> DoctorFinding? {
        guard !table.isWithoutRowID, !table.keyColumns.isEmpty, !table.hasIntegerKey,
            table.columnCount <= table.keyColumns.count + 2
        else { return nil }
        return DoctorFinding(
            "without-rowid", .hint, object: table.name,
            "Its key is kept twice: in the table and in an index beside it.",
            fix: "Make it anew as CREATE TABLE … WITHOUT ROWID, if its rows are short.")
    }

    private static func notStrict(_ schema: SchemaFacts) -> DoctorFinding? {
        let loose = schema.tables.filter { !$0.isStrict }
        guard let first = loose.first else { return nil }
        let what = loose.count == 1 ? first.name : "\(loose.count) of \(schema.tables.count) tables"
        return DoctorFinding(
            "not-strict", .hint, object: loose.count == 1 ? first.name : nil,
            "Not STRICT: \(what) may hold values of any type in any column.",
            fix: "Write STRICT behind new tables; what the columns hold now is listed by: outgrow rehearse")
    }

    static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }
}
