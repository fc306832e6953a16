package import SQLiteSyntax
package import Schema

/// What the rules say about a column before its data has had its say: the user's `--column` and mapping,
/// then the profile, then the standard rules. The first match wins.
package enum TypeRules {
    /// No meaning is declared: the storage classes that are really there decide.
    static let byValues = "no declared meaning"
    static let override = "--column"

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
        let declared = DeclaredColumn(column, in: table)
        if let wanted = options.override(forColumn: column.name, of: table.name) {
            return ColumnProposal(
                codec: overrideCodec(MappedType(wanted.type), declared, options), rule: override,
                isOverride: true)
        }
        if let type = options.mappedColumn(column.name, of: table.name)?.type {
            return ColumnProposal(
                codec: overrideCodec(type, declared, options), rule: "mapping: column", isOverride: true)
        }
        // No other type holds a rowid's identity.
        let mappings = declared.isRowIDAlias ? [] : options.mappings
        for mapping in mappings {
            if let rule = mapping.rules.first(where: { $0.matches(declared) }) {
                return proposal(rule, name: "\(mapping.name): \(rule.name)", declared, options)
            }
        }
        return Profiles.standard.rules.first { $0.matches(declared) }.map {
            proposal($0, name: $0.name, declared, options)
        }
    }

    private static func proposal(
        _ rule: MappingRule, name: String, _ column: DeclaredColumn, _ options: PlanOptions
    ) -> ColumnProposal {
        guard let type = rule.type else { return ColumnProposal(codec: .text, rule: byValues) }
        return ColumnProposal(codec: type.codec(declared: column.type, options: options), rule: name)
    }

    /// The user's own word: text takes numbers too, bytes take text, and a timestamp stays without zone.
    private static func overrideCodec(
        _ type: MappedType, _ column: DeclaredColumn, _ options: PlanOptions
    ) -> ValueCodec {
        switch type.type {
        case .text: .textFromNumbers
        case .bytea: .bytesFromText
        case .timestamp: .timestamp
        default: type.codec(declared: column.type, options: options)
        }
    }
}

/// What a rule may look at: the declaration alone, never the data.
struct DeclaredColumn: Sendable {
    let type: DeclaredType?
    let affinity: Affinity
    let isRowIDAlias: Bool
    /// In lower case.
    let table: String
    let name: String
    private let definition: ColumnDefinition
    private let owner: CreateTable

    init(_ column: ColumnDefinition, in table: CreateTable) {
        type = column.declaredType.map(DeclaredType.init)
        affinity = column.affinity(in: table)
        isRowIDAlias = table.isRowIDAlias(column)
        self.table = SQLiteName.folded(table.name)
        name = SQLiteName.folded(column.name)
        definition = column
        owner = table
    }

    /// Whether a CHECK beside the column, or one of the table's that names it, calls the function.
    func hasCheck(calling function: String) -> Bool {
        for constraint in definition.constraints {
            if case .check(let expression, _) = constraint.kind, expression.calls(function, on: name) {
                return true
            }
        }
        return owner.constraints.contains { constraint in
            if case .check(let expression, _) = constraint.kind {
                expression.calls(function, on: name)
            } else {
                false
            }
        }
    }
}

extension MappingRule {
    func matches(_ column: DeclaredColumn) -> Bool {
        if isForRowIDAlias, !column.isRowIDAlias { return false }
        if !affinities.isEmpty, !affinities.contains(column.affinity) { return false }
        if !declared.isEmpty, !declared.contains(where: { matches(declared: $0, column.type) }) {
            return false
        }
        if !tables.isEmpty, !tables.contains(where: { Self.matches($0, column.table) }) { return false }
        if !columns.isEmpty, !columns.contains(where: { Self.matches($0, column.name) }) { return false }
        if let check, !column.hasCheck(calling: check) { return false }
        return true
    }

    private func matches(declared pattern: String, _ type: DeclaredType?) -> Bool {
        guard let type else { return pattern.isEmpty }
        return Self.matches(pattern, pattern.contains("(") ? type.foldedWithArguments : type.folded)
    }

    /// Most patterns are plain names, and there are many columns.
    private static func matches(_ pattern: String, _ name: String) -> Bool {
        if pattern == name { return true }
        guard pattern.utf8.contains(where: { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B }) else { return false }
        return TablePattern(pattern).matches(name)
    }
}

extension PlanOptions {
    func override(forColumn column: String, of table: String) -> ColumnOverride? {
        overrides.last { SQLiteName.equal($0.table, table) && SQLiteName.equal($0.column, column) }
    }
}

extension Expression {
    /// Whether it calls the function with the column among the arguments, alone or beside others.
    fileprivate func calls(_ function: String, on column: String) -> Bool {
        switch self {
        case .call(let call):
            SQLiteName.folded(call.name) == function
                && call.arguments.contains {
                    if case .column(let reference) = $0 {
                        SQLiteName.folded(reference.name) == column
                    } else {
                        false
                    }
                }
        case .binary(let left, _, let right):
            left.calls(function, on: column) || right.calls(function, on: column)
        case .unary(_, let operand), .nullTest(let operand, _): operand.calls(function, on: column)
        default: false
        }
    }
}
