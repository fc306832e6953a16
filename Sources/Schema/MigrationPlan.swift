package import Diagnostics

/// Everything that will be done, before anything is: printed, compared, saved and tested without a server.
package struct MigrationPlan: Sendable, Hashable, Codable {
    package static let currentFormat = "outgrow.plan/1"

    package var format = MigrationPlan.currentFormat
    package var source: SourceFingerprint
    package var options: PlanOptions
    package var target: TargetSchema
    /// One for each table that is carried, in the order of `target.tables`.
    package var tables: [TablePlan]
    package var findings: [Finding]

    package init(
        source: SourceFingerprint, options: PlanOptions, target: TargetSchema, tables: [TablePlan] = [],
        findings: [Finding] = []
    ) {
        self.source = source
        self.options = options
        self.target = target
        self.tables = tables
        self.findings = findings
    }
}

/// How one table's rows travel.
package struct TablePlan: Sendable, Hashable, Codable {
    package var source: String
    package var target: String
    /// `rowid`, `_rowid_` or `oid`, whichever no column hides; nil for WITHOUT ROWID tables.
    package var rowIDName: String?
    /// Source names of the primary key's columns, for naming rows.
    package var keyColumns: [String]
    /// The columns whose values are copied: generated ones are not.
    package var columns: [ColumnPlan]
    /// Where the identity column must stand so that the next row gets a new id.
    package var identity: IdentityPlan?
    package var estimatedRowCount: Int64
    package var estimatedByteCount: Int64
    package var minRowID: Int64?
    package var maxRowID: Int64?
    /// The largest row seen in the scan, in bytes.
    package var largestRowByteCount: Int64

    package init(
        source: String, target: String, rowIDName: String? = nil, keyColumns: [String] = [],
        columns: [ColumnPlan],
        identity: IdentityPlan? = nil, estimatedRowCount: Int64 = 0, estimatedByteCount: Int64 = 0,
        minRowID: Int64? = nil, maxRowID: Int64? = nil, largestRowByteCount: Int64 = 0
    ) {
        self.source = source
        self.target = target
        self.rowIDName = rowIDName
        self.keyColumns = keyColumns
        self.columns = columns
        self.identity = identity
        self.estimatedRowCount = estimatedRowCount
        self.estimatedByteCount = estimatedByteCount
        self.minRowID = minRowID
        self.maxRowID = maxRowID
        self.largestRowByteCount = largestRowByteCount
    }
}

package struct ColumnPlan: Sendable, Hashable, Codable {
    package var source: String
    package var target: String
    package var declaredType: String?
    package var codec: ValueCodec
    /// The rule that chose the type, and what vetoed an earlier choice, for `--explain` and the report.
    package var reason: String

    package init(source: String, target: String, declaredType: String?, codec: ValueCodec, reason: String) {
        self.source = source
        self.target = target
        self.declaredType = declaredType
        self.codec = codec
        self.reason = reason
    }
}

package struct IdentityPlan: Sendable, Hashable, Codable {
    /// The target column.
    package var column: String
    /// The last id that counts as used: max(largest id, `sqlite_sequence`); nil when ids start at 1.
    package var lastUsed: Int64?
    package init(column: String, lastUsed: Int64?) {
        self.column = column
        self.lastUsed = lastUsed
    }
}
