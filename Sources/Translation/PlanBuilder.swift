import Diagnostics
import SQLiteSyntax
import Schema

/// The steps of a translation in their order: which tables, which types, which names, then each table's
/// objects.
struct PlanBuilder: Sendable {
    let source: SourceSchema
    let options: PlanOptions
    var tables: [TableDraft] = []
    var graph: ForeignKeyGraph
    var names: TargetNames
    var target: TargetSchema
    var findings: [Finding] = []
    /// Views that have a column whose class only their rows can tell, and were not asked.
    var openViews: [String] = []
    /// By folded name.
    var fullText: [String: FullTextFate] = [:]
    /// For statements that come after the plan.
    var relations = Relations(tables: [])
    var effects = ChangeEffects()

    /// `MaxHeapAttributeNumber` and `INDEX_MAX_KEYS` of Postgres as it is built everywhere.
    static let columnLimit = 1_600
    static let keyColumnLimit = 32

    init(source: SourceSchema, options: PlanOptions) {
        self.source = source
        self.options = options
        tables = source.tables.filter { options.includes($0.givenName) }.map {
            TableDraft($0, options: options)
        }
        graph = ForeignKeyGraph([], in: source)
        names = TargetNames(policy: options.names, options: options)
        target = TargetSchema(name: options.schema)
        target.compatibilitySchema = options.compatibilitySchema
        target.compatibilityRole = options.compatibilityRole
    }

    mutating func build() -> MigrationPlan {
        noteExcludedTables()
        decideTypes()
        keepKeysOutOfJSON()
        if options.foreignKeys != .omit {
            graph = ForeignKeyGraph(tables, in: source)
            graph.unifyTypes(of: &tables)
            dropRemarksOnWidened()
        }
        names.nameTables(&tables)
        for position in tables.indices { translateGeneratedColumns(of: position) }
        target.tables = tables.map { TargetTable(name: $0.target, columns: []) }
        for position in tables.indices { target.tables[position].columns = targetColumns(of: position) }
        for position in tables.indices { translateKeys(of: position) }
        for position in tables.indices { translateChecks(of: position) }
        for position in tables.indices { translateIndexes(of: position) }
        translateFullText()
        translateForeignKeys()
        translateTriggers(reading: translateViews())
        noteObjects()
        findings += graph.findings + names.findings
        if let finding = names.mixedCaseFinding { findings.append(finding) }
        if let finding = names.reservedFinding { findings.append(finding) }
        if let finding = identityFinding { findings.append(finding) }
        if let finding = roundingFinding { findings.append(finding) }
        return MigrationPlan(
            source: source.fingerprint, options: options, target: target, tables: tables.map(plan),
            findings: findings.accepting(options).inStableReportOrder)
    }

    private mutating func noteExcludedTables() {
        for table in source.tables where !options.includes(table.givenName) {
            findings.append(
                Finding(
                    "table-excluded", .info, at: Location(table.name),
                    "The table is left out, as the options say.",
                    rowCount: table.observed?.rowCount))
        }
    }

    /// A column that became text or a plain number for its keys keeps its values' form after all.
    private mutating func dropRemarksOnWidened() {
        let widened = Set(graph.findings.filter { $0.code == "key-type-widened" }.map(\.location))
        let remarks: Set<Finding.Code> = [
            "form-changes", "zone-mixed", "offset-dropped", "numeric-bounds-dropped",
            "limit-dropped",
        ]
        findings.removeAll { widened.contains($0.location) && remarks.contains($0.code) }
    }

    private mutating func decideTypes() {
        for table in tables.indices {
            for column in tables[table].columns.indices {
                let draft = tables[table].columns[column]
                guard let proposal = draft.proposal else { continue }
                let question = TypeQuestion(
                    at: tables[table].location(column), declaredType: draft.definition.declaredType,
                    affinity: draft.affinity, proposal: proposal, observed: draft.observed,
                    unstorableText: options.unstorableText)
                var decision = question.decide()
                if draft.isRowIDAlias, decision.codec != .integer {
                    decision = Self.rowIDAliasDecision(proposal, at: tables[table].location(column))
                }
                tables[table].columns[column].codec = decision.codec
                tables[table].columns[column].reason = decision.reason
                findings += decision.findings
            }
        }
    }

