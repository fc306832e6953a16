import SQLiteSyntax
import Schema

/// What a grouped query shows of each group: its keys, what these decide, aggregates, and of all else the
/// value that SQLite would show.
///
/// Postgres refuses a column that is neither grouped nor aggregated. SQLite calls it a bare column and shows
/// the value of some row: of the row with the extreme when there is exactly one min() or max(), of any row
/// otherwise (https://sqlite.org/lang_select.html#bareagg).
struct Grouping: Sendable {
    /// What GROUP BY says, without constants and repetitions.
    private(set) var keys: [TargetExpression]
    private let aliases: Set<String>
    /// Columns that are the same in all rows of a group.
    private let determined: Set<TargetExpression>
    /// The order in which SQLite meets the rows of a group, as far as it can be known.
    let rowOrder: [TargetOrdering]
    /// The argument of the only min() or max(), sorted so that its row comes first.
    private let extreme: (order: TargetOrdering, filter: TargetExpression?)?
    private(set) var remarks: [QueryRemark] = []

    init(
        keys: [TargetExpression], items: [ScopeItem], from: TargetFrom?, filter: TargetExpression?,
        extreme: (order: TargetOrdering, filter: TargetExpression?)?
    ) {
        var distinct: [TargetExpression] = []
        for key in keys where !distinct.contains(key) { distinct.append(key) }
        self.keys = distinct
        aliases = Set(items.map(\.alias))
        rowOrder = items.allSatisfy { !$0.rowOrder.isEmpty } ? items.flatMap(\.rowOrder) : []
        self.extreme = extreme
        determined = Dependencies(items: items, from: from, filter: filter).closure(of: Set(distinct))
    }

    /// The expression as Postgres takes it in a grouped query.
    mutating func shown(_ expression: TargetExpression) -> TargetExpression {
        replacing(in: expression, keys: Set(keys), isNested: false)
    }

    private mutating func replacing(
        in expression: TargetExpression, keys: Set<TargetExpression>, isNested: Bool
    ) -> TargetExpression {
        // Inside of a subquery Postgres knows only plain columns for keys.
        let plainKeys = keys.filter { if case .qualified = $0 { true } else { false } }
        var state = self
        let result = expression.rewritten { node in
            if keys.contains(node) { return node }
            switch node {
            case .aggregate(let call) where call.over == nil && !isNested: return node
            case .subquery(let query) where !isNested:
                return .subquery(query.rewritten { state.replacement(for: $0, keys: plainKeys) })
            case .exists(let query, let negated) where !isNested:
                return .exists(
                    query.rewritten { state.replacement(for: $0, keys: plainKeys) }, negated: negated)
            case .inQuery(let operand, let query, let negated) where !isNested:
                return .inQuery(
                    state.replacing(in: operand, keys: keys, isNested: false),
                    query.rewritten { state.replacement(for: $0, keys: plainKeys) }, negated: negated)
            default: return state.replacement(for: node, keys: keys)
            }
        }
        self = state
        return result
    }

    private mutating func replacement(
        for node: TargetExpression, keys: Set<TargetExpression>
    ) -> TargetExpression? {
        guard case .qualified(let alias, let column) = node, aliases.contains(alias), !keys.contains(node)
        else {
            return nil
        }
        if determined.contains(node) {
            if !self.keys.contains(node) { self.keys.append(node) }
            return node
        }
        var pick = TargetAggregate("array_agg", [node])
        if let extreme {
            pick.orderBy = [extreme.order] + rowOrder
            pick.filter = extreme.filter
        } else {
            pick.orderBy = rowOrder
            let remark = QueryRemark.bareColumn("\(alias).\(column)")
            if !remarks.contains(remark) { remarks.append(remark) }
        }
        return .first(.aggregate(pick))
    }
}

/// Which columns decide about which: by unique keys, and by equalities of joins and of WHERE.
private struct Dependencies {
    private let items: [ScopeItem]
    private var equal: [(TargetExpression, TargetExpression)] = []
    /// Conditions of LEFT JOINs, with the aliases of the right side.
    private var outer: [(condition: [TargetExpression], right: Set<String>)] = []
    private var constants: Set<TargetExpression> = []

    init(items: [ScopeItem], from: TargetFrom?, filter: TargetExpression?) {
        self.items = items
        if let from { collect(from) }
        if let filter { for part in filter.conjuncts { note(part) } }
    }

    private mutating func collect(_ item: TargetFrom) {
        guard case .join(let left, let words, let right, let condition) = item else { return }
        collect(left)
        collect(right)
        guard let condition else { return }
        switch words {
        case "JOIN": for part in condition.conjuncts { note(part) }
        case "LEFT JOIN": outer.append((condition.conjuncts, right.aliases))
        default: break
        }
    }

    private mutating func note(_ condition: TargetExpression) {
        guard case .infix(let one, "=", let other) = condition else { return }
        switch (one, other) {
        case (.qualified, .qualified): equal.append((one, other))
        case (.qualified, .integer), (.qualified, .string): constants.insert(one)
        default: break
        }
    }

    func closure(of keys: Set<TargetExpression>) -> Set<TargetExpression> {
        var known = keys.union(constants)
        var count: Int
        repeat {
            count = known.count
            for (one, other) in equal {
                if known.contains(one) { known.insert(other) }
                if known.contains(other) { known.insert(one) }
            }
            for join in outer { follow(join.condition, join.right, &known) }
            for item in items where item.keys.contains(where: { isKnown($0, of: item, known) }) {
                known.formUnion(item.columns.map(\.value.sql))
            }
        } while known.count > count
        return known
    }

    /// All rows of a group meet the same rows of the right side, or none of them meets any.
    private func follow(
        _ condition: [TargetExpression], _ right: Set<String>, _ known: inout Set<TargetExpression>
    ) {
        // A column of the queries around is the same for all rows.
        let own = Set(items.map(\.alias))
        var isDecided = true
        for part in condition {
            part.visit { node in
                if case .qualified(let alias, _) = node, !right.contains(alias), own.contains(alias),
                    !known.contains(node)
                {
                    isDecided = false
                }
            }
        }
        guard isDecided else { return }
        for case .infix(let one, "=", let other) in condition {
            for (mine, theirs) in [(one, other), (other, one)] {
                guard case .qualified(let alias, _) = mine, right.contains(alias),
                    case .qualified = theirs, known.contains(theirs)
                else { continue }
                known.insert(mine)
            }
        }
    }

    private func isKnown(_ key: [Int], of item: ScopeItem, _ known: Set<TargetExpression>) -> Bool {
        key.allSatisfy { known.contains(item.columns[$0].value.sql) }
    }
}

extension TargetFrom {
    /// The aliases that it brings.
    var aliases: Set<String> {
        switch self {
        case .relation(let name, let alias), .common(let name, let alias): [alias ?? name]
        case .query(_, let alias, _, _), .function(_, let alias, _, _): [alias]
        case .join(let left, _, let right, _): left.aliases.union(right.aliases)
        }
    }
}
