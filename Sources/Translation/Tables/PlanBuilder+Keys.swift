import Diagnostics
import SQLiteSyntax
import Schema

extension PlanBuilder {
    /// PRIMARY KEY and UNIQUE, and what the data's NULLs make of them.
    mutating func translateKeys(of table: Int) {
        for key in tables[table].keys { translateKey(key, of: table) }
        noteBrokenNotNulls(of: table)
        noteImpliedNotNulls(of: table)
    }

    private mutating func translateKey(_ key: KeyDraft, of table: Int) {
        let draft = tables[table]
        let kind = key.isPrimary ? "primary key" : "UNIQUE constraint"
        let code: Finding.Code = key.isPrimary ? "primary-key-not-carried" : "unique-not-carried"
        var seen: Set<Int> = []
        let parts = key.parts.filter { seen.insert($0.column).inserted }
        if parts.isEmpty || parts.contains(where: { draft.columns[$0.column].isOmitted }) {
            findings.append(
                Finding(
                    code, .loss, at: draft.location,
                    "The \(kind) is not carried because a column of it is not.",
                    sql: sql(of: key, draft)))
            return
        }
        guard parts.count <= Self.keyColumnLimit else {
            findings.append(
                Finding(
                    code, key.isPrimary ? .blocker : .loss, at: draft.location,
                    "The \(kind) has \(parts.count) columns; Postgres takes 32.",
                    fix: key.isPrimary ? "Use --exclude-table for this table." : nil, sql: sql(of: key, draft)
                ))
            return
        }
        let columns = parts.map { draft.columns[$0.column].target }
        noteEquivalence(parts.map(\.column), of: draft)
        if draft.isFolded(parts) {
            addFoldedIndex(parts, name: key.isPrimary ? nil : key.name, of: table)
            guard key.isPrimary || isReferenced(parts.map(\.column), of: table) else { return }
        }
        let hasNulls = parts.contains { draft.columns[$0.column].hasNulls }
        if key.isPrimary, hasNulls { notePrimaryKeyNulls(parts, of: draft) }
        if key.isPrimary, !hasNulls {
            let name = names.key(key.name, of: draft, columns: [], suffix: "pkey")
            target.tables[table].primaryKey = TargetKey(name: name, columns: columns)
        } else {
            let name = names.key(key.name, of: draft, columns: columns, suffix: "key")
            target.tables[table].uniques.append(TargetKey(name: name, columns: columns))
        }
    }

    /// Two texts of one instant, UUID or JSON are two keys in SQLite and one in Postgres.
    mutating func noteEquivalence(_ columns: [Int], of draft: TableDraft) {
        for position in columns where !draft.columns[position].isCanonical {
            let column = draft.columns[position]
            guard let equivalence = column.codec.equivalence, ![.text, .bytea].contains(column.type) else {
                continue
            }
            findings.append(
                Finding(
                    "unique-by-value", .info, at: draft.location(position),
                    "Uniqueness is by \(equivalence) in Postgres, and by the text in SQLite.",
                    fix: "Use --column \(draft.name).\(column.name)=text if that makes two keys equal."))
        }
    }

    /// NOCASE and RTRIM make more values equal than bytes do: an index on the folded text refuses those.
    private mutating func addFoldedIndex(_ parts: [KeyDraft.Part], name: String?, of table: Int) {
        let draft = tables[table]
        let translation = ExpressionTranslation(table: draft, options: options)
        let expressions = parts.map { part -> TargetExpression in
            let column = draft.columns[part.column]
            let plain = TargetExpression.column(column.target)
            return column.type.isCollatable ? translation.folded(plain, by: part.collation) : plain
        }
        guard expressions.contains(where: { if case .column = $0 { false } else { true } }) else { return }
        let columns = parts.map { draft.columns[$0.column].target }
        target.indexes.append(
            TargetIndex(
                name: names.index(name, of: draft, columns: columns), table: draft.target, isUnique: true,
                columns: expressions.map { TargetIndex.Column($0) }))
    }

    private func isReferenced(_ columns: [Int], of table: Int) -> Bool {
        let hasCustom = columns.contains {
            if case .custom = tables[table].columns[$0].collation { true } else { false }
        }
        return hasCustom
            || graph.keys.contains { $0.parent == table && Set($0.parentColumns) == Set(columns) }
    }

    private mutating func notePrimaryKeyNulls(_ parts: [KeyDraft.Part], of draft: TableDraft) {
        let nullable = parts.map(\.column).filter { draft.columns[$0].hasNulls }
        let observed = nullable.first.flatMap { draft.columns[$0].observed }
        findings.append(
            Finding(
                "primary-key-holds-nulls", .loss, at: draft.location(nullable[0]),
                "The primary key becomes UNIQUE: \(rows(observed?.nulls ?? 0, "holds", "hold")) NULL in it.",
                fix: "Give these rows a key in the source.", rowCount: observed?.nulls,
                examples: observed?.sampleRowIDs(.null) ?? []))
    }

    /// NOT NULL that the data breaks holds for new rows only.
    private mutating func noteBrokenNotNulls(of table: Int) {
        let draft = tables[table]
        for (position, column) in draft.columns.enumerated()
        where draft.requiresValue(position) && column.hasNulls {
            guard !column.isOmitted, let observed = column.observed else { continue }
            let name = names.constraint(nil, of: draft, columns: [column.target], suffix: "not_null")
            target.tables[table].checks.append(
                TargetCheck(
                    name: name, expression: .postfix(.column(column.target), "IS NOT NULL"), isNotValid: true)
            )
            findings.append(
                Finding(
                    "not-null-broken", .loss, at: draft.location(position),
                    "NOT NULL becomes a CHECK that is NOT VALID: "
                        + "\(rows(observed.nulls, "holds", "hold")) NULL.",
                    fix: "Correct these rows, then validate the constraint and set NOT NULL.",
                    rowCount: observed.nulls, examples: observed.sampleRowIDs(.null)))
        }
    }

    /// SQLite lets NULL into most primary keys; Postgres does not.
    private mutating func noteImpliedNotNulls(of table: Int) {
        let draft = tables[table]
        guard target.tables[table].primaryKey != nil, let key = draft.primaryKey,
            key.columns.contains(where: { !draft.requiresValue($0) })
        else { return }
        findings.append(
            Finding(
                "primary-key-not-null", .info, at: draft.location,
                "The primary key refuses NULL in Postgres; SQLite lets it in."))
    }

    private func sql(of key: KeyDraft, _ draft: TableDraft) -> String {
        let columns = key.parts.map { SQLiteName.quoted(draft.columns[$0.column].name) }
        return "\(key.isPrimary ? "PRIMARY KEY" : "UNIQUE") (\(columns.joined(separator: ", ")))"
    }
}
