import Diagnostics
import SQLiteSyntax
import Schema

extension PlanBuilder {
    mutating func targetColumns(of table: Int) -> [TargetColumn] {
        let draft = tables[table]
        let carried = draft.columns.indices.filter { !draft.columns[$0].isOmitted }
        if carried.count > Self.columnLimit {
            findings.append(
                Finding(
                    "too-many-columns", .blocker, at: draft.location,
                    "The table has \(grouped(Int64(carried.count))) columns; Postgres holds 1,600.",
                    fix: "Use --exclude-table, or split the table in the source."))
        }
        noteConflictClauses(of: draft)
        return carried.map { targetColumn($0, of: draft) }
    }

    private mutating func targetColumn(_ position: Int, of table: TableDraft) -> TargetColumn {
        let column = table.columns[position]
        var result = TargetColumn(name: column.target, type: column.type)
        if column.type.isCollatable, options.textCollation == .bytewise, !options.databaseCollationIsC {
            result.collation = "C"
        }
        noteCollation(of: column, at: table.location(position))
        if case .expression(let expression, _) = column.generation { result.generated = expression }
        if column.isRowIDAlias {
            result.isIdentity = true
            result.isNotNull = true
            result.sequenceName = names.sequence(of: table, column: column.target)
            return result
        }
        result.isNotNull = isNotNull(position, of: table)
        if case .none = column.generation { result.defaultValue = defaultValue(position, of: table) }
        return result
    }

    /// Declared, or implied for the key of a WITHOUT ROWID or STRICT table; and not broken by the data.
    private func isNotNull(_ position: Int, of table: TableDraft) -> Bool {
        table.requiresValue(position) && !table.columns[position].hasNulls
    }

    private mutating func defaultValue(_ position: Int, of table: TableDraft) -> TargetExpression? {
        let column = table.columns[position]
        guard let expression = column.definition.defaultExpression else { return nil }
        let translation = DefaultTranslation(column: column, table: table, options: options)
        do throws(Untranslatable) {
            switch try translation.outcome(of: expression) {
            case .none: return nil
            case .value(let value): return value
            case .changed(let value, let message):
                findings.append(Finding("default-changed", .info, at: table.location(position), message))
                return value
            }
        } catch {
            findings.append(
                Finding(
                    "default-not-carried", .loss, at: table.location(position),
                    "The default is not carried because \(error.reason).",
                    fix: "Have the application give the value.", sql: SQLPrinter.print(expression)))
            return nil
        }
    }

    private mutating func noteCollation(of column: ColumnDraft, at location: Location) {
        guard column.type.isCollatable else { return }
        switch column.collation {
        case .binary: return
        case .nocase:
            findings.append(
                Finding(
                    "nocase-collation", .loss, at: location,
                    "Comparisons with the column fold case in SQLite, and not in Postgres.",
                    fix: "Compare lower(column COLLATE \"C\") in the application's queries."))
        case .rtrim:
            findings.append(
                Finding(
                    "rtrim-collation", .loss, at: location,
                    "Comparisons with the column pass over trailing spaces in SQLite, and not in Postgres.",
                    fix: "Compare rtrim(column) in the application's queries."))
        case .custom(let name):
            findings.append(
                Finding(
                    "collation-not-carried", .loss, at: location,
                    "The collation \(name) is the application's own and is not carried."))
        }
    }

    private mutating func noteConflictClauses(of table: TableDraft) {
        for clause in table.definition.conflictClauses {
            findings.append(
                Finding(
                    "conflict-clause", .loss, at: Location(table.name, column: clause.column),
                    "ON CONFLICT \(clause.resolution.rawValue) of \(clause.constraint) is not carried: "
                        + "Postgres refuses the statement instead.",
                    fix: "Write INSERT … ON CONFLICT in the application's statements.",
                    sql: "\(clause.constraint) ON CONFLICT \(clause.resolution.rawValue)"))
        }
    }

    /// Translates generated columns in the order of their dependence; what does not translate is copied or
    /// left out.
    mutating func translateGeneratedColumns(of table: Int) {
        var pending = tables[table].columns.indices.filter {
            tables[table].columns[$0].definition.generated != nil
        }
        guard !pending.isEmpty else { return }
        for position in pending { tables[table].columns[position].generation = .omitted }
        pending = translateGenerated(pending, of: table)
        for position in pending {
            guard tables[table].columns[position].definition.generated?.storage == .stored else { continue }
            settleStored(position, of: table)
        }
        pending.removeAll { !tables[table].columns[$0].isOmitted }
        for position in translateGenerated(pending, of: table) {
            noteGenerated(
                position, of: table, severity: .loss, code: "generated-column-not-carried", "is left out")
        }
    }

    /// Returns those that do not translate.
    private mutating func translateGenerated(_ positions: [Int], of table: Int) -> [Int] {
        var pending = positions
        var count: Int
        repeat {
            count = pending.count
            pending.removeAll { position in
                guard case .success(let result) = generatedColumn(position, of: table) else { return false }
                tables[table].columns[position].generation = .expression(result.expression, result.type)
                tables[table].columns[position].reason = "generated"
                if !result.expression.compatibilityFunctions.isDisjoint(with: GeneratedColumn.expecting) {
                    findings.append(
                        Finding(
                            "generated-column-one-class", .info, at: tables[table].location(position),
                            "The expression leaves the class of the values open; those that are there are of one. "
                                + "A row with another one is refused."))
                }
                if tables[table].columns[position].definition.generated?.storage != .stored {
                    findings.append(
                        Finding(
                            "generated-column-stored", .info, at: tables[table].location(position),
                            "The column is computed when a row is written and stored, not when it is read."))
                }
                return true
            }
        } while pending.count < count
        return pending
    }

    private func generatedColumn(
        _ position: Int, of table: Int
    ) -> Result<GeneratedColumn.Translation, Untranslatable> {
        Result { () throws(Untranslatable) in
            try GeneratedColumn(table: tables[table], position: position, options: options).translated()
        }
    }

    /// The values were stored by SQLite and travel as they are; Postgres will not compute new ones.
    private mutating func settleStored(_ position: Int, of table: Int) {
        let draft = tables[table].columns[position]
        let question = TypeQuestion(
            at: tables[table].location(position), declaredType: draft.definition.declaredType,
            affinity: draft.affinity, proposal: draft.firstChoice, observed: draft.observed,
            unstorableText: options.unstorableText)
        let decision = question.decide()
        tables[table].columns[position].codec = decision.codec
        tables[table].columns[position].reason = decision.reason
        findings += decision.findings
        noteGenerated(
            position, of: table, severity: .loss, code: "generated-column-copied",
            "becomes an ordinary column")
        tables[table].columns[position].generation = .values
    }

    private mutating func noteGenerated(
        _ position: Int, of table: Int, severity: Severity, code: Finding.Code, _ fate: String
    ) {
        var reason = "its expression does not translate"
        if case .failure(let error) = generatedColumn(position, of: table) { reason = error.reason }
        let expression = tables[table].columns[position].definition.generated?.expression
        findings.append(
            Finding(
                code, severity, at: tables[table].location(position),
                "The generated column \(fate) because \(reason).", sql: expression.map(SQLPrinter.print)))
    }
}

extension TableDraft {
    /// Whether SQLite refuses NULL in the column.
    func requiresValue(_ position: Int) -> Bool {
        let column = columns[position]
        if column.definition.isNotNull || column.isRowIDAlias { return true }
        guard definition.isWithoutRowID || definition.isStrict else { return false }
        return primaryKey?.columns.contains(position) ?? false
    }
}
