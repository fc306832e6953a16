import SQLiteSyntax
import Schema

// INSERT: its rows, and what it does about conflicts.
extension ChangeTranslation {
    func insert(_ insert: Insert) throws(Untranslatable) -> [TargetAction] {
        guard insert.with == nil else { throw Untranslatable("it changes rows behind a WITH clause") }
        let relation = try changed(insert.table, environment)
        let (alias, _) = try item(insert.table, relation, environment)
        guard let rows = insert.rows else {
            return [.insert(TargetInsert(into: relation.target, alias: alias, columns: [], rows: nil))]
        }
        let positions = try insertedColumns(insert, relation)
        let conflict = try conflict(of: insert, relation, alias)
        var result: [TargetAction] = []
        for (query, mayBeNull, isOneRow) in try sources(rows, positions, relation) {
            var target = TargetInsert(
                into: relation.target, alias: alias,
                columns: query.columns.map { relation.columns[$0].target },
                rows: query.query)
            guard !query.columns.isEmpty else {
                target.rows = nil
                result.append(.insert(target))
                continue
            }
            switch conflict {
            case .none: result.append(.insert(target))
            case .ignore:
                target.conflict = TargetInsert.Conflict(columns: [])
                target.rows = try withoutNulls(query.query, query.columns, mayBeNull, relation)
                result.append(.insert(target))
            case .update(let clause):
                target.conflict = clause
                result.append(isOneRow ? .insert(target) : rowByRow(target))
            case .replace: result.append(try replacing(target, query.columns, relation))
            }
        }
        return result
    }

    private enum Plan {
        case none, ignore, replace
        case update(TargetInsert.Conflict)
    }

    private func insertedColumns(_ insert: Insert, _ relation: ChangedRelation) throws(Untranslatable)
        -> [Int]
    {
        guard !insert.columns.isEmpty else {
            let isFullText = relation.table?.source.fullText != nil
            return relation.columns.indices.filter { position in
                let column = relation.columns[position]
                return !column.isGenerated && !(isFullText && column.draft?.isRowIDAlias == true)
            }
        }
        var result: [Int] = []
        for name in insert.columns { result.append(try relation.position(ofColumn: name)) }
        guard Set(result).count == result.count else { throw Untranslatable("it names a column twice") }
        return result
    }

    // MARK: Rows

    private typealias Source = (query: Rows, mayBeNull: Set<Int>, isOneRow: Bool)

    private struct Rows {
        var query: TargetQuery
        /// Of the relation, in the order of the query's columns.
        var columns: [Int]
    }

    /// Rows of VALUES one by one, which comes to the same; a query as a whole.
    private func sources(
        _ rows: Query, _ positions: [Int], _ relation: ChangedRelation
    ) throws(Untranslatable) -> [Source] {
        if case .values(let values) = rows.first, rows.compounds.isEmpty, rows.with == nil {
            var result: [Source] = []
            for row in values { result.append(try source(row, positions, relation)) }
            return result
        }
        let inner = try environment.inner(within: environment.outer)
        let translated = try QueryTranslation(environment: inner).translated(rows)
        guard translated.columns.count == positions.count else {
            throw Untranslatable("it gives \(translated.columns.count) values for \(positions.count) columns")
        }
        let rules = AssignmentTranslation(translation: plainTranslation, relation: relation)
        let written = Self.writtenColumns(rows)
        let result = try translated.converted { (column, value) throws(Untranslatable) in
            let position = positions[column]
            var value = value
            let expression = column < written.count ? written[column] : nil
            value.sql = try identity(
                rules.assigned(value, written: expression, to: position), value, position, relation)
            return value
        }
        let isOneRow: Bool
        if case .select(let select) = rows.first, rows.compounds.isEmpty {
            isOneRow = select.from == nil
        } else {
            isOneRow = false
        }
        return [(Rows(query: result.query, columns: positions), Set(positions), isOneRow)]
    }

    /// The expressions of a plain SELECT, one for each column; empty when a `*` hides some.
    private static func writtenColumns(_ rows: Query) -> [Expression] {
        guard case .select(let select) = rows.first, rows.compounds.isEmpty else { return [] }
        var result: [Expression] = []
        for column in select.columns {
            guard case .expression(let expression, _, _) = column else { return [] }
            result.append(expression)
        }
        return result
    }

    private var plainTranslation: ExpressionTranslation {
        environment.expressions(in: SelectScope(items: [], environment: environment))
    }