    /// json has no equality and no order, so nothing is unique by it or indexed.
    private mutating func keepKeysOutOfJSON() {
        for table in tables.indices {
            let indexed = tables[table].source.indexes.flatMap { index in
                index.definition.columns.compactMap {
                    $0.namedColumn.flatMap(tables[table].position(ofColumn:))
                }
            }
            for column in Set(tables[table].keys.flatMap(\.columns) + indexed).sorted()
            where tables[table].columns[column].codec == .jsonAsWritten {
                tables[table].columns[column].codec =
                    tables[table].columns[column].observed?.isTexts ?? true ? .text : .textFromNumbers
                tables[table].columns[column].reason += "; a key or an index needs text"
                findings.append(
                    Finding(
                        "key-kept-as-text", .info, at: tables[table].location(column),
                        "The column stays text instead of json: a key or an index has it, and json has no order.",
                        fix: "Use --column to make it jsonb."))
            }
        }
    }

    /// Only 64-bit integers are ever in such a column, so only an override brings us here.
    private static func rowIDAliasDecision(_ proposal: ColumnProposal, at location: Location) -> TypeDecision
    {
        let finding = Finding(
            "override-vetoed", .blocker, at: location,
            "The column is the table's rowid and becomes an identity, which has to be bigint.",
            fix: "Leave its type out of --column and of the mapping.")
        return TypeDecision(codec: .integer, reason: "rowid alias", findings: [finding])
    }

    /// SQLite takes the largest id there is and adds one; an identity counts for itself.
    private var identityFinding: Finding? {
        let count = tables.count { $0.columns.contains(where: \.isRowIDAlias) }
        guard count > 0 else { return nil }
        return Finding(
            "identity-counts-apart", .info, at: Location(),
            "\(count == 1 ? "1 table numbers" : "\(grouped(Int64(count))) tables number") new rows by an identity: "
                + "unlike SQLite's rowid it does not go on from an id that an INSERT gives, nor take NULL for one.",
            fix: "Leave the id out of INSERT, or set the sequence after giving one.")
    }

    /// Every value that is there fits; SQLite keeps any other that comes as well.
    private var roundingFinding: Finding? {
        let bounded = tables.flatMap { table in
            table.columns.filter { column in
                guard !column.isOmitted, case .numeric(.some) = column.codec else { return false }
                return true
            }.map { (name: "\(table.name).\($0.name)", type: $0.codec.type.name) }
        }
        guard let first = bounded.first else { return nil }
        let more = bounded.count - 3
        let names =
            bounded.prefix(3).map(\.name).joined(separator: ", ")
            + (more > 0 ? " and \(grouped(Int64(more))) more" : "")
        let becomes = bounded.count == 1 ? "becomes \(first.type)" : "become \(first.type) or the like"
        return Finding(
            "numeric-bounds-hold", .info, at: Location(),
            "\(names) \(becomes): Postgres rounds what comes later to the scale and refuses what is too large, "
                + "and SQLite keeps it as it is.",
            fix: "Use --column \(first.name)=numeric where finer values may come.")
    }

    private func plan(for table: TableDraft) -> TablePlan {
        let observed = table.source.observed ?? TableObservation()
        let stored = table.source.definition
        let columns = zip(table.columns, stored.columns).filter { !$0.0.isOmitted && !$0.0.isComputed }.map {
            column, stored in
            ColumnPlan(
                source: stored.name, target: column.target, declaredType: column.definition.declaredType,
                codec: column.codec, reason: column.reason)
        }
        return TablePlan(
            source: stored.name, target: table.target, rowIDName: stored.rowIDName,
            keyColumns: (table.primaryKey?.columns ?? []).map { stored.columns[$0].name }, columns: columns,
            identity: identity(of: table), estimatedRowCount: observed.rowCount,
            estimatedByteCount: observed.byteCount, minRowID: observed.minRowID, maxRowID: observed.maxRowID,
            largestRowByteCount: observed.largestRowByteCount)
    }

    /// After the largest id ever used; ids that are all negative count as none.
    private func identity(of table: TableDraft) -> IdentityPlan? {
        guard let column = table.columns.first(where: \.isRowIDAlias) else { return nil }
        let largest = [
            table.source.observed?.maxRowID, column.observed?.maxInteger, table.source.sequencePosition,
        ]
        .compactMap(\.self).max()
        return IdentityPlan(column: column.target, lastUsed: largest.flatMap { $0 > 0 ? $0 : nil })
    }
}

extension [Finding] {
    /// `inReportOrder`, with what that leaves open decided by the message.
    var inStableReportOrder: [Finding] {
        sorted { one, other in
            if one.severity != other.severity { return one.severity > other.severity }
            let left = [one.location.description, one.code.rawValue, one.message, one.sql ?? ""]
            let right = [other.location.description, other.code.rawValue, other.message, other.sql ?? ""]
            return left.lexicographicallyPrecedes(right)
        }
    }
}
