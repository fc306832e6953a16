import SQLiteSyntax
import Schema

/// The common type of columns that foreign keys join.
struct KeyTypes: Sendable {
    enum Resolution: Sendable {
        case changes([(ColumnPlace, ValueCodec)])
        case none
    }

    let resolution: Resolution

    init(_ places: [ColumnPlace], _ tables: [TableDraft]) {
        let columns = places.map { tables[$0.table].columns[$0.column] }
        let types = Set(columns.map(\.codec.type))
        guard types.count > 1 else {
            resolution = .changes([])
            return
        }
        guard let wanted = Self.common(columns.filter { !$0.isOpen }) else {
            resolution = .none
            return
        }
        var changes: [(ColumnPlace, ValueCodec)] = []
        for (place, column) in zip(places, columns) where column.codec.type != wanted {
            guard let codec = Self.codec(for: column, as: wanted) else {
                resolution = .none
                return
            }
            changes.append((place, codec))
        }
        resolution = .changes(changes)
    }

    private static func common(_ columns: [ColumnDraft]) -> PostgresType? {
        let types = columns.map(\.codec.type)
        if let first = types.first, types.allSatisfy({ $0 == first }) { return first }
        if types.allSatisfy({ $0 == .boolean || $0.isInteger }) {
            return types.contains(.bigint) ? .bigint : .integer
        }
        if types.allSatisfy({ $0 == .boolean || $0.isNumeric }) {
            return types.contains { if case .numeric = $0 { true } else { false } }
                ? .numeric(nil) : .doublePrecision
        }
        return types.contains(.bytea) ? nil : .text
    }

    /// How the column travels as that type, when it can.
    private static func codec(for column: ColumnDraft, as type: PostgresType) -> ValueCodec? {
        if column.isOpen { return type.plainCodec() }
        if column.isRowIDAlias || column.proposal?.isOverride == true || column.proposal == nil { return nil }
        switch (type, column.codec) {
        case (.bigint, .boolean), (.bigint, .narrowInteger): return .integer
        case (.integer, .boolean), (.integer, .narrowInteger): return .narrowInteger(.four)
        case (.doublePrecision, .boolean), (.doublePrecision, .narrowInteger): return .double
        case (.doublePrecision, .integer):
            return (column.observed?.integersBeyondDouble ?? 0) == 0 ? .double : nil
        case (.numeric, .boolean), (.numeric, .integer), (.numeric, .narrowInteger), (.numeric, .numeric):
            return .numeric(nil)
        case (.numeric, .double):
            let observed = column.observed ?? ColumnObservation()
            return observed.negativeZeros + observed.infinities == 0 ? .numeric(nil) : nil
        // Only integers: a real's text need not equal another text of the same number.
        case (.text, .integer), (.text, .narrowInteger), (.text, .boolean):
            let isRestorable = column.affinity.isNumeric && (column.observed?.reals ?? 0) == 0
            return isRestorable ? .textFromNumbers : nil
        case (.text, .date), (.text, .time), (.text, .timestamp), (.text, .timestampWithTimeZone),
            (.text, .uuid), (.text, .json), (.text, .varchar), (.text, .timeFromDateTime),
            (.text, .intervalFromDateTime), (.text, .inet), (.text, .jsonAsWritten):
            return .text
        default: return nil
        }
    }
}

extension ColumnDraft {
    /// Neither the declaration nor a value says what it is: what it refers to does.
    fileprivate var isOpen: Bool {
        proposal?.rule == TypeRules.byValues && (observed?.values ?? 0) == 0
    }
}
