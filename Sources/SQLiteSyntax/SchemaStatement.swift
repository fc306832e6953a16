/// A statement that can stand in `sqlite_schema.sql`.
package enum SchemaStatement: Sendable, Hashable {
    case createTable(CreateTable)
    case createIndex(CreateIndex)
    case createVirtualTable(CreateVirtualTable)
    /// With the text it was read from, which is what a report quotes.
    case createView(CreateView, sql: String)
    case createTrigger(CreateTrigger, sql: String)
}

/// `CREATE TABLE` (https://sqlite.org/lang_createtable.html).
package struct CreateTable: Sendable, Hashable, Codable {
    package var schema: String?
    package var name: String
    package var isTemporary = false
    package var ifNotExists = false
    package var columns: [ColumnDefinition]
    package var constraints: [TableConstraint]
    package var isWithoutRowID = false
    package var isStrict = false

    package init(
        schema: String? = nil, name: String, columns: [ColumnDefinition] = [],
        constraints: [TableConstraint] = []
    ) {
        self.schema = schema
        self.name = name
        self.columns = columns
        self.constraints = constraints
    }
}

package struct ColumnDefinition: Sendable, Hashable, Codable {
    package var name: String
    /// The type name as written, without spaces around its parentheses: `VARCHAR(255)`,
    /// `UNSIGNED BIG INT`; nil when there is none. A quoted type is what stands in the quotes.
    package var declaredType: String?
    package var constraints: [ColumnConstraint]

    package init(_ name: String, _ declaredType: String? = nil, constraints: [ColumnConstraint] = []) {
        self.name = name
        self.declaredType = declaredType
        self.constraints = constraints
    }
}

package struct ColumnConstraint: Sendable, Hashable, Codable {
    /// `CONSTRAINT name`, when given.
    package var name: String?
    package var kind: Kind

    package init(_ kind: Kind, name: String? = nil) {
        self.kind = kind
        self.name = name
    }

    package enum Kind: Sendable, Hashable, Codable {
        case primaryKey(SortOrder?, ConflictResolution?, isAutoincrement: Bool)
        case notNull(ConflictResolution?)
        /// A bare `NULL`, which SQLite accepts and ignores.
        case null(ConflictResolution?)
        case unique(ConflictResolution?)
        case check(Expression, ConflictResolution?)
        case `default`(Expression)
        case collate(String)
        case foreignKey(ForeignKeyClause)
        case generated(Expression, GeneratedStorage)
    }
}

package enum GeneratedStorage: String, Sendable, Hashable, Codable {
    case virtual = "VIRTUAL", stored = "STORED"
}

package struct TableConstraint: Sendable, Hashable, Codable {
    package var name: String?
    package var kind: Kind

    package init(_ kind: Kind, name: String? = nil) {
        self.kind = kind
        self.name = name
    }

    package enum Kind: Sendable, Hashable, Codable {
        case primaryKey([IndexedColumn], ConflictResolution?, isAutoincrement: Bool)
        case unique([IndexedColumn], ConflictResolution?)
        case check(Expression, ConflictResolution?)
        case foreignKey([String], ForeignKeyClause)
    }
}

/// `REFERENCES table (columns) …` (https://sqlite.org/foreignkeys.html).
package struct ForeignKeyClause: Sendable, Hashable, Codable {
    package var table: String
    /// nil: the parent's primary key.
    package var columns: [String]?
    package var onDelete: Action?
    package var onUpdate: Action?
    /// `MATCH name`, which SQLite parses and ignores.
    package var match: String?
    /// Only `DEFERRABLE INITIALLY DEFERRED` defers; every other form is immediate.
    package var isDeferred: Bool

    package init(
        table: String, columns: [String]? = nil, onDelete: Action? = nil, onUpdate: Action? = nil,
        match: String? = nil, isDeferred: Bool = false
    ) {
        self.table = table
        self.columns = columns
        self.onDelete = onDelete
        self.onUpdate = onUpdate
        self.match = match
        self.isDeferred = isDeferred
    }

    package enum Action: String, Sendable, Hashable, Codable {
        case noAction = "NO ACTION", restrict = "RESTRICT", setNull = "SET NULL"
        case setDefault = "SET DEFAULT", cascade = "CASCADE"
    }
}

/// A column or expression of a key or an index.
package struct IndexedColumn: Sendable, Hashable, Codable {
    /// A `COLLATE` at the end is in `collation`, not in here.
    package var expression: Expression
    package var collation: String?
    package var order: SortOrder?

    package init(_ expression: Expression, collation: String? = nil, order: SortOrder? = nil) {
        self.expression = expression
        self.collation = collation
        self.order = order
    }

    /// The column's name when this is a plain column.
    package var columnName: String? {
        if case .column(let reference) = expression, reference.table == nil { reference.name } else { nil }
    }
}

package enum SortOrder: String, Sendable, Hashable, Codable { case ascending = "ASC", descending = "DESC" }

package enum ConflictResolution: String, Sendable, Hashable, Codable {
    case rollback = "ROLLBACK", abort = "ABORT", fail = "FAIL", ignore = "IGNORE", replace = "REPLACE"
}

/// `CREATE INDEX` (https://sqlite.org/lang_createindex.html).
package struct CreateIndex: Sendable, Hashable, Codable {
    package var schema: String?
    package var name: String
    package var table: String
    package var columns: [IndexedColumn]
    package var isUnique = false
    package var ifNotExists = false
    package var filter: Expression?

    package init(schema: String? = nil, name: String, table: String, columns: [IndexedColumn]) {
        self.schema = schema
        self.name = name
        self.table = table
        self.columns = columns
    }
}

package struct CreateVirtualTable: Sendable, Hashable, Codable {
    package var name: String
    /// As written: `fts5`, `rtree`, …
    package var module: String
    /// Each argument's text, trimmed.
    package var arguments: [String]

    package init(name: String, module: String, arguments: [String]) {
        self.name = name
        self.module = module
        self.arguments = arguments
    }
}
