import Diagnostics
import SQLiteSyntax
import Schema

extension PlanBuilder {
    mutating func translateChecks(of table: Int) {
        let draft = tables[table]
        for column in draft.columns {
            for constraint in column.definition.constraints {
                guard case .check(let expression, _) = constraint.kind else { continue }
                translateCheck(expression, name: constraint.name, of: table)
            }
        }
        for constraint in draft.definition.constraints {
            guard case .check(let expression, _) = constraint.kind else { continue }
            translateCheck(expression, name: constraint.name, of: table)
        }
    }

    private mutating func translateCheck(_ expression: Expression, name: String?, of table: Int) {
        let draft = tables[table]
        do throws(Untranslatable) {
            let translation = ExpressionTranslation(table: draft, options: options)
            let condition = Implied.simplified(try translation.check(expression))
            noteNullThatPasses(expression, of: draft)
            if condition == .boolean(true) {
                findings.append(
                    Finding(
                        "check-implied", .info, at: draft.location,
                        "A CHECK is not needed: the chosen type accepts nothing else.",
                        sql: SQLPrinter.print(expression)))
                return
            }
            let columns = condition.columns
            let given = names.constraint(
                name, of: draft, columns: columns.count == 1 ? Array(columns) : [], suffix: "check")
            target.tables[table].checks.append(TargetCheck(name: given, expression: condition))
        } catch {
            findings.append(
                Finding(
                    "check-not-carried", .loss, at: draft.location,
                    "A CHECK is not carried because \(error.reason).", sql: SQLPrinter.print(expression)))
        }
    }

    /// `json_valid(NULL)` was 0 and has become NULL, with which a CHECK passes.
    private mutating func noteNullThatPasses(_ check: Expression, of draft: TableDraft) {
        switch check {
        case .binary(let left, .and, let right):
            noteNullThatPasses(left, of: draft)
            noteNullThatPasses(right, of: draft)
        default:
            guard case .column(let column)? = ExpressionTranslation.columnAskedForJSON(check),
                let position = draft.position(ofColumn: column.name), !draft.requiresValue(position)
            else { return }
            findings.append(
                Finding(
                    "check-null-passes", .info, at: draft.location,
                    "json_valid() in a CHECK lets NULL pass, as SQLite does from 3.41 on; before, it refused NULL.",
                    fix: "Declare the column NOT NULL if it must have a value.", sql: SQLPrinter.print(check))
            )
        }
    }
}

/// Drops from a CHECK what the types guarantee already.
///
/// A CHECK passes when it is true or NULL, and AND and OR never turn one of the
/// two into false: so `true or NULL` may be read as true under them.
enum Implied {
    static func simplified(_ condition: TargetExpression) -> TargetExpression {
        switch condition {
        case .infix(let left, "AND", let right):
            let (one, other) = (simplified(left), simplified(right))
            if one == .boolean(true) { return other }
            return other == .boolean(true) ? one : .infix(one, "AND", other)
        case .infix(let left, "OR", let right):
            let (one, other) = (simplified(left), simplified(right))
            if one == .boolean(true) || other == .boolean(true) { return .boolean(true) }
            return .infix(one, "OR", other)
        case .inList(.column, let items, negated: false)
        where Set(items) == [.boolean(true), .boolean(false)]:
            return .boolean(true)
        case .conditional(nil, let branches, nil):
            return branches.allSatisfy { $0.result == .boolean(true) } ? .boolean(true) : condition
        default: return condition
        }
    }
}

extension TargetExpression {
    /// The columns it names, each once, in order.
    var columns: [String] {
        var result: [String] = []
        visit { part in
            if case .column(let name) = part, !result.contains(name) { result.append(name) }
        }
        return result
    }
}
