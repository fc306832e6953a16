internal import Diagnostics
internal import Inspection
internal import SQLiteClient
internal import SQLiteSyntax
internal import Schema
internal import Threading
internal import Translation

/// Inspects an open source: its schema, every value once, and the file's integrity beside it.
struct SourceInspection: Sendable {
    let source: OpenSource
    let options: PlanOptions
    /// Codecs that are pinned by a saved plan, instead of what the declared types propose.
    var pinned: MigrationPlan?
    var checksFile = true
    let observer: StoryObserver

    struct Result: Sendable {
        var schema: SourceSchema
        /// With the profile that the schema told.
        var options: PlanOptions
        var findings: [Finding]
    }

    func run() async throws -> Result {
        let looker = makeInspector(options, [:])
        let found = try await onOwnThread(named: "inspect") { try looker.readSchema() }
        let schema = Translator.carryingFullText(found, options: pinned?.options ?? options)
        try checkOptions(against: schema)
        let resolved =
            pinned == nil ? Profiles.resolve(options, for: schema) : (options: options, findings: [])
        let given = Dictionary(
            schema.tables.filter { $0.fullText != nil }.map { ($0.name, $0.givenDefinition) },
            uniquingKeysWith: { first, _ in first })
        let inspector = makeInspector(resolved.options, given)
        observer(.phase(.inspect, expectedRows: nil, expectedBytes: schema.byteCount))
        return try await withTaskCancellationHandler {
            async let report = onOwnThread(named: "integrity") {
                try inspector.checkIntegrity(of: schema, checksFile: checksFile)
            }
            async let scanned = onOwnThread(named: "inspect") {
                try inspector.scan(schema) { progress in
                    observer(.progress(rows: progress.rows, bytes: progress.bytes))
                }
            }
            // Damage is reported as damage, not as the scan's first failure on it.
            let integrity = try await report
            var result = Result(
                schema: try await scanned, options: resolved.options, findings: resolved.findings)
            apply(integrity, to: &result)
            if pinned == nil {
                result.schema = try await askViews(of: result.schema, inspector, resolved.options)
            }
            return result
        } onCancel: {
            source.reader.interrupt()
        }
    }

    /// A view whose answer decides about a column may be read by another that is to be asked then.
    private func askViews(
        of schema: SourceSchema, _ inspector: Inspector, _ options: PlanOptions
    ) async throws -> SourceSchema {
        var schema = schema
        var asked: Set<String> = []
        while true {
            let open = Translator.openViews(in: schema, options: options).filter { asked.insert($0).inserted }
            guard !open.isEmpty else { return schema }
            let current = schema
            schema = try await onOwnThread(named: "inspect") {
                try inspector.observe(views: open, of: current)
            }
        }
    }

    /// - Parameter given: by the name of the table that holds the rows, what the application calls it.
    private func makeInspector(_ options: PlanOptions, _ given: [String: CreateTable]) -> Inspector {
        let pinned = pinned
        return Inspector(
            source.reader,
            proposals: { table in
                guard let pinned else {
                    return Translator.proposals(for: given[table.name] ?? table, options: options)
                }
                let plan = pinned.tables.first { SQLiteName.equal($0.source, table.name) }
                return table.columns.map { column in
                    plan?.columns.first { SQLiteName.equal($0.source, column.name) }
                        .map { ColumnProposal(codec: $0.codec, rule: "plan", isOverride: true) }
                }
            },
            includes: { Translator.includes(given[$0]?.name ?? $0, options) },
            comparesTextWithBlobs: options.unstorableText == .bytea)
    }

    /// A pattern or an override that names nothing is a typing mistake, not a wish.
    private func checkOptions(against schema: SourceSchema) throws {
        if let pattern = Translator.unmatchedPatterns(in: schema, options: options).first {
            throw OutgrowError(
                "pattern-matches-nothing", .usage, "No table matches \"\(pattern)\".",
                at: source.reader.files.path,
                fix: "Quote the pattern from the shell, and compare it with: sqlite3 FILE .tables")
        }
        if let unmatched = Translator.unmatchedMappings(in: schema, options: options).first {
            throw OutgrowError(
                "override-matches-nothing", .usage, "There is no \(unmatched.name).", at: unmatched.place,
                fix: "Write the names as in the source, and compare them with: sqlite3 FILE .schema")
        }
        if let override = Translator.unmatchedOverrides(in: schema, options: options).first {
            throw OutgrowError(
                "override-matches-nothing", .usage,
                "There is no column \(override.table).\(override.column).",
                at: source.reader.files.path,
                fix: "Write --column TABLE.COLUMN=TYPE with names as in the source.")
        }
    }

    private func apply(_ integrity: IntegrityReport, to result: inout Result) {
        for index in result.schema.tables.indices {
            result.schema.tables[index].orphans = integrity.orphans[result.schema.tables[index].name] ?? [:]
        }
        result.findings += integrity.uncheckedTables.map { table in
            Finding(
                "quick-check-skipped", .info, at: Location(table),
                "quick_check was not run on this table: it would evaluate a generated column.")
        }
        if source.reader.trustsSchema {
            result.findings.append(
                Finding(
                    "schema-trusted", .info, at: Location(),
                    "SQLite reads this schema only when it trusts it; no CHECK or generated column is evaluated."
                ))
        }
    }
}
