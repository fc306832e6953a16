import SQLiteSyntax
import Schema

/// What parameters are compared with or assigned to, by their numbers.
struct ParameterHints: Sendable {
    enum Hint: Sendable, Hashable {
        case column(String)
        case integer, text
    }
    private(set) var hints: [String: Hint] = [:]
    /// For INSERT without a list of columns.
    private(set) var positions: [String: Int] = [:]

    init(_ statement: Statement) {
        switch statement {
        case .query(let query): visit(query)
        case .insert(let insert):
            if case .values(let rows)? = insert.rows?.first {
                for row in rows {
                    for (position, value) in row.enumerated() {
                        guard case .bindParameter(let name) = value else { continue }
                        if position < insert.columns.count {
                            hints[name] = .column(insert.columns[position])
                        } else {
                            positions[name] = position
                        }
                    }
                }
            }
            if let rows = insert.rows { visit(rows) }
            for upsert in insert.upserts {
                guard case .update(let assignments, let filter) = upsert.action else { continue }
                visit(assignments)
                if let filter { visit(filter) }
            }
        case .update(let update):
            visit(update.assignments)
            if let filter = update.filter { visit(filter) }
            if let from = update.from { visit(Query(.select(Select(columns: [], from: from)))) }
        case .delete(let delete): if let filter = delete.filter { visit(filter) }
        case .schema, .other: break
        }
    }

    private mutating func visit(_ assignments: [Assignment]) {
        for assignment in assignments {
            if case .bindParameter(let name) = assignment.value, let column = assignment.columns.first {
                note(name, .column(column))
            }
            if case .row(let items) = assignment.value {
                for (item, column) in zip(items, assignment.columns) {
                    if case .bindParameter(let name) = item { note(name, .column(column)) }
                }
            }
            visit(assignment.value)
        }
    }

    private mutating func visit(_ query: Query) {
        for count in [query.limit, query.offset] {
            if case .bindParameter(let name)? = count { note(name, .integer) }
        }
        for expression in query.expressions { visit(expression) }
    }

    private mutating func visit(_ expression: Expression) {
        switch expression {
        // What is joined to a text may be a number, and SQLite would write it its own way.
        case .binary(_, .concatenate, _): break
        case .binary(let left, _, let right):
            pair(left, right)
            pair(right, left)
        case .between(let operand, let low, let high, _):
            for other in [low, high] {
                pair(operand, other)
                pair(other, operand)
            }
        case .inList(let operand, let items, _): for item in items { pair(operand, item) }
        case .match(_, _, let pattern, _, _):
            if case .bindParameter(let name) = pattern { note(name, .text) }
        case .subquery(let query), .exists(let query), .inQuery(_, let query, _): visit(query)
        default: break
        }
        for part in expression.parts { visit(part) }
    }

    private mutating func pair(_ one: Expression, _ other: Expression) {
        guard case .bindParameter(let name) = other else { return }
        switch one {
        case .column(let reference): note(name, .column(reference.name))
        case .collate(.column(let reference), _): note(name, .column(reference.name))
        case .literal(.integer): note(name, .integer)
        case .literal(.string): note(name, .text)
        default: break
        }
    }

    /// The first place that says something counts.
    private mutating func note(_ name: String, _ hint: Hint) { if hints[name] == nil { hints[name] = hint } }
}

/// The parameters of a statement, each of the type of what it stands beside.
struct ParameterScope: NameScope {
    let hints: ParameterHints
    let tables: [String]
    let relations: Relations
    let options: PlanOptions
    let environment: QueryEnvironment

    func column(_ reference: ColumnReference) throws(Untranslatable) -> Typed? { nil }

    func subquery(_ query: Query) throws(Untranslatable) -> TranslatedQuery {
        var inner = try environment.inner(within: self)
        inner.outer = self
        return try QueryTranslation(environment: inner).translated(query)
    }

    func parameter(_ name: String) throws(Untranslatable) -> Typed {
        let sql = TargetExpression.keyword("$" + name.dropFirst())
        switch hints.hints[name] {
        case .integer?: return Typed(sql, .integer)
        case .text?: return Typed(sql, .text)
        case .column(let column)?:
            for table in tables {
                guard let relation = try relation(table),
                    let position = relation.columns.firstIndex(where: { SQLiteName.equal($0.name, column) })
                else { continue }
                return typed(relation.columns[position], sql)
            }
        case nil:
            if let position = hints.positions[name], let table = tables.first,
                let relation = try relation(table)
            {
                let columns = relation.columns.filter { !$0.isGenerated }
                if position < columns.count { return typed(columns[position], sql) }
            }
        }
        throw Untranslatable("nothing says of which type the parameter \(name) is")
    }

    private func relation(_ name: String) throws(Untranslatable) -> ChangedRelation? {
        do throws(Untranslatable) { return try ChangedRelation(named: name, in: environment) } catch {
            return nil
        }
    }

    private func typed(_ column: ChangedRelation.Column, _ sql: TargetExpression) -> Typed {
        var result = Typed(sql, column.value.kind)
        result.isBytewise = column.value.isBytewise
        return result
    }
}