    private func source(
        _ row: [Expression], _ positions: [Int], _ relation: ChangedRelation
    ) throws(Untranslatable) -> Source {
        guard row.count == positions.count else {
            throw Untranslatable("it gives \(row.count) values for \(positions.count) columns")
        }
        let translation = plainTranslation
        let rules = AssignmentTranslation(translation: translation, relation: relation)
        var columns: [TargetSelect.Column] = []
        var kept: [Int] = []
        var mayBeNull: Set<Int> = []
        for (expression, position) in zip(row, positions) {
            let value = try translation.value(expression)
            let column = relation.columns[position]
            // NULL for the rowid asks for the next one.
            if value.kind == .null, column.draft?.isRowIDAlias ?? false { continue }
            let sql = try identity(
                rules.assigned(value, written: expression, to: position), value, position, relation)
            columns.append(TargetSelect.Column(sql, as: column.target))
            kept.append(position)
            if value.literal == nil || value.kind == .null { mayBeNull.insert(position) }
        }
        return (Rows(query: TargetQuery(.select(TargetSelect(columns))), columns: kept), mayBeNull, true)
    }

    /// NULL for the rowid asks for the next one, also where only the row can tell.
    private func identity(
        _ sql: TargetExpression, _ value: Typed, _ position: Int, _ relation: ChangedRelation
    ) -> TargetExpression {
        guard let draft = relation.columns[position].draft, draft.isRowIDAlias, value.literal == nil else {
            return sql
        }
        let table = [environment.options.schema, relation.target].map { part in
            "\"" + part.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                + "\""
        }.joined(separator: ".")
        let sequence = TargetExpression.call(
            "pg_get_serial_sequence", [.string(table), .string(draft.target)])
        return .call("coalesce", [sql, .call("nextval", [sequence])])
    }

    // MARK: Conflicts

    private func conflict(
        of insert: Insert, _ relation: ChangedRelation, _ alias: String
    ) throws(Untranslatable) -> Plan {
        if insert.upserts.isEmpty {
            switch insert.resolution {
            case nil, .abort, .fail, .rollback: return .none
            case .ignore: return .ignore
            case .replace: return .replace
            }
        }
        guard insert.resolution == nil || insert.resolution == .abort else {
            throw Untranslatable("it has both OR \(insert.resolution?.rawValue ?? "") and ON CONFLICT")
        }
        guard insert.upserts.count == 1, let upsert = insert.upserts.first else {
            throw Untranslatable("it has several ON CONFLICT clauses; Postgres has one")
        }
        guard upsert.targetFilter == nil else {
            throw Untranslatable("its ON CONFLICT names a partial index")
        }
        var positions: [Int] = []
        for column in upsert.target {
            guard let name = column.namedColumn, column.collation == nil else {
                throw Untranslatable("its ON CONFLICT names an expression")
            }
            positions.append(try relation.position(ofColumn: name))
        }
        if case .update = upsert.action, positions.isEmpty {
            guard relation.keys.count == 1, relation.hasOnlyPlainKeys else {
                throw Untranslatable("its ON CONFLICT does not say which key is meant")
            }
            positions = relation.keys[0]
        }
        guard positions.isEmpty || relation.keys.contains(where: { Set($0) == Set(positions) }) else {
            throw Untranslatable("its ON CONFLICT names no key of \(relation.source)")
        }
        var result = TargetInsert.Conflict(columns: positions.map { relation.columns[$0].target })
        guard case .update(let assignments, let filter) = upsert.action else { return .update(result) }
        let name = insert.table.alias ?? insert.table.name
        let own = relation.item(named: name, alias: alias, options: environment.options)
        var given = relation.item(named: "excluded", alias: "excluded", options: environment.options)
        given.merged = Set(relation.columns.map { SQLiteName.folded($0.name) })
        let scope = SelectScope(items: [own, given], environment: environment)
        let translation = environment.expressions(in: scope)
        result.assignments = try self.assignments(assignments, of: relation, translation)
        result.filter = try filter.map { (filter) throws(Untranslatable) in try translation.condition(filter)
        }
        return .update(result)
    }

