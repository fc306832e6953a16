package import SQLiteSyntax
package import Schema

/// One row of the type table: *a column declared like this becomes that*, unless its data objects.
struct TypeRule: Sendable {
    let name: String
    let matches: @Sendable (DeclaredColumn) -> Bool
    let codec: @Sendable (DeclaredColumn) -> ValueCodec

    init(
        _ name: String, _ codec: ValueCodec, when matches: @escaping @Sendable (DeclaredColumn) -> Bool
    ) {
        self.init(name, makeCodec: { _ in codec }, when: matches)
    }

    init(
        _ name: String, makeCodec: @escaping @Sendable (DeclaredColumn) -> ValueCodec,
        when matches: @escaping @Sendable (DeclaredColumn) -> Bool
    ) {
        self.name = name
        self.matches = matches
        self.codec = makeCodec
    }
}

/// What a rule may look at: the declaration alone, never the data.
struct DeclaredColumn: Sendable {
    let type: DeclaredType?
    let affinity: Affinity
    let isRowIDAlias: Bool
    let assumedOffset: Int?

    func isDeclared(_ names: String...) -> Bool { type.map { names.contains($0.name) } ?? false }
}

/// The type table. The first match wins, so it reads from the most specific rule to the most general.
package enum TypeRules {
    /// No meaning is declared: the storage classes that are really there decide.
    static let byValues = "no declared meaning"
    static let override = "--column"

    static let standard: [TypeRule] = [
        TypeRule("rowid alias", .integer) { $0.isRowIDAlias },
        TypeRule("boolean", .boolean) { $0.isDeclared("BOOL", "BOOLEAN") },
        TypeRule("timestamp", makeCodec: timestampCodec) {
            $0.isDeclared(
                "DATETIME", "TIMESTAMP", "DATETIME2", "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE",
                "TIMESTAMP WITHOUT TIME ZONE")
        },
        TypeRule("date", .date) { $0.isDeclared("DATE") },
        TypeRule("time", .time) { $0.isDeclared("TIME") },
        TypeRule("uuid", .uuid) { $0.isDeclared("UUID", "GUID", "UNIQUEIDENTIFIER") },
        TypeRule("json", .json) { $0.isDeclared("JSON", "JSONB") },
        TypeRule("decimal", makeCodec: { .numeric($0.type?.numericBounds) }) {
            $0.isDeclared("DECIMAL", "NUMERIC", "DEC")
        },
        TypeRule("money", .numeric(nil)) { $0.isDeclared("MONEY", "SMALLMONEY", "CURRENCY") },
        TypeRule("binary", .bytes) {
            $0.isDeclared("BYTEA", "BYTES", "BINARY", "VARBINARY", "IMAGE", "RAW", "BFILE")
        },
        TypeRule("integer", .integer) {
            $0.isDeclared("SERIAL", "BIGSERIAL", "SMALLSERIAL", "LONG", "COUNTER", "UNSIGNED")
        },
        TypeRule("integer affinity", .integer) { $0.affinity == .integer },
        TypeRule("real affinity", .double) { $0.affinity == .real },
        TypeRule("text affinity", .text) { $0.affinity == .text },
        TypeRule("blob", .bytes) { $0.affinity == .blob && $0.type != nil && !$0.isDeclared("ANY") },
        TypeRule(byValues, .text) { _ in true },
    ]

    /// Returns the first choice for `column`, or nil when it is generated and has no values to copy.
    package static func proposal(
        for column: ColumnDefinition, in table: CreateTable, options: PlanOptions
    ) -> ColumnProposal? {
        guard column.generated == nil else { return nil }
        return firstChoice(for: column, in: table, options: options)
    }

    /// As `proposal`, for generated columns too.
    static func firstChoice(
        for column: ColumnDefinition, in table: CreateTable, options: PlanOptions
    ) -> ColumnProposal? {
        if let wanted = options.override(forColumn: column.name, of: table.name) {
            return ColumnProposal(
                codec: overrideCodec(wanted.type, options), rule: override, isOverride: true)
        }
        let declared = DeclaredColumn(
            type: column.declaredType.map(DeclaredType.init), affinity: column.affinity(in: table),
            isRowIDAlias: table.isRowIDAlias(column), assumedOffset: options.assumedOffset)
        return standard.first { $0.matches(declared) }.map {
            ColumnProposal(codec: $0.codec(declared), rule: $0.name)
        }
    }

    private static func timestampCodec(_ column: DeclaredColumn) -> ValueCodec {
        column.assumedOffset.map { .timestampWithTimeZone(assumedOffset: $0) } ?? .timestamp
    }

    private static func overrideCodec(_ type: PostgresType, _ options: PlanOptions) -> ValueCodec {
        switch type {
        case .bigint: .integer
        case .doublePrecision: .double
        case .numeric(let bounds): .numeric(bounds)
        case .text: .textFromNumbers
        case .bytea: .bytesFromText
        case .boolean: .boolean
        case .timestamp: .timestamp
        case .timestamptz: .timestampWithTimeZone(assumedOffset: options.assumedOffset)
        case .date: .date
        case .time: .time
        case .uuid: .uuid
        case .jsonb: .json
        }
    }
}

extension PlanOptions {
    func override(forColumn column: String, of table: String) -> ColumnOverride? {
        overrides.last { SQLiteName.equal($0.table, table) && SQLiteName.equal($0.column, column) }
    }
}
