package import SQLiteSyntax

/// A SQLite database as it stands: what its schema says, and what its data really holds.
package struct SourceSchema: Sendable, Hashable, Codable {
    /// Ordinary tables in order of creation; no shadow tables, no `sqlite_*`.
    package var tables: [SourceTable] = []
    package var virtualTables: [SourceVirtualTable] = []
    package var views: [SourceObject] = []
    package var triggers: [SourceObject] = []
    package var fingerprint: SourceFingerprint
    /// In bytes: page size × page count.
    package var byteCount: Int64 = 0

    package init(fingerprint: SourceFingerprint) { self.fingerprint = fingerprint }

    /// By the name that the application knows.
    package func table(named name: String) -> SourceTable? {
        tables.first { SQLiteName.equal($0.givenName, name) }
    }

    /// By the name of the table that holds the rows.
    package func table(storedAs name: String) -> SourceTable? {
        tables.first { SQLiteName.equal($0.name, name) }
    }
}

/// What tells one state of a database's schema from another.
package struct SourceFingerprint: Sendable, Hashable, Codable {
    /// A digest of all rows of `sqlite_schema`, in hexadecimal.
    package var schemaDigest: String
    package var userVersion: Int64
    package var applicationID: Int64

    package init(schemaDigest: String, userVersion: Int64, applicationID: Int64) {
        self.schemaDigest = schemaDigest
        self.userVersion = userVersion
        self.applicationID = applicationID
    }
}

package struct SourceTable: Sendable, Hashable, Codable {
    package var definition: CreateTable
    /// As it stands in `sqlite_schema`.
    package var sql: String
    /// Made by CREATE INDEX, in order of creation.
    package var indexes: [SourceIndex] = []
    /// `sqlite_sequence.seq`, for AUTOINCREMENT tables that ever held a row.
    package var sequencePosition: Int64?
    /// nil until the table is scanned.
    package var observed: TableObservation?
    /// By position of the foreign key in `foreignKeys`; only keys with orphans.
    package var orphans: [Int: OrphanObservation] = [:]
    /// Set when the table holds the rows of a full-text table that is carried.
    package var fullText: FullTextNames?

    package init(definition: CreateTable, sql: String) {
        self.definition = definition
        self.sql = sql
    }

    /// What its rows are read from.
    package var name: String { definition.name }

    /// What the application calls it.
    package var givenName: String { fullText?.table ?? name }

    /// With the names that the application knows.
    package var givenDefinition: CreateTable {
        guard let fullText else { return definition }
        var result = definition
        result.name = fullText.table
        for (position, name) in fullText.columns.enumerated() where position < result.columns.count {
            result.columns[position].name = name
        }
        return result
    }
}

/// The names of a full-text table, whose rows an ordinary table holds under names of its own.
package struct FullTextNames: Sendable, Hashable, Codable {
    package var table: String
    /// In the order of the columns of the ordinary table.
    package var columns: [String]
    package init(table: String, columns: [String]) {
        self.table = table
        self.columns = columns
    }
}

package struct SourceIndex: Sendable, Hashable, Codable {
    package var definition: CreateIndex
    package var sql: String
    package init(definition: CreateIndex, sql: String) {
        self.definition = definition
        self.sql = sql
    }
}

/// Rows whose foreign key points at nothing.
package struct OrphanObservation: Sendable, Hashable, Codable {
    package var rowCount: Int64
    /// Rowids of some of them, or ordinals where there is no rowid.
    package var examples: [Int64]
    package init(rowCount: Int64, examples: [Int64]) {
        self.rowCount = rowCount
        self.examples = examples
    }
}

package struct SourceVirtualTable: Sendable, Hashable, Codable {
    package var definition: CreateVirtualTable
    package var sql: String
    /// nil when the module cannot be asked (not compiled into this SQLite).
    package var rowCount: Int64?
    /// The table that holds its rows, for a full-text table that has one of its own.
    package var content: SourceTable?
    /// Set when the full-text table is to be carried: where its text is, and what of it was looked at.
    package var text: FullTextSource?
    /// How many rows a full-text index without content of its own knows.
    package var indexedRowCount: Int64?
    package init(definition: CreateVirtualTable, sql: String, rowCount: Int64?) {
        self.definition = definition
        self.sql = sql
        self.rowCount = rowCount
    }
}

/// The ordinary table and columns that hold a full-text table's text.
package struct FullTextSource: Sendable, Hashable, Codable {
    package var table: String
    package var columns: [String]
    /// Some text has letters beyond ASCII; nil when nobody could look.
    package var isBeyondASCII: Bool?
    package init(table: String, columns: [String]) {
        self.table = table
        self.columns = columns
    }
}

/// A view or a trigger, kept as text: one that is not understood is still listed.
package struct SourceObject: Sendable, Hashable, Codable {
    package var name: String
    /// The trigger's table.
    package var table: String?
    package var sql: String
    /// What a view's columns really hold; nil when nobody had to ask.
    package var observed: ViewObservation?
    package init(name: String, table: String? = nil, sql: String) {
        self.name = name
        self.table = table
        self.sql = sql
    }

    /// Reads the text: a `createView` or a `createTrigger`.
    package func definition() throws(SyntaxError) -> SchemaStatement { try Parser.parseStatement(sql) }
}

/// What the scan of one table found.
package struct TableObservation: Sendable, Hashable, Codable {
    package var rowCount: Int64 = 0
    package var minRowID: Int64?
    package var maxRowID: Int64?
    /// Sum of the value lengths, in bytes: what will travel, roughly.
    package var byteCount: Int64 = 0
    /// The largest row's values, in bytes.
    package var largestRowByteCount: Int64 = 0
    /// In the order of the table's columns; nil for virtual generated columns, which are not evaluated.
    package var columns: [ColumnObservation?] = []
    package init() {}
}

/// The storage classes that a view's columns have: for those that the view's text leaves open.
package struct ViewObservation: Sendable, Hashable, Codable {
    /// By column, without NULL.
    package var classes: [Set<ValueClass>]
    /// False when the time that a view is given was over before its last row.
    package var isComplete: Bool

    package init(classes: [Set<ValueClass>], isComplete: Bool) {
        self.classes = classes
        self.isComplete = isComplete
    }
}

package enum ValueClass: String, Sendable, Hashable, Codable, CaseIterable {
    case integer, real, text, blob
}