    /// OR IGNORE also leaves out rows without a value where one must be.
    private func withoutNulls(
        _ query: TargetQuery, _ columns: [Int], _ mayBeNull: Set<Int>, _ relation: ChangedRelation
    ) throws(Untranslatable) -> TargetQuery {
        guard let table = relation.table else { return query }
        guard !relation.hasChecks else {
            throw Untranslatable("OR IGNORE also leaves out rows that break a CHECK")
        }
        let required = columns.filter {
            mayBeNull.contains($0) && table.requiresValue($0) && !table.columns[$0].isRowIDAlias
        }
        guard !required.isEmpty else { return query }
        let names = columns.map { relation.columns[$0].target }
        var select = TargetSelect(names.map { TargetSelect.Column(.qualified("rows_", column: $0), as: $0) })
        select.from = [.query(query, alias: "rows_", columns: names, isLateral: false)]
        for position in required {
            let test = TargetExpression.postfix(
                .qualified("rows_", column: relation.columns[position].target), "IS NOT NULL")
            select.filter = select.filter.map { .infix($0, "AND", test) } ?? test
        }
        return TargetQuery(.select(select))
    }

    /// One INSERT for each row: of several rows with one key the later ones change what the first has made.
    private func rowByRow(_ insert: TargetInsert, after actions: [TargetAction] = []) -> TargetAction {
        guard let rows = insert.rows else { return .insert(insert) }
        var single = insert
        let names = insert.columns.enumerated().map { position, _ in "c\(position + 1)" }
        single.rows = TargetQuery(
            .select(TargetSelect(names.map { TargetSelect.Column(.qualified("row_", column: $0)) })))
        var select = TargetSelect(names.map { TargetSelect.Column(.qualified("rows_", column: $0), as: $0) })
        select.from = [.query(rows, alias: "rows_", columns: names, isLateral: false)]
        return .forEach(variable: "row_", TargetQuery(.select(select)), actions + [.insert(single)])
    }

    /// Rows with the same keys go, then the new one comes; with one key and nobody watching it is an update.
    private func replacing(
        _ insert: TargetInsert, _ columns: [Int], _ relation: ChangedRelation
    ) throws(Untranslatable) -> TargetAction {
        guard relation.table != nil, relation.hasOnlyPlainKeys else {
            throw Untranslatable(
                "OR REPLACE meets a unique index on an expression, a part or with a collation")
        }
        let keys = relation.keys.filter { !$0.allSatisfy { !columns.contains($0) } }
        guard !keys.isEmpty else { return .insert(insert) }
        guard !effects.hasTriggers(on: relation.source, for: "DELETE") else {
            throw Untranslatable("OR REPLACE deletes rows without the DELETE triggers of \(relation.source)")
        }
        let isReferenced = effects.isReferenced(relation.source) && !effects.cascades(from: relation.source)
        let isWatched = effects.hasTriggers(on: relation.source) || effects.cascades(from: relation.source)
        if keys.count == 1, relation.keys.count == 1, !isWatched {
            return .insert(updating(insert, columns, keys[0], relation))
        }
        guard !isReferenced else {
            throw Untranslatable("OR REPLACE deletes rows of \(relation.source) that others refer to")
        }
        guard keys.allSatisfy({ key in key.allSatisfy(columns.contains) }) else {
            throw Untranslatable("OR REPLACE does not give every column of a key")
        }
        var condition: TargetExpression?
        for key in keys {
            var test: TargetExpression?
            for position in key {
                let place = (columns.firstIndex(of: position) ?? 0) + 1
                let equal = TargetExpression.infix(
                    .qualified(insert.alias, column: relation.columns[position].target), "=",
                    .qualified("row_", column: "c\(place)"))
                test = test.map { .infix($0, "AND", equal) } ?? equal
            }
            if let test { condition = condition.map { .infix($0, "OR", test) } ?? test }
        }
        let delete = TargetDelete(from: relation.target, alias: insert.alias, filter: condition)
        return rowByRow(insert, after: [.delete(delete)])
    }

    private func updating(
        _ insert: TargetInsert, _ columns: [Int], _ key: [Int], _ relation: ChangedRelation
    ) -> TargetInsert {
        var result = insert
        let others = relation.columns.indices.filter {
            !key.contains($0) && !relation.columns[$0].isGenerated && relation.columns[$0].refusal == nil
        }
        result.conflict = TargetInsert.Conflict(
            columns: key.map { relation.columns[$0].target },
            assignments: others.map { position in
                let name = relation.columns[position].target
                return TargetAssignment([name], value: .qualified("excluded", column: name))
            })
        return result
    }
}
