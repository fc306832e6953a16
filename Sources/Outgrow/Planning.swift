internal import Diagnostics
internal import SQLiteSyntax
internal import Schema
internal import Translation

/// Makes the plan, or takes the pinned one and asks whether the data still fits it.
struct Planning: Sendable {
    struct TargetTraits: Sendable {
        var version: Int?
        var collationIsC = false
    }

    let inspection: SourceInspection.Result
    /// What of the options only the target tells.
    var target = TargetTraits()
    let pinned: MigrationPlan?

    func plan() -> MigrationPlan {
        var options = inspection.options
        if let version = target.version { options.targetVersion = version }
        options.databaseCollationIsC = target.collationIsC
        var plan = pinned ?? Translator.plan(for: inspection.schema, options: options)
        if pinned != nil { refresh(&plan) }
        plan.findings = (plan.findings + inspection.findings).accepting(plan.options).inReportOrder
        return plan
    }

    /// Decisions stay as they were pinned; sizes and positions are those of the data now.
    private func refresh(_ plan: inout MigrationPlan) {
        plan.findings.removeAll { $0.severity == .blocker }
        guard plan.source.schemaDigest == inspection.schema.fingerprint.schemaDigest else {
            plan.findings.append(
                Finding(
                    "plan-outdated", .blocker, at: Location(),
                    "The source's schema is not the one the plan was made for.",
                    fix: "Make the plan anew with --save-plan."))
            return
        }
        for index in plan.tables.indices {
            guard let table = inspection.schema.table(storedAs: plan.tables[index].source),
                let observed = table.observed
            else { continue }
            plan.findings += misfits(of: plan.tables[index], in: table, observed, plan.target)
            plan.tables[index].estimatedRowCount = observed.rowCount
            plan.tables[index].estimatedByteCount = observed.byteCount
            plan.tables[index].largestRowByteCount = observed.largestRowByteCount
            plan.tables[index].minRowID = observed.minRowID
            plan.tables[index].maxRowID = observed.maxRowID
            if plan.tables[index].identity != nil {
                let last = max(observed.maxRowID ?? 0, table.sequencePosition ?? 0)
                plan.tables[index].identity?.lastUsed = last > 0 ? last : nil
            }
        }
    }

    private func misfits(
        of table: TablePlan, in source: SourceTable, _ observed: TableObservation, _ target: TargetSchema
    ) -> [Finding] {
        let columns = source.definition.columns
        return table.columns.flatMap { column -> [Finding] in
            guard let position = columns.firstIndex(where: { SQLiteName.equal($0.name, column.source) }),
                let seen = observed.columns[position]
            else { return [] }
            var count = seen.misfits(of: column.codec)
            let planned = target.table(named: table.target)?.columns.first { $0.name == column.target }
            if planned?.isNotNull == true { count += seen.nulls }
            guard count > 0 else { return [] }
            return [
                Finding(
                    "plan-outdated", .blocker, at: Location(table.source, column: column.source),
                    "\(count) values do not fit the \(column.codec.type.name) that the plan chose.",
                    fix: "Make the plan anew with --save-plan, or mend the rows.", rowCount: count,
                    examples: (seen.samples[.misfit] ?? []).map { "rowid \($0)" })
            ]
        }
    }
}

extension ColumnObservation {
    /// Values that a pinned codec refuses; the scan judges one by one only what its counts do not tell.
    fileprivate func misfits(of codec: ValueCodec) -> Int64 {
        let words = texts + blobs
        let unstorable = textsWithNUL + textsInvalidUTF8
        switch codec {
        case .integer: return words + fractionalReals + negativeZeros + infinities
        case .double: return words + integersBeyondDouble
        case .text: return values - texts + unstorable
        case .textFromNumbers: return blobs + unstorable
        case .bytes: return values - blobs
        case .bytesFromText: return integers + reals
        case .timestamp: return (candidate?.misfits ?? 0) + (candidate?.withOffset ?? 0)
        default: return candidate?.misfits ?? 0
        }
    }
}
